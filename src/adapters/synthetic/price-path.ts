import { BarSeries } from '../../domain/bar-series.ts';
import type { TradingSession } from '../../domain/rulebook.ts';
import { type Interval, minuteMs } from '../../domain/time.ts';
import { exponential, logarithm } from './arithmetic.ts';
import { type DayShape, minuteOnOrdinaryDay } from './day-shape.ts';
import type { Listing } from './listings.ts';
import type { Random } from './random.ts';
import type { Weather } from './scenario.ts';

/** What the walk of one instrument leaves behind: its bars, and the exact level before and after each for those who follow it. */
export interface PricePath {
  readonly series: BarSeries;
  readonly opening: Float64Array;
  readonly closing: Float64Array;
  /** Log of each session's volatility against an ordinary one's, one a session. */
  readonly nerves: Float64Array;
}

/** The index as a stock sees it. Shares are the stock's move for each unit of the index's move. */
export interface Market {
  readonly path: PricePath;
  readonly minuteShare: number;
  readonly overnightShare: number;
  /** Share of the overnight variance that is the stock's own. */
  readonly overnightOwn: number;
}

export interface Walk {
  readonly listing: Listing;
  readonly sessions: readonly TradingSession[];
  /** Tick in whole paise for a day on which prices may reach `price`. */
  readonly tickPaise: (dayNumber: number, price: number) => number;
  readonly shape: DayShape;
  readonly random: Random;
  /** Standard deviation of the whole move between open and close, and from close to open, as shares of the price. */
  readonly dayMove: number;
  readonly overnightMove: number;
  /** Expected rise from close to open, as a share. */
  readonly drift: number;
  /** Farthest from the previous close that a price may be, as a share. */
  readonly band: number;
  readonly market: Market | undefined;
  /** Of the session at a position; moves, drifts and pulls beyond the ordinary. */
  readonly weather: (position: number) => Weather;
}

// Calibrated to NSE minute data 2021–2024. Log volatility of a day: standard deviation 0.346, autocorrelation 0.66; of the
// minutes within it: the remaining excess kurtosis of about 2 and the quick decay of |return| autocorrelation.
const dayCalm = slowWave(0.72, 0.38);
const minuteCalm = slowWave(0.93, 0.26);
const overnightCalm = 0.42;
/** A falling market grows nervous: how much of the next day's volatility news is the last day's fall. */
const fear = 0.4;

// Log volume within a minute of the day: standard deviation 1.0, autocorrelation 0.51 after one and 0.23 after thirty minutes.
const dayVolume = slowWave(0.63, 0.45);
const slowVolume = slowWave(0.985, 0.6);
const quickVolume = slowWave(0.35, 0.68);
const volumeOfMove = 0.4;

/** Between two sittings of one day the market moves less than overnight. */
const pauseMove = 0.2;
/** Extremes reach less far than a continuous path would, since trades are few and prices stick to the grid. */
const reach = 0.8;

/** Squares of the distance by which a random walk overshoots, for equally likely cases. */
const overshoot = Float64Array.from(
  { length: 1024 },
  (_, index) => -2 * logarithm((index + 0.5) / 1024) * reach * reach,
);

/**
 * One-minute bars of an invented instrument: a walk whose volatility changes by minute of the day, by day and from
 * minute to minute, with its share of the index's moves, printed on the tick grid inside the day's price band.
 */
export function walk(plan: Walk): PricePath {
  const { listing, random, sessions } = plan;
  const path = emptyPath(listing, sessions);
  const follower = plan.market ? new Follower(plan.market) : undefined;
  const state = new State(listing.price);

  for (const [position, session] of sessions.entries()) {
    state.newDay(random);
    path.nerves[position] = state.dayNerves;
    const weather = plan.weather(position);
    const band = (plan.market ? undefined : weather.band) ?? plan.band;
    const previousClose = state.print / 100;
    const tick = plan.tickPaise(session.dayNumber, previousClose * (1 + band));
    const floor = Math.ceil((state.print * (1 - band)) / tick);
    const ceiling = Math.floor((state.print * (1 + band)) / tick);
    const opening = state.level;

    session.windows.forEach((window, sitting) => {
      const aim = sitting === 0 && weather.aim !== undefined ? previousClose * weather.aim : undefined;
      overnight(plan, state, { follower, time: window.from, sitting, weather });
      trade(plan, state, path, { follower, session, window, tick, floor, ceiling, weather, aim });
    });
    state.lastMove = (state.level / opening - 1) / (plan.dayMove + plan.overnightMove);
  }
  return path;
}

