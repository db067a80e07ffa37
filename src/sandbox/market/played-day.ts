import { type CircuitLock, lockedCircuit } from '../../adapters/simulated/locked-circuit.ts';
import { BarSeries, interestAt } from '../../domain/bar-series.ts';
import { isOption } from '../../domain/instrument.ts';
import { kiteLot } from '../../domain/kite-multiplier.ts';
import { type EpochMs, minuteMs } from '../../domain/time.ts';
import type { DayTape, Track } from './day-tape.ts';
import { emptyDepth, layDepth, spreadTicks } from './depth.ts';
import { Draws, textHash } from './draws.ts';
import type { Quote } from './market.ts';
import { fillPrints, type MinuteBar, onGrid, printRows, printsMax } from './minute-prints.ts';

/**
 * How far a price may go from the previous close, as a share of it. Shares and indices with derivatives have a band that moves on by
 * `bandStep` when it is reached; others have 20 % at most. Source: NSE, price bands, as of 2026.
 */
const bands = { derivatives: 0.1, others: 0.2, bandStep: 0.05 };
/** An option may become many times its premium: this many times the previous close, and a rupee or ten in any case. */
const optionBand = { times: 4, least: 20 };

/** The prints of a day, minute by minute. Nothing is made per print: quotes are changed in place, columns are used again. */
export class PlayedDay {
  readonly tape: DayTape;
  readonly #parts: readonly Part[];
  readonly #rows;
  readonly #order: Float64Array;
  readonly #draws = new Draws();
  readonly #bar: MinuteBar = { open: 0, high: 0, low: 0, close: 0, volume: 0, tick: 0, lot: 1 };
  readonly #seed: number;
  /** Start of the minute that is laid out, and how many of its prints have been told. */
  #minute = Number.NaN;
  #count = 0;
  #told = 0;

  constructor(tape: DayTape, seed: number) {
    this.tape = tape;
    this.#seed = seed;
    this.#parts = tape.tracks.map(partOf);
    this.#rows = printRows(tape.tracks.length);
    this.#order = new Float64Array(tape.tracks.length * printsMax);
    this.#layOut();
  }

  /** When the next print comes; undefined when the day has had its last. */
  get nextTime(): EpochMs | undefined {
    return this.#told < this.#count ? this.#minute + this.#offsetAt(this.#told) : undefined;
  }

