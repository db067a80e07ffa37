import { createHash } from 'node:crypto';
import { type BarSeries, hasOpenInterest } from '../../domain/bar-series.ts';

/**
 * SHA-256 of a series' identity and bars, in hex. Equal bars give an equal checksum on every machine, whatever else is
 * stored and however the columns were produced; a view on a span is hashed as the span. Open interest counts where there is any,
 * so that bars without it have the checksum they always had.
 */
export function checksumOf(series: BarSeries): string {
  const { key, timeframe, length } = series;
  const hash = createHash('sha256').update(`${key}\n${timeframe}\n${length}\n`);
  for (const column of columnsOf(series)) {
    // Float64Array is little-endian on every platform Node supports with DuckDB.
    hash.update(new Uint8Array(column.buffer, column.byteOffset, length * 8));
  }
  return hash.digest('hex');
}

/** Time, open, high, low, close, volume, and open interest where any bar has it. Columns may be longer than the series. */
export function columnsOf(series: BarSeries): Float64Array[] {
  const { time, open, high, low, close, volume, openInterest } = series;
  const columns = [time, open, high, low, close, volume];
  return openInterest && hasOpenInterest(series) ? [...columns, openInterest] : columns;
}
