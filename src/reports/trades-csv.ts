import type { ClosedTrade } from '../domain/run-result.ts';
import type { TradeDocument } from './backtest-schema.ts';
import { tradeRow } from './trade-row.ts';

const columns: readonly (keyof TradeDocument)[] = [
  'id',
  'strategy',
  'instrument',
  'side',
  'product',
  'quantity',
  'entryTime',
  'entryPrice',
  'exitTime',
  'exitPrice',
  'gross',
  'charges',
  'net',
  'returnPercent',
  'exitReason',
  'note',
  'bars',
  'adverse',
  'favourable',
  'risk',
];
const textColumns: ReadonlySet<keyof TradeDocument> = new Set([
  'strategy',
  'instrument',
  'exitReason',
  'note',
]);

/**
 * Round trips as CSV with a header row: the columns of the JSON report, RFC 4180 quoting, lines ending in a line feed.
 * Text that a spreadsheet would run as a formula starts with an apostrophe.
 */
export function tradesCsv(trades: readonly ClosedTrade[]): string {
  const lines = [columns.join(',')];
  for (const trade of trades) {
    const row = tradeRow(trade);
    lines.push(columns.map((column) => cellOf(row[column], textColumns.has(column))).join(','));
  }
  return `${lines.join('\n')}\n`;
}

/** Round trips as a JSON array, one trade a line. */
export function tradesJson(trades: readonly ClosedTrade[]): string {
  return trades.length > 0
    ? `[\n${trades.map((trade) => JSON.stringify(tradeRow(trade))).join(',\n')}\n]\n`
    : '[]\n';
}

function cellOf(value: string | number | null, isText: boolean): string {
  const text = value === null ? '' : String(value);
  const safe = isText && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
