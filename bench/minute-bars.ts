import { BarSeries } from '../src/domain/bar-series.ts';
import { dayNumberOf, instantOf, minuteMs, weekdayOf } from '../src/domain/time.ts';

/** Five years of one symbol: 1,240 trading days of 375 one-minute bars. */
export const days = 1_240;
const minutesPerDay = 375;
export const barsPerSymbol = days * minutesPerDay;

const opensAt = 9 * 60 + 15;

/**
 * One-minute bars for timing alone: a plain seeded walk on the 0.05 grid, Monday to Friday from 2018-01-01, without
 * holidays. Any two symbols share their timestamps. The same symbol number is the same bars on every machine.
 */
export function minuteBars(symbol = 1, count = barsPerSymbol): BarSeries {
  const series = new BarSeries(`SYN:W${symbol}`, '1m', count);
  const next = generator(symbol);
  let ticks = 20_000;
  let day = dayNumberOf('2018-01-01');
  while (series.length < count) {
    if (weekdayOf(day) !== 0 && weekdayOf(day) !== 6) {
      // Half a percent over night either way, and a slow pull to 1,000 rupees that keeps years within cash and band.
      ticks += (next() % 201) - 100 + Math.round((20_000 - ticks) / 100);
      for (let minute = 0; minute < minutesPerDay && series.length < count; minute++) {
        const open = ticks;
        // The sum of three draws is a bell; 19 ticks of 20,000 are nearly 10 basis points, a lively stock's minute.
        // One minute in 300 brings news: without fat tails a stop of 1.5 % would never be reached.
        const bell = (next() % 35) + (next() % 35) + (next() % 35) - 51;
        const close = open + Math.round(bell * (next() % 300 === 0 ? 9 : 1));
        const high = Math.max(open, close) + (next() % 9);
        const low = Math.min(open, close) - (next() % 9);
        series.append(
          instantOf(day, opensAt) + minute * minuteMs,
          open / 20,
          high / 20,
          low / 20,
          close / 20,
          100 + (next() % 50_000),
        );
        ticks = close;
      }
    }
    day++;
  }
  return series;
}

/** xorshift32: whole numbers from 1 to 2^32 - 1. */
function generator(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b9) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
