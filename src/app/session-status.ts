import type { JournalRecord } from '../adapters/journal/record-line.ts';
import { readSegments } from '../adapters/journal/segments.ts';
import { decimalOf } from '../domain/money.ts';
import type { ClosedTrade, HeldTrade } from '../domain/run-result.ts';
import { isoInstant } from '../domain/time.ts';
import type { SessionStanding } from '../reports/session-standing.ts';
import { tradeRow } from '../reports/trade-row.ts';
import type { Context } from './context.ts';
import { positionOf } from './session-standing.ts';
import { chosenJournals, type JournalMode, streamFolder } from './streams.ts';
import { askSession } from './tell-session.ts';

export interface StatusPage {
  readonly sessions: readonly SessionStanding[];
}

/** How the newest session of each stream of a mode stands: what it says itself where it runs, else what its journal says. */
export async function sessionStatus(
  context: Pick<Context, 'folders'>,
  mode: JournalMode,
  stream: string | undefined,
): Promise<StatusPage> {
  const wanted = chosenJournals(context, { mode, stream });
  const standings = await Promise.all(
    wanted.map(async (each) => {
      const reply = await askSession(context, each, { do: 'status' });
      return reply?.standing ?? journalStanding(context, each.mode, each.stream);
    }),
  );
  return { sessions: standings.filter((standing) => standing !== undefined) };
}

/** The newest session of a stream as its journal has it; undefined when there was none. */
export function journalStanding(
  context: Pick<Context, 'folders'>,
  mode: JournalMode,
  stream: string,
): SessionStanding | undefined {
  const records = newestSession(context, mode, stream);
  const [session] = records;
  if (session === undefined) return undefined;
  const last = (kind: string) => records.findLast(({ t }) => t === kind);
  const end = last('session_end');
  const mark = last('mark');
  const equity = Number(end?.equityPaise ?? mark?.equityPaise ?? session.capitalPaise);
  const config = last('config') ?? session;
  return {
    ...{ mode, stream, session: String(session.id), running: false },
    state: end === undefined ? leftAs(records) : end.reason === 'abandoned' ? 'ABANDONED' : 'ENDED',
    halts: end === undefined ? standingHalts(records) : [],
    feed: String(session.feed),
    strategies: words(session.strategies),
    instruments: words(session.instruments).length,
    lastBar: mark === undefined ? null : isoInstant(Number(mark.time)),
    positions: end === undefined ? openTrades(records).map((trade) => positionOf(trade, undefined)) : [],
    equity: Number.isFinite(equity) ? decimalOf(Math.round(equity)) : null,
    capital: decimalOf(Number(session.capitalPaise)),
    version: String(session.version),
    build: typeof session.build === 'string' ? session.build : null,
    config: String(Object(config.hashes).config),
    synthetic: session.synthetic === true,
    process: null,
  };
}

export interface SessionTrades {
  readonly mode: JournalMode;
  readonly stream: string;
  readonly session: string;
  readonly running: boolean;
  readonly synthetic: boolean;
  readonly trades: readonly (ReturnType<typeof tradeRow> & { readonly settled: boolean })[];
}

/** Round trips that the newest session of each stream has closed, from the journal, which a running session writes after every bar. */
export async function sessionTrades(
  context: Pick<Context, 'folders'>,
  mode: JournalMode,
  stream: string | undefined,
): Promise<{ readonly sessions: readonly SessionTrades[] }> {
  const { sessions } = await sessionStatus(context, mode, stream);
  return {
    sessions: sessions.map(({ stream: name, session, running, synthetic }) => ({
      ...{ mode, stream: name, session, running, synthetic },
      trades: newestTrades(newestSession(context, mode, name))
        .filter(({ status }) => status !== 'open')
        .map(({ status, trade }) => ({ ...tradeRow(trade as ClosedTrade), settled: status === 'settled' })),
    })),
  };
}

function newestSession(
  context: Pick<Context, 'folders'>,
  mode: JournalMode,
  stream: string,
): readonly JournalRecord[] {
  const records = readSegments(streamFolder(context, mode, stream)).flatMap((segment) => segment.records);
  const start = records.findLastIndex(({ t }) => t === 'session');
  return start < 0 ? [] : records.slice(start);
}

/** A person stopped it, or nobody meant it to end. */
function leftAs(records: readonly JournalRecord[]): 'STOPPED' | 'INTERRUPTED' {
  const began = records.findLastIndex(({ t }) => t === 'resumed');
  const stopped = records.some(({ t, deed }, at) => at > began && t === 'operator' && deed === 'stop');
  return stopped ? 'STOPPED' : 'INTERRUPTED';
}

/** Trades by their newest record. */
function newestTrades(records: readonly JournalRecord[]) {
  const newest = new Map<number, { readonly status: unknown; readonly trade: HeldTrade }>();
  for (const { t, status, trade } of records)
    if (t === 'trade') newest.set(Object(trade).id, { status, trade: trade as HeldTrade });
  return [...newest.values()].sort((a, b) => a.trade.id - b.trade.id);
}

function openTrades(records: readonly JournalRecord[]): readonly HeldTrade[] {
  return newestTrades(records)
    .filter(({ status }) => status === 'open')
    .map(({ trade }) => trade);
}

function standingHalts(records: readonly JournalRecord[]): SessionStanding['halts'] {
  const halts = new Map<string, SessionStanding['halts'][number]>();
  for (const { t, code, why, time } of records) {
    if (t !== 'halt') continue;
    if (typeof why !== 'string') halts.delete(String(code));
    else if (!halts.has(String(code)))
      halts.set(String(code), {
        code: String(code),
        why,
        since: typeof time === 'number' ? isoInstant(time) : null,
      });
  }
  return [...halts.values()];
}

function words(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.map(String) : [];
}
