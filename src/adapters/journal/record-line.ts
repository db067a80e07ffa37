import { crc32 } from 'node:zlib';

/** A record of a journal: `s` its number from 1 on, `v` the version of its shape, `t` what it is. Only plain JSON values. */
export interface JournalRecord {
  readonly s: number;
  readonly v: number;
  readonly t: string;
  readonly [field: string]: unknown;
}

/**
 * The version of records that this program writes, and the newest it reads. Records keep the version they were written with:
 * 1 lacks in orders where the market stood when they were decided, and in trades what entry and exit were decided on.
 */
export const recordVersion = 2;

const mark = ',"c":"';
const tail = '"}';
const checksumLength = 8;

/** One line of NDJSON whose last member is the CRC-32 of all before it, with its line feed. NaN is written as null. */
export function lineOf(record: JournalRecord): string {
  const body = JSON.stringify(record).slice(0, -1);
  return `${body}${mark}${checksumOf(Buffer.from(body))}${tail}\n`;
}

/** The record of a line without its line feed; undefined for anything but what `lineOf` wrote, to the last bit. */
export function recordOf(line: Uint8Array): JournalRecord | undefined {
  const body = bodyOf(line);
  if (body === undefined) return undefined;
  try {
    const record: unknown = JSON.parse(`${body.toString('utf8')}}`);
    return isRecord(record) ? record : undefined;
  } catch {
    // The checksum is right and the text is not JSON: nobody's record.
    return undefined;
  }
}

const headBytesMost = 80;
const head = /^\{"s":(\d{1,15}),"v":(\d{1,9}),"t":"([a-z_]+)"[,}]?/;

/**
 * Number, version and kind of a line, checked to the last bit and not read any further: a fifth of the work. Kinds of which more has to
 * be known are read as a whole.
 */
export function headOf(line: Uint8Array, whole: ReadonlySet<string>): JournalRecord | undefined {
  const body = bodyOf(line);
  if (body === undefined) return undefined;
  const [, s, v, t] = head.exec(body.toString('latin1', 0, headBytesMost)) ?? [];
  return t === undefined || whole.has(t) ? recordOf(line) : { s: Number(s), v: Number(v), t };
}

/** What the checksum of a line is of; undefined where it does not agree. */
function bodyOf(line: Uint8Array): Buffer | undefined {
  const end = line.length - tail.length - checksumLength - mark.length;
  if (end <= 0) return undefined;
  // A view: copying every line would take longer than checking it.
  const bytes = Buffer.from(line.buffer, line.byteOffset, line.byteLength);
  const body = bytes.subarray(0, end);
  return bytes.toString('latin1', end) === `${mark}${checksumOf(body)}${tail}` ? body : undefined;
}

function isRecord(value: unknown): value is JournalRecord {
  const { s, v, t } = Object(value);
  return Number.isInteger(s) && Number.isInteger(v) && typeof t === 'string';
}

function checksumOf(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(checksumLength, '0');
}
