import { checksumOf } from '../adapters/duckdb/checksum.ts';
import { configHash } from '../config/config-hash.ts';
import type { Config } from '../config/schema.ts';
import type { Instrument } from '../domain/instrument.ts';
import { toPaise } from '../domain/money.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import { productOf } from '../engine/product.ts';
import type { BanList } from '../engine/risk/limits.ts';
import type { RunHeader, SeriesRun } from '../research/backtest-outcome.ts';
import type { BacktestRequest } from './backtest-request.ts';
import type { BacktestSeries } from './backtest-run.ts';
import type { ChosenStrategy } from './chosen-strategies.ts';
import type { Context } from './context.ts';
import { programBuild, programVersion } from './program-version.ts';
import { hashOf } from './run-identity.ts';

/** What a run was made of, and the id that follows from it. `series` holds at least one. */
export function runHeader({
  context: { config, folders, clock },
  request,
  rulebook,
  chosen,
  series,
  charges,
  sizing,
  warnings,
  started,
  result,
  bans,
}: {
  readonly context: Pick<Context, 'config' | 'folders' | 'clock'>;
  readonly request: BacktestRequest;
  readonly rulebook: Rulebook;
  readonly chosen: readonly ChosenStrategy[];
  readonly series: readonly BacktestSeries[];
  /** Names of the charge model and the sizing rule. */
  readonly charges: string;
  readonly sizing: string;
  readonly warnings: readonly string[];
  readonly started: EpochMs;
  /** Hash of what the run did. */
  readonly result: string;
  readonly bans?: BanList | undefined;
}): RunHeader {
  const instruments = [...new Set(series.map(({ instrument }) => instrument))];
  const data = series.map(seriesRun);
  const identity = identityOf({ config, rulebook, chosen, data, request, bans });
  return {
    runId: hashOf(Object.values(identity)).slice(0, 12),
    version: programVersion(folders.root),
    build: programBuild(),
    strategies: chosen.map(({ strategy, params, hash }) => ({
      name: strategy.name,
      params: plain(params),
      sourceHash: hash,
    })),
    timeframe: shortestOf(series),
    from: series.reduce((first, { series: { time } }) => Math.min(first, time[0]), Number.POSITIVE_INFINITY),
    to: series.reduce(
      (last, { series: { time, length } }) => Math.max(last, time[length - 1]),
      Number.NEGATIVE_INFINITY,
    ),
    instruments: instruments.map((instrument) => instrumentRun(instrument, series)),
    series: data,
    bars: series.reduce((sum, { series: { length } }) => sum + length, 0),
    wallMs: clock.now() - started,
    hashes: { ...identity, result },
    warnings,
    ...(instruments.some(({ synthetic }) => synthetic) && { seed: config.synthetic.seed }),
    fillRule: fillText(config),
    charges,
    product: [
      ...new Set(
        series.flatMap(({ instrument, strategies }) =>
          strategies.map(({ strategy }) => productOf(config.product, strategy, instrument)),
        ),
      ),
    ].join(', '),
    capitalPaise: toPaise(config.capital),
    sizing,
  };
}

/** Everything the result follows from, each part as a hash. */
function identityOf({
  config,
  rulebook,
  chosen,
  data,
  request,
  bans,
}: {
  readonly config: Config;
  readonly rulebook: Rulebook;
  readonly chosen: readonly ChosenStrategy[];
  readonly data: readonly SeriesRun[];
  readonly request: BacktestRequest;
  readonly bans: BanList | undefined;
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
      ...(bans ? [bans.hash] : []),
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

/** How the simulated exchange fills, in words. */
export function fillText({ fill }: Pick<Config, 'fill'>): string {
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
