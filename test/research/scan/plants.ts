import type { ScannedBars } from '../../../src/research/scan/evaluate.ts';
import {
  asDays,
  asQuarters,
  drifting,
  emaOf,
  highest,
  lowest,
  means,
  type Row,
  then,
} from './planted-bars.ts';

/** Bars of one instrument, and those of days where the scan looks at them too. */
export interface Planted {
  readonly base: ScannedBars;
  readonly days?: ScannedBars;
}

/** What a scan has to find, and what looks much like it and is not. */
export interface Plant {
  readonly planted: (seed: number) => Planted;
  readonly control: (seed: number) => Planted;
}

const days = (rows: readonly Row[]): Planted => ({ base: asDays(rows) });
const ofDays = (planted: (seed: number) => Row[], control: (seed: number) => Row[]): Plant => ({
  planted: (seed) => days(planted(seed)),
  control: (seed) => days(control(seed)),
});
const flat = (seed: number, count = 260) => drifting(count, 0, seed);
const rising = (seed: number, count = 260) => drifting(count, 0.4, seed);
const falling = (seed: number, count = 260) => drifting(count, -0.4, seed);

/** Swings that change sides every day, by so many percent at first and at last. */
function swinging(seed: number, first: number, last: number, count = 200): Row[] {
  return drifting(count, 0, seed, 0).map((row, at, rows) => {
    const percent = first + ((last - first) * at) / (rows.length - 1);
    const close = row.open * (1 + (at % 2 === 0 ? percent : -percent) / 2 / 100);
    return { ...row, close, high: Math.max(row.high, close), low: Math.min(row.low, close) };
  });
}

/** Closes through the last means of 50 and 200 days, cut so many days behind the day on which they cross. */
function crossing(seed: number, up: boolean, behind: number): Row[] {
  const sign = up ? 1 : -1;
  const before = drifting(220, -0.2 * sign, seed);
  const rows = [...before];
  for (let turned = drifting(120, 0.8 * sign, seed); turned.length > 0; turned = turned.slice(1)) {
    const scale = rows[rows.length - 1].close / turned[0].open;
    const [{ open, high, low, close, volume }] = turned;
    rows.push({ open: open * scale, high: high * scale, low: low * scale, close: close * scale, volume });
  }
  const [fast, slow] = [means(rows, 50), means(rows, 200)];
  const cross = rows.findIndex((_, at) => at > 221 && (fast[at] - slow[at]) * sign > 0);
  return rows.slice(0, cross + 1 + behind);
}

/** A fall that grows steeper and then turns, cut on the day on which MACD crosses its signal, or before it. */
function macdTurn(seed: number, before: number): Row[] {
  let rows = drifting(100, -0.3, seed, 0.02);
  for (let day = 0; day < 60; day++)
    rows = then(rows, ({ close }) => ({ close: close * (day < 20 ? 0.99 : 1.004) }));
  const line = rows.map((_, at) => emaOf(rows.slice(0, at + 1), 12) - emaOf(rows.slice(0, at + 1), 26));
  const signal: number[] = [];
  let sum = 0;
  line.forEach((value, at) => {
    if (at < 25) signal.push(Number.NaN);
    else if (at < 33) {
      sum += value;
      signal.push(Number.NaN);
    } else if (at === 33) signal.push((sum + value) / 9);
    else signal.push(signal[at - 1] + (value - signal[at - 1]) * 0.2);
  });
  const cross = line.findIndex(
    (value, at) => at > 119 && value > signal[at] && line[at - 1] <= signal[at - 1],
  );
  return rows.slice(0, cross + 1 - before);
}

/** A day of 15-minute bars by their closes in percent of a level, each with a range of 0.2 %. */
function quarters(level: number, percents: readonly number[], volume = 1_000): Row[] {
  return percents.map((percent, at) => {
    const close = level * (1 + percent / 100);
    const open = at === 0 ? level : level * (1 + percents[at - 1] / 100);
    const reach = level * 0.001;
    return { open, close, high: Math.max(open, close) + reach, low: Math.min(open, close) - reach, volume };
  });
}

const yesterday = Array.from({ length: 25 }, (_, at) => (at % 2) * 0.1);
const intraday = (seed: number, today: readonly number[], dayRows = rising(seed)): Planted => {
  const level = dayRows[dayRows.length - 1].close;
  return { base: asQuarters([quarters(level, yesterday), quarters(level, today)]), days: asDays(dayRows) };
};
const ofQuarters = (planted: readonly number[], control: readonly number[]): Plant => ({
  planted: (seed) => intraday(seed, planted),
  control: (seed) => intraday(seed, control),
});

