import type { InstrumentKey } from '../domain/instrument.ts';
import type { EquityCurve, RefusalCount } from '../domain/run-result.ts';

/** Account value mark by mark, in columns that grow by doubling. */
export class EquityRecord implements EquityCurve {
  time: Float64Array;
  equityPaise: Float64Array;
  exposed: Uint8Array;
  length = 0;

  constructor(capacity = 1_024) {
    this.time = new Float64Array(capacity);
    this.equityPaise = new Float64Array(capacity);
    this.exposed = new Uint8Array(capacity);
  }

  push(time: number, equityPaise: number, exposed: 0 | 1): void {
    const row = this.length;
    if (row === this.time.length) this.grow(row * 2);
    this.time[row] = time;
    this.equityPaise[row] = equityPaise;
    this.exposed[row] = exposed;
    this.length = row + 1;
  }

  /** Adds rows that the caller fills in. Answers the first of them. */
  extend(count: number): number {
    const row = this.length;
    const length = row + count;
    if (length > this.time.length) this.grow(Math.max(length, row * 2));
    this.length = length;
    return row;
  }

  private grow(capacity: number): void {
    const time = new Float64Array(capacity);
    const equityPaise = new Float64Array(capacity);
    const exposed = new Uint8Array(capacity);
    time.set(this.time);
    equityPaise.set(this.equityPaise);
    exposed.set(this.exposed);
    this.time = time;
    this.equityPaise = equityPaise;
    this.exposed = exposed;
  }
}

/** Signals of one strategy in one instrument that came to nothing, counted by code. The words are made once, for the first case. */
export class Refusals {
  /** Hears of every refusal, where somebody asks for the reasons of single bars. */
  heard: ((code: string, why: () => string) => void) | undefined = undefined;
  private readonly counts = new Map<string, { count: number; readonly first: string }>();

  add(code: string, why: () => string): void {
    this.heard?.(code, why);
    const known = this.counts.get(code);
    if (known) known.count += 1;
    else this.counts.set(code, { count: 1, first: why() });
  }

  list(strategy: string, key: InstrumentKey): readonly RefusalCount[] {
    return [...this.counts].map(([code, { count, first }]) => ({ strategy, key, code, count, first }));
  }
}
