import { checksumOf } from '../adapters/duckdb/checksum.ts';
import { interruptible } from '../adapters/system/interruptible.ts';
import { configHash } from '../config/config-hash.ts';
import { loadRulebook } from '../config/rulebook.ts';
import type { Config } from '../config/schema.ts';
import { type ChargeModel, chargeLines } from '../domain/charges.ts';
import { type Instrument, isDerivative } from '../domain/instrument.ts';
import { toPaise } from '../domain/money.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { istDayNumber, minuteOfClock } from '../domain/time.ts';
import { parseTimeframe, type Timeframe } from '../domain/timeframe.ts';
import type { Engine } from '../engine/engine.ts';
import type { SizingRule } from '../engine/ports.ts';
import { productOf } from '../engine/product.ts';
import { fixedLots, fixedQuantity, percentOfEquity, riskPerTrade } from '../engine/sizing.ts';
import type { BacktestOutcome, Pictures, RunHeader, SeriesRun } from '../research/backtest-outcome.ts';
import { breakdown } from '../research/breakdown.ts';
import { type ChargeTotals, periodsPerYear, type SummaryInput, summarise } from '../research/summary.ts';
import type { BacktestRequest } from './backtest-request.ts';
import { type BacktestSeries, runBacktest } from './backtest-run.ts';
import { runSeries } from './backtest-series.ts';
import { chargesFor } from './charges-for.ts';
import { type ChosenStrategy, chosenStrategies } from './chosen-strategies.ts';
import type { Context } from './context.ts';
import { historyOf } from './open-history.ts';
import type { PictureInput } from './pictures.ts';
import { programBuild, programVersion } from './program-version.ts';
import { hashOf, resultHash } from './run-identity.ts';
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
  const progress = output.progress('backtest', bars);

  const { engine, entries } = interruptible(() =>
    runBacktest({
      plan: {
        capitalPaise: toPaise(config.capital),
        limits: config.risk,
        sizing: sizingOf(config),
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
    }),
  );
  progress.done();

  const trades = engine.trades();
  const shortest = shortestOf(series);
  const data = series.map(seriesRun);
  const identity = identityOf({ config, rulebook, chosen, data, request });
  const header: RunHeader = {
    runId: hashOf(Object.values(identity)).slice(0, 12),
    version: programVersion(folders.root),
    build: programBuild(),
    strategies: chosen.map(({ strategy, params, hash }) => ({
      name: strategy.name,
      params: plain(params),
      sourceHash: hash,
    })),
    timeframe: shortest,
    from: series.reduce((first, { series: { time } }) => Math.min(first, time[0]), Number.POSITIVE_INFINITY),
    to: series.reduce(
      (last, { series: { time, length } }) => Math.max(last, time[length - 1]),
      Number.NEGATIVE_INFINITY,
    ),
    instruments: instruments.map((instrument) => instrumentRun(instrument, series)),
    series: data,
    bars,
    wallMs: clock.now() - started,
    hashes: {
      data: identity.data,
      config: identity.config,
      rulebook: identity.rulebook,
      strategy: identity.strategy,
      result: resultHash(entries, trades),
    },
    warnings: [
      ...warnings,
      ...charges.warnings,
      ...settlements.warnings,
      ...engine.warnings,
      ...unverifiedCharges(series, charges.model),
    ],
    ...(instruments.some(({ synthetic }) => synthetic) && { seed: config.synthetic.seed }),
    fillRule: fillText(config),
    charges: charges.model.name,
    product: [
      ...new Set(
        series.flatMap(({ instrument, strategies }) =>
          strategies.map(({ strategy }) => productOf(config.product, strategy, instrument)),
        ),
      ),
    ].join(', '),
    capitalPaise: toPaise(config.capital),
    sizing: sizingOf(config).name,
  };
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
      periodsPerYear: periodsPerYear(shortest),
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

/** Everything the result follows from, each part as a hash. */
function identityOf({
  config,
  rulebook,
  chosen,
  data,
  request,
}: {
  readonly config: Config;
  readonly rulebook: Rulebook;
  readonly chosen: readonly ChosenStrategy[];
  readonly data: readonly SeriesRun[];
  readonly request: BacktestRequest;
}) {
  return {
    data: hashOf(
      data.flatMap(({ key, timeframe, checksum, detailChecksum }) => [
        key,
        timeframe,
        checksum,
        detailChecksum ?? '',
      ]),
    ),
    config: hashOf([
      configHash(config),
      JSON.stringify({
        ...request,
        export: undefined,
        breakdown: undefined,
        pictures: undefined,
        strategies: [],
        params: [],
      }),
    ]),
    rulebook: rulebook.hash,
    strategy: hashOf(
      chosen.flatMap(({ strategy, params, hash }) => [strategy.name, hash, JSON.stringify(params)]),
    ),
  };
}

function seriesRun({ series, detail }: BacktestSeries): SeriesRun {
  const { key, timeframe, length, time } = series;
  return {
    key,
    timeframe,
    bars: length,
    from: time[0],
    to: time[length - 1],
    checksum: checksumOf(series),
    ...(detail && { detailChecksum: checksumOf(detail) }),
  };
}

function instrumentRun(
  instrument: Instrument,
  all: readonly BacktestSeries[],
): RunHeader['instruments'][number] {
  const own = all.filter((each) => each.instrument === instrument).map(({ series }) => series);
  return {
    key: instrument.key,
    bars: own.reduce((sum, { length }) => sum + length, 0),
    from: own[0]?.time[0],
    to: own[0]?.time[own[0].length - 1],
    synthetic: instrument.synthetic ?? false,
  };
}

/** The timeframe whose marks the equity curve follows. */
function shortestOf(series: readonly BacktestSeries[]): Timeframe {
  const order = [...series].sort((a, b) => stepOf(a) - stepOf(b));
  return order[0].series.timeframe;
}

function stepOf({ series: { time, length } }: BacktestSeries): number {
  return length > 1 ? time[1] - time[0] : Number.POSITIVE_INFINITY;
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

function fillText({ fill }: Config): string {
  const { kind, amount } = fill.slippage;
  const unit = {
    none: '',
    ticks: amount === 1 ? ' tick' : ' ticks',
    bps: ' bps',
    volatility: ' % of the bar range',
  }[kind];
  const slippage = kind === 'none' ? 'no slippage' : `slippage ${amount}${unit}`;
  return `${fill.price}, ${slippage}, up to ${fill.volumeSharePercent} % of volume${fill.detail === 'none' ? '' : `, detail ${fill.detail}`}`;
}

function plain(
  params: Readonly<Record<string, unknown>>,
): Readonly<Record<string, number | string | boolean>> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'number' || typeof value === 'boolean' ? value : String(value),
    ]),
  );
}