/** Five bars around a level, given by percents of it: open, high, low, close. */
function candles(rows: Row[], percents: readonly (readonly [number, number, number, number])[]): Row[] {
  const level = rows[rows.length - 1].close;
  const of = (percent: number) => level * (1 + percent / 100);
  return [
    ...rows,
    ...percents.map(([open, high, low, close]) => ({
      ...{ open: of(open), high: of(high), low: of(low), close: of(close), volume: 1_000 },
    })),
  ];
}

const upTo = (rows: Row[], factor: number, volume = 1_000) =>
  then(rows, () => ({ close: highest(rows, 20) * factor, volume }));
const downTo = (rows: Row[], factor: number, volume = 1_000) =>
  then(rows, () => ({ close: lowest(rows, 20) * factor, volume }));
const touching = (seed: number, share: number) => {
  const rows = rising(seed);
  return then(rows, ({ close }) => ({ close, low: emaOf(rows, 20) * share }));
};
/** Three days of one percent against the way that went before. */
const setback = (rows: Row[], percent: number) =>
  [1, 2, 3].reduce((all) => then(all, ({ close }) => ({ close: close * (1 + percent / 100) })), rows);
const dry = (seed: number, dryDays: number) =>
  rising(seed).map((row, at, rows) => (rows.length - at <= dryDays ? { ...row, volume: 200 } : row));
/** Wide bars whose closes hardly move any more: bands inside the channel, after swings that stood outside. */
const squeezed = (seed: number) => swinging(seed, 1.2, 0.05);
const liquid = (rows: readonly Row[]): Row[] => rows.map((row) => ({ ...row, volume: row.volume * 10_000 }));

