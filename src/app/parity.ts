import { confined } from '../adapters/system/confined.ts';
import type { BarSeries } from '../domain/bar-series.ts';
import type { InstrumentKey } from '../domain/instrument.ts';
import { closesOf, sessionsOf } from '../domain/resample.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { type EpochMs, isoDateOfDay, secondMs, startOfDay } from '../domain/time.ts';
import type { BarParity, ParityReport } from '../reports/parity-json.ts';
import { decisionParity } from '../research/parity/decision-parity.ts';
import { fillParity } from '../research/parity/fill-parity.ts';
import type { ModeRun, PriceLookup } from '../research/parity/mode-run.ts';
import { type BacktestCast, runBacktest } from './backtest-run.ts';
import { barsOf } from './bar-records.ts';
import type { Context, Progress } from './context.ts';
import { isolationOf } from './isolation-of.ts';
import { liveLimits } from './live.ts';
import { Rehearsal, type RehearsedSession } from './rehearsal.ts';
import { type RehearsalData, type RehearsedDay, rehearsalData } from './rehearsal-data.ts';
import { chosenFor, runParts } from './run-parts.ts';

export interface ParityRequest extends RehearsedDay {
  readonly strategy: string;
  readonly timeframe?: string | undefined;
  readonly params: readonly string[];
}

/** The broker asks more margin than the engine here and there; what it would refuse for is not looked for. */
const cashTimes = 10;

/**
 * One strategy over one day in every mode of trading: as a backtest, and at a market of this process as a paper and as a live session. What
 * it decided is compared bar by bar, and every difference of fills has a cause and rupees.
 *
 * @throws UsageError, ConfigError for the request; DataError DATA_MISSING; StrategyError
 */
export async function parity(context: Context, request: ParityRequest): Promise<ParityReport> {
  const { chosen } = await chosenFor(context, { ...request, strategies: [request.strategy] });
  const data = await rehearsalData(context, request);
  try {
    const [report] = await parityOn(data, [request], {
      progress: context.output.progress('parity', 100),
    });
    return { ...report, about: chosen[0].strategy.about };
  } finally {
    await data.remove();
  }
}

type Strategies = Omit<ParityRequest, 'universe' | 'date'>;

/** The same for several strategies, each by itself with an account of its own, over one passing of the market. */
export async function parityOn(
  data: RehearsalData,
  requests: readonly Strategies[],
  {
    progress = { step: () => undefined, done: () => undefined },
    busyStepMs = 10 * secondMs,
  }: { readonly progress?: Progress; readonly busyStepMs?: number } = {},
): Promise<readonly ParityReport[]> {
  const { hours, context } = data;
  const tested = [];
  for (const request of requests) tested.push(await backtested(data, request));
  const rehearsal = await Rehearsal.open(data, {
    sessions: 2 * requests.length,
    cash: cashTimes * context.config.capital,
    busyStepMs,
  });
  try {
    const sessions = [];
    for (const { strategy, timeframe, params, warmUpDays } of requests) {
      const asked = { strategies: [strategy], timeframe, params, warmUpDays };
      const paper = await rehearsal.begin('paper', asked);
      sessions.push({ paper, live: await rehearsal.begin('live', asked) });
    }
    await rehearsal.play((time) =>
      progress.step(Math.max(0, Math.round((100 * (time - hours.open)) / (hours.close - hours.open)))),
    );
    progress.done();
    const reports: ParityReport[] = [];
    for (const [at, { paper, live }] of sessions.entries())
      reports.push(await compared(data, requests[at], tested[at], { paper, live }));
    return reports;
  } finally {
    await rehearsal.close();
  }
}

interface Tested {
  readonly run: ModeRun;
  readonly series: BacktestCast['series'];
}

