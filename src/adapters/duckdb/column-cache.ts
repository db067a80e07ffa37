import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { BarSeries } from '../../domain/bar-series.ts';
import type { Interval } from '../../domain/time.ts';
import { writeDisposable } from './atomic-file.ts';
import { columnsOf } from './checksum.ts';
import type { SeriesEntry } from './tables.ts';

/*
 * One file a series: 16 bytes of lead, a JSON header padded to 8 bytes, then time, open, high, low, close, volume, and open interest
 * where the series has it, one after the other as little-endian float64, just as a series holds them. Whole-number columns would be half as large, but turning
 * them into float64 takes longer than reading twice the bytes. A column is summed block by block, so that a span is read and checked
 * without the rest. Derived from the database, keyed by the series' checksum: safe to delete, made again when stale or damaged.
 */

const magic = 0x52_41_42_41; // 'ABAR'
const version = 3;
const leadBytes = 16;
const barBytes = Float64Array.BYTES_PER_ELEMENT;

// A span reads up to a block too much at either end; many small blocks make the header long.
const blocksAimed = 64;
const blockBarsMin = 256;
const blockBarsMax = 8_192;

// Lead and header of most files, so that one read has both.
const headBytes = 4_096;
const head = new Int32Array(headBytes / 4);

interface Header {
  readonly key: string;
  readonly timeframe: string;
  readonly bars: number;
  readonly checksum: string;
  /** Bars of a block; the last may have fewer. */
  readonly blockBars: number;
  /** When the first bar of each block opened. */
  readonly times: readonly number[];
  /** CRC-32 of each block, column by column. */
  readonly sums: readonly (readonly number[])[];
}

const whole: Interval = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** Writes the columns of a whole series. Failing to is harmless. */
export function writeColumns(folder: string, entry: SeriesEntry, series: BarSeries): void {
  const { key, timeframe, bars, checksum } = entry;
  const columns = columnsOf(series).map((column) => column.subarray(0, bars));
  const blockBars = blockBarsOf(bars);
  const starts = Array.from({ length: Math.ceil(bars / blockBars) }, (_, block) => block * blockBars);
  const header: Header = {
    key,
    timeframe,
    bars,
    checksum,
    blockBars,
    times: starts.map((start) => series.time[start]),
    sums: columns.map((column) => starts.map((start) => sumOf(column.subarray(start, start + blockBars)))),
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

function blockBarsOf(bars: number): number {
  const aimed = 2 ** Math.ceil(Math.log2(Math.max(1, bars / blocksAimed)));
  return Math.min(blockBarsMax, Math.max(blockBarsMin, aimed));
}

function bytesOfColumns({ bars, openInterest }: SeriesEntry): number {
  return bars * barBytes * (openInterest ? 7 : 6);
}

/**
 * Bars of the entry with `from <= time < to`, or nothing when the file is absent, stale or damaged where it was read: then ask the
 * database.
 */
export function readColumns(
  folder: string,
  entry: SeriesEntry,
  span: Interval = whole,
): BarSeries | undefined {
  return opened(folder, entry, (handle) => columnsIn(handle, entry, span));
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

/** The header of a file that is whole, of this format and of this state of the series, and where its columns begin. */
function headerIn(handle: number, entry: SeriesEntry): { header: Header; bodyAt: number } | undefined {
  const bytes = fstatSync(handle).size;
  const read = readAt(handle, head, 0);
  const [marked, written, headerBytes, headerSum] = head;
  if (read < leadBytes || marked !== magic || written !== version || headerBytes % 8 !== 0) return undefined;
  const bodyAt = leadBytes + headerBytes;
  if (bodyAt + bytesOfColumns(entry) !== bytes) return undefined;
  let words = head.subarray(leadBytes / 4, bodyAt / 4);
  if (bodyAt > headBytes) {
    words = new Int32Array(headerBytes / 4);
    if (readAt(handle, words, leadBytes) !== headerBytes) return undefined;
  }
  if (sumOf(words) !== headerSum) return undefined;
  const header: Header = JSON.parse(new TextDecoder().decode(words));
  return header.checksum === entry.checksum && header.bars === entry.bars ? { header, bodyAt } : undefined;
}

function columnsIn(handle: number, entry: SeriesEntry, span: Interval): BarSeries | undefined {
  const found = headerIn(handle, entry);
  if (found === undefined) return undefined;
  const { header, bodyAt } = found;
  const { blockBars, times, sums } = header;
  const after = times.findIndex((time) => time >= span.to);
  const last = after < 0 ? times.length : after;
  let first = 0;
  while (first + 1 < last && times[first + 1] <= span.from) first += 1;

  const start = first * blockBars;
  const bars = Math.max(0, Math.min(entry.bars, last * blockBars) - start);
  const series = new BarSeries(entry.key, entry.timeframe, bars);
  const { time, open, high, low, close, volume } = series;
  const columns = [time, open, high, low, close, volume];
  if (entry.openInterest) {
    series.openInterest = new Float64Array(bars);
    columns.push(series.openInterest);
  }
  const intact = columns.every((column, at) => {
    const place = bodyAt + (at * entry.bars + start) * barBytes;
    if (readAt(handle, column, place) !== column.byteLength) return false;
    for (let block = first; block < last; block++) {
      const from = (block - first) * blockBars;
      if (sumOf(column.subarray(from, from + blockBars)) !== sums[at][block]) return false;
    }
    return true;
  });
  if (!intact) return undefined;
  series.length = bars;
  return withinSpan(series, span);
}

/** Rows of a span as a view; the very same series when it has no other. */
export function withinSpan(series: BarSeries, { from, to }: Interval): BarSeries {
  const first = series.rowAt(from);
  const end = Math.max(first, series.rowAt(to));
  return end - first === series.length ? series : series.slice(first, end);
}

function pathOf(folder: string, entry: SeriesEntry): string {
  // Windows refuses the star that the encoding leaves alone.
  const name = encodeURIComponent(`${entry.key} ${entry.timeframe}`).replaceAll('*', '%2A');
  return join(folder, `${name}.bars`);
}

function bytesOf(values: Int32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Reads on until the array is full or the file ends; answers the bytes read. */
function readAt(handle: number, values: Int32Array | Float64Array, place: number): number {
  const bytes = bytesOf(values);
  let at = 0;
  while (at < bytes.length) {
    const read = readSync(handle, bytes, at, bytes.length - at, place + at);
    if (read === 0) break;
    at += read;
  }
  return at;
}

/** CRC-32 as a signed number: of eight bytes at a time with the machine’s own instructions, also on the first call. */
function sumOf(values: Int32Array | Float64Array | Uint8Array): number {
  return crc32(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)) | 0;
}
