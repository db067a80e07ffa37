import {
  type JournalSession,
  readCharges,
  readMarks,
  readRefusals,
  readSessions,
  readTrades,
} from '../adapters/duckdb/read-trades.ts';
import { literal } from '../adapters/duckdb/tables.ts';
import { UsageError } from '../domain/errors.ts';
import { istDate } from '../domain/time.ts';
import { joinedAccount } from '../research/analysis/joined-account.ts';
import type { BookedTrade, TradingRecord } from '../research/analysis/trading-record.ts';
import type { Context } from './context.ts';
import { withProjection } from './journal-projection.ts';
import { noted, notesOf } from './notes.ts';
import { chosenJournals, type StreamChoice } from './streams.ts';

/** What sessions of journals came to, read as a kept backtest is. */
export interface JournalBook {
  readonly record: TradingRecord;
  readonly sessions: readonly JournalSession[];
  readonly synthetic: boolean;
  /** What is wrong with the journals, whole sentences. */
  readonly faults: readonly string[];
}

/**
 * Sessions of journals as one record: trades that have ended, one account, refused signals.
 *
 * @throws UsageError USAGE_STREAM without a journal, USAGE_RUN when no session has an id that begins so
 */
export function journalBook(
  context: Pick<Context, 'folders'>,
  choice: StreamChoice & { readonly run?: string | undefined },
): Promise<JournalBook> {
  const wanted = chosenJournals(context, choice);
  const { run = '' } = choice;
  return withProjection(
    context,
    wanted,
    ['newest', 'equity', 'refusals', 'runs', 'costs'],
    async (session, streams) => {
      const all = await readSessions(session);
      const sessions = all.filter((each) => each.run.startsWith(run.toLowerCase()));
      if (sessions.length === 0) throw noSession(run, all);
      const where =
        sessions.length === all.length ? 'true' : `starts_with(run, ${literal(run.toLowerCase())})`;
      const [trades, marks, refusals, charges] = [
        await readTrades(session, where),
        await readMarks(session, sessions),
        await readRefusals(session, where),
        await readCharges(session, where),
      ];
      const notes = notesOf(context, wanted);
      const booked = trades.map((trade): BookedTrade => noted(trade, trade.session, notes));
      return {
        record: { ...joinedAccount(sessions, marks), trades: booked, refusals, charges },
        sessions,
        synthetic: sessions.some(({ synthetic }) => synthetic),
        faults: streams.flatMap(({ faults }) => faults.map((fault) => `${fault}.`)),
      };
    },
  );
}

function noSession(run: string, all: readonly JournalSession[]): UsageError {
  const known = [...new Set(all.map((each) => each.run))].slice(0, 5).join(', ');
  if (all.length > 0)
    return new UsageError('USAGE_RUN', `No session "${run}" is in the journals.`, `Sessions: ${known}.`);
  return new UsageError(
    'USAGE_RUN',
    'The journals hold no session yet.',
    'Begin one: algo paper --strategy ema20_50 --feed replay:2026-10-06',
  );
}

/** `paper/main: 3 sessions of ema20_50, 2026-10-01 to 2026-10-06`. */
export function sessionsText(sessions: readonly JournalSession[]): string {
  const streams = [...new Set(sessions.map(({ mode, stream }) => `${mode}/${stream}`))];
  const strategies = [...new Set(sessions.flatMap((each) => each.strategies.split(' ')))];
  const first = Math.min(...sessions.map(({ since }) => since ?? Number.POSITIVE_INFINITY));
  const last = Math.max(...sessions.map(({ until }) => until ?? Number.NEGATIVE_INFINITY));
  const span = Number.isFinite(first) ? `, ${istDate(first)} to ${istDate(last)}` : '';
  const count = sessions.length === 1 ? `session ${sessions[0]?.run}` : `${sessions.length} sessions`;
  const running = sessions.filter(({ state }) => state === 'unfinished').length;
  const unfinished = running > 0 ? `; ${running === 1 ? 'one is' : `${running} are`} unfinished` : '';
  return `${streams.join(', ')}: ${count} of ${strategies.join(', ')}${span}${unfinished}`;
}