async function backtested(
  { context, instruments, day }: RehearsalData,
  { strategy, timeframe, params, warmUpDays }: Strategies,
): Promise<Tested> {
  const date = isoDateOfDay(day);
  const { cast } = await runParts(context, {
    ...{ universe: instruments.map(({ key }) => key), strategies: [strategy], timeframe, params },
    ...{ from: isoDateOfDay(day - warmUpDays), to: date },
  });
  const plan = {
    ...cast.plan,
    limits: liveLimits(cast.plan.limits),
    begins: startOfDay(day),
    isolation: isolationOf(context.config, 'session'),
  };
  const { engine, entries } = confined(() => runBacktest({ ...cast, plan, endless: true }));
  // Like a session: what is held in the evening is carried into the next day.
  const flat = engine.account.held.length === 0;
  if (flat) confined(() => engine.finish());
  return {
    series: cast.series,
    run: {
      entries,
      trades: flat ? engine.trades() : [...engine.trades(), ...engine.endedToday()],
      refusals: engine.refusals(),
      equityPaise: engine.account.equityPaise,
    },
  };
}

async function compared(
  { rulebook, day, instruments, context }: RehearsalData,
  { strategy }: Strategies,
  { run, series }: Tested,
  { paper, live }: { readonly paper: RehearsedSession; readonly live: RehearsedSession },
): Promise<ParityReport> {
  const prices = priceLookup(series, rulebook);
  const modes = { backtest: run, paper: await rehearsed(paper), live: await rehearsed(live) };
  return {
    ...{ strategy, about: '', day: isoDateOfDay(day), instruments: instruments.map(({ key }) => key) },
    synthetic: instruments.some(({ synthetic }) => synthetic),
    timeframe: series[0].series.timeframe,
    capitalPaise: Math.round(context.config.capital * 100),
    modes,
    against: (['paper', 'live'] as const).map((mode) => ({
      mode,
      bars: barParity(series, startOfDay(day), mode === 'paper' ? paper : live),
      decisions: decisionParity(run, modes[mode]),
      fills: fillParity(run, modes[mode], prices),
    })),
  };
}

async function rehearsed({ report, log, name }: RehearsedSession): Promise<ModeRun> {
  const done = await report;
  if (!done) throw new Error(`The ${name} found the markets closed.`);
  const { trades, refusals, equityPaise } = done;
  return { entries: log.entries, trades, refusals, equityPaise };
}

/** What was printed around an instant, by the finest bars that the backtest went over. */
function priceLookup(series: BacktestCast['series'], { calendar }: Rulebook): PriceLookup {
  const finest = new Map<InstrumentKey, { readonly bars: BarSeries; readonly closes: Float64Array }>();
  for (const { instrument, series: bars } of series)
    if (!finest.has(instrument.key))
      finest.set(instrument.key, { bars, closes: closesOf(bars, sessionsOf(calendar, instrument)) });
  return (key, time) => {
    const found = finest.get(key);
    if (!found) return { before: Number.NaN, after: Number.NaN };
    const { bars, closes } = found;
    let next = bars.rowAt(time);
    // A bar under way at the instant, such as a day's, is the next one to fill in only once it has closed.
    while (next > 0 && closes[next - 1] > time) next--;
    return {
      before: next > 0 ? bars.close[next - 1] : Number.NaN,
      after: next < bars.length ? bars.open[next] : Number.NaN,
    };
  };
}

/** Whether a session decided on the bars of the history. */
function barParity(series: BacktestCast['series'], from: EpochMs, { log }: RehearsedSession): BarParity {
  const told = new Map<string, string>();
  for (const record of log.records)
    if (record.t === 'bars')
      for (const bar of barsOf(record).bars) {
        const { place, time, open, high, low, close, volume } = bar;
        told.set(`${place} ${time}`, `${open} ${high} ${low} ${close} ${volume}`);
      }
  let [same, other, absent] = [0, 0, 0];
  for (const [place, { series: bars }] of series.entries())
    for (let row = bars.rowAt(from); row < bars.length; row++) {
      const name = `${place} ${bars.time[row]}`;
      const bar = told.get(name);
      told.delete(name);
      const { open, high, low, close, volume } = bars;
      if (bar === `${open[row]} ${high[row]} ${low[row]} ${close[row]} ${volume[row]}`) same += 1;
      else if (bar === undefined) absent += 1;
      else other += 1;
    }
  return { same, other, absent, strange: told.size };
}
