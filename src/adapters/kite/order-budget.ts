import { ConfigError } from '../../domain/errors.ts';
import { kiteOrdersPerDay, kiteOrdersPerMinute, kiteRequestsPerSecond } from '../../domain/kite-limits.ts';
import { istDayNumber, minuteMs, secondMs } from '../../domain/time.ts';
import type { Clock } from '../../engine/ports.ts';
import type { Waiting } from './pace.ts';

/** An answer that takes longer does not hold the next order back: a slow exchange must not keep a trader from getting out. */
const arrivalMsMax = secondMs;
const perSecondUsual = 5;
/** Clocks count in milliseconds and may be off by some. */
const clockGrainMs = 5;
/** Of the limits a minute and a day entries may use nine tenths; the rest is for getting out. */
const entryShare = 0.9;

export interface OrderBudgetOptions {
  readonly clock: Clock;
  readonly waiting: Waiting;
  /** Order requests a second, 1 to 10; 5 when not given, since other programs of the account count as well. */
  readonly perSecond?: number;
  /** Orders that the account has placed today, for a program that starts again. */
  readonly placedToday?: number;
}

export interface OrderRequestKind {
  /** Cancels, and orders that make a position smaller. */
  readonly exit: boolean;
  /** A new order, which counts for the day; changes and cancels do not. */
  readonly places: boolean;
}

export type OrderTurn =
  | { readonly kind: 'go'; readonly answered: () => void }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Keeps the order requests of one account within Kite's limits a second, a minute and a day, counted in sliding windows so that
 * no clock of the server sees more. Exits go first, and have a share that entries cannot use up.
 */
export interface OrderBudget {
  /** Resolves when the request may go, or when it cannot within `waitMsMax`. */
  take(kind: OrderRequestKind, waitMsMax: number): Promise<OrderTurn>;
  /** Orders placed today, India time. */
  placedToday(): number;
}

interface Sent {
  /** Latest instant at which it can have reached the server. */
  arrived: number;
}

interface Queued extends OrderRequestKind {
  readonly resolve: (turn: OrderTurn) => void;
  /** From here on it is too late to send it. */
  readonly deadline: number;
}

/** @throws ConfigError CONFIG_ORDER_RATE */
export function orderBudget({
  clock,
  waiting: { sleep },
  perSecond = perSecondUsual,
  placedToday = 0,
}: OrderBudgetOptions): OrderBudget {
  const most = kiteRequestsPerSecond.order;
  if (!Number.isInteger(perSecond) || perSecond < 1 || perSecond > most)
    throw new ConfigError(
      'CONFIG_ORDER_RATE',
      `Expected order requests a second from 1 to ${most}, was ${perSecond}.`,
    );
  const sent: Sent[] = [];
  const exits: Queued[] = [];
  const entries: Queued[] = [];
  let day = istDayNumber(clock.now());
  let placed = placedToday;
  let waking = Number.POSITIVE_INFINITY;

  function countedToday(): number {
    const today = istDayNumber(clock.now());
    if (today !== day) {
      day = today;
      placed = 0;
    }
    return placed;
  }

  /** Earliest instant at which the request fits; infinite when it does not today. */
  function fitsFrom({ exit, places }: OrderRequestKind): number {
    const share = exit ? 1 : entryShare;
    if (places && countedToday() >= kiteOrdersPerDay * share) return Number.POSITIVE_INFINITY;
    // One request a second is kept for exits, where there is more than one.
    const aSecond = exit ? perSecond : Math.max(1, perSecond - 1);
    return Math.max(windowFree(aSecond, secondMs), windowFree(kiteOrdersPerMinute * share, minuteMs));
  }
  function windowFree(limit: number, windowMs: number): number {
    if (sent.length < limit) return 0;
    // Answers do not come in the order of the requests, so the newest ones are found by when they arrived at the latest.
    const latest = Float64Array.from(sent, ({ arrived }) => arrived).sort();
    return latest[latest.length - limit] + windowMs + clockGrainMs;
  }

  function pump(): void {
    for (const queue of [exits, entries]) {
      for (;;) {
        const [next] = queue;
        if (!next) break;
        const from = fitsFrom(next);
        const now = clock.now();
        if (from > now && from < Number.POSITIVE_INFINITY && now <= next.deadline) {
          // An answer that comes meanwhile may let it go sooner.
          wake(Math.min(from, next.deadline + 1));
          break;
        }
        queue.shift();
        if (from <= now && now <= next.deadline) go(next);
        else next.resolve({ kind: 'refused', reason: whyNot(next, from) });
      }
    }
  }
  function whyNot({ exit }: OrderRequestKind, from: number): string {
    if (from < Number.POSITIVE_INFINITY) return "there was no turn for it in time under Kite's limits";
    const most = kiteOrdersPerDay * (exit ? 1 : entryShare);
    return `the account has placed ${countedToday()} orders today, and ${exit ? 'Kite takes' : 'entries may use'} ${most}`;
  }
  function go(next: Queued): void {
    const now = clock.now();
    const request: Sent = { arrived: now + arrivalMsMax };
    sent.push(request);
    if (sent.length > kiteOrdersPerMinute) sent.shift();
    if (next.places) placed = countedToday() + 1;
    next.resolve({
      kind: 'go',
      answered: () => {
        request.arrived = Math.min(request.arrived, clock.now());
        pump();
      },
    });
  }
  function wake(time: number): void {
    if (time >= waking || time === Number.POSITIVE_INFINITY) return;
    waking = time;
    void sleep(time - clock.now()).then(() => {
      if (waking === time) waking = Number.POSITIVE_INFINITY;
      pump();
    });
  }

  return {
    take: (kind, waitMsMax) =>
      new Promise((resolve) => {
        (kind.exit ? exits : entries).push({ ...kind, resolve, deadline: clock.now() + waitMsMax });
        pump();
      }),
    placedToday: countedToday,
  };
}
