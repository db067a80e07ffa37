import { createHash } from 'node:crypto';
import type { BarSeries } from '../../domain/bar-series.ts';

/**
 * SHA-256 of a series' identity and bars, in hex. Equal bars give an equal checksum on every machine, whatever else is
 * stored and however the columns were produced; a view on a span is hashed as the span.
 */
export function checksumOf(series: BarSeries): string {
  const { key, timeframe, length } = series;
  const hash = createHash('sha256').update(`${key}\n${timeframe}\n${length}\n`);
  for (const column of [series.time, series.open, series.high, series.low, series.close, series.volume]) {
    // Float64Array is little-endian on every platform Node supports with DuckDB.
    hash.update(new Uint8Array(column.buffer, column.byteOffset, length * 8));
  }
  return hash.digest('hex');
}
