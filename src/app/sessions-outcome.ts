import type { JournalSession } from '../adapters/duckdb/read-trades.ts';
import { loadRulebook } from '../config/rulebook.ts';
import { codeOf } from '../domain/errors.ts';
import { dayMs } from '../domain/time.ts';
import { parseTimeframe, type Timeframe } from '../domain/timeframe.ts';
import type { BookedTrade, TradingRecord } from '../research/analysis/trading-record.ts';
import type { BacktestOutcome, Pictures } from '../research/backtest-outcome.ts';
import type { Protection } from '../research/picture.ts';
import { summarise } from '../research/summary.ts';
import type { BacktestSeries } from './backtest-run.ts';
import type { Context } from './context.ts';
import { loadBars, storedInstrument } from './history.ts';
import { historyOf } from './open-history.ts';
import { programVersion } from './program-version.ts';

/** Instruments whose bars are looked up for a page. */
const drawnMost = 12;
/** Bars before the first trade and after the last, so that neither stands at the edge. */
const marginMs = 5 * dayMs;

/** Sessions in the shape of a run, for the page that draws one. What journals do not know stays empty. */
export async function sessionsOutcome(
  context: Context,
  { record, sessions }: { readonly record: TradingRecord; readonly sessions: readonly JournalSession[] },
): Promise<BacktestOutcome> {
  const { trades, equity, capitalPaise, refusals } = record;
  const keys = [...new Set(trades.map(({ key }) => key))];
  const [{ timeframe: words = '' } = {}] = sessions;
  const timeframe = words === '' ? '1m' : parseTimeframe(words);
  const known = sessions.flatMap(({ since, until }) => [since ?? [], until ?? []].flat());
  const [from, to] = [Math.min(...known), Math.max(...known)];
  const synthetic = sessions.some((each) => each.synthetic);
  const strategies = [...new Set(sessions.flatMap((each) => each.strategies.split(' ')))];
  return {
    header: {
      runId: [...new Set(sessions.map(({ mode, stream }) => `${mode}/${stream}`))].join(' '),
      version: programVersion(context.folders.root),
      build: undefined,
      strategies: strategies.map((name) => ({ name, params: {}, sourceHash: '' })),
      timeframe,
      from: known.length > 0 ? from : undefined,
      to: known.length > 0 ? to : undefined,
      instruments: keys.map((key) => ({ key, bars: 0, from: undefined, to: undefined, synthetic })),
      series: [],
      bars: 0,
      wallMs: 0,
      hashes: { data: '', config: '', rulebook: '', strategy: '', result: '' },
      warnings: [],
      ...(synthetic && { seed: context.config.synthetic.seed }),
      fillRule: '',
      charges: '',
      product: [...new Set(trades.map(({ product }) => product))].join(', '),
      capitalPaise,
      sizing: '',
    },
    trades,
    equity,
    refusals,
    summary: summarise({
      capitalPaise,
      equity,
      trades,
      charges: record.charges,
      chargesTotalPaise: trades.reduce((sum, { chargesPaise }) => sum + chargesPaise, 0),
      benchmark: { unavailable: 'sessions are compared with --benchmark' },
    }),
    pictures: await sessionPictures(context, record, timeframe),
  };
}

/** Where stop and target were first placed, for as long as the trade was open. */
function levelsOf({ entryTime: from, exitTime: to, stop, target }: BookedTrade): readonly Protection[] {
  return [
    ...(stop === undefined ? [] : [{ role: 'stop' as const, from, to, price: stop }]),
    ...(target === undefined ? [] : [{ role: 'target' as const, from, to, price: target }]),
  ];
}

/** Stored bars around the trades of the busiest instruments; those without any are not drawn. */
async function sessionPictures(
  context: Context,
  { trades }: TradingRecord,
  timeframe: Timeframe,
): Promise<Pictures> {
  const counts = new Map<string, number>();
  for (const { key } of trades) counts.set(key, (counts.get(key) ?? 0) + 1);
  const busiest = [...counts].sort(([, a], [, b]) => b - a).slice(0, drawnMost);
  const store = historyOf(context);
  const { calendar } = loadRulebook(context.folders.root, context.folders.home);
  const series: BacktestSeries[] = [];
  for (const [key] of busiest) {
    const own = trades.filter((trade) => trade.key === key);
    const span = {
      from: own.reduce((first, { entryTime }) => Math.min(first, entryTime), Infinity) - marginMs,
      to: own.reduce((last, { exitTime }) => Math.max(last, exitTime), -Infinity) + marginMs,
    };
    try {
      const instrument = await storedInstrument(store, key);
      const loaded = await loadBars(store, calendar, { instrument, timeframe, span, prices: 'raw' });
      series.push({ instrument, series: loaded.series, strategies: [] });
    } catch (error) {
      // What is not stored cannot be drawn, and everything else of the page stands without it.
      if (!codeOf(error).startsWith('DATA_')) throw error;
    }
  }
  if (series.length === 0) return { drawn: [], left: counts.size };
  const { picturesOf } = await import('./pictures.ts');
  const { drawn } = picturesOf({ series, trades, entries: [], calendar });
  const pictures = drawn.map((picture) => {
    const own = trades.filter(({ key }) => key === picture.key);
    const strategies = [...new Set(own.map(({ strategy }) => strategy))];
    return { ...picture, strategies, protections: own.flatMap(levelsOf) };
  });
  return { drawn: pictures, left: counts.size - drawn.length };
}
