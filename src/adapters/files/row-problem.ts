import { DataError } from '../../domain/errors.ts';

/** Where in a file something stands: `prices.csv line 14`, `x.parquet row 3`, `x.json candle 7`. */
export interface Place {
  readonly file: string;
  /** line, row, candle */
  readonly unit: string;
  readonly line: number;
  readonly column?: string;
}

export function placeText({ file, unit, line, column }: Place): string {
  return `${file} ${unit} ${line}${column === undefined ? '' : `, column "${column}"`}`;
}

/** Values are quoted as they stand, cut where they would flood a terminal and without control characters. */
export function quoted(value: string): string {
  const shown = value.length > 40 ? `${value.slice(0, 40)}…` : value;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
  return `"${shown.replace(/[\u0000-\u001f\u007f-\u009f]/g, '�')}"`;
}

/** A row that cannot be taken. One shape of message for all of them: place, value, what was expected. */
export function rowProblem(code: string, place: Place, value: string, expected: string): DataError {
  return new DataError(
    code,
    `${placeText(place)}: received ${quoted(value)}; expected ${expected}.`,
    'Correct the file, or leave bad rows out with --skip-bad-rows.',
  );
}
