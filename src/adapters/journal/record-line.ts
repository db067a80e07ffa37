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
  const end = line.length - tail.length - checksumLength - mark.length;
  if (end <= 0) return undefined;
  const body = line.subarray(0, end);
  const expected = `${mark}${checksumOf(body)}${tail}`;
  if (Buffer.from(line.subarray(end)).toString('latin1') !== expected) return undefined;
  try {
    const record: unknown = JSON.parse(`${Buffer.from(body).toString('utf8')}}`);
    return isRecord(record) ? record : undefined;
  } catch {
    // The checksum is right and the text is not JSON: nobody's record.
    return undefined;
  }
}

function isRecord(value: unknown): value is JournalRecord {
  const { s, v, t } = Object(value);
  return Number.isInteger(s) && Number.isInteger(v) && typeof t === 'string';
}

function checksumOf(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(checksumLength, '0');
}
