import type { ClosedTrade } from '../../domain/run-result.ts';
import { isIntraday } from '../../domain/timeframe.ts';
import type { BacktestOutcome } from '../../research/backtest-outcome.ts';
import type { Picture } from '../../research/picture.ts';
import { netOf, returnPercentOf } from '../../research/trade-statistics.ts';
import { drawnCurve } from './curve.ts';

/** Trades a page lists; the rest is in the exported file. */
export const tradesListed = 15_000;

/**
 * What the page's script draws, as columns of whole numbers. A column of differences begins with its first value.
 * Times are seconds since 1970 in UTC, money is paise, and a price is a multiple of one rupee divided by its `scale`.
 */
export function pageData(outcome: BacktestOutcome) {
  const { header, equity, summary, pictures } = outcome;
  const curve = drawnCurve(equity, summary.capitalPaise);
  return {
    intraday: isIntraday(header.timeframe),
    capital: summary.capitalPaise,
    equity: {
      time: differences(curve.time.map(seconds)),
      paise: differences(curve.equityPaise),
      /** Hundredths of a percent. */
      fall: curve.drawdownPercent.map((percent) => Math.round(percent * 100) + 0),
    },
    charts: pictures?.drawn.map(chartData) ?? [],
    trades: tradeColumns(listedTrades(outcome.trades)),
  };
}

/** All trades, or where they are too many those that earned or lost most, in the order of the run. */
export function listedTrades(trades: readonly ClosedTrade[]): readonly ClosedTrade[] {
  if (trades.length <= tradesListed) return trades;
  return [...trades]
    .sort((one, other) => Math.abs(netOf(other)) - Math.abs(netOf(one)) || one.id - other.id)
    .slice(0, tradesListed)
    .sort((one, other) => one.id - other.id);
}

function chartData({ key, timeframe, strategies, candles, lines, protections }: Picture) {
  const { time, open, high, low, close, length } = candles;
  const scale = scaleOf(close, open);
  const whole = (value: number) => Math.round(value * scale);
  const rows = Array.from({ length }, (_, row) => row);
  const closes = rows.map((row) => whole(close[row]));
  return {
    key,
    timeframe,
    intraday: isIntraday(timeframe),
    strategies,
    scale,
    time: differences(rows.map((row) => seconds(time[row]))),
    close: differences(closes),
    open: rows.map((row) => whole(open[row]) - closes[row]),
    high: rows.map((row) => whole(high[row]) - Math.max(whole(open[row]), closes[row])),
    low: rows.map((row) => Math.min(whole(open[row]), closes[row]) - whole(low[row])),
    lines: lines.map(({ name, values }) => lineData(name, values, { closes, scale })),
    protections: {
      from: differences(protections.map(({ from }) => seconds(from))),
      seconds: protections.map(({ from, to }) => seconds(to) - seconds(from)),
      price: protections.map(({ price }) => whole(price)),
      target: protections.map(({ role }) => (role === 'target' ? 1 : 0)),
    },
  };
}

/** Values of an indicator: null while it warms up, then the change since the value before. */
function lineData(
  name: string,
  values: Float64Array,
  { closes, scale }: { readonly closes: readonly number[]; readonly scale: number },
) {
  const onPrice = standsOnPrice(name, values, closes, scale);
  const lineScale = onPrice ? scale : 1_000;
  let before = 0;
  const steps = Array.from(values, (value) => {
    if (!Number.isFinite(value)) return null;
    const whole = Math.round(value * lineScale);
    const step = whole - before;
    before = whole;
    return step;
  });
  return { name, onPrice, scale: lineScale, values: steps };
}

/** Indicators with a scale of their own, whatever they are computed from. */
const ownScale =
  /\b(rsi|stoch\w*|mfi|cci|adx|adl|obv|roc|williams\w*|aroon\w*|atr|zscore|correlation|macd|stddev)\b/i;

/** Whether a line belongs over the candles: nearly always between half and double the close. */
function standsOnPrice(
  name: string,
  values: Float64Array,
  closes: readonly number[],
  scale: number,
): boolean {
  if (ownScale.test(name)) return false;
  let seen = 0;
  let near = 0;
  for (let at = 0; at < values.length; at++) {
    if (!Number.isFinite(values[at])) continue;
    const ratio = (values[at] * scale) / closes[at];
    seen++;
    if (ratio > 0.5 && ratio < 2) near++;
  }
  return near >= seen * 0.98;
}

function tradeColumns(trades: readonly ClosedTrade[]) {
  const words = new Map<string, number>();
  const word = (text: string) => {
    const place = words.get(text) ?? words.size;
    words.set(text, place);
    return place;
  };
  const columns = {
    id: differences(trades.map(({ id }) => id)),
    key: trades.map(({ key }) => word(key)),
    strategy: trades.map(({ strategy }) => word(strategy)),
    short: trades.map(({ direction }) => (direction === 'SHORT' ? 1 : 0)),
    product: trades.map(({ product }) => word(product)),
    quantity: trades.map(({ quantity }) => quantity),
    entryTime: differences(trades.map(({ entryTime }) => seconds(entryTime))),
    seconds: trades.map(({ entryTime, exitTime }) => seconds(exitTime) - seconds(entryTime)),
    entryPrice: trades.map(({ entryPrice }) => sixDecimals(entryPrice)),
    exitPrice: trades.map(({ exitPrice }) => sixDecimals(exitPrice)),
    gross: trades.map(({ grossPaise }) => grossPaise),
    charges: trades.map(({ chargesPaise }) => chargesPaise),
    /** Ten-thousandths of a percent of the entry's value; null where it had none. */
    percent: trades.map((trade) => {
      const percent = returnPercentOf(trade);
      return Number.isFinite(percent) ? Math.round(percent * 10_000) + 0 : null;
    }),
    bars: trades.map(({ bars }) => bars),
    reason: trades.map(({ exitReason }) => word(exitReason)),
    note: trades.map(({ note }) => (note === undefined ? -1 : word(note))),
  };
  return { words: [...words.keys()], ...columns };
}

function seconds(time: number): number {
  return Math.round(time / 1_000);
}

function sixDecimals(value: number): number {
  return Number(value.toFixed(6));
}

/** The coarsest of paise, 1/10,000 and 1/1,000,000 of a rupee that says every close and open exactly. */
function scaleOf(...columns: readonly Float64Array[]): number {
  const exact = (scale: number) =>
    columns.every((column) =>
      column.every((value) => Math.abs(Math.round(value * scale) - value * scale) < 1e-4),
    );
  return [100, 10_000].find(exact) ?? 1_000_000;
}

function differences(values: readonly number[]): readonly number[] {
  return values.map((value, at) => (at === 0 ? value : value - values[at - 1]));
}