  /** Changes the quote that prints next and answers it, with what traded in `tradedLast`. Only while `nextTime` is defined. */
  print(): Quote {
    const cell = this.#order[this.#told] % this.#order.length;
    const part = this.#parts[Math.floor(cell / printsMax)];
    const price = this.#rows.price[cell];
    const quantity = this.#rows.quantity[cell];
    take(part, this.#minute, this.#minute + this.#rows.offset[cell], price, quantity);
    if (cell === part.lastCell) takeInterest(part.quote, interestAt(part.track.minutes, part.row - 1));
    this.#draws.seed(this.#seed ^ 0x5bd1e995, part.hash, this.#minute / minuteMs + cell);
    layDepth(part.quote, part.track.tick, part.spread, part.typical, this.#draws);
    this.tradedLast = quantity;
    this.#told++;
    if (this.#told === this.#count) this.#layOut();
    return part.quote;
  }

  /** Units of the print told last. */
  tradedLast = 0;

  /** Undefined before the first print. */
  quote(index: number): Quote | undefined {
    const part = this.#parts[index];
    return part.quote.lastTradeTime > 0 ? part.quote : undefined;
  }

  /** What is known before the first print: previous close and limits. */
  idleQuote(index: number): Quote {
    return this.#parts[index].quote;
  }

  /** Minutes that have closed by `now`, and the running one as far as it has printed. */
  minutesUntil(index: number, now: EpochMs): BarSeries {
    const { track, running, quote } = this.#parts[index];
    const { minutes } = track;
    let closed = 0;
    while (closed < minutes.length && minutes.time[closed] + minuteMs <= now) closed++;
    const until = new BarSeries(minutes.key, '1m', closed + 1);
    for (let row = 0; row < closed; row++) until.appendRow(minutes, row);
    if (running.time + minuteMs > now && running.time <= now) {
      until.append(running.time, running.open, running.high, running.low, running.close, running.volume);
      if (minutes.openInterest) until.setOpenInterest(until.length - 1, quote.openInterest);
    }
    return until;
  }

  /** Lays out the next minute that has any bar. */
  #layOut(): void {
    let next = Number.POSITIVE_INFINITY;
    for (const { track, row } of this.#parts) {
      if (row < track.minutes.length) next = Math.min(next, track.minutes.time[row]);
    }
    this.#told = 0;
    this.#count = 0;
    if (next === Number.POSITIVE_INFINITY) return;
    this.#minute = next;
    for (let index = 0; index < this.#parts.length; index++) {
      const part = this.#parts[index];
      const { minutes } = part.track;
      if (part.row < minutes.length && minutes.time[part.row] === next)
        this.#layOutOne(part, index * printsMax);
    }
    // Sorted by time, and by place where the time is the same: both are in one number.
    this.#order.subarray(0, this.#count).sort();
  }

  #layOutOne(part: Part, first: number): void {
    const { minutes, tick, listed } = part.track;
    const bar = this.#bar;
    const { row } = part;
    bar.open = minutes.open[row];
    bar.high = minutes.high[row];
    bar.low = minutes.low[row];
    bar.close = minutes.close[row];
    bar.volume = minutes.volume[row];
    bar.tick = tick;
    bar.lot = kiteLot(listed.instrument);
    part.row++;
    part.locked = lockedCircuit(listed.instrument, {
      high: bar.high,
      low: bar.low,
      previousClose: part.quote.previousClose,
      tick: tick || 0.01,
    });
    this.#draws.seed(this.#seed, part.hash, minutes.time[row] / minuteMs);
    const count = fillPrints(this.#rows, first, bar, this.#draws);
    part.lastCell = first + count - 1;
    const cells = this.#order.length;
    for (let cell = first; cell < first + count; cell++) {
      this.#order[this.#count++] = this.#rows.offset[cell] * cells + cell;
    }
  }

  #offsetAt(place: number): number {
    return this.#rows.offset[this.#order[place] % this.#order.length];
  }
}

interface Running {
  time: EpochMs;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** What a day knows of one instrument. */
interface Part {
  readonly track: Track;
  readonly quote: Quote;
  readonly running: Running;
  readonly hash: number;
  readonly spread: number;
  /** Units in an ordinary level of the book. */
  readonly typical: number;
  /** Minute that is laid out next. */
  row: number;
  /** Cell of the last print of the minute that is laid out. */
  lastCell: number;
  /** Rupees that changed hands. */
  turnover: number;
  /** Of the minute that is laid out. */
  locked: CircuitLock;
}

function partOf(track: Track): Part {
  const { minutes, listed } = track;
  const level = Number.isNaN(track.previousClose)
    ? minutes.length > 0
      ? minutes.open[0]
      : 0
    : track.previousClose;
  let volume = 0;
  for (let row = 0; row < minutes.length; row++) volume += minutes.volume[row];
  const perMinute = minutes.length > 0 ? volume / minutes.length : 0;
  return {
    track,
    quote: quoteOf(track, level),
    running: { time: Number.NaN, open: 0, high: 0, low: 0, close: 0, volume: 0 },
    hash: textHash(listed.instrument.key),
    spread: spreadTicks(perMinute * level, isOption(listed.instrument)),
    typical: Math.max(kiteLot(listed.instrument), perMinute / 8),
    row: 0,
    lastCell: -1,
    turnover: 0,
    locked: 0,
  };
}

function quoteOf({ listed, tick, previousOpenInterest }: Track, previousClose: number): Quote {
  return {
    listed,
    time: 0,
    lastTradeTime: 0,
    lastPrice: previousClose,
    lastQuantity: 0,
    averagePrice: 0,
    volume: 0,
    buyQuantity: 0,
    sellQuantity: 0,
    open: 0,
    high: 0,
    low: 0,
    previousClose,
    openInterest: previousOpenInterest,
    openInterestHigh: previousOpenInterest,
    openInterestLow: previousOpenInterest,
    ...circuitOf(listed.instrument, previousClose, tick),
    locked: 0,
    bids: emptyDepth(),
    asks: emptyDepth(),
  };
}

function circuitOf(instrument: Track['listed']['instrument'], close: number, tick: number) {
  const step = tick || 0.01;
  if (isOption(instrument)) {
    const upperCircuit = onGrid(Math.max(close * optionBand.times, close + optionBand.least), step);
    return { lowerCircuit: step, upperCircuit };
  }
  const moving = instrument.hasDerivatives || instrument.kind !== 'EQ';
  const band = moving ? bands.derivatives : bands.others;
  return {
    lowerCircuit: onGrid(Math.ceil((close * (1 - band)) / step - 1e-9) * step, step),
    upperCircuit: onGrid(Math.floor((close * (1 + band)) / step + 1e-9) * step, step),
  };
}

// The exchange counts once a minute, so its last print brings what the minute's bar has.
function takeInterest(quote: Quote, units: number): void {
  if (Number.isNaN(units)) return;
  quote.openInterest = units;
  if (units > quote.openInterestHigh) quote.openInterestHigh = units;
  if (units < quote.openInterestLow || quote.openInterestLow === 0) quote.openInterestLow = units;
}

/** The last price is at a limit. An option at one tick is no lock: it cannot be worth less, and is bought at that price. */
function atCircuit({ listed: { instrument }, lastPrice, lowerCircuit, upperCircuit }: Quote): CircuitLock {
  if (instrument.kind === 'INDEX') return 0;
  if (lastPrice >= upperCircuit) return 1;
  return lastPrice <= lowerCircuit && !isOption(instrument) ? -1 : 0;
}

function take(part: Part, minute: EpochMs, time: EpochMs, price: number, quantity: number): void {
  const { quote, running, track } = part;
  if (quote.lastTradeTime === 0) {
    quote.open = price;
    quote.high = price;
    quote.low = price;
  }
  quote.time = time;
  quote.lastTradeTime = time;
  quote.lastPrice = price;
  quote.lastQuantity = quantity;
  quote.volume += quantity;
  part.turnover += price * quantity;
  quote.averagePrice = quote.volume > 0 ? Math.round((part.turnover / quote.volume) * 100) / 100 : 0;
  if (price > quote.high) quote.high = price;
  if (price < quote.low) quote.low = price;
  // A band that is reached moves on.
  const step = onGrid(quote.previousClose * bands.bandStep, track.tick) || track.tick || 1;
  while (price > quote.upperCircuit) quote.upperCircuit = onGrid(quote.upperCircuit + step, track.tick);
  while (price < quote.lowerCircuit) quote.lowerCircuit = onGrid(quote.lowerCircuit - step, track.tick);
  quote.locked = part.locked === 0 ? atCircuit(quote) : part.locked;

  if (running.time !== minute) {
    running.time = minute;
    running.open = price;
    running.high = price;
    running.low = price;
    running.volume = 0;
  }
  if (price > running.high) running.high = price;
  if (price < running.low) running.low = price;
  running.close = price;
  running.volume += quantity;
}
