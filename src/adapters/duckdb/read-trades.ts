import { DuckDBConnection } from '@duckdb/node-api';
import {
  type ExitReason,
  exitReasons,
  type OrderType,
  orderTypes,
  type Product,
} from '../../domain/order.ts';
import type { ClosedTrade, RefusalCount } from '../../domain/run-result.ts';
import type { Session } from './database.ts';
import { literal } from './tables.ts';

/** A closed round trip of a journal: its name among all trades, and whose it is. Its `id` counts the trades read, by entry. */
export interface JournalTrade extends ClosedTrade {
  readonly name: string;
  readonly mode: string;
  readonly stream: string;
  readonly session: number;
}

/** A session of a journal. Paise; instants of its first and last mark, undefined without one. */
export interface JournalSession {
  readonly mode: string;
  readonly stream: string;
  readonly session: number;
  readonly run: string;
  readonly strategies: string;
  readonly timeframe: string;
  readonly state: string;
  readonly synthetic: boolean;
  readonly capitalPaise: number;
  readonly since: number | undefined;
  readonly until: number | undefined;
}

/** Round trips that have ended, of chosen sessions, in the order of their entries. `where` is SQL over `trades`. */
export async function readTrades(session: Session, where: string): Promise<readonly JournalTrade[]> {
  const columns = await columnsOf(
    session,
    `SELECT trade, mode, stream, session::DOUBLE, strategy, symbol, side, product, quantity::DOUBLE, epoch_ms(entry_time)::DOUBLE,
            entry_price, epoch_ms(exit_time)::DOUBLE, exit_price, round(gross * 100)::DOUBLE, round(charges * 100)::DOUBLE,
            round(risk * 100)::DOUBLE, stop_loss, target, exit_reason, note, bars::DOUBLE, adverse, favourable, entry_order::DOUBLE,
            exit_order::DOUBLE, entry_type, exit_type, entry_decision, exit_decision
     FROM trades WHERE status IN ('closed', 'settled') AND (${where}) ORDER BY entry_time, mode, stream, session, number`,
  );
  const [names = []] = columns;
  const text = (column: number, row: number) => String(columns[column]?.[row]);
  const number = (column: number, row: number) => Number(columns[column]?.[row]);
  const has = (column: number, row: number) => columns[column]?.[row] != null;
  return names.map(
    (name, row): JournalTrade => ({
      id: row + 1,
      name: String(name),
      mode: text(1, row),
      stream: text(2, row),
      session: number(3, row),
      strategy: text(4, row),
      key: text(5, row),
      direction: text(6, row) === 'BUY' ? 'LONG' : 'SHORT',
      product: productOf(text(7, row)),
      quantity: number(8, row),
      entryTime: number(9, row),
      entryPrice: number(10, row),
      exitTime: number(11, row),
      exitPrice: number(12, row),
      grossPaise: number(13, row),
      chargesPaise: number(14, row),
      ...(has(15, row) && { riskPaise: number(15, row) }),
      ...(has(16, row) && { stop: number(16, row) }),
      ...(has(17, row) && { target: number(17, row) }),
      exitReason: reasonOf(text(18, row)),
      ...(has(19, row) && { note: text(19, row) }),
      bars: number(20, row),
      adverse: number(21, row),
      favourable: number(22, row),
      entryOrder: number(23, row),
      exitOrder: number(24, row),
      ...(has(25, row) && { entryType: typeOf(text(25, row)) }),
      ...(has(26, row) && { exitType: typeOf(text(26, row)) }),
      ...(has(27, row) && { entryDecision: number(27, row) }),
      ...(has(28, row) && { exitDecision: number(28, row) }),
    }),
  );
}

/** Whether a trade, open or not, has this name. */
export async function tradeExists(session: Session, name: string): Promise<boolean> {
  const [found = []] = await columnsOf(session, `SELECT 1 FROM trades WHERE trade = ${literal(name)}`);
  return found.length > 0;
}

export async function readSessions(session: Session): Promise<readonly JournalSession[]> {
  const [modes = [], ...rest] = await columnsOf(
    session,
    `SELECT mode, stream, session::DOUBLE, run, strategies, coalesce(timeframe, ''), state, coalesce(synthetic, false), round(capital * 100)::DOUBLE,
            epoch_ms(since)::DOUBLE, epoch_ms(until)::DOUBLE FROM runs WHERE mode <> 'backtest' ORDER BY mode, stream, session`,
  );
  return modes.map((mode, row): JournalSession => {
    const [stream, ordinal, run, strategies, timeframe, state, synthetic, capital, since, until] = rest.map(
      (column) => column[row],
    );
    return {
      mode: String(mode),
      stream: String(stream),
      session: Number(ordinal),
      run: String(run),
      strategies: String(strategies),
      timeframe: String(timeframe),
      state: String(state),
      synthetic: synthetic === true,
      capitalPaise: Number(capital),
      since: since === null ? undefined : Number(since),
      until: until === null ? undefined : Number(until),
    };
  });
}

/** Marks that are read one by one; of more, the last of each session and day. */
const marksMost = 50_000;

/** Accounts of sessions, mark by mark in the order of time, each with the place of its session in `sessions`. */
export async function readMarks(session: Session, sessions: readonly JournalSession[]) {
  const places = new Map(
    sessions.map((each, place) => [`${each.mode}/${each.stream}/${each.session}`, place]),
  );
  const [[count = 0] = []] = await columnsOf(session, 'SELECT count(*)::DOUBLE FROM equity');
  const marks =
    Number(count) <= marksMost
      ? 'SELECT * FROM equity'
      : 'SELECT mode, stream, session, max(time) AS time, arg_max(equity, time) AS equity, max(positions) AS positions FROM equity GROUP BY mode, stream, session, time::DATE';
  const [names = [], times = [], paise = [], positions = []] = await columnsOf(
    session,
    `SELECT mode || '/' || stream || '/' || session, epoch_ms(time)::DOUBLE, round(equity * 100)::DOUBLE, coalesce(positions, 0)::DOUBLE
     FROM (${marks}) ORDER BY time, mode, stream, session`,
  );
  return names.flatMap((name, row) => {
    const place = places.get(String(name));
    if (place === undefined) return [];
    return [
      { place, time: Number(times[row]), equityPaise: Number(paise[row]), held: Number(positions[row]) > 0 },
    ];
  });
}
export type SessionMark = Awaited<ReturnType<typeof readMarks>>[number];

export async function readRefusals(session: Session, where: string): Promise<readonly RefusalCount[]> {
  const [strategies = [], keys = [], codes = [], counts = [], firsts = []] = await columnsOf(
    session,
    `SELECT strategy, symbol, code, sum(count)::DOUBLE, any_value(first) FROM refusals WHERE ${where} GROUP BY ALL ORDER BY ALL`,
  );
  return strategies.map((strategy, row) => ({
    strategy: String(strategy),
    key: String(keys[row]),
    code: String(codes[row]),
    count: Number(counts[row]),
    first: String(firsts[row]),
  }));
}

async function columnsOf({ connection }: Session, sql: string): Promise<readonly (readonly unknown[])[]> {
  const reader = await new DuckDBConnection(connection).runAndReadAll(sql);
  return reader.getColumns();
}

function productOf(text: string): Product {
  return text === 'CNC' || text === 'NRML' ? text : 'MIS';
}

function typeOf(text: string): OrderType {
  return orderTypes.find((type) => type === text) ?? 'MARKET';
}

function reasonOf(text: string): ExitReason {
  return exitReasons.find((reason) => reason === text) ?? 'signal';
}
