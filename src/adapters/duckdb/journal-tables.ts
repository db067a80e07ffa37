import { chargeLines } from '../../domain/charges.ts';

/** Names of the tables that people see. */
export const tableNames = ['orders', 'fills', 'trades', 'positions', 'equity', 'signals', 'runs'] as const;
export type TableName = (typeof tableNames)[number];
/** Also what lies behind one of them. */
export type MadeTable = TableName | 'refusals' | 'newest' | 'costs';

/**
 * SQL that makes the tables of a journal's records, all derived and none kept: `records` has `mode`, `stream`, `session` and the
 * members of `journal-records.ts`. A session is named by its place in the stream, from 1, since the same inputs give the same id
 * again. Money is DECIMAL(18, 2) rupees, instants are TIMESTAMPTZ.
 */
export function tablesFor(wanted: readonly MadeTable[]): readonly string[] {
  const made = new Set<string>();
  const statements: string[] = [];
  const make = (name: string): void => {
    if (made.has(name)) return;
    made.add(name);
    const { needs, sql } = tables[name];
    needs.forEach(make);
    statements.push(sql);
  };
  wanted.forEach(make);
  return statements;
}

interface Table {
  readonly needs: readonly string[];
  readonly sql: string;
}

const own = 'USING (mode, stream, session)';

