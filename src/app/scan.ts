import { loadRulebook } from '../config/rulebook.ts';
import { loadScans } from '../config/scans.ts';
import { DataError, isAlgoError } from '../domain/errors.ts';
import { type Instrument, type InstrumentKey, underlyingOf } from '../domain/instrument.ts';
import { istDate } from '../domain/time.ts';
import type { ScanReport } from '../reports/scan-json.ts';
import { spreadsOf } from '../research/scan/readings.ts';
import { type Candidate, scan } from '../research/scan/scan.ts';
import { chosenScan, horizonsOf, scanPlan } from './chosen-scan.ts';
import { closedBars, instantAsked } from './closed-bars.ts';
import type { Context } from './context.ts';
import { prepareBars } from './history.ts';
import { bansOn } from './market-bans.ts';
import { historyOf } from './open-history.ts';
import { byPatterns, patternsAmong } from './scan-patterns.ts';
import { scanRegime } from './scan-regime.ts';
import type { ScanRequest } from './scan-request.ts';
import { resolveUniverse } from './universe.ts';

/**
 * Looks for instruments whose newest closed bar meets a condition.
 *
 * @throws UsageError USAGE_EXPRESSION with line and column, USAGE_SCAN for an unknown name
 * @throws DataError DATA_MISSING when no instrument of the universe has bars
 */
export async function scanMarket(context: Context, request: ScanRequest): Promise<ScanReport> {
  const { folders, output, clock } = context;
  const chosen = chosenScan(() => loadScans(folders.root, folders.home), request);
  const { plan, asked, base, frames, reach } = await scanPlan(chosen);
  const horizons = horizonsOf(request.backtest);
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
    ...{ calendar: rulebook.calendar, until, from: request.from, everything: horizons.length > 0, reach },
  });
  for (const [done, instrument] of instruments.entries()) {
    try {
      candidates.push({ key: instrument.key, ...(await bars.all(instrument, base, frames)) });
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
      `None of the ${instruments.length} instruments has bars to scan. ${(failed[missing.length] ?? failed[0])?.why ?? ''}`.trim(),
      'algo data list shows what is stored.',
    );

  const synthetic = instruments.some((each) => each.synthetic === true);
  const regime = await scanRegime(store, bars, { index: request.index, synthetic, wanted: chosen.regime });
  const bans = bansOn(context, day ?? istDate(clock.now()));
  const outcome = scan({ ...plan, horizons, regimeAt: regime?.at }, candidates);
  const all = chosen.by === 'pattern' ? byPatterns(outcome.hits, chosen) : outcome.hits;
  const hits = request.top === undefined ? all : all.slice(0, request.top);
  return {
    ...outcome,
    hits,
    bans: 'why' in bans ? undefined : { day: bans.day, hits: bannedOf(hits, instruments, bans.instruments) },
    found: all.length,
    spreads: chosen.by === 'indicator' ? spreadsOf(all) : undefined,
    patterns: chosen.by === 'pattern' ? await patternsAmong(all) : undefined,
    scan: { ...chosen, timeframe: asked.join(', ') },
    regime: regime?.told,
    failed,
    synthetic,
    askedAt: clock.now(),
  };
}

/** Hits whose underlying is banned; the underlyings of contracts are those of NSE. */
function bannedOf(
  hits: readonly { readonly key: InstrumentKey }[],
  instruments: readonly Instrument[],
  banned: readonly InstrumentKey[],
): readonly InstrumentKey[] {
  const found = new Set(hits.map(({ key }) => key));
  return instruments
    .filter((each) => found.has(each.key) && banned.includes(`NSE:${underlyingOf(each)}`))
    .map(({ key }) => key);
}
