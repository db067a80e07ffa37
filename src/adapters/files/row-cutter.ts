import { DataError } from '../../domain/errors.ts';

const newline = 10;
const carriageReturn = 13;
const quote = 34;

/** More columns than any price table has; a guard against reading something else as one. */
const mostColumns = 512;

/**
 * Cuts delimited text into fields without making strings: field `i` of the current row is
 * `bytes[starts[i], ends[i])`, blanks and quotes around it left out. Blank lines are passed over, also those made of
 * delimiters only, as spreadsheets write them.
 */
export class RowCutter {
  readonly bytes: Uint8Array;
  readonly starts = new Int32Array(mostColumns);
  readonly ends = new Int32Array(mostColumns);
  /** Fields of the current row. */
  count = 0;
  /** Line on which the current row begins, from 1. */
  line = 0;
  /** Where the next row begins. */
  at = 0;
  readonly #file: string;
  readonly #delimiter: number;
  #nextLine = 1;

  constructor(file: string, bytes: Uint8Array, delimiter: number) {
    this.#file = file;
    this.bytes = bytes;
    this.#delimiter = delimiter;
  }

  /** Steps to the next row that has content; false at the end. @throws DataError DATA_COLUMNS */
  next(): boolean {
    while (this.at < this.bytes.length) {
      this.line = this.#nextLine;
      if (this.#cut()) return true;
    }
    return false;
  }

  text(column: number): string {
    const { bytes, starts, ends } = this;
    return Buffer.from(
      bytes.buffer,
      bytes.byteOffset + starts[column],
      ends[column] - starts[column],
    ).toString('utf8');
  }

  texts(): string[] {
    return Array.from({ length: this.count }, (_, column) => this.text(column));
  }

  /** Is the field empty, a dash, or one of the words exporters write for "nothing"? */
  blank(column: number): boolean {
    const from = this.starts[column];
    const length = this.ends[column] - from;
    if (length === 0) return true;
    if (length === 1) return this.bytes[from] === 45;
    return length === 4 && this.text(column).toLowerCase() === 'null';
  }

  #cut(): boolean {
    const { bytes, starts, ends } = this;
    const delimiter = this.#delimiter;
    const end = bytes.length;
    let at = this.at;
    let count = 0;
    let content = false;
    for (;;) {
      while (at < end && (bytes[at] === 32 || (bytes[at] === 9 && delimiter !== 9))) at++;
      if (count === mostColumns) throw this.#broken(`has more than ${mostColumns} columns`);
      if (at < end && bytes[at] === quote) {
        starts[count] = ++at;
        at = this.#closing(at);
        ends[count] = at++;
        while (at < end && (bytes[at] === 32 || bytes[at] === carriageReturn)) at++;
        if (at < end && bytes[at] !== delimiter && bytes[at] !== newline)
          throw this.#broken('has text behind a closing quote');
      } else {
        const start = at;
        while (at < end && bytes[at] !== delimiter && bytes[at] !== newline) at++;
        let stop = at;
        while (stop > start && bytes[stop - 1] <= 32 && bytes[stop - 1] !== delimiter) stop--;
        starts[count] = start;
        ends[count] = stop;
      }
      if (ends[count] > starts[count]) content = true;
      count++;
      if (at >= end || bytes[at] === newline) break;
      at++;
    }
    this.at = at + 1;
    this.#nextLine++;
    this.count = count;
    return content;
  }

  #closing(from: number): number {
    const { bytes } = this;
    for (let at = from; at < bytes.length; at++) {
      if (bytes[at] === newline) this.#nextLine++;
      if (bytes[at] !== quote) continue;
      if (bytes[at + 1] !== quote) return at;
      at++;
    }
    throw this.#broken('opens a quote that never closes');
  }

  #broken(what: string): DataError {
    return new DataError(
      'DATA_COLUMNS',
      `${this.#file} line ${this.line} ${what}; expected fields separated by "${String.fromCharCode(this.#delimiter)}".`,
      'Correct or export the file again.',
    );
  }
}

/** The separator of a table, by what occurs most in its first line outside quotes; undefined when nothing does. */
export function delimiterOf(bytes: Uint8Array): number | undefined {
  const counts = new Map([44, 59, 9, 124].map((delimiter) => [delimiter, 0]));
  let quotedNow = false;
  let content = false;
  for (const byte of bytes) {
    if (byte === quote) quotedNow = !quotedNow;
    if (byte === newline && content && !quotedNow) break;
    if (byte > 32) content = true;
    const count = counts.get(byte);
    if (count !== undefined && !quotedNow) counts.set(byte, count + 1);
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  return best && best[1] > 0 ? best[0] : undefined;
}
