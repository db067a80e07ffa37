import type { ClosedTrade } from '../domain/run-result.ts';
import type { TradeDocument } from './backtest-schema.ts';
import { csvCell } from './csv.ts';
import { tradeRow } from './trade-row.ts';

/** Columns of the CSV, in their order. */
export const tradeColumns: readonly (keyof TradeDocument)[] = [
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
  'stop',
  'target',
  'entryType',
  'entryDecision',
  'exitType',
  'exitDecision',
  'slippage',
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
  return tradeRowsCsv(trades.map(tradeRow));
}

/** The same from the rows of the JSON report. */
export function tradeRowsCsv(rows: readonly TradeDocument[]): string {
  const lines = [tradeColumns.join(',')];
  for (const row of rows) {
    let line = '';
    for (const column of tradeColumns) {
      const value = row[column];
      // Numbers, prices and instants hold nothing that needs quoting.
      const cell = textColumns.has(column) ? cellOf(value) : (value ?? '');
      line += line === '' ? cell : `,${cell}`;
    }
    lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}

/** Round trips as a JSON array, one trade a line. */
export function tradesJson(trades: readonly ClosedTrade[]): string {
  return trades.length > 0
    ? `[\n${trades.map((trade) => JSON.stringify(tradeRow(trade))).join(',\n')}\n]\n`
    : '[]\n';
}

function cellOf(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return csvCell(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
}
