import type { KiteClient, Variety } from '../adapters/kite/kite-client.ts';
import type { OrderOutcome } from '../adapters/kite/order-outcome.ts';
import { readTag, streamCode, tagNonce, writeTag } from '../adapters/kite/order-tag.ts';
import type { Waiting } from '../adapters/kite/pace.ts';
import type { KiteOrder, KitePosition } from '../adapters/kite/schemas.ts';
import { istDayNumber } from '../domain/time.ts';
import type { Clock } from '../engine/ports.ts';

export type KillBroker = Pick<KiteClient, 'orders' | 'positions' | 'cancelOrder' | 'placeOrder'>;

export interface KillDeed {
  readonly did: 'cancel' | 'close';
  readonly symbol: string;
  readonly side: string;
  readonly quantity: number;
  readonly orderId: string | null;
  /** In the broker's words where it has some. */
  readonly outcome: string;
}

export interface KillDeeds {
  readonly deeds: readonly KillDeed[];
  /** Orders of ours that were left because they only make a position smaller. */
  readonly kept: number;
  /** Nothing of what was to be done is left; otherwise it may be done again. */
  readonly complete: boolean;
}

/** Statuses after which nothing happens to an order any more. */
const ended: ReadonlySet<string> = new Set(['COMPLETE', 'CANCELLED', 'CANCELLED AMO', 'REJECTED']);
/** How often, and how far apart, the book is read until cancelled orders have ended. */
const looks = 10;
const lookMs = 500;

/**
 * Acts on the broker without the engine, on orders with our tag alone. Cancels what opens or adds to a position and keeps what
 * protects one; with `flatten` cancels all of ours and closes at market what today's orders of ours have left open, never more than the
 * account holds in that direction. Positions carried from earlier days and orders of others are not touched. No request is repeated:
 * what has no clear answer is looked at in the book by the next round.
 *
 * @throws AuthError AUTH_TOKEN, BrokerError when the book cannot be read
 */
export async function actOnKill(
  broker: KillBroker,
  { flatten, clock, waiting }: { flatten: boolean; clock: Clock; waiting: Waiting },
): Promise<KillDeeds> {
  const deeds: KillDeed[] = [];
  const open = (await broker.orders()).filter((row) => isOurs(row) && !ended.has(row.status));
  const held = heldBy((await broker.positions()).net);
  const doomed = open.filter((row) => flatten || !protects(row, held));
  for (const row of doomed) {
    const outcome = await broker.cancelOrder(varietyOf(row), row.order_id);
    deeds.push({ ...deedOf('cancel', row), orderId: row.order_id, outcome: wordsOf(outcome) });
  }
  const left = await afterCancels(broker, new Set(doomed.map(({ order_id }) => order_id)), waiting);
  const kept = open.length - doomed.length;
  if (!flatten || left > 0) return { deeds, kept, complete: left === 0 };

  const rows = (await broker.orders()).filter(isOurs);
  const net = heldBy((await broker.positions()).net);
  const nonce = tagNonce(waiting.random());
  let id = 0;
  for (const { row, quantity, slice } of ourPositions(rows, net)) {
    for (let rest = Math.abs(quantity); rest > 0; ) {
      const units = Math.min(rest, slice);
      rest -= units;
      const side = quantity > 0 ? 'SELL' : 'BUY';
      const { exchange, tradingsymbol, product } = row;
      const dayNumber = istDayNumber(clock.now());
      const tag = writeTag({ stream: streamCode('kill'), dayNumber, id: id++, leg: 0, nonce });
      const outcome = await broker.placeOrder(
        'regular',
        {
          ...{ exchange, tradingsymbol, product, transaction_type: side, quantity: units, tag },
          ...{ order_type: 'MARKET', validity: 'DAY' },
        },
        { exit: true },
      );
      deeds.push({
        ...{ did: 'close', symbol: `${exchange}:${tradingsymbol}`, side, quantity: units },
        orderId: outcome.kind === 'acknowledged' ? outcome.orderId : null,
        outcome: wordsOf(outcome),
      });
    }
  }
  const closing = deeds.filter(({ did }) => did === 'close');
  return { deeds, kept, complete: closing.every(({ orderId }) => orderId !== null) };
}

function isOurs({ tag, tags }: KiteOrder): boolean {
  return [tag, ...tags].some((text) => text !== null && readTag(text) !== undefined);
}

const placeOf = ({ exchange, tradingsymbol, product }: KiteOrder | KitePosition) =>
  `${exchange}:${tradingsymbol} ${product}`;

function heldBy(net: readonly KitePosition[]): ReadonlyMap<string, number> {
  return new Map(net.map((position) => [placeOf(position), position.quantity]));
}

/** An order that works against what is held makes it smaller. */
function protects(row: KiteOrder, held: ReadonlyMap<string, number>): boolean {
  const quantity = held.get(placeOf(row)) ?? 0;
  return row.transaction_type === 'SELL' ? quantity > 0 : quantity < 0;
}

/** How many of the cancelled orders have not ended after some looks at the book. */
async function afterCancels(
  broker: KillBroker,
  doomed: ReadonlySet<string>,
  waiting: Waiting,
): Promise<number> {
  for (let look = 1; ; look++) {
    if (doomed.size === 0) return 0;
    const rows = await broker.orders();
    const left = rows.filter((row) => doomed.has(row.order_id) && !ended.has(row.status)).length;
    if (left === 0 || look === looks) return left;
    await waiting.sleep(lookMs);
  }
}

/**
 * What today's orders of ours have left open, as far as the account still holds it. A slice is as large as an order of ours that has
 * passed the exchange's freeze quantity.
 */
function ourPositions(rows: readonly KiteOrder[], net: ReadonlyMap<string, number>) {
  const ours = new Map<string, { row: KiteOrder; quantity: number; slice: number }>();
  for (const row of rows) {
    const known = ours.get(placeOf(row)) ?? { row, quantity: 0, slice: 0 };
    const signed = row.transaction_type === 'BUY' ? row.filled_quantity : -row.filled_quantity;
    ours.set(placeOf(row), {
      row,
      quantity: known.quantity + signed,
      slice: row.filled_quantity > 0 ? Math.max(known.slice, row.quantity) : known.slice,
    });
  }
  return [...ours].flatMap(([place, { row, quantity, slice }]) => {
    const held = net.get(place) ?? 0;
    const most = Math.sign(held) === Math.sign(quantity) ? Math.min(Math.abs(held), Math.abs(quantity)) : 0;
    return most > 0 ? [{ row, quantity: Math.sign(quantity) * most, slice }] : [];
  });
}

function varietyOf({ variety }: KiteOrder): Variety {
  const known = (['regular', 'amo', 'co', 'iceberg', 'auction'] as const).find((one) => one === variety);
  return known ?? 'regular';
}

function deedOf(did: 'cancel', row: KiteOrder) {
  const { exchange, tradingsymbol, transaction_type: side, quantity, filled_quantity: filled } = row;
  return { did, symbol: `${exchange}:${tradingsymbol}`, side, quantity: quantity - filled };
}

function wordsOf(outcome: OrderOutcome): string {
  switch (outcome.kind) {
    case 'acknowledged':
      return 'taken by the broker';
    case 'refused':
      return `refused: ${outcome.message}`;
    case 'token-dead':
      return `the session is dead: ${outcome.message}`;
    case 'not-sent':
      return `not sent: ${outcome.why}`;
    case 'unknown':
      return `no clear answer: ${outcome.why}`;
    default:
      return outcome satisfies never;
  }
}
