import type { JournalSession } from '../adapters/duckdb/read-trades.ts';
import { UsageError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';
import { timeframeMs } from '../domain/timeframe.ts';
import { type Analysis, analyse } from '../research/analysis/analysis.ts';
import { type Dimension, dimensions } from '../research/analysis/attribution.ts';
import { compareModes, type ModeComparison } from '../research/analysis/mode-comparison.ts';
import { type BookedTrade, recordOf, type TradingRecord } from '../research/analysis/trading-record.ts';
import type { Period } from '../research/breakdown.ts';
import { type HeldBenchmark, heldBenchmark } from './analysis-benchmark.ts';
import type { Context } from './context.ts';
import { type JournalBook, journalBook, sessionsText } from './journal-book.ts';
import { listRuns, type OpenedRun, openRun } from './kept-runs.ts';
import { spanOf } from './run-span.ts';
import { journalModes, journalsOf } from './streams.ts';
import { tradeSurroundings } from './trade-surroundings.ts';

export interface AnalyzeRequest {
  /** Id of a kept run or of a session, the beginning of it, or `last`: the newest kept run. */
  readonly run?: string | undefined;
  /** `backtest`, `paper`, `live`, or `all`: the journals, compared with the backtest. */
  readonly mode?: string | undefined;
  readonly stream?: string | undefined;
  /** Dimensions; none takes those that say something of most books. */
  readonly by: readonly string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly strategies: readonly string[];
  readonly symbols: readonly string[];
  readonly breakdown?: Period | undefined;
  readonly benchmark?: string | undefined;
}

/** A book and what it came to. */
export interface AnalyzedBook {
  /** What it is, as a heading says it. */
  readonly title: string;
  /** Id of the kept run, or the mode and streams of the sessions. */
  readonly name: string;
  readonly synthetic: boolean;
  readonly record: TradingRecord;
  /** Present for sessions of journals. */
  readonly sessions?: readonly JournalSession[];
  readonly analysis: Analysis;
  /** Present for a kept backtest. */
  readonly run?: OpenedRun;
  readonly comparison?: ComparedModes;
  readonly benchmark?: HeldBenchmark;
}

export interface ComparedModes extends ModeComparison {
  /** The kept backtest it is compared with. */
  readonly run: string;
}

const usualDimensions: readonly Dimension[] = ['strategy', 'symbol', 'exit', 'hour', 'weekday', 'month'];

/**
 * What a kept run or the sessions of journals earned and where it came from.
 *
 * @throws UsageError USAGE_RUN for a run that is not kept, USAGE_STREAM, USAGE_DIMENSION, USAGE_FILTER for a strategy or symbol that
 *   was not traded; DataError DATA_MISSING for a benchmark without bars
 */
export async function analyze(context: Context, request: AnalyzeRequest): Promise<AnalyzedBook> {
  const by =
    request.by.length === 0
      ? usualDimensions
      : request.by.flatMap((text) => text.split(',')).map(dimensionOf);
  const span = spanOf(request);
  const book = await chosenBook(context, request);
  const { trades } = book.record;
  const symbols = request.symbols.map((symbol) => symbol.toUpperCase());
  checkKnown('strategy', request.strategies, new Set(trades.map(({ strategy }) => strategy)));
  checkKnown('symbol', symbols, new Set(trades.flatMap(({ key }) => [key, key.slice(key.indexOf(':') + 1)])));
  const chosen = [...new Set(by)];
  const analysis = analyse(book.record, {
    filter: { ...span, strategies: request.strategies, symbols },
    by: chosen,
    around: await tradeSurroundings(context, chosen, book.synthetic),
    breakdown: request.breakdown,
  });
  const benchmark =
    request.benchmark === undefined
      ? undefined
      : await heldBenchmark(context, request.benchmark, book.record);
  return { ...book, analysis, ...(benchmark && { benchmark }) };
}

type Book = Omit<AnalyzedBook, 'analysis'>;

async function chosenBook(context: Context, request: AnalyzeRequest): Promise<Book> {
  const { mode, stream, run } = request;
  if (mode === 'backtest' || (mode === undefined && stream === undefined && keptRun(context, run)))
    return keptBook(openRun(context, run ?? 'last'));
  if (mode === 'all' && stream === undefined && journalsOf(context, journalModes).length === 0) {
    context.output.note('There is no journal yet, so nothing is compared.');
    return keptBook(openRun(context, run ?? 'last'));
  }
  const choice = { mode: mode ?? 'all', stream };
  // Of all modes, the id names the backtest to compare with.
  const journal = await journalBook(context, { ...choice, run: mode === 'all' ? undefined : run });
  for (const fault of journal.faults) context.output.warn(fault);
  const comparison = mode === 'all' ? compared(context, journal, run) : undefined;
  return {
    title: sessionsText(journal.sessions),
    name: [...new Set(journal.sessions.map((each) => `${each.mode}/${each.stream}`))].join(' '),
    synthetic: journal.synthetic,
    record: journal.record,
    sessions: journal.sessions,
    ...(comparison && { comparison }),
  };
}

/** Without a word of journals a run is a kept one; an id that none has may be a session's. */
function keptRun(context: Context, run: string | undefined): boolean {
  if (run === undefined || run === 'last' || journalsOf(context, journalModes).length === 0) return true;
  return listRuns(context).runs.some(({ id }) => id.startsWith(run.toLowerCase()));
}

function keptBook(run: OpenedRun): Book {
  const { header } = run.outcome;
  const names = header.strategies.map(({ name }) => name).join(', ');
  return {
    title: `Run ${run.id} of ${names} on ${header.timeframe} bars, saved ${run.saved.savedAt.slice(0, 16).replace('T', ' ')}`,
    name: run.id,
    synthetic: run.saved.document.run.synthetic,
    record: recordOf(run.outcome, run.id),
    run,
  };
}

/** Entries of one decision are at most a bar apart; five minutes where bars are shorter, since a fill may come late. */
const toleranceMsLeast = 300_000;

function compared(
  context: Context,
  { record, sessions }: JournalBook,
  run: string | undefined,
): ComparedModes | undefined {
  const spans = sessions.flatMap(({ since, until }) =>
    since === undefined || until === undefined ? [] : [{ since, until }],
  );
  const strategies = new Set(sessions.flatMap((each) => each.strategies.split(' ')));
  const id = run ?? matchingRun(context, strategies, spans);
  if (id === undefined) {
    context.output.note(
      'No kept backtest has these strategies and days, so nothing is compared. Run one with algo backtest, or name it with --run.',
    );
    return undefined;
  }
  const kept = openRun(context, id);
  const toleranceMs = Math.max(toleranceMsLeast, timeframeMs(kept.outcome.header.timeframe));
  const ran = (trade: BookedTrade) =>
    strategies.has(trade.strategy) &&
    spans.some(({ since, until }) => trade.entryTime >= since - toleranceMs && trade.entryTime <= until);
  const backtest = recordOf(kept.outcome, kept.id).trades.filter(ran);
  return { run: kept.id, ...compareModes(backtest, record.trades, toleranceMs) };
}

/** The newest kept run of these strategies that covers the days. */
function matchingRun(
  context: Context,
  strategies: ReadonlySet<string>,
  spans: readonly { readonly since: number; readonly until: number }[],
): string | undefined {
  const first = Math.min(...spans.map(({ since }) => since));
  const last = Math.max(...spans.map(({ until }) => until));
  const fits = listRuns(context).runs.find(
    (kept) =>
      [...strategies].every((name) => kept.strategies.includes(name)) &&
      kept.from !== null &&
      kept.to !== null &&
      Date.parse(kept.from) <= first &&
      Date.parse(kept.to) + 86_400_000 >= last,
  );
  return fits?.id;
}

function dimensionOf(text: string): Dimension {
  const known = dimensions.find((dimension) => dimension === text.trim());
  if (known) return known;
  throw new UsageError(
    'USAGE_DIMENSION',
    `--by received "${text}".${didYouMean(text, dimensions)}`,
    `Use any of ${dimensions.join(', ')}.`,
  );
}

function checkKnown(what: string, asked: readonly string[], traded: ReadonlySet<string>): void {
  for (const each of asked) {
    if (traded.has(each)) continue;
    throw new UsageError(
      'USAGE_FILTER',
      `There is no trade of the ${what} "${each}".${didYouMean(each, traded)}`,
      `Traded were: ${[...traded].slice(0, 10).join(', ') || 'none'}.`,
    );
  }
}
