import { createHash } from 'node:crypto';
import type { Cancel, TimerClock } from '../../engine/ports.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';

/** What of an order's row the frames need; the row itself has Kite's other fields too. */
export interface OrderRow {
  readonly order_id: string;
  readonly order_timestamp: string;
  readonly pending_quantity: number;
}

/** The app through which a user's updates are signed. `appId` is its number on the developer site. */
export interface OrderApp {
  readonly appId: number;
  readonly apiSecret: string;
}

/**
 * The text of an order's row as Kite sends it over a socket and to a postback URL.
 * The checksum is SHA-256 of order id, order timestamp and API secret, so that a receiver knows who speaks.
 */
export function orderPayload(userId: string, row: OrderRow, app: OrderApp): Record<string, unknown> {
  const checksum = createHash('sha256')
    .update(row.order_id + row.order_timestamp + app.apiSecret)
    .digest('hex');
  return { user_id: userId, unfilled_quantity: row.pending_quantity, app_id: app.appId, checksum, ...row };
}

/** How long an update that is to come after the next one waits for it, in milliseconds of the sandbox's clock. */
const nextWithinMs = 5_000;

/** Sends each user's updates in their order, save where a fault says otherwise. Delays are in the sandbox's time. */
export class OrderlySender {
  readonly #faults: FaultPlan;
  readonly #clock: TimerClock;
  /** By user, what goes out after the next update. */
  readonly #heldBack = new Map<string, () => void>();
  readonly #timers = new Set<Cancel>();

  constructor(faults: FaultPlan, clock: TimerClock) {
    this.#faults = faults;
    this.#clock = clock;
  }

  send(userId: string, once: () => void): void {
    const { copies, delayMs, afterNext } = this.#faults.orderFrame(userId);
    if (copies === 0) return;
    const all = (): void => {
      for (let copy = 0; copy < copies; copy++) once();
    };
    if (delayMs > 0) this.#later(delayMs, all);
    else if (afterNext && !this.#heldBack.has(userId)) this.#holdBack(userId, all);
    else {
      all();
      this.#release(userId);
    }
  }

  close(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#heldBack.clear();
  }

  #later(ms: number, wake: () => void): void {
    const cancel = this.#clock.at(this.#clock.now() + ms, () => {
      this.#timers.delete(cancel);
      wake();
    });
    this.#timers.add(cancel);
  }

  #holdBack(userId: string, all: () => void): void {
    this.#heldBack.set(userId, all);
    this.#later(nextWithinMs, () => {
      if (this.#heldBack.get(userId) === all) this.#release(userId);
    });
  }

  #release(userId: string): void {
    const held = this.#heldBack.get(userId);
    this.#heldBack.delete(userId);
    held?.();
  }
}
