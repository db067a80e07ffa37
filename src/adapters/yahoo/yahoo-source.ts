import { DataError } from '../../domain/errors.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { type EpochMs, secondMs, startOfDay } from '../../domain/time.ts';
import type { Timeframe } from '../../domain/timeframe.ts';
import type { CandleSource } from '../../engine/ports.ts';
import { barsOfChart } from './chart.ts';
import { type Pace, politeGetter, requestsPerSecond } from './polite-get.ts';

export interface YahooOptions {
  /** `https://query1.finance.yahoo.com` */
  readonly root: string;
  readonly pace: Pace;
  /** The source's clock. */
  now(): Promise<EpochMs>;
  /** Opening of trading on a day; undefined when the market is closed on it. */
  opensAt(instrument: Instrument, dayNumber: number): EpochMs | undefined;
}

/** Yahoo's word, days of one request, and how many days back it goes. As observed; Yahoo documents none of it. */
const served: Readonly<Partial<Record<Timeframe, { word: string; span: number; back: number }>>> = {
  '1m': { word: '1m', span: 7, back: 29 },
  '2m': { word: '2m', span: 59, back: 59 },
  '5m': { word: '5m', span: 59, back: 59 },
  '15m': { word: '15m', span: 59, back: 59 },
  '30m': { word: '30m', span: 59, back: 59 },
  '1h': { word: '60m', span: 700, back: 729 },
  day: { word: '1d', span: 3_650, back: 20_000 },
};

const indices: Readonly<Record<string, string>> = {
  'NSE:NIFTY 50': '^NSEI',
  'NSE:NIFTY BANK': '^NSEBANK',
  'NSE:INDIA VIX': '^INDIAVIX',
  'NSE:NIFTY IT': '^CNXIT',
  'BSE:SENSEX': '^BSESN',
};

/** Shares and indices of NSE and BSE from Yahoo's chart endpoint; no contracts. Unofficial, without any promise of Yahoo. */
export function createYahooSource({ root, pace, now, opensAt }: YahooOptions): CandleSource {
  const get = politeGetter(pace);
  return {
    name: 'yahoo',
    parallel: 1,
    requestsPerSecond,
    spanDays: (timeframe) => served[timeframe]?.span,
    firstDay: (timeframe, today) => today - (served[timeframe]?.back ?? 0),
    now,
    async candles({ instrument, timeframe, days }) {
      const symbol = yahooSymbol(instrument);
      const from = startOfDay(days.from) / secondMs;
      const to = startOfDay(days.to + 1) / secondMs;
      const query = `period1=${from}&period2=${to}&interval=${served[timeframe]?.word}&includePrePost=false`;
      const page = await get(`${root}/v8/finance/chart/${encodeURIComponent(symbol)}?${query}`);
      return barsOfChart(page, {
        ...{ key: instrument.key, symbol, timeframe },
        opensAt: (day) => opensAt(instrument, day),
      });
    },
  };
}

/** `INFY.NS`, `500209.BO`, `^NSEI`. @throws DataError DATA_SYMBOL for what Yahoo does not serve */
export function yahooSymbol({ key, exchange, tradingsymbol, kind }: Instrument): string {
  const suffix = { NSE: 'NS', BSE: 'BO' }[exchange];
  const index = indices[key];
  if (index) return index;
  if (suffix && kind === 'EQ') return `${tradingsymbol.replace(/-(BE|BZ|EQ)$/, '')}.${suffix}`;
  throw new DataError(
    'DATA_SYMBOL',
    kind === 'INDEX'
      ? `algo does not know Yahoo's name of the index ${key}.`
      : `Yahoo has no contracts and no exchange ${exchange}, so not ${key}.`,
    'Use --source kite, or import a file with algo data import.',
  );
}
