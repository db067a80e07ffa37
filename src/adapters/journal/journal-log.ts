import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, messageOf } from '../../domain/errors.ts';
import { type Disk, systemDisk } from './disk.ts';
import { type JournalRecord, lineOf, recordVersion } from './record-line.ts';
import { readSegments, type Segment, sealType, segmentType, sha256 } from './segments.ts';

export interface LogOptions {
  readonly folder: string;
  readonly disk?: Disk;
  /** A segment that has grown beyond this is sealed and followed by another. Bytes. */
  readonly segmentBytesMax?: number;
}

/** What a record says beside its number, version and checksum. */
export type RecordFields = { readonly t: string } & Readonly<Record<string, unknown>>;

/** A journal as a session sees it, on the disk or elsewhere. */
export type RecordLog = Pick<JournalLog, 'records' | 'append' | 'flush'>;

const segmentBytesMax = 8 * 1_048_576;

/**
 * An append-only journal in a folder of numbered files, each sealed with its SHA-256 and naming that of the file before it.
 * A record is one checksummed line. The writer has the folder to itself: whoever opens it holds the stream's lock.
 *
 * After a write or sync has failed the log takes nothing more: what the disk then holds is not known, and only opening it
 * again reads what is there.
 */
export class JournalLog {
  /** What the journal already held, oldest first. */
  readonly records: readonly JournalRecord[];
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #bytesMax: number;
  #file: number;
  #path: string;
  #number: number;
  #written: number;
  #next: number;
  #dirty = false;
  #broken: string | undefined;

  /**
   * Opens a journal to append to it. A last line that was cut is set aside beside the segment as `.torn` and taken off.
   *
   * @throws DataError DATA_JOURNAL when a sealed part of it is damaged, DATA_JOURNAL_WRITE when the folder cannot be written to
   */
  static open(options: LogOptions): JournalLog {
    const { folder, disk = systemDisk } = options;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw writeError(folder, messageOf(cause), cause);
    }
    const segments = readSegments(folder);
    for (const { path, faults } of segments) if (faults.length > 0) throw damaged(path, faults[0]);
    const before = segments.slice(0, -1);
    for (const { path, tornBytes } of before)
      if (tornBytes > 0) throw damaged(path, 'holds more than its seal says');
    return new JournalLog(options, disk, segments);
  }

  private constructor(
    { folder, segmentBytesMax: most = segmentBytesMax }: LogOptions,
    disk: Disk,
    segments: readonly Segment[],
  ) {
    this.#folder = folder;
    this.#disk = disk;
    this.#bytesMax = most;
    this.records = segments.flatMap(({ records }) => records);
    this.#next = (this.records.at(-1)?.s ?? 0) + 1;
    const last = segments.at(-1);
    this.#number = last?.number ?? 0;
    this.#written = last?.soundBytes ?? 0;
    this.#path = last?.path ?? '';
    this.#file = -1;
    if (last === undefined || last.sealed) this.#begin(last?.hash ?? null);
    else this.#resume(last);
  }

  /**
   * Adds a record; `durable` answers only once it would survive the machine, with all before it.
   *
   * @throws DataError DATA_JOURNAL_WRITE
   */
  append(fields: RecordFields, durability: 'durable' | 'soon'): void {
    if (this.#written >= this.#bytesMax) this.#rotate();
    this.#write(fields);
    if (durability === 'durable') this.flush();
  }

  /** Makes everything appended so far durable. */
  flush(): void {
    if (!this.#dirty) return;
    this.#guard(() => this.#disk.sync(this.#file));
    this.#dirty = false;
  }

  close(): void {
    if (this.#broken === undefined) this.flush();
    this.#disk.close(this.#file);
    this.#broken ??= 'it is closed';
  }

  #begin(previous: string | null): void {
    this.#number += 1;
    this.#path = join(this.#folder, `${String(this.#number).padStart(6, '0')}.ndjson`);
    this.#written = 0;
    this.#guard(() => {
      this.#file = this.#disk.open(this.#path, true);
    });
    this.#write({ t: segmentType, previous });
    this.flush();
    this.#guard(() => this.#disk.syncFolder(this.#folder));
  }

  #resume({ path, soundBytes, tornBytes, records }: Segment): void {
    if (tornBytes > 0) {
      const torn = readFileSync(path).subarray(soundBytes);
      this.#guard(() => writeFileSync(`${path}.torn`, torn, { mode: 0o600 }));
    }
    this.#guard(() => {
      this.#file = this.#disk.open(path, false);
      if (tornBytes > 0) this.#disk.truncate(this.#file, soundBytes);
    });
    // A segment whose very first line was cut has to begin again.
    const previous = readSegments(this.#folder).at(-2)?.hash ?? null;
    if (records.length === 0) this.#write({ t: segmentType, previous });
    if (tornBytes > 0) this.#write({ t: 'recovered', tornBytes });
    this.#dirty = true;
    this.flush();
  }

  #rotate(): void {
    this.flush();
    const sealed = readFileSync(this.#path);
    this.#write({ t: sealType, sha256: sha256(sealed) });
    this.flush();
    this.#guard(() => this.#disk.close(this.#file));
    this.#begin(sha256(readFileSync(this.#path)));
  }

  #write(fields: RecordFields): void {
    const line = Buffer.from(lineOf({ s: this.#next, v: recordVersion, ...fields }));
    this.#guard(() => {
      // A disk that fills up takes a part first and fails at the next call.
      try {
        for (let from = 0; from < line.length; ) from += this.#disk.write(this.#file, line, from);
      } catch (cause) {
        this.#disk.truncate(this.#file, this.#written);
        throw cause;
      }
    });
    this.#written += line.length;
    this.#next += 1;
    this.#dirty = true;
  }

  #guard(work: () => void): void {
    if (this.#broken !== undefined) throw writeError(this.#path, this.#broken);
    try {
      work();
    } catch (cause) {
      this.#broken = messageOf(cause);
      throw writeError(this.#path, this.#broken, cause);
    }
  }
}

function damaged(path: string, fault: string): DataError {
  return new DataError(
    'DATA_JOURNAL',
    `The journal ${path} ${fault}.`,
    'Put a copy of it back, or move its folder away to begin a new journal; algo journal verify names every fault.',
  );
}

function writeError(path: string, why: string, cause?: unknown): DataError {
  return new DataError(
    'DATA_JOURNAL_WRITE',
    `The journal ${path} cannot be written: ${why}.`,
    'Check the disk and the rights of the folder, then start again: the session goes on from what was written.',
    cause,
  );
}
