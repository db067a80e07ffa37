import { readKiteTime } from '../../domain/kite-time.ts';
import type { EpochMs } from '../../domain/time.ts';

/** Candles as columns, oldest first. Stamped with their opening instant; prices in rupees, volume in units. */
export interface Candles {
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** NaN where it was not asked for or not given. */
  readonly openInterest: Float64Array;
  readonly length: number;
}

/** Reads `{candles: [[time, o, h, l, c, v, oi?], …]}`. Answers why not, where it is anything else. */
export function readCandles(data: unknown): Candles | string {
  const rows: unknown = Reflect.get(Object(data), 'candles');
  if (!Array.isArray(rows)) return 'no list of candles';
  const { length } = rows;
  const [time, open, high, low, close, volume, openInterest] = Array.from(
    { length: 7 },
    () => new Float64Array(length),
  );
  for (let row = 0; row < length; row++) {
    const candle: unknown = rows[row];
    if (!Array.isArray(candle) || candle.length < 6 || candle.length > 8)
      return `candle ${row + 1} has another shape`;
    const stamp = typeof candle[0] === 'string' ? readStamp(candle[0]) : undefined;
    if (stamp === undefined) return `candle ${row + 1} has the time ${shown(candle[0])}`;
    if (row > 0 && stamp <= time[row - 1]) return `candle ${row + 1} is not later than the one before it`;
    for (let at = 1; at < 6; at++) {
      const value: unknown = candle[at];
      if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
        return `candle ${row + 1} holds ${shown(value)}`;
    }
    time[row] = stamp;
    open[row] = candle[1];
    high[row] = candle[2];
    low[row] = candle[3];
    close[row] = candle[4];
    volume[row] = candle[5];
    openInterest[row] = typeof candle[6] === 'number' && candle[6] >= 0 ? candle[6] : Number.NaN;
    if (high[row] < Math.max(open[row], close[row]) || low[row] > Math.min(open[row], close[row]))
      return `candle ${row + 1} closes outside its own range`;
  }
  return { time, open, high, low, close, volume, openInterest, length };
}

/** `2017-12-15T09:15:00+0530`; another zone than India's would be read wrong, and is refused. */
function readStamp(text: string): EpochMs | undefined {
  return /\+05:?30$/.test(text) ? readKiteTime(text) : undefined;
}

function shown(value: unknown): string {
  return String(JSON.stringify(value)).slice(0, 60);
}
