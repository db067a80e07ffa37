import { UsageError } from './errors.ts';
import { didYouMean } from './nearest.ts';
import { dayMs, minuteMs } from './time.ts';

/** Bar lengths the product knows. Intraday ones are anchored to the session's open, so the last bar may be short. */
export const timeframes = [
  '1m',
  '2m',
  '3m',
  '4m',
  '5m',
  '10m',
  '15m',
  '30m',
  '1h',
  '2h',
  '3h',
  '4h',
  'day',
  'week',
  'month',
] as const;
export type Timeframe = (typeof timeframes)[number];

const aliases: Readonly<Record<string, Timeframe>> = {
  minute: '1m',
  '1min': '1m',
  '2minute': '2m',
  '3minute': '3m',
  '4minute': '4m',
  '5minute': '5m',
  '5min': '5m',
  '10minute': '10m',
  '10min': '10m',
  '15minute': '15m',
  '15min': '15m',
  '30minute': '30m',
  '30min': '30m',
  '60minute': '1h',
  '60min': '1h',
  '60m': '1h',
  hour: '1h',
  '2hour': '2h',
  '120m': '2h',
  '3hour': '3h',
  '180m': '3h',
  '4hour': '4h',
  '240m': '4h',
  d: 'day',
  '1d': 'day',
  daily: 'day',
  w: 'week',
  '1w': 'week',
  weekly: 'week',
  '1mo': 'month',
  monthly: 'month',
};

/** The timeframe of a word, `15m` or what Kite and others call it; undefined where it is none. */
export function knownTimeframe(text: string): Timeframe | undefined {
  const word = text.trim().toLowerCase();
  return timeframes.find((timeframe) => timeframe === word) ?? aliases[word];
}

/** Reads `15m`, and the words Kite and others use for it (`15minute`, `60m`, `1d`). @throws UsageError USAGE_TIMEFRAME */
export function parseTimeframe(text: string): Timeframe {
  const known = knownTimeframe(text);
  if (known) return known;
  const hint = didYouMean(text.trim().toLowerCase(), timeframes);
  throw new UsageError(
    'USAGE_TIMEFRAME',
    `Unknown timeframe "${text}".${hint}`,
    `Use one of ${timeframes.join(', ')}.`,
  );
}

export function isIntraday(timeframe: Timeframe): boolean {
  return timeframe !== 'day' && timeframe !== 'week' && timeframe !== 'month';
}

/** Minutes of an intraday bar. @throws when asked of a day or longer, whose length is the session's. */
export function minutesOf(timeframe: Timeframe): number {
  const match = /^(\d+)(m|h)$/.exec(timeframe);
  if (match) return Number(match[1]) * (match[2] === 'h' ? 60 : 1);
  throw new UsageError(
    'USAGE_TIMEFRAME',
    `Timeframe "${timeframe}" has no length in minutes.`,
    'Use an intraday timeframe such as 15m.',
  );
}

/** Nominal length: the bar's own for intraday, 24 hours × 1, 7, 30 for day, week, month. */
export function timeframeMs(timeframe: Timeframe): number {
  if (timeframe === 'day') return dayMs;
  if (timeframe === 'week') return 7 * dayMs;
  if (timeframe === 'month') return 30 * dayMs;
  return minutesOf(timeframe) * minuteMs;
}
