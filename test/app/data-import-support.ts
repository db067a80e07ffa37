import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { openHistory } from '../../src/adapters/duckdb/history.ts';
import { type DataImportResult, importData } from '../../src/app/data-import.ts';
import type { DataImportRequest } from '../../src/app/data-import-request.ts';
import { loadRulebook } from '../../src/config/rulebook.ts';
import { AlgoError } from '../../src/domain/errors.ts';
import { istText } from '../../src/domain/time.ts';
import type { Timeframe } from '../../src/domain/timeframe.ts';

const projectRoot = new URL('../..', import.meta.url).pathname;

export const quiet = {
  progress: () => ({ step: () => undefined, done: () => undefined }),
  warn: () => undefined,
  note: () => undefined,
};

/** A folder for files and the real store beside it. */
export function importRoom() {
  const folder = mkdtempSync(join(tmpdir(), 'algo-import-'));
  const history = openHistory({
    file: join(folder, 'store', 'history.duckdb'),
    cacheFolder: join(folder, 'store', 'cache'),
    waiting: { sleep: () => new Promise((resolve) => setImmediate(resolve)), random: () => 0.5 },
  });
  const rulebook = loadRulebook(projectRoot);
  const room = {
    folder,
    history,
    write(name: string, content: string | Uint8Array): string {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    import: (request: Partial<DataImportRequest>): Promise<DataImportResult> =>
      importData({ paths: [folder], ...request }, { history, output: quiet, rulebook }),
    /** Writes one file and imports it. */
    take: (name: string, content: string | Uint8Array, request: Partial<DataImportRequest> = {}) =>
      room.import({ paths: [room.write(name, content)], ...request }),
    /** `2024-01-02 09:15 100 101 99 100.5 1200` for each stored bar. */
    async bars(key: string, timeframe: Timeframe): Promise<string[]> {
      const series = await history.load(key, timeframe, { from: -Infinity, to: Infinity });
      const { time, open, high, low, close, volume } = series;
      return Array.from({ length: series.length }, (_, row) =>
        [istText(time[row]), open[row], high[row], low[row], close[row], volume[row]].join(' '),
      );
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  return room;
}

/** What a promise rejects with, as a user reads it; fails the test when it does not reject with an AlgoError. */
export async function refusal(
  work: Promise<unknown>,
): Promise<{ code: string; message: string; exitCode: number }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AlgoError)
      return { code: error.code, message: error.message, exitCode: error.exitCode };
    throw error;
  }
  throw new Error('it was not refused');
}

/** A zip of one stored or deflated entry per file, as common tools write it. */
export function zipOf(
  entries: readonly { name: string; packed: Uint8Array; size: number; method: number }[],
): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, packed, size, method } of entries) {
    const title = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(title.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(checksumOf(packed, method), 16);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(size, 24);
    central.writeUInt16LE(title.length, 28);
    central.writeUInt32LE(at, 42);
    parts.push(local, title, Buffer.from(packed));
    directory.push(central, title);
    at += 30 + title.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, part) => sum + part.length, 0),
    12,
  );
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

function checksumOf(packed: Uint8Array, method: number): number {
  return crc32(method === 8 ? inflateRawSync(packed) : Buffer.from(packed));
}
