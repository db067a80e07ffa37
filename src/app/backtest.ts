import { confined } from '../adapters/system/confined.ts';
import { interruptible } from '../adapters/system/interruptible.ts';
import { loadRulebook } from '../config/rulebook.ts';
import type { Config } from '../config/schema.ts';
import { type ChargeModel, chargeLines } from '../domain/charges.ts';
import { isDerivative } from '../domain/instrument.ts';
import { toPaise } from '../domain/money.ts';
import { istDayNumber, minuteOfClock } from '../domain/time.ts';
import { parseTimeframe } from '../domain/timeframe.ts';
import type { Engine } from '../engine/engine.ts';
import type { SizingRule } from '../engine/ports.ts';
import { fixedLots, fixedQuantity, percentOfEquity, riskPerTrade } from '../engine/sizing.ts';
import type { BacktestOutcome, Pictures } from '../research/backtest-outcome.ts';
import { breakdown } from '../research/breakdown.ts';
import { type ChargeTotals, periodsPerYear, type SummaryInput, summarise } from '../research/summary.ts';
import type { BacktestRequest } from './backtest-request.ts';
import { type BacktestSeries, runBacktest } from './backtest-run.ts';
import { runSeries } from './backtest-series.ts';
import { chargesFor } from './charges-for.ts';
import { chosenStrategies } from './chosen-strategies.ts';
import type { Context } from './context.ts';
import { historyOf } from './open-history.ts';
import type { PictureInput } from './pictures.ts';
import { runHeader } from './run-header.ts';
import { resultHash } from './run-identity.ts';
import { settlementsFrom } from './settlement.ts';
import { resolveUniverse } from './universe.ts';

/**
 * Runs strategies over stored bars and measures the result.
 *
 * @throws UsageError for flags, ConfigError for parameters, DataError for missing bars and rules, StrategyError when a strategy fails
 */
export async function backtest(context: Context, request: BacktestRequest): Promise<BacktestOutcome> {
  const { config, folders, output, clock } = context;
  const started = clock.now();
  const timeframe = request.timeframe === undefined ? undefined : parseTimeframe(request.timeframe);
  const chosen = await chosenStrategies(folders, request.strategies, request.params);
  const rulebook = loadRulebook(folders.root, folders.home);
  const store = historyOf(context);
  const universe = await resolveUniverse(context, store, rulebook, request.universe);
  const { series, warnings } = await runSeries({
    store,
    rulebook,
    universe,
    chosen,
    timeframe,
    request,
    detail: config.fill.detail,
  });
  const instruments = [...new Set(series.map(({ instrument }) => instrument))];
  const charges = chargesFor(config.charges, instruments, rulebook);
  const settlements = await settlementsFrom(store, instruments);
  const bars = series.reduce((sum, each) => sum + each.series.length, 0);
  const sizing = sizingOf(config);
  const progress = output.progress('backtest', bars);

  const run = () =>
    runBacktest({
      plan: {
        capitalPaise: toPaise(config.capital),
        limits: config.risk,
        sizing,
        charges: charges.model,
        rulebook,
        product: config.product,
        squareOff: minuteOrAuto(config.session.squareOff),
        entryCutOff: minuteOrAuto(config.session.entryCutOff),
        marks: series.reduce((most, each) => Math.max(most, each.series.length), 0) + 1,
      },
      fill: config.fill,
      series,
      settlement: settlements.priceOf,
      progress: (done) => progress.step(done),
    });
  const { engine, entries } = interruptible(() => confined(run));
  progress.done();

  const trades = engine.trades();
  const header = runHeader({
    context,
    request,
    rulebook,
    chosen,
    series,
    charges: charges.model.name,
    sizing: sizing.name,
    warnings: [
      ...warnings,
      ...charges.warnings,
      ...settlements.warnings,
      ...engine.warnings,
      ...unverifiedCharges(series, charges.model),
    ],
    started,
    result: resultHash(entries, trades),
  });
  return {
    header,
    trades,
    equity: engine.equity,
    refusals: engine.refusals(),
    summary: summarise({
      capitalPaise: header.capitalPaise,
      equity: engine.equity,
      trades,
      charges: chargeTotals(engine),
      benchmark: benchmarkOf(series),
      periodsPerYear: periodsPerYear(header.timeframe),
    }),
    ...(request.breakdown && {
      breakdown: {
        period: request.breakdown,
        rows: breakdown({
          equity: engine.equity,
          trades,
          capitalPaise: header.capitalPaise,
          period: request.breakdown,
        }),
      },
    }),
    ...(request.pictures && {
      pictures: await drawn({ series, trades, entries, calendar: rulebook.calendar }),
    }),
  };
}

/** Loaded when it is asked for: most runs draw nothing. */
async function drawn(input: PictureInput): Promise<Pictures> {
  const { picturesOf } = await import('./pictures.ts');
  return picturesOf(input);
}

function sizingOf({ sizing }: Config): SizingRule {
  switch (sizing.rule) {
    case 'quantity':
      return fixedQuantity(sizing.quantity);
    case 'lots':
      return fixedLots(sizing.lots);
    case 'percent-of-equity':
      return percentOfEquity(sizing.percentOfEquity);
    case 'risk-per-trade':
      return riskPerTrade(sizing.riskPercent);
    default:
      return sizing.rule satisfies never;
  }
}

/** Closes to hold for comparison: one series of each instrument. */
function benchmarkOf(all: readonly BacktestSeries[]): SummaryInput['benchmark'] {
  if (all.some(({ instrument }) => isDerivative(instrument)))
    return { unavailable: 'contracts that expire cannot be held' };
  const one = new Map(all.map(({ series }) => [series.key, series]));
  return [...one.values()].map(({ key, close, length }) => ({ key, close, length }));
}

function minuteOrAuto(clock: string): number | 'auto' {
  return clock === 'auto' ? 'auto' : minuteOfClock(clock);
}

function chargeTotals({ notes }: Engine): ChargeTotals {
  return Object.fromEntries(chargeLines.map((line, place) => [line, notes.totals[place]])) as ChargeTotals;
}

/** One sentence for all rates of these days whose source is in doubt; `algo charges` shows each of them. */
function unverifiedCharges(series: readonly BacktestSeries[], model: ChargeModel): readonly string[] {
  const sentences = new Set<string>();
  for (const { instrument, series: bars } of series) {
    const first = istDayNumber(bars.time[0]);
    const last = istDayNumber(bars.time[bars.length - 1]);
    for (const sentence of model.unverified?.(instrument, first, last) ?? []) sentences.add(sentence);
  }
  if (sentences.size === 0) return [];
  const lines = [...new Set([...sentences].map((sentence) => sentence.split(' ')[1]))].join(', ');
  return [
    `Rates of these charges or their dates are marked UNVERIFIED on some of these days: ${lines}. ` +
      'algo charges --date … names them with their sources.',
  ];
}
