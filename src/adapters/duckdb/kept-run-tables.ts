import type { Session } from './database.ts';
import { literal } from './tables.ts';

/** A kept backtest whose trades and account lie in files. */
export interface KeptRunFiles {
  readonly id: string;
  readonly trades: string;
  readonly equity: string;
  /** How many of the columns of trades its file has; files of earlier versions lack the last ones. */
  readonly columns: number;
  readonly strategies: string;
  readonly timeframe: string;
  readonly synthetic: boolean;
  readonly capital: string;
  readonly charges: string;
  /** Epoch ms. */
  readonly savedAt: number;
  readonly refusals: readonly {
    readonly strategy: string;
    readonly key: string;
    readonly code: string;
    readonly count: number;
    readonly first: string;
  }[];
}

const tradeColumns: readonly (readonly [string, string])[] = [
  ['id', 'BIGINT'],
  ['strategy', 'VARCHAR'],
  ['instrument', 'VARCHAR'],
  ['side', 'VARCHAR'],
  ['product', 'VARCHAR'],
  ['quantity', 'DOUBLE'],
  ['entryTime', 'TIMESTAMPTZ'],
  ['entryPrice', 'DOUBLE'],
  ['exitTime', 'TIMESTAMPTZ'],
  ['exitPrice', 'DOUBLE'],
  ['gross', 'DECIMAL(18, 2)'],
  ['charges', 'DECIMAL(18, 2)'],
  ['net', 'DECIMAL(18, 2)'],
  ['returnPercent', 'DOUBLE'],
  ['exitReason', 'VARCHAR'],
  ['note', 'VARCHAR'],
  ['bars', 'BIGINT'],
  ['adverse', 'DOUBLE'],
  ['favourable', 'DOUBLE'],
  ['risk', 'DECIMAL(18, 2)'],
  ['stop', 'DOUBLE'],
  ['target', 'DOUBLE'],
  ['entryType', 'VARCHAR'],
  ['entryDecision', 'DOUBLE'],
  ['exitType', 'VARCHAR'],
  ['exitDecision', 'DOUBLE'],
  ['slippage', 'DECIMAL(18, 2)'],
];

/** Puts a kept backtest beside the sessions of the journals, as mode `backtest` and with its id as stream. */
export async function addKeptRun(session: Session, run: KeptRunFiles): Promise<void> {
  const id = literal(run.id);
  const own = `'backtest' AS mode, ${id} AS stream, ${id} AS run, 1 AS session`;
  await session.run(`INSERT INTO trades BY NAME SELECT 'backtest/' || ${id} || '/' || id AS trade, ${own}, id AS number, strategy,
      instrument AS symbol, side, product, quantity::BIGINT AS quantity, entryTime AS entry_time, entryPrice AS entry_price,
      exitTime AS exit_time, exitPrice AS exit_price, stop AS stop_loss, target, entryType AS entry_type,
      entryDecision AS entry_decision, exitType AS exit_type, exitDecision AS exit_decision, slippage, gross, charges, net AS pnl,
      returnPercent AS pnl_percent, 'settled' AS status, exitReason AS exit_reason, note, bars, adverse, favourable,
      adverse / entryPrice * 100 AS mae_percent, favourable / entryPrice * 100 AS mfe_percent, risk, net / risk AS r
    FROM ${keptTrades(run)}`);
  await session.run(`INSERT INTO equity BY NAME SELECT ${own}, time, equity, exposed AS positions FROM read_csv(${file(run.equity)},
      header = true, columns = {'time': 'TIMESTAMPTZ', 'equity': 'DECIMAL(18, 2)', 'low': 'DOUBLE', 'high': 'DOUBLE', 'exposed': 'INTEGER'})`);
  for (const { strategy, key, code, count, first } of run.refusals)
    await session.run(`INSERT INTO refusals BY NAME SELECT ${own}, ${literal(strategy)} AS strategy, ${literal(key)} AS symbol,
      ${literal(code)} AS code, ${Math.trunc(count)} AS count, ${literal(first)} AS first`);
  await session.run(`INSERT INTO runs BY NAME SELECT ${own}, ${literal(run.strategies)} AS strategies, ${literal(run.timeframe)} AS timeframe,
      ${literal(run.synthetic)} AS synthetic, to_timestamp(${run.savedAt / 1_000}) AS started, e.since, e.until, 'ended' AS state,
      ${literal(run.capital)}::DECIMAL(18, 2) AS capital, e.equity, t.trades, t.net, ${literal(run.charges)} AS charges
    FROM (SELECT min(time) AS since, max(time) AS until, arg_max(equity, time) AS equity FROM equity WHERE run = ${id} AND mode = 'backtest') e,
         (SELECT count(*) AS trades, coalesce(sum(pnl), 0) AS net FROM trades WHERE run = ${id} AND mode = 'backtest') t`);
}

/** Trades in the layout of a kept run's CSV as a relation. Text that a spreadsheet would run was written with an apostrophe before it. */
export function keptTrades({ trades, columns: count }: Pick<KeptRunFiles, 'trades' | 'columns'>): string {
  const missing = tradeColumns.slice(count).map(([name, type]) => `, NULL::${type} AS ${name}`);
  const types = tradeColumns
    .slice(0, count)
    .map(([name, type]) => `'${name}': '${type}'`)
    .join(', ');
  const word = (name: string) => `regexp_replace(${name}, '^''([=+@-])', '\\1') AS ${name}`;
  return `(SELECT * REPLACE (${word('strategy')}, ${word('instrument')}, ${word('note')})${missing.join('')}
    FROM read_csv(${file(trades)}, header = true, quote = '"', escape = '"', columns = {${types}}))`;
}

function file(path: string): string {
  return literal(path.replace(/[*?[]/g, '[$&]'));
}
