import { z } from 'zod';
import { BarSeries } from '../../domain/bar-series.ts';
import { BrokerError, DataError } from '../../domain/errors.ts';
import type { InstrumentKey } from '../../domain/instrument.ts';
import { type EpochMs, istDayNumber, minuteMs, secondMs, startOfDay } from '../../domain/time.ts';
import { isIntraday, minutesOf, type Timeframe } from '../../domain/timeframe.ts';
import type { Page } from './polite-get.ts';

const figures = z.array(z.number().nullable());
const chartSchema = z.object({
  chart: z.object({
    result: z
      .array(
        z.object({
          timestamp: z.array(z.number()).optional(),
          indicators: z.object({
            quote: z
              .array(
                z.object({
                  open: figures.optional(),
                  high: figures.optional(),
                  low: figures.optional(),
                  close: figures.optional(),
                  volume: figures.optional(),
                }),
              )
              .max(1),
          }),
        }),
      )
      .nullable(),
    error: z.object({ code: z.string(), description: z.string().nullable() }).nullable(),
  }),
});

export interface ChartQuestion {
  readonly key: InstrumentKey;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** Opening of trading on a day; undefined when the market is closed on it. */
  opensAt(dayNumber: number): EpochMs | undefined;
}

/**
 * Bars of a chart page. Yahoo's open, high, low and close are adjusted for splits and bonuses, as Kite's candles are, and are taken;
 * its `adjclose` takes out every dividend as well, and is not.
 *
 * What a page is known to hold besides is left out: rows without a price; rows of closed days that repeat the day before; a second
 * row of a day, or one between two bars, which is the market's present state.
 *
 * @throws DataError DATA_SYMBOL when Yahoo does not know the symbol; BrokerError BROKER_YAHOO for a page of another shape
 */
export function barsOfChart(page: Page, question: ChartQuestion): BarSeries {
  const { key, symbol, timeframe } = question;
  const parsed = chartSchema.safeParse(JSON.parse(page.text));
  if (!parsed.success) throw strange(question, 'a page of another shape');
  const { result, error } = parsed.data.chart;
  const series = new BarSeries(key, timeframe);
  if (error) {
    const words = error.description ?? error.code;
    if (/data doesn't exist for (startdate|time)/i.test(words)) return series;
    if (page.status === 404 || /not found|delisted/i.test(`${error.code} ${words}`)) {
      throw new DataError(
        'DATA_SYMBOL',
        `Yahoo does not know ${key} as ${symbol}: ${words}`,
        'Check the symbol; a delisted or renamed share has to be imported from a file.',
      );
    }
    throw strange(question, words);
  }
  const [chart] = result ?? [];
  const times = chart?.timestamp ?? [];
  const [quote] = chart?.indicators.quote ?? [];
  if (times.length === 0 || !quote) return series;
  const { open = [], high = [], low = [], close = [], volume = [] } = quote;
  if ([open, high, low, close].some(({ length }) => length !== times.length))
    throw strange(question, 'columns of different lengths');

  const rows = times.map((seconds, i) => ({ time: stampOf(seconds * secondMs, question), i }));
  // A row later in the page says of the same bar what was known later, but its volume may not have been counted yet.
  const best = new Map<EpochMs, number>();
  for (const { time, i } of rows) {
    if (time === undefined || [open[i], high[i], low[i], close[i]].some((price) => !(Number(price) > 0)))
      continue;
    const known = best.get(time);
    if (known === undefined || (volume[i] ?? 0) >= (volume[known] ?? 0)) best.set(time, i);
  }
  for (const [time, i] of [...best].sort(([a], [b]) => a - b)) {
    const prices = [open[i], high[i], low[i], close[i]].map((price) => paise(Number(price)));
    // The extremes are rounded on their own, and may end up a paisa inside.
    series.append(time, prices[0], Math.max(...prices), Math.min(...prices), prices[3], volume[i] ?? 0);
  }
  return series;
}

function stampOf(time: EpochMs, { timeframe, opensAt }: ChartQuestion): EpochMs | undefined {
  const day = istDayNumber(time);
  const opens = opensAt(day);
  if (opens === undefined) return undefined;
  if (!isIntraday(timeframe)) return startOfDay(day);
  return time >= opens && (time - opens) % (minutesOf(timeframe) * minuteMs) === 0 ? time : undefined;
}

/** Yahoo sends 32-bit floats: 1512.45 arrives as 1512.449951171875. */
function paise(price: number): number {
  return Math.round(price * 100) / 100;
}

function strange({ key, symbol }: ChartQuestion, words: string): BrokerError {
  return new BrokerError(
    'BROKER_YAHOO',
    `Yahoo answered for ${key} (${symbol}): ${words}.`,
    'Run it again later, or use --source kite or csv.',
  );
}
