import type { Instrument } from '#src/domain/instrument.ts';
import { minuteMs, secondMs } from '#src/domain/time.ts';
import type { World } from './world.ts';

/** One share of the simulated exchange, as the exchange itself knows it. Prices in whole paise. */
export interface Listed {
  readonly instrument: Instrument;
  readonly token: number;
  readonly previousClose: number;
  readonly lowerCircuit: number;
  readonly upperCircuit: number;
  readonly tick: number;
  last: number;
  lastTime: number;
  volume: number;
  open: number;
  high: number;
  low: number;
}

export interface Candle {
  /** Opening instant. */
  readonly time: number;
  readonly open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

const tickPaise = 5;

/** Prices that walk at random, a print every second or so, from the session's open to its close. */
export class SimulatedMarket {
  readonly listed: readonly Listed[];
  readonly candles = new Map<number, Candle[]>();
  readonly #world: World;
  readonly #draw: () => number;
  readonly #open: number;
  readonly #close: number;
  /** Paise of a usual step. */
  readonly #step: number;
  onPrint: (listed: Listed, quantity: number) => void = () => undefined;
  /** Every second while the market is open, after the prints of that second. */
  onSecond: () => void = () => undefined;

  constructor(world: World, instruments: readonly Instrument[], hours: { open: number; close: number }) {
    this.#world = world;
    this.#draw = world.chance('market');
    this.#open = hours.open;
    this.#close = hours.close;
    this.#step = 10 + Math.floor(this.#draw() * 50);
    this.listed = instruments.map((instrument, at) => {
      const base = 40_000 + Math.floor(this.#draw() * 8_000) * tickPaise;
      return {
        ...{ instrument, token: ((1_000 + at) << 8) | 1, tick: tickPaise, previousClose: base },
        ...{ lowerCircuit: grid(base * 0.8), upperCircuit: grid(base * 1.2) },
        ...{ last: base, lastTime: Number.NaN, volume: 0, open: 0, high: 0, low: 0 },
      };
    });
    for (const each of this.listed) this.candles.set(each.token, this.#dayBefore(each));
  }

  begin(): void {
    const wait = Math.max(0, this.#open - this.#world.time);
    this.#world.after(wait, () => this.#second());
  }

  of(token: number): Listed | undefined {
    return this.listed.find((each) => each.token === token);
  }

  named(exchange: string, symbol: string): Listed | undefined {
    return this.listed.find(
      ({ instrument }) => instrument.exchange === exchange && instrument.tradingsymbol === symbol,
    );
  }

  #second(): void {
    const now = this.#world.time;
    if (now >= this.#close) return;
    for (const each of this.listed) {
      if (this.#draw() < 0.35) continue;
      const steps = Math.round((this.#draw() + this.#draw() + this.#draw() - 1.5) * 2 * this.#step) / 5;
      const price = grid(each.last + steps * tickPaise);
      this.#print(each, Math.min(each.upperCircuit, Math.max(each.lowerCircuit, price)));
    }
    this.onSecond();
    this.#world.after(secondMs, () => this.#second());
  }

  #print(each: Listed, price: number): void {
    const now = this.#world.time;
    const quantity = 1 + Math.floor(this.#draw() * 40);
    each.last = price;
    each.lastTime = now;
    each.volume += quantity;
    if (each.open === 0) each.open = each.high = each.low = price;
    each.high = Math.max(each.high, price);
    each.low = Math.min(each.low, price);
    const candles = this.candles.get(each.token) ?? [];
    const opens = Math.floor(now / minuteMs) * minuteMs;
    const running = candles.at(-1);
    if (running?.time === opens) {
      running.high = Math.max(running.high, price);
      running.low = Math.min(running.low, price);
      running.close = price;
      running.volume += quantity;
    } else
      candles.push({ time: opens, open: price, high: price, low: price, close: price, volume: quantity });
    this.onPrint(each, quantity);
  }

  /** The last hour before this day, for indicators to begin with. */
  #dayBefore({ previousClose }: Listed): Candle[] {
    const begins = this.#open - 24 * 60 * minuteMs + 300 * minuteMs;
    return Array.from({ length: 60 }, (_, at) => {
      const close = grid(previousClose + (this.#draw() - 0.5) * this.#step * 20);
      const open = grid(close + (this.#draw() - 0.5) * this.#step * 6);
      return {
        ...{ time: begins + at * minuteMs, open, close, volume: 1_000 },
        ...{ high: Math.max(open, close) + tickPaise, low: Math.min(open, close) - tickPaise },
      };
    });
  }
}

function grid(paise: number): number {
  return Math.round(paise / tickPaise) * tickPaise;
}
