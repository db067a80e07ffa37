import type { Listing } from '#src/domain/listing.ts';
import type { Cancel, TimerClock } from '#src/engine/ports.ts';
import type { DepthLevel, Listed, Quote, SandboxClock, SandboxMarket } from '#src/sandbox/market/market.ts';

/** 2026-11-25 10:00 in India. */
export const scriptedStart = Date.UTC(2026, 10, 25, 4, 30);

/** A clock that goes forward by `step` alone. */
export class HeldClock implements TimerClock, SandboxClock {
  readonly speed = 0;
  #now = scriptedStart;
  #timers: Array<{ time: number; wake: () => void }> = [];

  now(): number {
    return this.#now;
  }

  setSpeed(): void {}

  at(time: number, wake: () => void): Cancel {
    const timer = { time, wake };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  step(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ time }) => time <= end).sort((a, b) => a.time - b.time)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.time);
      next.wake();
    }
    this.#now = end;
  }
}

/** A market whose prints the test makes. */
export class ScriptedMarket implements SandboxMarket {
  readonly clock = new HeldClock();
  readonly listed: Listed[] = [];
  readonly #quotes = new Map<string, Quote>();
  readonly #listeners = new Set<(quote: Quote, quantity: number) => void>();

  list(exchange: string, tradingsymbol: string, token: number, segment = exchange): Listed {
    const index = segment === 'INDICES';
    const listing: Listing = {
      exchange,
      tradingsymbol,
      token,
      exchangeToken: token >> 8,
      name: `${tradingsymbol} (synthetic)`,
      expiry: '',
      strike: 0,
      tickSize: 0.05,
      lotSize: 1,
      type: 'EQ',
      segment,
    };
    const row: Listed = {
      listing,
      instrument: {
        key: `${exchange}:${tradingsymbol}`,
        exchange,
        tradingsymbol,
        rules: 'NSE',
        kind: index ? 'INDEX' : 'EQ',
        tickSize: 0.05,
        lotSize: 1,
        synthetic: true,
      },
    };
    this.listed.push(row);
    return row;
  }

  byKey(key: string): Listed | undefined {
    return this.listed.find(({ instrument }) => instrument.key === key);
  }

  byToken(token: number): Listed | undefined {
    return this.listed.find(({ listing }) => listing.token === token);
  }

  quote(key: string): Quote | undefined {
    return this.#quotes.get(key);
  }

  /** Changes the quote and tells everyone. */
  print(listed: Listed, change: Partial<Quote>): void {
    const { key } = listed.instrument;
    const quote = this.#quotes.get(key) ?? blankQuote(listed, this.clock.now());
    Object.assign(quote, { time: this.clock.now(), lastTradeTime: this.clock.now() }, change);
    this.#quotes.set(key, quote);
    for (const listen of this.#listeners) listen(quote, quote.lastQuantity);
  }

  onPrint(listen: (quote: Quote, quantity: number) => void): Cancel {
    this.#listeners.add(listen);
    return () => this.#listeners.delete(listen);
  }

  onDay(): Cancel {
    return () => {};
  }
}

export function depth(levels: ReadonlyArray<readonly [number, number, number]>): DepthLevel[] {
  return levels.map(([quantity, price, orders]) => ({ quantity, price, orders }));
}

function blankQuote(listed: Listed, time: number): Quote {
  return {
    listed,
    time,
    lastTradeTime: time,
    lastPrice: 100,
    lastQuantity: 1,
    averagePrice: 100,
    volume: 1,
    buyQuantity: 0,
    sellQuantity: 0,
    open: 100,
    high: 100,
    low: 100,
    previousClose: 100,
    openInterest: 0,
    openInterestHigh: 0,
    openInterestLow: 0,
    lowerCircuit: 80,
    upperCircuit: 120,
    locked: 0,
    bids: [],
    asks: [],
  };
}
