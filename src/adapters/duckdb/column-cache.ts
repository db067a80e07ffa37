import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { BarSeries } from '../../domain/bar-series.ts';
import { writeDisposable } from './atomic-file.ts';
import { columnsOf } from './checksum.ts';
import type { SeriesEntry } from './tables.ts';

/*
 * One file a series: 16 bytes of lead, a JSON header padded to 8 bytes, then time, open, high, low, close, volume, and open interest
 * where the series has it, one after the other as little-endian float64, just as a series holds them. Whole-number columns would be half as large, but turning
 * them into float64 takes longer than reading twice the bytes. Derived from the database, keyed by the series' checksum:
 * safe to delete, made again when stale or damaged.
 */

const magic = 0x52_41_42_41; // 'ABAR'
const version = 2;
const leadBytes = 16;

interface Header {
  readonly key: string;
  readonly timeframe: string;
  readonly bars: number;
  readonly checksum: string;
  /** CRC-32 of each column. */
  readonly sums: readonly number[];
}

/** Writes the columns of a whole series. Failing to is harmless. */
export function writeColumns(folder: string, entry: SeriesEntry, series: BarSeries): void {
  const { key, timeframe, bars, checksum } = entry;
  const columns = columnsOf(series).map((column) => column.subarray(0, bars));
  const header: Header = {
    key,
    timeframe,
    bars,
    checksum,
    sums: columns.map(sumOf),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(32);
  padded.set(text);
  const lead = new Int32Array([magic, version, padded.length, sumOf(padded)]);
  writeDisposable(pathOf(folder, entry), [bytesOf(lead), padded, ...columns.map(bytesOf)]);
}

/** Whether the file of this very series is there, by its header; whether its columns are intact is seen when they are read. */
export function hasColumns(folder: string, entry: SeriesEntry): boolean {
  return opened(folder, entry, (handle) => headerIn(handle, entry)) !== undefined;
}

function bytesOfColumns({ bars, openInterest }: SeriesEntry): number {
  return bars * Float64Array.BYTES_PER_ELEMENT * (openInterest ? 7 : 6);
}

/** The series as of the entry, or nothing when its file is absent, stale or damaged: then ask the database. */
export function readColumns(folder: string, entry: SeriesEntry): BarSeries | undefined {
  return opened(folder, entry, (handle) => columnsIn(handle, entry));
}

function opened<T>(folder: string, entry: SeriesEntry, work: (handle: number) => T): T | undefined {
  let handle: number;
  try {
    handle = openSync(pathOf(folder, entry), 'r');
  } catch {
    // No cache yet, or none that may be read: the database has the bars.
    return undefined;
  }
  try {
    return work(handle);
  } finally {
    closeSync(handle);
  }
}

/** The header of a file that is whole, of this format and of this state of the series. */
function headerIn(handle: number, entry: SeriesEntry): Header | undefined {
  const bytes = fstatSync(handle).size;
  const lead = new Int32Array(leadBytes / 4);
  if (bytes < leadBytes || !filled(handle, lead)) return undefined;
  const [marked, written, headerBytes, headerSum] = lead;
  if (marked !== magic || written !== version || headerBytes % 8 !== 0) return undefined;
  if (leadBytes + headerBytes + bytesOfColumns(entry) !== bytes) return undefined;
  const words = new Int32Array(headerBytes / 4);
  if (!filled(handle, words) || sumOf(words) !== headerSum) return undefined;
  const header: Header = JSON.parse(new TextDecoder().decode(words));
  return header.checksum === entry.checksum && header.bars === entry.bars ? header : undefined;
}

function columnsIn(handle: number, entry: SeriesEntry): BarSeries | undefined {
  const header = headerIn(handle, entry);
  if (header === undefined) return undefined;
  const series = new BarSeries(entry.key, entry.timeframe, entry.bars);
  const { time, open, high, low, close, volume } = series;
  const columns = [time, open, high, low, close, volume];
  if (entry.openInterest) {
    series.openInterest = new Float64Array(entry.bars);
    columns.push(series.openInterest);
  }
  const intact = columns.every((column, at) => filled(handle, column) && sumOf(column) === header.sums[at]);
  if (!intact) return undefined;
  series.length = entry.bars;
  return series;
}

function pathOf(folder: string, entry: SeriesEntry): string {
  // Windows refuses the star that the encoding leaves alone.
  const name = encodeURIComponent(`${entry.key} ${entry.timeframe}`).replaceAll('*', '%2A');
  return join(folder, `${name}.bars`);
}

function bytesOf(values: Int32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Reads on until the array is full; false when the file ends before. */
function filled(handle: number, values: Int32Array | Float64Array): boolean {
  const bytes = bytesOf(values);
  let at = 0;
  while (at < bytes.length) {
    const read = readSync(handle, bytes, at, bytes.length - at, null);
    if (read === 0) return false;
    at += read;
  }
  return true;
}

/** CRC-32 as a signed number: of eight bytes at a time with the machine’s own instructions, also on the first call. */
function sumOf(values: Int32Array | Float64Array | Uint8Array): number {
  return crc32(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)) | 0;
}
