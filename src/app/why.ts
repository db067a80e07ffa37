import { loadRulebook } from '../config/rulebook.ts';
import { codeOf, UsageError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { didYouMean } from '../domain/nearest.ts';
import {
  dayMs,
  dayNumberOf,
  instantOf,
  isoDateOfDay,
  istDate,
  istDayNumber,
  minuteOfClock,
} from '../domain/time.ts';
import type { Slot } from '../engine/slot.ts';
import type { StrategyRun } from '../engine/strategy-run.ts';
import type { RunTurns } from '../engine/turns/run-turns.ts';
import type { TurnWatch, WantedBar } from '../engine/turns/turn-watch.ts';
import { type WhyDocument, whyDocument } from '../reports/why-json.ts';
import type { Context } from './context.ts';
import { listRuns } from './kept-runs.ts';
import { lastDayOf, type RecordedSession, recallSession } from './recall-session.ts';
import { type RecordOfRun, recordOfBacktest, recordOfSession } from './recorded-runs.ts';
import { replayRun, tookAnotherWay } from './replay-run.ts';
import { journalModes, journalsOf } from './streams.ts';

export interface WhyRequest {
  readonly symbol: string;
  /** `10:45`, `2026-10-06` or `2026-10-06 10:45`. */
  readonly time?: string | undefined;
  /** A kept backtest, or else a session of a stream. */
  readonly run?: string | undefined;
  readonly stream?: string | undefined;
  readonly strategy?: string | undefined;
}

/**
 * Why a bar of a recorded run came to what it did: the run is played again and watched. Without a time, every bar is counted by its
 * reason. A session may be running meanwhile: it is read as far as it has come.
 *
 * @throws UsageError USAGE_RUN, USAGE_STREAM, USAGE_SYMBOL, USAGE_FILTER, USAGE_WHY_TIME; DataError DATA_REPLAY when the run cannot
 *   be played again as it was
 */
export async function why(context: Context, request: WhyRequest): Promise<WhyDocument> {
  const asked = request.time === undefined ? undefined : askedTime(request.time);
  const record =
    request.stream === undefined
      ? recordOfBacktest(context, request.run ?? newestRun(context, request))
      : recordOfSession(context, request.stream, asked?.day);
  const lastDay = 'records' in record ? lastDayOf(record) : undefined;
  const rows = new Map<StrategyRun, number[]>();
  const rowsOf = (run: StrategyRun): readonly number[] => rows.get(run) ?? [];
  const replayed = await playedAgain(context, record, (run, row) => {
    if (!asked || !isMeant(run, request) || !isAt(run.slot, row, { lastDay, ...asked })) return false;
    rows.set(run, [...rowsOf(run), row]);
    return true;
  });
  const chosen = chosenRuns(replayed.watch.runs, request);
  for (const { run } of chosen)
    if (asked && rowsOf(run).length === 0) throw noBar(context, run.slot, asked.day);
  const { kind, id } = record;
  return whyDocument({
    source: { kind, id, stream: request.stream, synthetic: replayed.synthetic },
    runs: chosen,
    ...(asked && { rows: chosen.map(({ run }) => rowsOf(run)) }),
  });
}

/** Where only sessions are there to be asked about, says how. */
function newestRun(context: Context, { symbol }: WhyRequest): 'last' {
  const [journal] = journalsOf(context, journalModes);
  if (journal === undefined || listRuns(context).runs.length > 0) return 'last';
  throw new UsageError(
    'USAGE_RUN',
    'No backtest is kept.',
    `Of a session ask with: algo why ${symbol} --stream ${journal.stream}`,
  );
}

async function playedAgain(
  context: Context,
  record: RecordOfRun | RecordedSession,
  wanted: WantedBar,
): Promise<{ readonly watch: TurnWatch; readonly synthetic: boolean }> {
  if ('records' in record) return recallSession(context, record, wanted);
  const replayed = await replayRun(context, record, wanted);
  const { entries, result } = replayed;
  if (record.result !== undefined && record.result !== result) throw tookAnotherWay(record);
  const same = record.entries?.every((entry, at) => JSON.stringify(entry) === JSON.stringify(entries[at]));
  if (same === false) throw tookAnotherWay(record);
  return replayed;
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

/** Whether the time lies in the bar, or the bar in the day. A series may still be growing, so the last day of a session is given. */
function isAt(
  { series, intraday, barMs }: Slot,
  row: number,
  { day, minute, lastDay }: AskedTime & { readonly lastDay: number | undefined },
): boolean {
  const onDay = day ?? lastDay ?? istDayNumber(series.time[series.length - 1]);
  const opens = series.time[row];
  if (intraday && minute !== undefined) {
    const instant = instantOf(onDay, minute);
    return opens <= instant && instant < opens + barMs;
  }
  const first = istDayNumber(opens);
  return first <= onDay && onDay < first + (intraday ? 1 : barMs / dayMs);
}

function noBar(context: Context, { series, instrument }: Slot, day: number | undefined): UsageError {
  const from = istDate(series.time[0]);
  const to = istDate(series.time[series.length - 1]);
  const closed = day !== undefined && isClosed(context, instrument, day) ? isoDateOfDay(day) : undefined;
  return new UsageError(
    'USAGE_WHY_TIME',
    `The run has no ${series.timeframe} bar of ${instrument.key} then${closed ? `: its market was closed on ${closed}` : ''}.`,
    `Its bars go from ${from} to ${to}; a bar is found by any minute in it.`,
  );
}

function isClosed({ folders }: Context, instrument: Instrument, day: number): boolean {
  if (instrument.rules === 'none') return false;
  try {
    return loadRulebook(folders.root, folders.home).calendar.session(instrument, day) === undefined;
  } catch (error) {
    // A day that no calendar covers is simply not of the run.
    if (codeOf(error).startsWith('RULE_')) return false;
    throw error;
  }
}
