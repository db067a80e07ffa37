import { UsageError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';
import { dayMs, dayNumberOf, instantOf, istDate, istDayNumber, minuteOfClock } from '../domain/time.ts';
import type { JournalEntry } from '../engine/journal-entry.ts';
import type { Slot } from '../engine/slot.ts';
import type { StrategyRun } from '../engine/strategy-run.ts';
import type { RunTurns } from '../engine/turns/run-turns.ts';
import { type WhyDocument, whyDocument } from '../reports/why-json.ts';
import type { Context } from './context.ts';
import { type RecordOfRun, recordOfBacktest, recordOfSession } from './recorded-runs.ts';
import { replayRun, tookAnotherWay } from './replay-run.ts';

export interface WhyRequest {
  readonly symbol: string;
  /** `10:45`, `2026-10-06` or `2026-10-06 10:45`. */
  readonly time?: string | undefined;
  /** A kept backtest, or else the newest session of a paper stream. */
  readonly run?: string | undefined;
  readonly stream?: string | undefined;
  readonly strategy?: string | undefined;
}

/**
 * Why a bar of a recorded run came to what it did: the run is played again and watched. Without a time, every bar is counted by its
 * reason.
 *
 * @throws UsageError USAGE_RUN, USAGE_STREAM, USAGE_SYMBOL, USAGE_FILTER, USAGE_WHY_TIME; DataError DATA_REPLAY when the run cannot
 *   be played again as it was
 */
export async function why(context: Context, request: WhyRequest): Promise<WhyDocument> {
  const record =
    request.stream === undefined
      ? recordOfBacktest(context, request.run ?? 'last')
      : recordOfSession(context, request.stream);
  const asked = request.time === undefined ? undefined : askedTime(request.time);
  const rows = new Map<StrategyRun, ReadonlySet<number>>();
  const rowsOf = (run: StrategyRun): ReadonlySet<number> => {
    const known = rows.get(run) ?? new Set(asked && isMeant(run, request) ? rowsAt(run.slot, asked) : []);
    rows.set(run, known);
    return known;
  };
  const replayed = await replayRun(context, record, (run, row) => rowsOf(run).has(row));
  checkOutcome(record, replayed);
  const chosen = chosenRuns(replayed.watch.runs, request);
  for (const { run } of chosen) if (asked && rowsOf(run).size === 0) throw noBar(run.slot);
  const { kind, id } = record;
  return whyDocument({
    source: { kind, id, stream: request.stream, synthetic: replayed.synthetic },
    runs: chosen,
    ...(asked && { rows: chosen.map(({ run }) => [...rowsOf(run)]) }),
  });
}

function checkOutcome(
  record: RecordOfRun,
  { entries, result }: { readonly entries: readonly JournalEntry[]; readonly result: string },
): void {
  if (record.result !== undefined && record.result !== result) throw tookAnotherWay(record);
  const same = record.entries?.every((entry, at) => JSON.stringify(entry) === JSON.stringify(entries[at]));
  if (same === false) throw tookAnotherWay(record);
}

function isMeant({ slot }: StrategyRun, { symbol }: WhyRequest): boolean {
  const { key, tradingsymbol } = slot.instrument;
  const asked = symbol.toUpperCase();
  return key.toUpperCase() === asked || tradingsymbol.toUpperCase() === asked;
}

function chosenRuns(all: readonly RunTurns[], request: WhyRequest): readonly RunTurns[] {
  const { symbol, strategy } = request;
  const own = all.filter(({ run }) => isMeant(run, request));
  if (own.length === 0) {
    const keys = [...new Set(all.map(({ run }) => run.slot.instrument.key))];
    throw new UsageError(
      'USAGE_SYMBOL',
      `The run did not go over "${symbol}".${didYouMean(symbol, keys)}`,
      `It went over: ${keys.slice(0, 10).join(', ')}${keys.length > 10 ? ' …' : ''}.`,
    );
  }
  if (strategy === undefined) return own;
  const named = own.filter(({ run }) => run.name === strategy);
  if (named.length > 0) return named;
  const names = own.map(({ run }) => run.name);
  throw new UsageError(
    'USAGE_FILTER',
    `The run did not trade ${symbol} with "${strategy}".${didYouMean(strategy, names)}`,
    `It traded it with: ${names.join(', ')}.`,
  );
}

interface AskedTime {
  /** Day number; undefined means the last day of the run. */
  readonly day: number | undefined;
  /** Minute of the day; undefined means the whole day. */
  readonly minute: number | undefined;
}

function askedTime(text: string): AskedTime {
  const match = /^(?:(\d{4}-\d{2}-\d{2}))?(?:[T ]?(\d{1,2}:\d{2}))?$/.exec(text.trim());
  if (!match || text.trim() === '')
    throw new UsageError(
      'USAGE_WHY_TIME',
      `The time was "${text}".`,
      'Write a day, a time of the last day, or both: 2026-10-06, 10:45, "2026-10-06 10:45".',
    );
  return {
    day: match[1] === undefined ? undefined : dayNumberOf(match[1]),
    minute: match[2] === undefined ? undefined : minuteOfClock(match[2]),
  };
}

/** Rows of the bar in which the time lies, or of the day. */
function rowsAt({ series, intraday, barMs }: Slot, { day, minute }: AskedTime): readonly number[] {
  const onDay = day ?? istDayNumber(series.time[series.length - 1]);
  if (intraday && minute !== undefined) {
    const instant = instantOf(onDay, minute);
    const row = series.rowAt(instant + 1) - 1;
    return row >= 0 && instant < series.time[row] + barMs ? [row] : [];
  }
  const spanDays = intraday ? 1 : barMs / dayMs;
  const rows: number[] = [];
  for (let row = 0; row < series.length; row++) {
    const first = istDayNumber(series.time[row]);
    if (first <= onDay && onDay < first + spanDays) rows.push(row);
  }
  return rows;
}

function noBar({ series, instrument }: Slot): UsageError {
  const from = istDate(series.time[0]);
  const to = istDate(series.time[series.length - 1]);
  return new UsageError(
    'USAGE_WHY_TIME',
    `The run has no ${series.timeframe} bar of ${instrument.key} then.`,
    `Its bars go from ${from} to ${to}; a bar is found by any minute in it.`,
  );
}
