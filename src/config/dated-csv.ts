import { DataError } from '../domain/errors.ts';
import { nearest } from '../domain/nearest.ts';
import { dayMs } from '../domain/time.ts';

/** A table file: where it is and what it holds. */
export interface TableFile {
  readonly path: string;
  readonly text: string;
}

/** One line of a table, read cell by cell. Every getter stops with file, line, column, value and what is expected. */
export interface TableRow {
  readonly text: (column: string) => string;
  readonly number: (column: string) => number;
  /** As `number`, with the given value for an empty cell. */
  readonly numberOr: (column: string, empty: number) => number;
  readonly word: <Word extends string>(column: string, words: readonly Word[]) => Word;
  readonly words: (column: string) => readonly string[];
  /** `from`, `to` and `source` of a dated row; an empty `to` is an open end. */
  readonly dated: () => { from: number; to: number; source: string };
  readonly fail: (column: string, expected: string) => DataError;
}

/**
 * Reads a table of rules: comma-separated, quotes where a cell holds a comma, `#` lines and empty lines skipped, the first
 * other line names the columns.
 *
 * @throws DataError RULE_TABLE with file, line, column and value
 */
export function readTable<Row>(
  file: TableFile,
  columns: readonly string[],
  read: (row: TableRow) => Row,
): readonly Row[] {
  const rows: Row[] = [];
  let header: readonly string[] | undefined;
  const current: CurrentLine = { columns: new Map(), cells: [], number: 0 };
  const row = rowReader(file, current);
  for (const line of file.text.split('\n')) {
    current.number += 1;
    const trimmed = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const cells = cellsOf(trimmed);
    current.cells = cells;
    if (header === undefined) {
      header = cells;
      requireColumns(file, current.number, cells, columns);
      current.columns = new Map(cells.map((column, at) => [column, at]));
    } else if (cells.length === header.length) {
      rows.push(read(row));
    } else {
      throw broken(
        `${file.path}:${current.number} has ${cells.length} cells, and the table has ${header.length} columns.`,
      );
    }
  }
  if (header) return rows;
  throw broken(`${file.path} is empty; its first line names the columns ${columns.join(', ')}.`);
}

interface CurrentLine {
  columns: ReadonlyMap<string, number>;
  cells: readonly string[];
  /** From 1. */
  number: number;
}

/** One reader for all lines of a file: it looks at whatever line is current. */
function rowReader(file: TableFile, line: CurrentLine): TableRow {
  const text = (column: string) => line.cells[line.columns.get(column) ?? -1] ?? '';
  const fail = (column: string, expected: string) =>
    broken(`${file.path}:${line.number}, column ${column}: "${text(column)}" is not ${expected}.`);
  const number = (column: string) => {
    const cell = text(column);
    const value = /^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : Number.NaN;
    if (Number.isNaN(value)) throw fail(column, 'a number');
    return value;
  };
  const day = (column: string) => {
    const value = dayOf(text(column));
    if (Number.isNaN(value)) throw fail(column, 'a day written YYYY-MM-DD');
    return value;
  };
  return {
    text,
    fail,
    number,
    numberOr: (column, empty) => (text(column) === '' ? empty : number(column)),
    word(column, words) {
      const cell = text(column);
      for (const word of words) if (word === cell) return word;
      throw fail(column, `one of ${words.join(', ')}`);
    },
    words(column) {
      const found = text(column).split(' ');
      if (found.includes('')) throw fail(column, 'a list of words separated by single blanks');
      return found;
    },
    dated() {
      const from = day('from');
      const to = text('to') === '' ? Number.POSITIVE_INFINITY : day('to');
      if (to < from) throw fail('to', `a day on or after ${text('from')}`);
      const source = text('source');
      if (source === '') throw fail('source', 'a source; every rule needs one');
      return { from, to, source };
    },
  };
}

/** Day number, or NaN when the text is not a day. Start-up reads a thousand of these, so no date object is made. */
function dayOf(text: string): number {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return Number.NaN;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const last = Date.UTC(year, month, 0) / dayMs;
  const first = Date.UTC(year, month - 1, 1) / dayMs;
  return month >= 1 && month <= 12 && day >= 1 && first + day - 1 <= last ? first + day - 1 : Number.NaN;
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
  }
  return value;
}

function requireColumns(
  file: TableFile,
  line: number,
  header: readonly string[],
  columns: readonly string[],
): void {
  const absent = columns.filter((column) => !header.includes(column));
  const odd = header.filter((column) => !columns.includes(column));
  if (absent.length === 0 && odd.length === 0) return;
  const guess = odd[0] === undefined ? undefined : nearest(odd[0], absent.length > 0 ? absent : columns);
  const what = odd.length > 0 ? `has an unknown column "${odd[0]}"` : `lacks the column "${absent[0]}"`;
  throw broken(
    `${file.path}:${line} ${what}.${guess && odd.length > 0 ? ` Did you mean "${guess}"?` : ''} Columns are ${columns.join(', ')}.`,
  );
}

function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  let start = 0;
  while (start <= line.length) {
    if (line[start] === '"') {
      let end = line.indexOf('"', start + 1);
      while (end >= 0 && line[end + 1] === '"') end = line.indexOf('"', end + 2);
      if (end < 0) end = line.length;
      cells.push(line.slice(start + 1, end).replaceAll('""', '"'));
      start = end + 2;
    } else {
      const comma = line.indexOf(',', start);
      const end = comma < 0 ? line.length : comma;
      cells.push(line.slice(start, end));
      start = end + 1;
    }
  }
  return cells;
}

function broken(message: string): DataError {
  return new DataError(
    'RULE_TABLE',
    message,
    'Correct the file, or delete it from your home to use the shipped table.',
  );
}