class State {
  /** Exact price in rupees, between the ticks. */
  level: number;
  /** Last printed price in paise. */
  print: number;
  dayNerves = 0;
  /** Of the minute; the log of its volatility against the day's. */
  nerves = 0;
  dayInterest = 0;
  slowInterest = 0;
  quickInterest = 0;
  /** Yesterday's whole move in units of an ordinary one. */
  lastMove = 0;
  /** e^dayNerves and e^dayInterest with mean square 1 and mean 1. */
  dayVolatility = 1;
  dayVolume = 1;

  constructor(price: number) {
    this.level = price;
    this.print = Math.round(price * 100);
  }

  newDay(random: Random): void {
    const shock = Math.sqrt(1 - fear * fear) * random.normal() - fear * this.lastMove;
    this.dayNerves = dayCalm.keep * this.dayNerves + dayCalm.news * shock;
    this.dayVolatility = exponential(this.dayNerves - dayCalm.variance);
    this.dayInterest = dayVolume.keep * this.dayInterest + dayVolume.news * random.normal();
    this.dayVolume = exponential(
      this.dayInterest + this.dayNerves - (dayVolume.variance + dayCalm.variance) / 2,
    );
  }
}

function overnight(
  plan: Walk,
  state: State,
  {
    follower,
    time,
    sitting,
    weather,
  }: { follower: Follower | undefined; time: number; sitting: number; weather: Weather },
): void {
  const { random, market } = plan;
  const fat = exponential(overnightCalm * random.normal() - overnightCalm * overnightCalm);
  const size =
    plan.overnightMove *
    fat *
    (sitting === 0 ? 1 : pauseMove) *
    (0.5 + 0.5 * state.dayVolatility) *
    weather.volatility;
  const rise = sitting === 0 ? plan.drift + (market ? 0 : weather.gap) : 0;
  const own = size * random.normal() * (market ? market.overnightOwn : 1) + rise;
  const shared = market && follower ? follower.jumpTo(time) * market.overnightShare : 0;
  state.level *= 1 + own + shared;
}

interface Sitting {
  follower: Follower | undefined;
  session: TradingSession;
  window: Interval;
  /** Paise. */
  tick: number;
  /** Lowest and highest price of the day, in ticks. */
  floor: number;
  ceiling: number;
  weather: Weather;
  /** Level that the last minute reaches, but for its own noise. */
  aim: number | undefined;
}