const tables: Readonly<Record<string, Table>> = {
  sessions: {
    needs: [],
    sql: `CREATE TABLE sessions AS
      SELECT mode, stream, session, id AS run, feed, startedAt AS started, capitalPaise AS capital, strategies, timeframe, instruments,
             synthetic, charges
      FROM records WHERE t = 'session'`,
  },
  ends: {
    needs: [],
    sql: `CREATE TABLE ends AS SELECT mode, stream, session, any_value(reason) AS reason, any_value(equityPaise) AS equity
      FROM records WHERE t = 'session_end' GROUP BY ALL`,
  },
  sent: {
    needs: ['sessions'],
    sql: `CREATE TABLE sent AS
      SELECT mode, stream, session, x.run, unnest("order") FROM records JOIN sessions x ${own} WHERE t = 'intent'`,
  },
  told: {
    needs: [],
    sql: `CREATE TABLE told AS SELECT mode, stream, session, s, unnest(event) FROM records WHERE t = 'order'`,
  },
  fills: {
    needs: ['sent', 'told'],
    sql: `CREATE TABLE fills AS
      SELECT mode, stream, i.run, session, f.tradeId AS fill, id AS "order", i.strategy, i.key AS symbol, i.side, i.role, i.product,
             f.quantity::BIGINT AS quantity, f.price, ${rupees('f.quantity * f.price * 100')} AS value, ${instant('f.time')} AS time
      FROM told f JOIN sent i USING (mode, stream, session, id) WHERE f.type = 'filled'`,
  },
  orders: {
    needs: ['sent', 'told', 'ends'],
    sql: `CREATE TABLE orders AS
      WITH sums AS (
        SELECT mode, stream, session, id, arg_max(type, s) AS last, max(time) AS moment,
               sum(quantity) FILTER (type = 'filled') AS filled, sum(quantity * price) FILTER (type = 'filled') AS worth,
               arg_max(reason, s) FILTER (reason IS NOT NULL) AS reason, arg_max(trigger, s) FILTER (trigger IS NOT NULL) AS trigger
        FROM told GROUP BY ALL)
      SELECT mode, stream, i.run, session, id AS "order", i.strategy, i.key AS symbol, i.side, i.role, i.type, i.product, i.validity,
             i.quantity::BIGINT AS quantity, i.price, coalesce(t.trigger, i.trigger) AS trigger, ${instant('i.time')} AS time, i.decided,
             CASE WHEN t.filled >= i.quantity THEN 'filled'
                  WHEN t.last IN ('cancelled', 'rejected', 'unknown') THEN t.last
                  WHEN t.filled > 0 THEN 'partly filled'
                  WHEN e.session IS NULL THEN 'open' ELSE 'ended with the session' END AS status,
             coalesce(t.filled, 0)::BIGINT AS filled, t.worth / t.filled AS average_price, ${instant('t.moment')} AS updated, t.reason
      FROM sent i LEFT JOIN sums t USING (mode, stream, session, id) LEFT JOIN ends e ${own}`,
  },
  newest: {
    needs: ['sessions'],
    sql: `CREATE TABLE newest AS
      WITH last AS (SELECT mode, stream, max(s) AS s FROM records WHERE t = 'trade' GROUP BY mode, stream, session, trade.id)
      SELECT mode, stream, session, x.run, status, unnest(trade)
      FROM records JOIN last USING (mode, stream, s) JOIN sessions x ${own} WHERE t = 'trade'`,
  },
  // How many trades of one strategy in one symbol were open once this one was: an exit at the instant of an entry comes first,
  // unless it ends the very trade.
  places: {
    needs: ['newest'],
    sql: `CREATE TABLE places AS
      WITH steps AS (
        SELECT mode, stream, session, strategy, key, id, entryTime AS moment, 1 AS kind, 1 AS change FROM newest
        UNION ALL
        SELECT mode, stream, session, strategy, key, id, exitTime, CASE WHEN exitTime > entryTime THEN 0 ELSE 2 END, -1
        FROM newest WHERE exitTime IS NOT NULL)
      SELECT mode, stream, session, id, place FROM (
        SELECT *, sum(change) OVER (PARTITION BY mode, stream, session, strategy, key ORDER BY moment, kind, id ROWS UNBOUNDED PRECEDING) AS place
        FROM steps) WHERE kind = 1`,
  },
  trades: {
    needs: ['newest', 'places', 'ends'],
    sql: `CREATE TABLE trades AS
      SELECT mode || '/' || stream || '/' || session || '/' || id AS trade, mode, stream, n.run, session, id AS number,
             strategy, key AS symbol, CASE direction WHEN 'LONG' THEN 'BUY' ELSE 'SELL' END AS side, product,
             quantity::BIGINT AS quantity, p.place::INTEGER AS position, ${instant('entryTime')} AS entry_time,
             entryPrice AS entry_price, ${instant('exitTime')} AS exit_time, exitPrice AS exit_price, stop AS stop_loss, target,
             gttId AS gtt_id, ${rupees('grossPaise')} AS gross, ${rupees('chargesPaise')} AS charges,
             ${rupees('grossPaise - chargesPaise')} AS pnl, (grossPaise - chargesPaise) / (entryPrice * quantity) AS pnl_percent,
             CASE WHEN status = 'open' AND e.session IS NOT NULL THEN 'abandoned' ELSE status END AS status,
             exitReason AS exit_reason, note, bars, adverse, favourable, adverse / entryPrice * 100 AS mae_percent,
             favourable / entryPrice * 100 AS mfe_percent, ${rupees('riskPaise')} AS risk,
             (grossPaise - chargesPaise) / riskPaise AS r, entryOrder AS entry_order, exitOrder AS exit_order, entryType AS entry_type,
             entryDecision AS entry_decision, exitType AS exit_type, exitDecision AS exit_decision,
             ${rupees("(CASE direction WHEN 'LONG' THEN 1 ELSE -1 END) * (round((entryPrice - entryDecision) * quantity * 100) - round((exitPrice - exitDecision) * quantity * 100))")} AS slippage
      FROM newest n JOIN places p USING (mode, stream, session, id) LEFT JOIN ends e ${own}`,
  },
  positions: {
    needs: ['trades'],
    sql: `CREATE VIEW positions AS
      SELECT mode, stream, run, session, symbol, product, sum(CASE side WHEN 'BUY' THEN quantity ELSE -quantity END)::BIGINT AS quantity,
             sum(quantity * entry_price) / sum(quantity) AS average_price, min(entry_time) AS since, count(*) AS trades
      FROM trades WHERE status = 'open' GROUP BY ALL`,
  },
  // The end settles the last contract notes and closes what is open, which the last mark could not know.
  equity: {
    needs: ['sessions', 'ends'],
    sql: `CREATE TABLE equity AS
      WITH last AS (SELECT mode, stream, session, max(s) AS s FROM records WHERE t = 'mark' GROUP BY ALL)
      SELECT m.mode, m.stream, x.run, m.session, ${instant('m.time')} AS time,
             ${rupees("CASE WHEN e.reason <> 'abandoned' AND m.s = l.s THEN e.equity ELSE m.equityPaise END")} AS equity,
             try_cast(m.positions AS INTEGER) AS positions
      FROM records m JOIN sessions x ${own} JOIN last l ${own} LEFT JOIN ends e ${own} WHERE m.t = 'mark'`,
  },
  refusals: {
    needs: ['sessions'],
    sql: `CREATE TABLE refusals AS
      SELECT mode, stream, x.run, session, refusal.strategy AS strategy, refusal.key AS symbol, refusal.code AS code,
             max(refusal.count) AS count, any_value(refusal.first) AS first
      FROM records JOIN sessions x ${own} WHERE t = 'refusal' GROUP BY ALL`,
  },
  // Counted up within a session, so the largest is the newest, whatever an interruption wrote again.
  costs: {
    needs: ['sessions'],
    sql: `CREATE TABLE costs AS
      SELECT mode, stream, x.run, session, ${chargeLines.map((line) => `max(lines.${line}) AS ${line}`).join(', ')}
      FROM records JOIN sessions x ${own} WHERE t = 'costs' GROUP BY ALL`,
  },
  signals: {
    needs: ['orders', 'refusals'],
    sql: `CREATE VIEW signals AS
      SELECT mode, stream, run, session, time, strategy, symbol, side, 'ORDER' AS code, 1 AS count, NULL AS why FROM orders WHERE role = 'entry'
      UNION ALL
      SELECT mode, stream, run, session, NULL, strategy, symbol, NULL, code, count, first FROM refusals`,
  },
  runs: {
    needs: ['sessions', 'ends', 'newest', 'equity'],
    sql: `CREATE TABLE runs AS
      WITH per AS (SELECT mode, stream, session, count(*) AS trades, (sum(grossPaise - chargesPaise) / 100)::DECIMAL(18, 2) AS net FROM newest WHERE status IN ('closed', 'settled') GROUP BY ALL),
           done AS (SELECT mode, stream, session, count(*) FILTER (t = 'intent') AS orders,
                           count(*) FILTER (t = 'order' AND event.type = 'filled') AS fills, count(*) FILTER (t = 'resumed') AS resumed
                    FROM records GROUP BY ALL),
           last AS (SELECT mode, stream, session, max(time) AS until, min(time) AS since, arg_max(equity, time) AS equity FROM equity GROUP BY ALL)
      SELECT mode, stream, x.run, session, array_to_string(x.strategies, ' ') AS strategies, x.timeframe, x.feed, x.synthetic,
             ${instant('x.started')} AS started, l.since, l.until,
             CASE WHEN e.session IS NULL THEN 'unfinished' WHEN e.reason = 'abandoned' THEN 'abandoned' ELSE 'ended' END AS state,
             ${rupees('x.capital')} AS capital, l.equity, coalesce(d.orders, 0) AS orders, coalesce(d.fills, 0) AS fills,
             coalesce(p.trades, 0) AS trades, coalesce(p.net, 0)::DECIMAL(18, 2) AS net, coalesce(d.resumed, 0) AS resumed, x.charges
      FROM sessions x LEFT JOIN ends e ${own} LEFT JOIN per p ${own} LEFT JOIN done d ${own} LEFT JOIN last l ${own}`,
  },
};

function rupees(paise: string): string {
  return `((${paise}) / 100)::DECIMAL(18, 2)`;
}

function instant(ms: string): string {
  return `to_timestamp(${ms} / 1000)`;
}
