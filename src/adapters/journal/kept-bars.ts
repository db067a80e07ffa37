import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { BarSeries } from '../../domain/bar-series.ts';
import { codeOf, DataError } from '../../domain/errors.ts';
import { parseTimeframe } from '../../domain/timeframe.ts';
import { systemDisk } from './disk.ts';

const columns = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/**
 * Keeps the bars that a session began with beside its journal, since the history may have changed when the session goes on. A line of
 * JSON says what follows: six columns of little-endian doubles a series. Answers the SHA-256 of the file.
 */
export function keepBars(path: string, all: readonly BarSeries[]): string {
  const head = JSON.stringify(all.map(({ key, timeframe, length }) => ({ key, timeframe, length })));
  const parts: Buffer[] = [Buffer.from(`${head}\n`)];
  for (const series of all)
    for (const column of columns) {
      const view = new DataView(new ArrayBuffer(series.length * 8));
      for (let row = 0; row < series.length; row++) view.setFloat64(row * 8, series[column][row], true);
      parts.push(Buffer.from(view.buffer));
    }
  const bytes = Buffer.concat(parts);
  writeDurably(path, bytes);
  return sha256(bytes);
}

/** @throws DataError DATA_JOURNAL when the file is gone, or not the one that was kept */
export function keptBars(path: string, hash: string): readonly BarSeries[] {
  const bytes = bytesOf(path);
  if (bytes === undefined || sha256(bytes) !== hash)
    throw new DataError(
      'DATA_JOURNAL',
      `${path} is ${bytes ? 'not the file' : 'gone, the file'} of bars that the session began with.`,
      'Put a copy of it back, or end the session with: algo paper reset',
    );
  const headEnd = bytes.indexOf(10);
  const head: readonly { key: string; timeframe: string; length: number }[] = JSON.parse(
    bytes.toString('utf8', 0, headEnd),
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = headEnd + 1;
  return head.map(({ key, timeframe, length }) => {
    const series = new BarSeries(key, parseTimeframe(timeframe), length);
    for (const column of columns)
      for (let row = 0; row < length; row++, at += 8) series[column][row] = view.getFloat64(at, true);
    series.length = length;
    return series;
  });
}

function bytesOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all, and there after a power cut. */
function writeDurably(path: string, bytes: Buffer): void {
  const growing = `${path}.part`;
  rmSync(growing, { force: true });
  const file = systemDisk.open(growing, true);
  try {
    for (let from = 0; from < bytes.length; ) from += systemDisk.write(file, bytes, from);
    systemDisk.sync(file);
  } finally {
    systemDisk.close(file);
  }
  renameSync(growing, path);
  systemDisk.syncFolder(dirname(path));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
