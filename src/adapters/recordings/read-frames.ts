import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { DataError } from '../../domain/errors.ts';
import type { EpochMs } from '../../domain/time.ts';
import {
  checksumBytes,
  contentBytesMax,
  type FrameKind,
  headBytesMax,
  kindOf,
  leadBytes,
  magic,
} from './frame-format.ts';

/** What came over a stream, and when by the market's time. The content is valid until the next one is asked for. */
export interface RecordedFrame {
  readonly kind: Exclude<FrameKind, 'seal'>;
  readonly time: EpochMs;
  readonly content: Buffer;
}

/** How a recording ends. */
export interface RecordingEnd {
  /** Frames that are whole and sound, from the first on. */
  readonly frames: number;
  readonly soundBytes: number;
  readonly bytes: number;
  /** When it was sealed; NaN without a seal. */
  readonly sealedAt: EpochMs;
  /** Why not all of the file is a sound recording; undefined when it is whole to its seal. */
  readonly fault: string | undefined;
}

const windowBytes = 1_048_576;

/** A recording, read in order and once. Memory does not grow with its length. */
export class FrameReader {
  /** What the recording begins with; whoever reads it checks its shape. */
  readonly head: unknown;
  readonly path: string;
  readonly #file: number;
  readonly #bytes: number;
  #checksum: number;
  #window: Buffer = Buffer.alloc(0);
  /** Where the window begins in the file, and how far in it everything has been read. */
  #base = 0;
  #at = 0;
  #frames = 0;
  #sealedAt = Number.NaN;
  #end: RecordingEnd | undefined;

  /** @throws DataError DATA_RECORDING for what is no recording, or whose head is damaged */
  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, 'r');
    try {
      this.#bytes = fstatSync(this.#file).size;
      const lead = this.#need(magic.length + 4);
      if (!lead?.subarray(0, magic.length).equals(magic)) throw noRecording(path, 'does not begin like one');
      const length = lead.readUInt32LE(magic.length);
      const end = magic.length + 4 + length;
      const whole = length <= headBytesMax ? this.#need(end + checksumBytes) : undefined;
      if (!whole) throw noRecording(path, 'ends within its head');
      this.#checksum = crc32(whole.subarray(0, end));
      if (whole.readUInt32LE(end) !== this.#checksum) throw noRecording(path, 'has a damaged head');
      this.head = JSON.parse(whole.toString('utf8', magic.length + 4, end));
      this.#at += end + checksumBytes;
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
  }

  /** The next frame; undefined at the end, which `end` then tells of. */
  next(): RecordedFrame | undefined {
    if (this.#end) return undefined;
    const lead = this.#need(leadBytes);
    if (!lead) return this.#ends(this.#left === 0 ? 'has no seal: it was cut off' : 'ends within a frame');
    const length = lead.readUInt32LE(0);
    const kind = kindOf(lead.readUInt8(4));
    const time = lead.readDoubleLE(5);
    const end = leadBytes + length;
    const record = length <= contentBytesMax ? this.#need(end + checksumBytes) : undefined;
    if (!record) return this.#ends(length <= contentBytesMax ? 'ends within a frame' : 'has a damaged frame');
    const checksum = crc32(record.subarray(0, end), this.#checksum);
    if (kind === undefined || record.readUInt32LE(end) !== checksum) return this.#ends('has a damaged frame');
    this.#at += end + checksumBytes;
    if (kind === 'seal') {
      this.#sealedAt = time;
      return this.#ends(this.#left === 0 ? undefined : 'goes on behind its seal', sealed(record, end));
    }
    this.#checksum = checksum;
    this.#frames += 1;
    return { kind, time, content: record.subarray(leadBytes, end) };
  }

  get end(): RecordingEnd | undefined {
    return this.#end;
  }

  close(): void {
    this.#end ??= this.#standing('was not read to its end');
    closeSync(this.#file);
  }

  get #left(): number {
    return this.#bytes - this.#base - this.#at;
  }

  #ends(fault: string | undefined, counted = this.#frames): undefined {
    const wrong =
      counted === this.#frames ? fault : `holds ${this.#frames} of the ${counted} frames of its seal`;
    this.#end = this.#standing(wrong);
    return undefined;
  }

  #standing(fault: string | undefined): RecordingEnd {
    return {
      frames: this.#frames,
      sealedAt: this.#sealedAt,
      soundBytes: this.#base + this.#at,
      bytes: this.#bytes,
      fault,
    };
  }

  /** The next so many bytes, as one piece; undefined when the file has fewer. */
  #need(length: number): Buffer | undefined {
    if (this.#left < length) return undefined;
    if (this.#window.length - this.#at < length) {
      const rest = this.#window.subarray(this.#at);
      const size = Math.min(
        Math.max(windowBytes, length),
        rest.length + this.#bytes - this.#base - this.#window.length,
      );
      const window = Buffer.allocUnsafe(size);
      rest.copy(window);
      this.#base += this.#at;
      for (let got = rest.length; got < size; ) {
        const read = readSync(this.#file, window, got, size - got, this.#base + got);
        if (read === 0) return undefined;
        got += read;
      }
      this.#window = window;
      this.#at = 0;
    }
    return this.#window.subarray(this.#at, this.#at + length);
  }
}

/** Frames that the seal counts. */
function sealed(record: Buffer, end: number): number {
  return Number(Reflect.get(Object(JSON.parse(record.toString('utf8', leadBytes, end))), 'frames'));
}

function noRecording(path: string, why: string): DataError {
  return new DataError(
    'DATA_RECORDING',
    `${path} is no recording that can be read: it ${why}.`,
    'algo recordings list shows what there is.',
  );
}
