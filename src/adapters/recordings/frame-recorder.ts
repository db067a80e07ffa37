import { mkdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../domain/errors.ts';
import { type EpochMs, secondMs } from '../../domain/time.ts';
import type { Cancel, Clock, TimerClock } from '../../engine/ports.ts';
import { checksumBytes, type FrameKind, headOf, leadBytes, writeRecord } from './frame-format.ts';

/** Frames are gathered so far before they are written. */
const blockBytes = 262_144;
/** What a slow disk may owe; beyond it the recording stops rather than eat the session's memory. */
const owedBytesMax = 64 * 1_048_576;
/** What has come is written at the latest after this, so that a killed session lacks a second. */
const writeEveryMs = secondMs;

/** Where blocks go. Rejects when a block could not be written whole. */
export interface BlockFile {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface RecorderOptions {
  /** The new file; its folder is made. */
  readonly path: string;
  /** What it begins with: plain JSON. */
  readonly head: unknown;
  /** The market's time, with which frames are stamped. */
  readonly clock: Clock;
  readonly base: TimerClock;
  /** Told once, when it cannot go on; trading does. */
  readonly stopped: (why: string) => void;
  readonly openFile?: (path: string) => Promise<BlockFile>;
}

/**
 * Writes a ticker's frames as they come. Taking one copies it and does nothing else: blocks are written by the system's threads while the
 * session goes on. A disk that fails or falls behind ends the recording, never the session.
 */
export class FrameRecorder {
  readonly #options: RecorderOptions;
  #block = Buffer.allocUnsafe(blockBytes);
  #used = 0;
  #checksum: number;
  #frames = 0;
  /** Blocks that are full and not on the disk yet. */
  readonly #full: Uint8Array[] = [];
  #owed = 0;
  #ended = false;
  #timer: Cancel = () => undefined;
  #file: BlockFile | undefined;
  #writing: Promise<void> = Promise.resolve();
  #busy = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    const { bytes, checksum } = headOf(options.head);
    this.#checksum = checksum;
    this.#owe(bytes);
    this.#tick();
  }

  binary(frame: Uint8Array): void {
    this.#take('binary', frame);
  }

  text(frame: string): void {
    this.#take('text', Buffer.from(frame, 'utf8'));
  }

  connections(standing: number, wanted: number, loss: string | undefined): void {
    const said = JSON.stringify({ standing, wanted, loss: loss ?? null });
    this.#take('connections', Buffer.from(said, 'utf8'));
  }

  /** Seals the recording. Resolves when it is on the disk, or has given up. */
  async close(): Promise<void> {
    if (!this.#ended) {
      this.#take('seal', Buffer.from(JSON.stringify({ frames: this.#frames }), 'utf8'));
      this.#ended = true;
      this.#timer();
      this.#turnOver();
    }
    await this.#writing;
    await this.#file?.close().catch((error: unknown) => this.#fail(error));
    this.#file = undefined;
  }

  #take(kind: FrameKind, content: Uint8Array): void {
    if (this.#ended) return;
    const length = leadBytes + content.length + checksumBytes;
    if (this.#used + length > this.#block.length) {
      this.#turnOver();
      if (length > this.#block.length) this.#block = Buffer.allocUnsafe(length);
    }
    const record = { kind, time: this.#now(), content };
    this.#checksum = writeRecord(this.#block, this.#used, record, this.#checksum);
    this.#used += length;
    this.#frames += 1;
  }

  #now(): EpochMs {
    return this.#options.clock.now();
  }

  #tick(): void {
    const { base } = this.#options;
    this.#timer = base.at(base.now() + writeEveryMs, () => {
      this.#turnOver();
      if (!this.#ended) this.#tick();
    });
  }

  #turnOver(): void {
    if (this.#used === 0) return;
    this.#owe(this.#block.subarray(0, this.#used));
    this.#block = Buffer.allocUnsafe(blockBytes);
    this.#used = 0;
  }

  #owe(bytes: Uint8Array): void {
    this.#full.push(bytes);
    this.#owed += bytes.length;
    if (this.#owed > owedBytesMax) this.#stop(`the disk is ${Math.round(this.#owed / 1_048_576)} MiB behind`);
    else if (!this.#busy) this.#writing = this.#write();
  }

  async #write(): Promise<void> {
    this.#busy = true;
    try {
      this.#file ??= await (this.#options.openFile ?? newFile)(this.#options.path);
      for (let block = this.#full.shift(); block; block = this.#full.shift()) {
        await this.#file.write(block);
        this.#owed -= block.length;
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#busy = false;
    }
  }

  #fail(error: unknown): void {
    this.#stop(messageOf(error));
  }

  /** What is on the disk by now is a recording without a seal. */
  #stop(why: string): void {
    const first = !this.#ended || this.#full.length > 0;
    this.#ended = true;
    this.#timer();
    this.#full.length = 0;
    this.#used = 0;
    if (first) this.#options.stopped(why);
  }
}

async function newFile(path: string): Promise<BlockFile> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file: FileHandle = await open(path, 'wx', 0o600);
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
    },
    async close() {
      await file.datasync();
      await file.close();
    },
  };
}
