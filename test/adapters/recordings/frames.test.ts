import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type BlockFile, FrameRecorder } from '../../../src/adapters/recordings/frame-recorder.ts';
import { FrameReader, type RecordingEnd } from '../../../src/adapters/recordings/read-frames.ts';
import { codeOf } from '../../../src/domain/errors.ts';
import { HeldClock } from '../../support/scripted-market.ts';

const head = { version: 1, stream: 'main' };
const frames = 40;
let folder: string;
let whole: Buffer;
let path: string;
let written: readonly string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'algo-frames-'));
  path = join(folder, 'day', 'whole.frames');
  const clock = new HeldClock();
  const recorder = new FrameRecorder({ path, head, clock, base: clock, stopped: unexpected });
  for (let at = 0; at < frames; at++) {
    clock.step(100);
    if (at % 10 === 0) recorder.connections(1, 1, undefined);
    else if (at % 10 === 5) recorder.text(`{"type":"order","data":${at}}`);
    else recorder.binary(Uint8Array.from({ length: 1 + (at % 7) }, (_, byte) => at + byte));
  }
  await recorder.close();
  whole = readFileSync(path);
  written = read(path)?.frames ?? [];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function unexpected(why: string): void {
  throw new Error(why);
}

interface Read {
  readonly frames: readonly string[];
  readonly end: RecordingEnd | undefined;
}

/** Every frame of a file as text; undefined for what is no recording. */
function read(file: string): Read | undefined {
  let reader: FrameReader;
  try {
    reader = new FrameReader(file);
  } catch (error) {
    expect(codeOf(error)).toBe('DATA_RECORDING');
    return undefined;
  }
  const found: string[] = [];
  for (let frame = reader.next(); frame; frame = reader.next())
    found.push(`${frame.kind} ${frame.time} ${frame.content.toString('hex')}`);
  reader.close();
  return { frames: found, end: reader.end };
}

/** What is wrong with how a changed file is read: it has to be a beginning of what was written, and never passes for all of it. */
function mistaken(file: string): boolean {
  const found = read(file);
  if (!found) return false;
  const begins = found.frames.every((frame, at) => frame === written[at]);
  return !begins || found.end?.fault === undefined;
}

function changed(bytes: Uint8Array): string {
  const file = join(folder, 'changed.frames');
  writeFileSync(file, bytes);
  return file;
}

describe('a recording', () => {
  test('holds every frame with its time, and is whole', () => {
    const found = read(path);
    expect(found?.frames.length).toBe(frames);
    expect(found?.end).toMatchObject({ frames, fault: undefined, bytes: whole.length });
  });

  test('that was cut anywhere is known to be cut', () => {
    const file = changed(whole);
    const missed: number[] = [];
    for (let length = whole.length - 1; length >= 0; length--) {
      truncateSync(file, length);
      if (mistaken(file)) missed.push(length);
    }
    expect(missed).toEqual([]);
  });

  test('with any single bit turned is known to be damaged', () => {
    const name = changed(whole);
    const file = openSync(name, 'r+');
    const missed: number[] = [];
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const at = bit >> 3;
      writeSync(file, Buffer.from([whole[at] ^ (1 << (bit & 7))]), 0, 1, at);
      if (mistaken(name)) missed.push(bit);
      if ((bit & 7) === 7) writeSync(file, whole, at, 1, at);
    }
    closeSync(file);
    expect(missed).toEqual([]);
  });

  test('with more behind its seal is not taken for whole', () => {
    expect(mistaken(changed(Buffer.concat([whole, Buffer.from([0])])))).toBe(false);
    expect(mistaken(changed(Buffer.concat([whole, whole])))).toBe(false);
    expect(read(changed(Buffer.concat([whole, whole])))?.end?.fault).toMatch(/behind its seal/);
  });
});

describe('a disk that fails', () => {
  function recording(openFile: () => Promise<BlockFile>) {
    const said: string[] = [];
    const clock = new HeldClock();
    const recorder = new FrameRecorder({
      ...{ path: join(folder, 'never'), head, clock, base: clock, openFile },
      stopped: (why) => said.push(why),
    });
    return { recorder, said, clock };
  }
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });

  test('stops the recording with one sentence, and takes frames as before', async () => {
    let writes = 0;
    const { recorder, said, clock } = recording(async () => ({
      write: async () => {
        if (++writes === 3) throw full;
      },
      close: async () => undefined,
    }));
    for (let at = 0; at < 50; at++) {
      recorder.binary(new Uint8Array(100));
      clock.step(1_100);
      await new Promise(setImmediate);
    }
    await recorder.close();
    expect(said).toEqual(['ENOSPC: no space left on device']);
    expect(writes).toBe(3);
  });

  test('that does not get on costs no more memory than it may', async () => {
    const { recorder, said } = recording(() => new Promise(() => undefined));
    const frame = new Uint8Array(1_000_000);
    for (let at = 0; at < 200; at++) recorder.binary(frame);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/MiB behind/);
  });
});
