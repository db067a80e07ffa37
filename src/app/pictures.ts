import type { BarSeries } from '../domain/bar-series.ts';
import { sessionsOf } from '../domain/resample.ts';
import type { TradingCalendar } from '../domain/rulebook.ts';
import type { ClosedTrade } from '../domain/run-result.ts';
import { istDayNumber } from '../domain/time.ts';
import type { JournalEntry } from '../engine/journal-entry.ts';
import { IndicatorSet } from '../indicators/indicator-set.ts';
import { tradesListed } from '../reports/html/page-data.ts';
import type { Pictures } from '../research/backtest-outcome.ts';
import { type CandleRows, candleRows, candlesOf, type PictureLine } from '../research/picture.ts';
import { marketOf } from '../strategy/market.ts';
import { setUp } from '../strategy/set-up.ts';
import type { BacktestSeries } from './backtest-run.ts';
import { type ProtectionLevel, protectionLevels } from './protection-levels.ts';

/** Of the 3 MB that a page may have, what its trades, protective levels and candles share; measured, rounded up. */
const bytesMost = 2_400_000;
const bytesOfTrade = 70;
const bytesOfLevel = 20;
const bytesOfNumber = 4.5;
/** Fewer candles than this are no picture of an instrument. */
const candlesLeast = 500;
/** Numbers of a candle: time, open, high, low, close. */
const numbersOfCandle = 5;
/** Prices of stops and targets a page can hold; a trailing stop is a new one with every move. */
const levelsMost = 12_000;

/** What a run leaves behind for its pictures. */
export interface PictureInput {
  readonly series: readonly BacktestSeries[];
  readonly trades: readonly ClosedTrade[];
  readonly entries: readonly JournalEntry[];
  readonly calendar: TradingCalendar;
}

/** Price charts of the instruments with the most trades, as many as a page holds, in the order of the run. */
export function picturesOf({ series: all, trades, entries, calendar }: PictureInput): Pictures {
  const levels = protectionLevels(entries);
  const room =
    (bytesMost -
      bytesOfTrade * Math.min(trades.length, tradesListed) -
      bytesOfLevel * Math.min(levels.length, levelsMost)) /
    bytesOfNumber;
  const sizes = all.map((each) => numbersOfCandle + lineCount(each, calendar));
  const chosen = busiest(all, trades, Math.floor(room / (candlesLeast * Math.max(...sizes))));
  const share = shareOf(
    chosen.map((at) => all[at].series.length * sizes[at]),
    room,
  );
  const drawn = chosen.map((at) => {
    const { series, strategies } = all[at];
    const { rows, barsPerCandle } = candleRows(series, Math.floor(share / sizes[at]));
    const names = strategies.map(({ strategy }) => strategy.name);
    return {
      key: series.key,
      timeframe: series.timeframe,
      strategies: names,
      barsPerCandle,
      candles: candlesOf(series, rows),
      lines: linesOf(all[at], rows, calendar),
      ...latest(
        levels.filter(({ key, strategy }) => key === series.key && names.includes(strategy)),
        Math.floor(levelsMost / chosen.length),
      ),
    };
  });
  return { drawn, left: all.length - drawn.length };
}

/** The last so many, by the time at which they ended. */
function latest(levels: readonly ProtectionLevel[], most: number) {
  const protections = levels.slice(-most);
  return { protections, protectionsLeft: levels.length - protections.length };
}

function busiest(
  all: readonly BacktestSeries[],
  trades: readonly ClosedTrade[],
  most: number,
): readonly number[] {
  const counts = new Map<string, number>();
  for (const { key } of trades) counts.set(key, (counts.get(key) ?? 0) + 1);
  const of = (at: number) => counts.get(all[at].series.key) ?? 0;
  const places = all.map((_, at) => at);
  return places
    .sort((one, other) => of(other) - of(one) || one - other)
    .slice(0, most)
    .sort((one, other) => one - other);
}

/** Numbers each chart may have when they want so many: what short series leave over goes to the long ones. */
function shareOf(wanted: readonly number[], room: number): number {
  const ordered = [...wanted].sort((one, other) => one - other);
  let left = room;
  for (let at = 0; at < ordered.length; at++) {
    const fair = left / (ordered.length - at);
    if (ordered[at] > fair) return fair;
    left -= ordered[at];
  }
  return room;
}

function lineCount(each: BacktestSeries, calendar: TradingCalendar): number {
  return replayed(each, calendar).reduce((sum, { set }) => sum + set.lines.length, 0);
}

/** The strategies' own indicators, fresh, over the same bars. */
function replayed({ instrument, series, strategies }: BacktestSeries, calendar: TradingCalendar) {
  const cursor = { series, row: -1 };
  const sessions = sessionsOf(calendar, instrument);
  return strategies.map(({ strategy, params }) => {
    const set = new IndicatorSet(cursor, sessions);
    setUp(strategy, marketOf(set.view, instrument), params);
    set.seal();
    return { cursor, set };
  });
}

/**
 * Every line the strategies asked for, computed again by the same kernels that decided; a candle shows the value at its
 * last bar. Two strategies that ask for the same thing share a line.
 */
function linesOf(each: BacktestSeries, rows: CandleRows, calendar: TradingCalendar): readonly PictureLine[] {
  const { series } = each;
  const sets = replayed(each, calendar);
  const lines = new Map<string, Float64Array>();
  const steps = sets.flatMap(({ set }) =>
    set.lines
      .filter(({ name }) => !lines.has(name))
      .map((line) => {
        const values = new Float64Array(rows.length - 1);
        lines.set(line.name, values);
        return { series: line.series, values };
      }),
  );
  walk(series, rows, sets, (candle) => {
    for (const step of steps) step.values[candle] = step.series.now;
  });
  return [...lines].map(([name, values]) => ({ name, values }));
}

function walk(
  { time, length }: BarSeries,
  rows: CandleRows,
  sets: ReturnType<typeof replayed>,
  closed: (candle: number) => void,
): void {
  let day = Number.NaN;
  let candle = 0;
  for (let row = 0; row < length; row++) {
    const today = istDayNumber(time[row]);
    for (const { cursor, set } of sets) {
      cursor.row = row;
      if (today !== day) set.newSession();
      set.advance();
    }
    day = today;
    if (row + 1 < rows[candle + 1]) continue;
    closed(candle);
    candle++;
  }
}