/** One entry for every named scan that ships. */
export const plants: Readonly<Record<string, Plant>> = {
  breakout_volume: ofDays(
    (seed) => upTo(flat(seed), 1.01, 4_000),
    (seed) => upTo(flat(seed), 1.01, 1_500),
  ),
  breakdown_volume: ofDays(
    (seed) => downTo(flat(seed), 0.99, 4_000),
    (seed) => downTo(flat(seed), 1.001, 4_000),
  ),
  high_52_week: ofDays(
    (seed) => upTo(flat(seed), 1.02),
    (seed) => then(flat(seed), ({ close }) => ({ close, high: close * 1.0001 })),
  ),
  low_52_week: ofDays(
    (seed) => downTo(flat(seed), 0.98),
    (seed) => then(flat(seed), ({ close }) => ({ close, low: close * 0.9999 })),
  ),
  near_52_week_high: ofDays(
    (seed) => then(rising(seed), ({ close }) => ({ close: close * 0.99 })),
    (seed) => then(rising(seed), ({ close }) => ({ close: close * 0.95 })),
  ),
  nr7: ofDays(
    (seed) => then(flat(seed), ({ close }) => ({ close, high: close * 1.0005, low: close * 0.9995 })),
    (seed) => then(flat(seed), ({ close }) => ({ close, high: close * 1.02, low: close * 0.98 })),
  ),
  nr7_inside: ofDays(
    (seed) => then(flat(seed), ({ close }) => ({ close, high: close * 1.0005, low: close * 0.9995 })),
    (seed) =>
      then(flat(seed), ({ high }) => ({ open: high, close: high, high: high * 1.0005, low: high * 0.9995 })),
  ),
  inside_bar: ofDays(
    (seed) => then(flat(seed), ({ high, low, close }) => ({ close, high: high * 0.9999, low: low * 1.0001 })),
    (seed) => then(flat(seed), ({ high, low, close }) => ({ close, high: high * 1.0001, low: low * 1.0001 })),
  ),
  outside_bar: ofDays(
    (seed) => then(flat(seed), ({ high, low, close }) => ({ close, high: high * 1.0001, low: low * 0.9999 })),
    (seed) => then(flat(seed), ({ high, low, close }) => ({ close, high: high * 1.0001, low: low * 1.0001 })),
  ),
  gap_up: ofDays(
    (seed) => then(flat(seed), ({ close }) => ({ open: close * 1.021, close: close * 1.03 })),
    (seed) => then(flat(seed), ({ close }) => ({ open: close * 1.021, close: close * 1.02 })),
  ),
  gap_down: ofDays(
    (seed) => then(flat(seed), ({ close }) => ({ open: close * 0.979, close: close * 0.97 })),
    (seed) => then(flat(seed), ({ close }) => ({ open: close * 0.981, close: close * 0.97 })),
  ),
  pullback_ema20: ofDays(
    (seed) => touching(seed, 0.999),
    (seed) => touching(seed, 1.005),
  ),
  squeeze: ofDays(squeezed, (seed) => swinging(seed, 0.05, 4)),
  squeeze_release: ofDays(
    (seed) => then(squeezed(seed), ({ close }) => ({ close: close * 1.03 })),
    (seed) => then(squeezed(seed), ({ close }) => ({ close })),
  ),
  relative_strength: ofDays(rising, falling),
  relative_weakness: ofDays(falling, rising),
  oversold_uptrend: ofDays(
    (seed) => setback(rising(seed), -1),
    (seed) => setback(rising(seed), 0.5),
  ),
  overbought_downtrend: ofDays(
    (seed) => setback(falling(seed), 1),
    (seed) => setback(falling(seed), -0.5),
  ),
  golden_cross: ofDays(
    (seed) => crossing(seed, true, 2),
    (seed) => crossing(seed, true, 8),
  ),
  death_cross: ofDays(
    (seed) => crossing(seed, false, 4),
    (seed) => crossing(seed, false, -1),
  ),
  macd_turn_up: ofDays(
    (seed) => macdTurn(seed, 0),
    (seed) => macdTurn(seed, 1),
  ),
  supertrend_flip_up: ofDays(
    (seed) => then(drifting(80, -1, seed), ({ close }) => ({ close: close * 1.12 })),
    (seed) => then(drifting(80, -1, seed), ({ close }) => ({ close: close * 1.005 })),
  ),
  supertrend_flip_down: ofDays(
    (seed) => then(drifting(80, 1, seed), ({ close }) => ({ close: close * 0.88 })),
    (seed) => then(drifting(80, 1, seed), ({ close }) => ({ close: close * 0.995 })),
  ),
  volume_dry_up: ofDays(
    (seed) => dry(seed, 3),
    (seed) => dry(seed, 2),
  ),
  vwap_reclaim: ofQuarters([0.2, -0.5, -0.8, -1, -0.9, 0.5], [0.2, -0.5, -0.8, -1, -0.9, -0.9]),
  opening_range_break: ofQuarters([0.3, 0.1, 0.2, 0.15, 1], [0.3, 0.1, 0.2, 0.15, 0.2, 0.1, 0.2, 0.15, 1]),
  opening_range_breakdown: ofQuarters([0.3, 0.1, 0.2, 0.15, -1], [0.3, 0.1, 0.2, -1, -1.2]),
  oversold_intraday_uptrend: ofQuarters(
    [-0.2, -0.4, -0.6, -0.8, -1, -1.2, -1.4, -1.6],
    [0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6],
  ),
  bullish_engulfing_support: ofDays(
    (seed) =>
      candles(flat(seed), [
        [0.2, 0.4, -0.6, -0.4],
        [-0.5, 0.7, -0.7, 0.6],
      ]),
    (seed) =>
      candles(flat(seed), [
        [0.2, 0.4, -0.6, -0.4],
        [-0.5, 0.2, -0.7, 0.1],
      ]),
  ),
  // The bar behind the hammer confirms it: it closes above.
  hammer_oversold: ofDays(
    (seed) =>
      candles(drifting(60, -1, seed), [
        [-1, -0.9, -1.6, -1.5],
        [-1.5, -1.48, -4, -1.5 + 0.01],
        [-1.5, -0.4, -1.6, -0.5],
      ]),
    (seed) =>
      candles(drifting(60, -1, seed), [
        [-1, -0.9, -1.6, -1.5],
        [-1.5, -1.48, -4, -1.5 + 0.01],
        [-1.5, -1.4, -2.6, -2.5],
      ]),
  ),
  morning_star: ofDays(
    (seed) =>
      candles(drifting(60, -0.5, seed), [
        [0, 0.1, -2.1, -2],
        [-2.6, -2.4, -2.9, -2.5],
        [-2.2, -0.3, -2.3, -0.4],
      ]),
    (seed) =>
      candles(drifting(60, -0.5, seed), [
        [0, 0.1, -2.1, -2],
        [-2.6, -2.4, -2.9, -2.5],
        [-2.2, -1.6, -2.3, -1.7],
      ]),
  ),
  shooting_star_resistance: ofDays(
    (seed) =>
      candles(drifting(80, 0.5, seed), [
        [0.6, 0.75, 0.55, 0.6],
        [0.6, 2.6, 0.59, 0.62],
        [0.6, 0.7, -0.4, -0.3],
      ]),
    (seed) =>
      candles(drifting(80, 0.5, seed), [
        [0.6, 0.75, 0.55, 0.6],
        [0.6, 2.6, 0.59, 0.62],
        [0.6, 1.2, 0.5, 1.1],
      ]),
  ),
  quality_breakout: ofDays(
    (seed) => liquid(upTo(rising(seed), 1.01, 3_000)),
    (seed) => upTo(rising(seed), 1.01, 3_000),
  ),
  quality_pullback: ofDays(
    (seed) => liquid(touching(seed, 0.999)),
    (seed) => liquid(touching(seed, 1.005)),
  ),
};
