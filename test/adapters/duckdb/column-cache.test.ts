import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { hasColumns, readColumns, writeColumns } from '../../../src/adapters/duckdb/column-cache.ts';
import type { SeriesEntry } from '../../../src/adapters/duckdb/tables.ts';
import { BarSeries } from '../../../src/domain/bar-series.ts';

const folder = mkdtempSync(join(tmpdir(), 'algo-columns-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const series = new BarSeries('NSE:INFY', '1m');
for (let row = 0; row < 5; row++) series.append(row * 60_000, 100, 101, 99, 100.5, 10);
const entry = {
  key: 'NSE:INFY',
  timeframe: '1m',
  bars: 5,
  checksum: 'aa',
  openInterest: false,
} as SeriesEntry;
const path = join(folder, `${encodeURIComponent('NSE:INFY 1m')}.bars`);

test('the columns of a series are there once they are written, and are read as they were', () => {
  expect(hasColumns(folder, entry)).toBe(false);
  writeColumns(folder, entry, series);
  expect(hasColumns(folder, entry)).toBe(true);
  expect(readColumns(folder, entry)?.close.slice(0, 5)).toEqual(series.close.slice(0, 5));
});

test('those of another state of the series are not there, although their file is as long', () => {
  writeColumns(folder, entry, series);
  expect(hasColumns(folder, { ...entry, checksum: 'bb' })).toBe(false);
  expect(hasColumns(folder, { ...entry, bars: 4 })).toBe(false);
});

test('a file of another format is none, whatever its size', () => {
  writeColumns(folder, entry, series);
  const bytes = readFileSync(path);
  bytes.writeInt32LE(1, 4);
  writeFileSync(path, bytes);
  expect(hasColumns(folder, entry)).toBe(false);
  expect(readColumns(folder, entry)).toBeUndefined();
});

test('a span is read by itself, and damage outside of it does not matter', () => {
  const bars = 3_000;
  const long = new BarSeries('NSE:LONG', '1m');
  for (let row = 0; row < bars; row++) long.append(row * 60_000, row, row + 1, row - 1, row, row);
  const longEntry = { ...entry, key: 'NSE:LONG', bars } as SeriesEntry;
  writeColumns(folder, longEntry, long);
  for (const [from, to] of [
    [0, 1],
    [255, 257],
    [1_000, 2_999],
    [2_990, 4_000],
    [-5, 3],
    [3_000, 3_001],
    [700, 700],
  ]) {
    const part = readColumns(folder, longEntry, { from: Number(from) * 60_000, to: Number(to) * 60_000 });
    const rows = Array.from({ length: bars }, (_, row) => row).filter(
      (row) => row >= Number(from) && row < Number(to),
    );
    expect([...(part?.close.subarray(0, part.length) ?? [])]).toEqual(rows);
  }
  const file = join(folder, `${encodeURIComponent('NSE:LONG 1m')}.bars`);
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  writeFileSync(file, bytes);
  expect(readColumns(folder, longEntry)).toBeUndefined();
  expect(readColumns(folder, longEntry, { from: 0, to: 60_000 })?.length).toBe(1);
  expect(readColumns(folder, longEntry, { from: 2_900 * 60_000, to: 3_000 * 60_000 })).toBeUndefined();
});
