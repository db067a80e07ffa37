import { DataError } from '../domain/errors.ts';
import { toPaise } from '../domain/money.ts';
import { exitReasons, orderTypes } from '../domain/order.ts';
import type { ClosedTrade } from '../domain/run-result.ts';
import type { TradeDocument } from './backtest-schema.ts';
import { tradeColumns } from './trades-csv.ts';

/** Runs kept before stops and targets, and before decisions were written down, have fewer columns. */
const keptColumns: readonly number[] = [20, 22];

/** Trades from the CSV that `tradesCsv` writes, as the JSON report shows them. @throws DataError DATA_RUN */
export function readTradesCsv(text: string): readonly TradeDocument[] {
  const [heading, ...rows] = rowsOf(text);
  const columns = tradeColumns.slice(
    0,
    keptColumns.find((count) => count === heading?.length),
  );
  if (heading?.join(',') !== columns.join(',')) throw unreadable('has other columns');
  return rows.map((cells) => {
    if (cells.length !== columns.length) throw unreadable(`has a line of ${cells.length} cells`);
    return tradeOf(new Map(columns.map((column, at) => [column, cells[at]])));
  });
}

/** A saved trade as a run knows it. The numbers of its two orders are not kept and read 0. */
export function closedTradeOf(row: TradeDocument): ClosedTrade {
  return {
    id: row.id,
    strategy: row.strategy,
    key: row.instrument,
    direction: row.side === 'BUY' ? 'LONG' : 'SHORT',
    product: row.product,
    quantity: row.quantity,
    entryTime: Date.parse(row.entryTime),
    entryPrice: Number(row.entryPrice),
    exitTime: Date.parse(row.exitTime),
    exitPrice: Number(row.exitPrice),
    grossPaise: toPaise(Number(row.gross)),
    chargesPaise: toPaise(Number(row.charges)),
    ...(row.risk !== null && { riskPaise: toPaise(Number(row.risk)) }),
    ...(row.stop !== null && { stop: Number(row.stop) }),
    ...(row.target !== null && { target: Number(row.target) }),
    exitReason: row.exitReason,
    ...(row.note !== null && { note: row.note }),
    bars: row.bars,
    adverse: Number(row.adverse),
    favourable: Number(row.favourable),
    entryOrder: 0,
    exitOrder: 0,
    ...(row.entryType !== null && { entryType: row.entryType }),
    ...(row.entryDecision !== null && { entryDecision: Number(row.entryDecision) }),
    ...(row.exitType !== null && { exitType: row.exitType }),
    ...(row.exitDecision !== null && { exitDecision: Number(row.exitDecision) }),
  };
}

function tradeOf(cells: ReadonlyMap<keyof TradeDocument, string>): TradeDocument {
  const text = (column: keyof TradeDocument) => cells.get(column) ?? '';
  const number = (column: keyof TradeDocument) => {
    const value = Number(text(column));
    if (text(column) !== '' && Number.isFinite(value)) return value;
    throw unreadable(`has "${text(column)}" as ${column}`);
  };
  const orNull = (column: keyof TradeDocument) => (text(column) === '' ? null : text(column));
  const instant = (column: keyof TradeDocument) => {
    if (Number.isFinite(Date.parse(text(column)))) return text(column);
    throw unreadable(`has "${text(column)}" as ${column}`);
  };
  const decimal = (column: keyof TradeDocument) => {
    number(column);
    return text(column);
  };
  // Text that a spreadsheet would run as a formula was written with an apostrophe before it.
  const word = (column: keyof TradeDocument) => text(column).replace(/^'(?=[=+\-@\t\r])/, '');
  const oneOf = <Word extends string>(column: keyof TradeDocument, known: readonly Word[]): Word => {
    const found = known.find((each) => each === text(column));
    if (found) return found;
    throw unreadable(`has "${text(column)}" as ${column}`);
  };
  return {
    id: number('id'),
    strategy: word('strategy'),
    instrument: word('instrument'),
    side: oneOf('side', ['BUY', 'SELL']),
    product: oneOf('product', ['CNC', 'MIS', 'NRML']),
    quantity: number('quantity'),
    entryTime: instant('entryTime'),
    entryPrice: decimal('entryPrice'),
    exitTime: instant('exitTime'),
    exitPrice: decimal('exitPrice'),
    gross: decimal('gross'),
    charges: decimal('charges'),
    net: decimal('net'),
    returnPercent: orNull('returnPercent') === null ? null : number('returnPercent'),
    exitReason: oneOf('exitReason', exitReasons),
    note: text('note') === '' ? null : word('note'),
    bars: number('bars'),
    adverse: decimal('adverse'),
    favourable: decimal('favourable'),
    risk: orNull('risk'),
    stop: orNull('stop'),
    target: orNull('target'),
    entryType: orNull('entryType') === null ? null : oneOf('entryType', orderTypes),
    entryDecision: orNull('entryDecision'),
    exitType: orNull('exitType') === null ? null : oneOf('exitType', orderTypes),
    exitDecision: orNull('exitDecision'),
    slippage: orNull('slippage'),
  };
}

/** Cells of RFC 4180 text whose lines end in a line feed. */
function rowsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A cell and what ends it: quoted text, in which a quote stands twice, or anything without a quote.
  const cell = /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/gy;
  let end = 0;
  for (let match = cell.exec(text); match; match = cell.exec(text)) {
    row.push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    end = cell.lastIndex;
    if (match[3] === '\n') {
      rows.push(row);
      row = [];
    }
  }
  if (end !== text.length) throw unreadable('is cut short');
  return rows;
}

function unreadable(why: string): DataError {
  return new DataError(
    'DATA_RUN',
    `trades.csv of a saved run ${why}.`,
    'Run the backtest again; the new result replaces it.',
  );
}
