import { BarSeries } from '../../domain/bar-series.ts';
import { exactExp } from '../../domain/exact-math.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { istDayNumber } from '../../domain/time.ts';
import { syntheticExchange } from './listings.ts';
import type { PricePath } from './price-path.ts';
import { Random } from './random.ts';

export const volatilityInstrument: Instrument = {
  key: `${syntheticExchange}:VIX`,
  exchange: syntheticExchange,
  tradingsymbol: 'VIX',
  rules: 'NSE',
  kind: 'INDEX',
  tickSize: 0.0025,
  lotSize: 1,
  synthetic: true,
};

/** Volatility that options expect, minute by minute of the index. */
export interface ExpectedVolatility {
  /** Bars in percent a year, as NSE publishes its index. */
  readonly series: BarSeries;
  /** Exact level at the end of each minute, as a share a year. */
  readonly closing: Float64Array;
}

// Calibrated to India VIX 2012–2026: median 15.8, a daily change of 5.1 % with excess kurtosis 8.6 and correlation -0.54 with the
// index, and 1.29 times the volatility that the next 21 days turned out to have.
const ordinaryLevel = 0.172;
/** What is left of a strayed mood after a session. */
const keptMood = 0.95;
/** How much of the index's present nerves is expected to last. */
const shareOfNerves = 0.07;
/** Rise of the log level for a fall of 1 in the index, minute by minute. */
const fear = 2.6;
/** For what a session falls beyond 1.4 %, on top: bad news counts more. */
const panic = 8;
const panicBeyond = 0.014;
const nightNoise = 0.011;
const nightTails = 1;
const minuteNoise = 0.0009;
const minuteTails = 0.5;
/** Quotes of far options flicker: it is in every printed value and gone in the next. */
const flicker = 0.0018;
const lowestLevel = 0.08;

const stepsPerPoint = 400;

/** The volatility index of an invented index: it grows when the index falls or grows nervous, and calms down slowly. */
export function volatilityIndex(seed: number, index: PricePath): ExpectedVolatility {
  const { series: prices, opening, closing: levels, nerves } = index;
  const random = new Random(seed, 'VIX');
  const series = new BarSeries(volatilityInstrument.key, prices.timeframe, prices.length);
  const closing = new Float64Array(prices.length);
  let mood = 0;
  let session = -1;
  let day = Number.NaN;
  let sessionOpen = opening[0];
  let before = opening[0];

  for (let row = 0; row < prices.length; row++) {
    const today = istDayNumber(prices.time[row]);
    if (today !== day) {
      const fall = 1 - before / sessionOpen;
      day = today;
      session++;
      sessionOpen = opening[row];
      const night = opening[row] / before - 1;
      const shock = nightNoise * random.normal() * exactExp(nightTails * random.normal());
      mood = mood * keptMood - fear * night;
      if (session > 0) mood += shock + panic * Math.max(0, fall - panicBeyond);
    }
    const from = levelOf(mood, nerves[session]);
    const noise = minuteNoise * random.normal() * exactExp(minuteTails * random.normal());
    mood += noise - fear * (levels[row] / opening[row] - 1);
    before = levels[row];
    const to = levelOf(mood, nerves[session]);
    closing[row] = to;

    const open = printed(from * (1 + flicker * random.normal()));
    const close = printed(to * (1 + flicker * random.normal()));
    const reach = Math.abs(flicker * random.normal());
    series.append(
      prices.time[row],
      open,
      Math.max(open, close, printed(Math.max(from, to) * (1 + reach))),
      Math.min(open, close, printed(Math.min(from, to) * (1 - reach))),
      close,
      0,
    );
  }
  return { series, closing };
}

function levelOf(mood: number, nerves: number): number {
  return Math.max(lowestLevel, ordinaryLevel * exactExp(mood + shareOfNerves * nerves));
}

function printed(level: number): number {
  return Math.floor(level * 100 * stepsPerPoint + 0.5) / stepsPerPoint;
}
