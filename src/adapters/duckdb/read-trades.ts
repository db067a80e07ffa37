import { DuckDBConnection } from '@duckdb/node-api';
import { type ChargeTotals, chargeLines } from '../../domain/charges.ts';
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
  readonly mode: 'paper' | 'live';
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

/** Round trips that have ended, of chosen sessions, in the order of their entries. `where` is SQL over `newest`. */
export async function readTrades(session: Session, where: string): Promise<readonly JournalTrade[]> {
  const rows = `(SELECT * FROM newest WHERE status IN ('closed', 'settled') AND (${where}))`;
  // Numbers come over as they lie in memory, words as their places in a list: a million rows of text would take a minute.
  const lists = await wordLists(session, rows, wordColumns);
  const words = wordColumns.map(
    (column) => `coalesce(enum_code(${column}::${typeName(column)})::DOUBLE, -1)`,
  );
  const all = await doublesOf(
    session,
    `SELECT ${[...numberColumns.map((column) => `coalesce(${column}::DOUBLE, 'nan')`), ...words].join(', ')}
     FROM ${rows} ORDER BY entryTime, mode, stream, session, id`,
  );
  const number = (name: (typeof numberColumns)[number]) => all[numberColumns.indexOf(name)];
  const word = (name: (typeof wordColumns)[number]) => {
    const at = wordColumns.indexOf(name);
    const places = all[numberColumns.length + at];
    return (row: number) => lists[at][places[row]];
  };
  const [ordinal, id, quantity] = [number('session'), number('id'), number('quantity')];
  const [entryTime, entryPrice] = [number('entryTime'), number('entryPrice')];
  const [exitTime, exitPrice] = [number('exitTime'), number('exitPrice')];
  const [gross, charges, risk] = [number('grossPaise'), number('chargesPaise'), number('riskPaise')];
  const [stop, target, bars] = [number('stop'), number('target'), number('bars')];
  const [adverse, favourable] = [number('adverse'), number('favourable')];
  const [entryOrder, exitOrder] = [number('entryOrder'), number('exitOrder')];
  const [entryDecision, exitDecision] = [number('entryDecision'), number('exitDecision')];
  const [mode, stream, strategy, key] = [word('mode'), word('stream'), word('strategy'), word('key')];
  const [direction, product, reason, note] = [
    word('direction'),
    word('product'),
    word('exitReason'),
    word('note'),
  ];
  const [entryType, exitType] = [word('entryType'), word('exitType')];
  return Array.from({ length: id.length }, (_, row): JournalTrade => {
    const trade: Writable<JournalTrade> = {
      id: row + 1,
      name: `${mode(row)}/${stream(row)}/${ordinal[row]}/${id[row]}`,
      mode: mode(row) === 'live' ? 'live' : 'paper',
      stream: stream(row) ?? '',
      session: ordinal[row],
      strategy: strategy(row) ?? '',
      key: key(row) ?? '',
      direction: direction(row) === 'LONG' ? 'LONG' : 'SHORT',
      product: productOf(product(row)),
      quantity: quantity[row],
      entryTime: entryTime[row],
      entryPrice: entryPrice[row],
      exitTime: exitTime[row],
      exitPrice: exitPrice[row],
      grossPaise: gross[row],
      chargesPaise: charges[row],
      exitReason: reasonOf(reason(row)),
      bars: bars[row],
      adverse: adverse[row],
      favourable: favourable[row],
      entryOrder: entryOrder[row],
      exitOrder: exitOrder[row],
    };
    const [words, first, last] = [note(row), entryType(row), exitType(row)];
    if (!Number.isNaN(risk[row])) trade.riskPaise = risk[row];
    if (!Number.isNaN(stop[row])) trade.stop = stop[row];
    if (!Number.isNaN(target[row])) trade.target = target[row];
    if (words !== undefined) trade.note = words;
    if (first !== undefined) trade.entryType = typeOf(first);
    if (last !== undefined) trade.exitType = typeOf(last);
    if (!Number.isNaN(entryDecision[row])) trade.entryDecision = entryDecision[row];
    if (!Number.isNaN(exitDecision[row])) trade.exitDecision = exitDecision[row];
    return trade;
  });
}

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

const numberColumns = [
  ...(['session', 'id', 'quantity', 'entryTime', 'entryPrice', 'exitTime', 'exitPrice'] as const),
  ...([
    'grossPaise',
    'chargesPaise',
    'riskPaise',
    'stop',
    'target',
    'bars',
    'adverse',
    'favourable',
  ] as const),
  ...(['entryOrder', 'exitOrder', 'entryDecision', 'exitDecision'] as const),
] as const;

const wordColumns = [
  ...(['mode', 'stream', 'strategy', 'key', 'direction', 'product', 'exitReason', 'note'] as const),
  ...(['entryType', 'exitType'] as const),
] as const;

function typeName(column: string): string {
  return `words_of_${column}`;
}

/** The words of each column, in the order of their places. */
async function wordLists(session: Session, rows: string, columns: readonly string[]) {
  const lists: (readonly string[])[] = [];
  for (const column of columns) {
    await session.run(
      `CREATE OR REPLACE TYPE ${typeName(column)} AS ENUM (SELECT DISTINCT ${column} FROM ${rows} WHERE ${column} IS NOT NULL ORDER BY 1)`,
    );
    const [words = []] = await columnsOf(session, `SELECT unnest(enum_range(NULL::${typeName(column)}))`);
    lists.push(words.map(String));
  }
  return lists;
}

/** Columns of a query that are all DOUBLE, as they lie in memory. */
async function doublesOf(session: Session, sql: string): Promise<readonly Float64Array[]> {
  const { duckdb } = session;
  const result = await session.run(sql);
  const width = duckdb.column_count(result);
  const columns = Array.from({ length: width }, () => new Float64Array(Number(duckdb.row_count(result))));
  let at = 0;
  for (;;) {
    const chunk = await session.next(result);
    const size = chunk ? duckdb.data_chunk_get_size(chunk) : 0;
    if (!chunk || size === 0) return columns;
    columns.forEach((values, column) => {
      const data = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, column), size * 8);
      values.set(new Float64Array(data.buffer, data.byteOffset, size), at);
    });
    at += size;
  }
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

/** Paise by charge line, from the contract notes of chosen sessions. `where` is SQL over `costs`. */
export async function readCharges(session: Session, where: string): Promise<ChargeTotals> {
  const sums = chargeLines.map((line) => `coalesce(sum(${line}), 0)::DOUBLE`).join(', ');
  const row = await columnsOf(session, `SELECT ${sums} FROM costs WHERE ${where}`);
  return Object.fromEntries(chargeLines.map((line, at) => [line, Number(row[at]?.[0])])) as ChargeTotals;
}

async function columnsOf({ connection }: Session, sql: string): Promise<readonly (readonly unknown[])[]> {
  const reader = await new DuckDBConnection(connection).runAndReadAll(sql);
  return reader.getColumns();
}

function productOf(text: string | undefined): Product {
  return text === 'CNC' || text === 'NRML' ? text : 'MIS';
}

function typeOf(text: string): OrderType {
  return orderTypes.find((type) => type === text) ?? 'MARKET';
}

function reasonOf(text: string | undefined): ExitReason {
  return exitReasons.find((reason) => reason === text) ?? 'signal';
}
