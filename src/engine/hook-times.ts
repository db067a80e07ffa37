import type { Product } from '../domain/order.ts';
import { instantOf, minuteOfClock } from '../domain/time.ts';
import type { Hooks } from '../strategy/trade.ts';
import type { Slot } from './slot.ts';

type TimedHook = NonNullable<Hooks['onBar']>;

/** The times of the day at which a strategy wants to be asked, each once a session. */
export class HookTimes {
  private readonly times: readonly { readonly minute: number; readonly hook: TimedHook }[];
  private next = 0;
  /** Row of `dueRow`; -1 when it is to be looked up. */
  private due = -1;

  constructor(at: Hooks['at']) {
    this.times = Object.entries(at ?? {})
      .map(([clock, hook]) => ({ minute: minuteOfClock(clock), hook }))
      .sort((a, b) => a.minute - b.minute);
  }

  newSession(): void {
    this.next = 0;
    this.due = -1;
  }

  /** Some time of the session is still to come. */
  get pending(): boolean {
    return this.next < this.times.length;
  }

  /** The next hook whose time has come by a minute. It has had its turn then, also when it fails. */
  take(minute: number): TimedHook | undefined {
    const time = this.times[this.next];
    if (time === undefined || time.minute > minute) return undefined;
    this.next += 1;
    this.due = -1;
    return time.hook;
  }

  /** First row of the session whose close the clock has something for. Looked up once a session and time. */
  dueRow(slot: Slot, product: Product): number {
    if (this.due >= 0) return this.due;
    let due = product === 'MIS' ? slot.squareOffMark : Number.POSITIVE_INFINITY;
    if (this.pending) due = Math.min(due, instantOf(slot.dayNumber, this.times[this.next].minute));
    this.due = due === Number.POSITIVE_INFINITY ? due : slot.series.rowAt(due - slot.barMs);
    return this.due;
  }
}
