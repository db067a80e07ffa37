import { loadRulebook } from '../config/rulebook.ts';
import { loadScans, type NamedScan } from '../config/scans.ts';
import { DataError, isAlgoError, UsageError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { didYouMean } from '../domain/nearest.ts';
import { istDate } from '../domain/time.ts';
import { parseTimeframe, type Timeframe } from '../domain/timeframe.ts';
import type { ScanReport } from '../reports/scan-json.ts';
import type { PatternColumn, ScannedBars } from '../research/scan/evaluate.ts';
import { framesOf, parseCondition, parseMeasure } from '../research/scan/parse.ts';
import { type Candidate, scan } from '../research/scan/scan.ts';
import { type ClosedBars, closedBars, instantAsked } from './closed-bars.ts';
import type { Context } from './context.ts';
import { prepareBars } from './history.ts';
import { historyOf } from './open-history.ts';
import { resolveUniverse } from './universe.ts';

export interface ScanRequest {
  /** A scan of `configs/scans.yaml`; its parts are replaced by what else is given. */
  readonly name?: string | undefined;
  /** Words of the universe; none takes the profile's. */
  readonly universe: readonly string[];
  readonly timeframe?: string | undefined;
  readonly where?: string | undefined;
  readonly sort?: string | undefined;
  readonly ascending?: boolean | undefined;
  /** At most so many hits. */
  readonly top?: number | undefined;
  /** A day, or an instant as `2026-10-06 11:30`; what closed later is not seen. */
  readonly asOf?: string | undefined;
  /** First day of the bars that are looked at. */
  readonly from?: string | undefined;
  /** Horizons in bars, such as 1,5,20. */
  readonly backtest?: string | undefined;
}

/** Named scans, as `algo scan --list` shows them. */
export function listScans({ folders }: Pick<Context, 'folders'>): readonly NamedScan[] {
  return [...loadScans(folders.root, folders.home).values()];
}

/**
 * Looks for instruments whose newest closed bar meets a condition.
 *
 * @throws UsageError USAGE_EXPRESSION with line and column, USAGE_SCAN for an unknown name
 * @throws DataError DATA_MISSING when no instrument of the universe has bars
 */
export async function scanMarket(context: Context, request: ScanRequest): Promise<ScanReport> {
  const { folders, output, clock } = context;
  const chosen = chosenScan(loadScans(folders.root, folders.home), request);
  const base = parseTimeframe(request.timeframe ?? chosen.timeframe);
  const patterns = await candlesticksFor(chosen.where);
  const where = parseCondition(chosen.where, patterns.names).node;
  const sort = chosen.sort === undefined ? undefined : parseMeasure(chosen.sort).node;
  const horizons = horizonsOf(request.backtest);
  const frames = framesOf(sort ? [where, sort] : [where]).filter((frame) => frame !== base);
  const until = instantAsked(request.asOf);

  const rulebook = loadRulebook(folders.root, folders.home);
  const store = historyOf(context);
  const day = Number.isFinite(until) ? istDate(until - 1) : undefined;
  const { instruments, missing } = await resolveUniverse(context, store, rulebook, request.universe, day);
  await prepareBars(store, instruments, [base, ...frames]);
  const progress = output.progress('scan', instruments.length);
  const failed = missing.map((key) => ({ key, why: `No bars of ${key} are stored.` }));
  const candidates: Candidate[] = [];
  const bars = await closedBars(store, {
    ...{ calendar: rulebook.calendar, until, from: request.from, everything: horizons.length > 0 },
  });
  for (const [done, instrument] of instruments.entries()) {
    try {
      candidates.push(await candidateOf(bars, instrument, base, frames));
    } catch (error) {
      if (!isAlgoError(error) || error.code !== 'DATA_MISSING') throw error;
      failed.push({ key: instrument.key, why: error.message });
    }
    progress.step(done + 1, instrument.key);
  }
  progress.done();
  if (candidates.length === 0)
    throw new DataError(
      'DATA_MISSING',
      `None of the ${instruments.length} instruments has bars to scan. ${failed[0]?.why ?? ''}`.trim(),
      'algo data list shows what is stored.',
    );

  const outcome = scan(
    { where, sort, ascending: chosen.ascending, horizons, patterns: patterns.column },
    candidates,
  );
  return {
    ...outcome,
    hits: request.top === undefined ? outcome.hits : outcome.hits.slice(0, request.top),
    found: outcome.hits.length,
    scan: { ...chosen, timeframe: base },
    failed,
    synthetic: instruments.some(({ synthetic }) => synthetic === true),
    askedAt: clock.now(),
  };
}

type ChosenScan = ScanReport['scan'];

function chosenScan(scans: ReadonlyMap<string, NamedScan>, request: ScanRequest): ChosenScan {
  const named = request.name === undefined ? undefined : scans.get(request.name);
  if (request.name !== undefined && !named) {
    throw new UsageError(
      'USAGE_SCAN',
      `There is no scan "${request.name}".${didYouMean(request.name, scans.keys())}`,
      'List them with: algo scan --list. An expression goes into --where "rsi14 < 30".',
    );
  }
  const where = request.where ?? named?.where;
  if (where === undefined)
    throw new UsageError(
      'USAGE_SCAN',
      'Nothing says what to look for.',
      'Name a scan (algo scan --list) or give an expression: algo scan --where "rsi14 < 30 and close > ema200"',
    );
  return {
    name: named?.name ?? 'where',
    about: request.where !== undefined || !named ? 'As given.' : named.about,
    timeframe: named?.timeframe ?? 'day',
    where,
    sort: request.sort ?? named?.sort,
    ascending: request.ascending ?? (request.sort === undefined ? (named?.ascending ?? false) : false),
  };
}

/** The library of patterns is loaded only for an expression that names one. */
async function candlesticksFor(where: string): Promise<{ names: readonly string[]; column: PatternColumn }> {
  if (!/\bpattern\s*\(/i.test(where)) return { names: [], column: () => new Float64Array(0) };
  const { patternColumn, patternNames } = await import('../adapters/candlesticks/candlesticks.ts');
  return { names: patternNames, column: patternColumn };
}

const horizonMax = 1_000;

function horizonsOf(text: string | undefined): readonly number[] {
  if (text === undefined) return [];
  return text.split(',').map((part) => {
    const match = /^\s*(\d+)d?\s*$/.exec(part);
    const bars = Number(match?.[1]);
    if (match && bars >= 1 && bars <= horizonMax) return bars;
    throw new UsageError(
      'USAGE_HORIZON',
      `--backtest received "${text}", expected numbers of bars from 1 to ${horizonMax}.`,
      'For example --backtest 1,5,20',
    );
  });
}

async function candidateOf(
  bars: ClosedBars,
  instrument: Instrument,
  base: Timeframe,
  frames: readonly Timeframe[],
): Promise<Candidate> {
  const others = new Map<Timeframe, ScannedBars>();
  const own = await bars.of(instrument, base);
  for (const frame of frames) others.set(frame, await bars.of(instrument, frame));
  return { key: instrument.key, base: own, others };
}
