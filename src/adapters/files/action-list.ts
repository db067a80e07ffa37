import { type ActionKind, actionKinds, factorOfRatio } from '../../domain/corporate-action.ts';
import { DataError } from '../../domain/errors.ts';
import { istDayNumber } from '../../domain/time.ts';
import { plainName } from './columns.ts';
import type { DateOrder } from './date-order.ts';
import { decimalIn } from './decimal.ts';
import { delimiterOf, RowCutter } from './row-cutter.ts';
import { rowProblem } from './row-problem.ts';
import { StampReader } from './stamp.ts';
import { expectedStamp } from './stamp-words.ts';
import { textBytes } from './text-bytes.ts';
import { zoneOf } from './zone.ts';

/** An action as a file names it. */
export interface ListedAction {
  readonly symbol: string;
  readonly exDay: number;
  readonly kind: ActionKind;
  readonly factor: number;
}

const names = {
  symbol: ['symbol', 'tradingsymbol', 'ticker', 'stock'],
  day: ['exdate', 'exdt', 'date'],
  kind: ['kind', 'type', 'purpose', 'guess'],
  ratio: ['ratio', 'stocksplits'],
  factor: ['factor', 'pricefactor'],
} as const;

/** A factor beyond this is a slip of the pen. */
const largestFactor = 1_000;

/**
 * Reads splits, bonuses and other actions: symbol, ex-date, kind, and ratio or factor. A ratio of one number is shares after for one
 * before, as Yahoo has it.
 *
 * @throws DataError DATA_LAYOUT, DATA_TIME, DATA_NUMBER with file, line and column; one bad row refuses the file
 */
export function readActionList(file: string, content: Buffer, order: DateOrder | undefined): ListedAction[] {
  const bytes = textBytes(file, content);
  const cutter = new RowCutter(file, bytes, delimiterOf(bytes) ?? 44);
  const headers = cutter.next() ? cutter.texts() : [];
  const plain = headers.map(plainName);
  const at = (role: keyof typeof names) => {
    const name = names[role].find((each) => plain.includes(each));
    return name === undefined ? -1 : plain.indexOf(name);
  };
  const place = {
    symbol: at('symbol'),
    day: at('day'),
    kind: at('kind'),
    ratio: at('ratio'),
    factor: at('factor'),
  };
  if (place.symbol < 0 || place.day < 0 || (place.ratio < 0 && place.factor < 0)) {
    throw new DataError(
      'DATA_LAYOUT',
      `${file} is no list of corporate actions: its columns are ${headers.join(', ') || 'none'}.`,
      'Needed are symbol, ex_date and ratio or factor; kind says split, bonus, consolidation, rights, demerger, dividend or other.',
    );
  }
  const stamps = new StampReader(zoneOf('Asia/Kolkata'), order);
  const found: ListedAction[] = [];
  while (cutter.next()) {
    if (cutter.count !== headers.length) {
      throw new DataError(
        'DATA_COLUMNS',
        `${file} line ${cutter.line} has ${cutter.count} columns; expected ${headers.length}.`,
        'Correct the file.',
      );
    }
    const symbol = cutter.text(place.symbol).toUpperCase();
    if (symbol === '') throw problem('DATA_SYMBOL', place.symbol, 'a symbol');
    const stamp = stamps.read(bytes, cutter.starts[place.day], cutter.ends[place.day]);
    if (stamp) throw expectedStamp(stamp, where(place.day), cutter.text(place.day), 'Asia/Kolkata');
    const kind = kindOf();
    found.push({ symbol, exDay: istDayNumber(stamps.instant), kind, factor: factorOf(kind) });
  }
  if (found.length > 0) return found;
  throw new DataError('DATA_EMPTY', `${file} lists no actions.`, 'Give a file with a header and rows.');

  function where(column: number) {
    return { file, unit: 'line', line: cutter.line, column: headers[column] };
  }

  function problem(code: string, column: number, expected: string): DataError {
    return rowProblem(code, where(column), cutter.text(column), expected);
  }

  function kindOf(): ActionKind {
    const word = place.kind < 0 ? 'split' : cutter.text(place.kind).toLowerCase();
    return actionKinds.find((kind) => word.startsWith(kind)) ?? 'other';
  }

  function factorOf(kind: ActionKind): number {
    const column = place.factor >= 0 && !cutter.blank(place.factor) ? place.factor : place.ratio;
    const expected =
      column === place.factor
        ? 'a price factor above 0, such as 0.5'
        : 'a ratio such as 1:2 for a split or a bonus';
    if (column < 0) throw problem('DATA_NUMBER', place.factor, expected);
    const [, first, second] = /^(\d+(?:\.\d+)?)\s*[:/]\s*(\d+(?:\.\d+)?)$/.exec(cutter.text(column)) ?? [];
    const number = decimalIn(bytes, cutter.starts[column], cutter.ends[column]);
    const factor =
      column === place.factor
        ? number
        : first === undefined
          ? 1 / number
          : (factorOfRatio(kind, Number(first), Number(second)) ?? Number.NaN);
    if (factor > 0 && factor <= largestFactor) return factor;
    throw problem('DATA_NUMBER', column, expected);
  }
}
