import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../domain/errors.ts';
import { type JournalRecord, recordOf, recordVersion } from './record-line.ts';

/** What one file of a journal holds. Segments are numbered from 1; all but the last are sealed. */
export interface Segment {
  readonly path: string;
  readonly number: number;
  readonly records: readonly JournalRecord[];
  /** Bytes of whole, sound records from the start. */
  readonly soundBytes: number;
  /** Bytes behind them. */
  readonly tornBytes: number;
  readonly sealed: boolean;
  /** SHA-256 of all its bytes, which the next segment repeats. */
  readonly hash: string;
  readonly faults: readonly string[];
}

export const segmentType = 'segment';
export const sealType = 'seal';

/** What the next segment has to continue. */
export interface SegmentEnd {
  readonly number: number;
  /** Number of its last record. */
  readonly last: number;
  readonly hash: string;
}

/** Every segment of a journal's folder in order; none where there is no folder. */
export function readSegments(folder: string): readonly Segment[] {
  return [...segmentsAfter(folder, undefined)];
}

/**
 * Segments behind one that was read before, one at a time, since those of years need not fit into memory together; `readLine` may read
 * less of a line than all of it, but has to check all of it.
 */
export function* segmentsAfter(
  folder: string,
  end: SegmentEnd | undefined,
  readLine: typeof recordOf = recordOf,
): Generator<Segment> {
  const names = segmentNames(folder).filter((name) => Number.parseInt(name, 10) > (end?.number ?? 0));
  let before = end;
  for (const [at, name] of names.entries()) {
    const segment = readSegment(join(folder, name), before, readLine);
    before = endOf(segment);
    const { faults } = segment;
    const open = at < names.length - 1 && !segment.sealed;
    yield open ? { ...segment, faults: [...faults, 'is not sealed, and another segment follows'] } : segment;
  }
}

export function endOf({ number, records, hash }: Segment): SegmentEnd {
  return { number, last: records.at(-1)?.s ?? 0, hash };
}

/** Names of a journal's files in order. */
export function segmentNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d{6}\.ndjson$/.test(name))
      .sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function readSegment(path: string, before: SegmentEnd | undefined, readLine: typeof recordOf): Segment {
  const bytes = readFileSync(path);
  const number = Number(/(\d{6})\.ndjson$/.exec(path)?.[1]);
  const records: JournalRecord[] = [];
  const faults: string[] = [];
  if (number !== (before?.number ?? 0) + 1)
    faults.push(`is number ${number}, expected ${(before?.number ?? 0) + 1}`);
  let expected = (before?.last ?? 0) + 1;
  let from = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
    const record = readLine(bytes.subarray(from, end));
    if (record === undefined || record.s !== expected) break;
    if (record.v > recordVersion) {
      faults.push(`holds a record of version ${record.v}; this program reads up to ${recordVersion}`);
      break;
    }
    records.push(record);
    expected += 1;
    from = end + 1;
    if (record.t === sealType) break;
  }
  // A write that was cut leaves nothing sound behind it; sound records behind a bad one mean that the file was changed.
  if (faults.length === 0 && holdsRecords(bytes.subarray(from)))
    faults.push(`holds a damaged record after number ${expected - 1}`);
  const [header] = records;
  const last = records.at(-1);
  const sealed = last?.t === sealType;
  if (header && (header.t !== segmentType || header.previous !== (before?.hash ?? null)))
    faults.push('does not continue the segment before it');
  if (sealed && last?.sha256 !== sha256(bytes.subarray(0, lineStart(bytes, from))))
    faults.push('does not match its seal');
  return {
    path,
    number,
    records,
    soundBytes: from,
    tornBytes: bytes.length - from,
    sealed,
    hash: sha256(bytes.subarray(0, from)),
    faults,
  };
}

function holdsRecords(bytes: Uint8Array): boolean {
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from);
    if (end < 0) return false;
    if (recordOf(bytes.subarray(from, end)) !== undefined) return true;
    from = end + 1;
  }
  return false;
}

/** Where the line starts that ends just before `end`. */
function lineStart(bytes: Uint8Array, end: number): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, end - 1).lastIndexOf(10) + 1;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
