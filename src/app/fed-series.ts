import { BarSeries } from '../domain/bar-series.ts';
import { codeOf } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { sessionsOf } from '../domain/resample.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { istDayNumber, startOfDay } from '../domain/time.ts';
import { isIntraday, type Timeframe } from '../domain/timeframe.ts';
import type { CandleSource, HistoryStore } from '../engine/ports.ts';
import { closedCandles, copyRow } from './closed-candles.ts';
import { loadBars } from './history.ts';

/** Room for a day's minutes beyond what a series begins with. */
const growth = 400;
/** Longest stretch of closed days that calendars know of; beyond it the history has a hole. */
const closedDaysMax = 10;

export interface WarmUpRequest {
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
  /** Calendar days before `today`. */
  readonly days: number;
  readonly today: number;
  readonly prices: 'raw' | 'adjusted';
}

/**
 * The bars before today, in a series that can grow: those of the history where it reaches the last trading day, else the broker's.
 *
 * @throws AuthError, BrokerError when the broker has to be asked and cannot be
 */
export async function warmUpBars(
  { store, source, rulebook }: { store: HistoryStore; source: CandleSource; rulebook: Rulebook },
  request: WarmUpRequest,
): Promise<BarSeries> {
  const { instrument, timeframe, days, today } = request;
  if (days === 0) return growing(new BarSeries(instrument.key, timeframe));
  const before = lastTradingDay(rulebook, instrument, today);
  const stored = await storedBars(store, rulebook, request);
  if (stored && istDayNumber(stored.time[stored.length - 1]) >= before) return growing(stored);
  const sessions = sessionsOf(rulebook.calendar, instrument);
  return growing(
    await closedCandles(source, {
      ...{ instrument, timeframe, sessions },
      after: startOfDay(today - days),
      until: startOfDay(today),
    }),
  );
}

async function storedBars(
  store: HistoryStore,
  { calendar }: Rulebook,
  { instrument, timeframe, days, today, prices }: WarmUpRequest,
): Promise<BarSeries | undefined> {
  const span = { from: startOfDay(today - days), to: startOfDay(today) };
  try {
    return (await loadBars(store, calendar, { instrument, timeframe, span, prices })).series;
  } catch (error) {
    if (codeOf(error) === 'DATA_MISSING') return undefined;
    throw error;
  }
}

function lastTradingDay({ calendar }: Rulebook, instrument: Instrument, today: number): number {
  if (instrument.rules === 'none') return today - 1;
  for (let day = today - 1; day >= today - closedDaysMax; day--)
    if (calendar.session(instrument, day)) return day;
  return today - closedDaysMax;
}

function growing(bars: BarSeries): BarSeries {
  const series = new BarSeries(
    bars.key,
    bars.timeframe,
    bars.length + (isIntraday(bars.timeframe) ? growth : 1),
  );
  for (let row = 0; row < bars.length; row++) copyRow(bars, row, series);
  return series;
}