/** The minutes of one window. Everything a minute needs is a local variable: this loop makes every bar there is. */
function trade(
  plan: Walk,
  state: State,
  path: PricePath,
  { follower, session, window, tick, floor, ceiling, weather, aim }: Sitting,
): void {
  const { random, shape, listing } = plan;
  const { series, opening, closing } = path;
  const ticksPerRupee = 100 / tick;
  const lowest = floor / ticksPerRupee;
  const highest = ceiling / ticksPerRupee;
  const own = Math.sqrt(1 - listing.correlation * listing.correlation);
  const shared = plan.market?.minuteShare ?? 0;
  const typicalMove = plan.dayMove * minuteShareOfDay * state.dayVolatility * weather.volatility;
  const typicalVolume = listing.volumePerDay * minuteShareOfVolume * state.dayVolume;
  const sessionMinutes = Math.round((session.close - session.open) / minuteMs);
  const minutes = Math.ceil((window.to - window.from) / minuteMs);
  const firstMinute = Math.round((window.from - session.open) / minuteMs);
  const firstRow = series.length;
  // A stock has no weather of its own: it follows the index.
  const leads = plan.market === undefined;
  const drift = leads ? weather.drift * minuteShareOfVolume : 0;
  const anchor = aim ?? listing.price * weather.anchor;
  const steadyPull = leads ? weather.pull : 0;
  const aims = leads && aim !== undefined;
  let { level, nerves, slowInterest, quickInterest } = state;
  let close = Math.round(state.print / tick);

  for (let minute = 0; minute < minutes; minute++) {
    const row = firstRow + minute;
    const place = minuteOnOrdinaryDay(firstMinute + minute, sessionMinutes);
    const time = window.from + minute * minuteMs;
    nerves = minuteCalm.keep * nerves + minuteCalm.news * random.normal();
    const spread = typicalMove * shape.moves[place] * exponential(nerves - minuteCalm.variance);
    const shock = random.normal();
    const lead = follower === undefined ? 0 : follower.minuteAt(time) * shared;

    const from = level;
    // Both are zero in a calm market, and adding zero changes no bit.
    const pull = aims ? 1 / (minutes - minute) : steadyPull;
    const bias = drift + pull * (anchor / from - 1);
    level = clamp(from * (1 + spread * own * shock + lead + bias), lowest, highest);

    // The last trade hits the bid or the offer, so a print lies up to half a tick off the exact price.
    const side = random.int32();
    const open = clamp(nearest(from * ticksPerRupee + (side & 1023) / 1023 - 0.5), floor, ceiling);
    close = clamp(nearest(level * ticksPerRupee + ((side >> 10) & 1023) / 1023 - 0.5), floor, ceiling);
    const far = random.int32();
    const middle = from + level;
    const move = (level - from) * (level - from);
    const wide = from * from * spread * spread;
    const top = (middle + Math.sqrt(move + wide * overshoot[far & 1023])) * 0.5;
    const bottom = (middle - Math.sqrt(move + wide * overshoot[(far >> 10) & 1023])) * 0.5;
    const high = Math.max(open, close, Math.min(ceiling, nearest(top * ticksPerRupee)));
    const low = Math.min(open, close, Math.max(floor, nearest(bottom * ticksPerRupee)));

    opening[row] = from;
    closing[row] = level;
    // Whole paise divided by 100 is the double nearest to the decimal price, which ticks times 0.05 is not.
    series.time[row] = time;
    series.open[row] = (open * tick) / 100;
    series.high[row] = (high * tick) / 100;
    series.low[row] = (low * tick) / 100;
    series.close[row] = (close * tick) / 100;

    if (typicalVolume > 0) {
      slowInterest = slowVolume.keep * slowInterest + slowVolume.news * random.normal();
      quickInterest = quickVolume.keep * quickInterest + quickVolume.news * random.normal();
      const interest = slowInterest + quickInterest + volumeOfMove * (Math.abs(shock) - meanShock);
      const units = typicalVolume * shape.volumes[place] * exponential(interest - volumeVariance / 2);
      series.volume[row] = Math.max(1, nearest(units));
    }
  }

  series.length = firstRow + minutes;
  state.level = level;
  state.nerves = nerves;
  state.slowInterest = slowInterest;
  state.quickInterest = quickInterest;
  state.print = close * tick;
}

const volumeVariance = slowVolume.variance + quickVolume.variance;

/** Variances of the minutes add up to the day's. */
const minuteShareOfDay = 1 / Math.sqrt(375);
const minuteShareOfVolume = 1 / 375;
/** Mean absolute value of a normal number. */
const meanShock = 0.7978845608028654;

/** Reads the index's moves in step with a stock whose hours may differ. */
class Follower {
  readonly #path: PricePath;
  #row = 0;
  /** Index level at the stock's last bar. */
  #seen: number;

  constructor({ path }: Market) {
    this.#path = path;
    this.#seen = path.opening[0];
  }

  /** The index's move since the stock last traded, up to the index's own opening of this sitting. */
  jumpTo(time: number): number {
    this.#advance(time);
    if (this.#row === this.#path.series.length) return 0;
    const level = this.#path.opening[this.#row];
    const move = level / this.#seen - 1;
    this.#seen = level;
    return move;
  }

  /** The index's move within the minute; what it did while the stock rested belongs to the next jump. */
  minuteAt(time: number): number {
    this.#advance(time);
    const { series, opening, closing } = this.#path;
    if (this.#row === series.length || series.time[this.#row] !== time) return 0;
    this.#seen = closing[this.#row];
    return closing[this.#row] / opening[this.#row] - 1;
  }

  #advance(time: number): void {
    const { series } = this.#path;
    while (this.#row < series.length && series.time[this.#row] < time) this.#row++;
  }
}

function emptyPath({ instrument }: Listing, sessions: readonly TradingSession[]): PricePath {
  let bars = 0;
  for (const session of sessions)
    for (const window of session.windows) bars += Math.ceil((window.to - window.from) / minuteMs);
  const series = new BarSeries(instrument.key, '1m', bars);
  return {
    series,
    opening: new Float64Array(bars),
    closing: new Float64Array(bars),
    nerves: new Float64Array(sessions.length),
  };
}

/** A first-order autoregression with a given standard deviation: what it keeps of its last value, and the weight of news. */
function slowWave(keep: number, deviation: number) {
  return { keep, news: deviation * Math.sqrt(1 - keep * keep), variance: deviation * deviation };
}

function clamp(value: number, least: number, most: number): number {
  return value < least ? least : value > most ? most : value;
}

/** Nearest whole number of a positive value. */
function nearest(value: number): number {
  return Math.floor(value + 0.5);
}
