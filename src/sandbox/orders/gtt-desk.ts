import { kiteActiveTriggers } from '../../domain/kite-limits.ts';
import { kiteTime } from '../../domain/kite-time.ts';
import { dayMs, type EpochMs } from '../../domain/time.ts';
import { KiteRefusal } from '../http/route.ts';
import type { Listed, SandboxMarket } from '../market/market.ts';
import type { OrderDesk } from './order-desk.ts';
import { input, readWanted } from './wanted.ts';

/** A trigger lives a year; the list shows what ended within the last week too. */
const lifeMs = 365 * dayMs;
const shownMs = 7 * dayMs;

export type GttStatus = 'active' | 'triggered' | 'expired' | 'cancelled' | 'deleted';

export interface GttOrder {
  readonly exchange: string;
  readonly tradingsymbol: string;
  readonly transaction_type: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly order_type: 'LIMIT';
  readonly product: 'CNC' | 'NRML' | 'MTF';
  readonly price: number;
}

/** What a client asks for, checked in its shape. Rupees. */
export interface GttWanted {
  readonly type: 'single' | 'two-leg';
  readonly condition: {
    readonly exchange: string;
    readonly tradingsymbol: string;
    readonly trigger_values: readonly number[];
    readonly last_price: number;
  };
  readonly orders: readonly GttOrder[];
}

interface Gtt {
  readonly id: number;
  readonly userId: string;
  readonly listed: Listed;
  wanted: GttWanted;
  readonly created: EpochMs;
  updated: EpochMs;
  readonly expires: EpochMs;
  status: GttStatus;
  /** By leg. */
  readonly results: (Record<string, unknown> | null)[];
}

/** Good till triggered: limit orders that are placed once, when the last price reaches or crosses a value. */
export class GttDesk {
  readonly #market: SandboxMarket;
  readonly #desk: OrderDesk;
  readonly #all = new Map<number, Gtt>();
  readonly #active = new Map<string, Set<Gtt>>();
  #lastId = 100_000;

  constructor({ market, desk }: { readonly market: SandboxMarket; readonly desk: OrderDesk }) {
    this.#market = market;
    this.#desk = desk;
    market.onPrint((quote) => {
      const waiting = this.#active.get(quote.listed.instrument.key);
      if (waiting) for (const gtt of [...waiting]) this.#meet(gtt, quote.lastPrice);
    });
  }

  /** @throws KiteRefusal */
  place(userId: string, wanted: GttWanted): number {
    const now = this.#market.clock.now();
    const active = [...this.#all.values()].filter((gtt) => gtt.userId === userId && gtt.status === 'active');
    if (active.length >= kiteActiveTriggers)
      throw new KiteRefusal('InputException', `At most ${kiteActiveTriggers} triggers may be active.`);
    const listed = this.#checked(wanted);
    this.#lastId += 1;
    const id = this.#lastId;
    const results = wanted.orders.map(() => null);
    const gtt: Gtt = {
      ...{ id, userId, listed, wanted, created: now, updated: now, expires: now + lifeMs },
      ...{ status: 'active', results },
    };
    this.#all.set(id, gtt);
    const { key } = listed.instrument;
    this.#active.set(key, (this.#active.get(key) ?? new Set()).add(gtt));
    this.#market.clock.at(gtt.expires, () => this.#end(gtt, 'expired'));
    return id;
  }

  /** @throws KiteRefusal */
  modify(userId: string, id: number, wanted: GttWanted): number {
    const gtt = this.#living(userId, id);
    if (this.#checked(wanted) !== gtt.listed || wanted.type !== gtt.wanted.type)
      throw input('The instrument and the type of a trigger cannot be changed.');
    gtt.wanted = wanted;
    gtt.updated = this.#market.clock.now();
    return id;
  }

  /** @throws KiteRefusal */
  remove(userId: string, id: number): number {
    this.#end(this.#living(userId, id), 'deleted');
    return id;
  }

  /** Active ones, and what ended within a week; newest first. */
  list(userId: string): object[] {
    const since = this.#market.clock.now() - shownMs;
    return [...this.#all.values()]
      .filter((gtt) => gtt.userId === userId && (gtt.status === 'active' || gtt.updated >= since))
      .reverse()
      .map(rowOf);
  }

  /** @throws KiteRefusal */
  one(userId: string, id: number): object {
    return rowOf(this.#known(userId, id));
  }

  #known(userId: string, id: number): Gtt {
    const gtt = this.#all.get(id);
    if (gtt?.userId === userId) return gtt;
    throw new KiteRefusal('GeneralException', 'Trigger not found.', 404);
  }

  #living(userId: string, id: number): Gtt {
    const gtt = this.#known(userId, id);
    if (gtt.status === 'active') return gtt;
    throw input(`The trigger is ${gtt.status} and cannot be changed any more.`);
  }

  #checked({ type, condition, orders }: GttWanted): Listed {
    const listed = this.#market.byKey(`${condition.exchange}:${condition.tradingsymbol}`);
    if (!listed || listed.instrument.kind === 'INDEX') throw input('Invalid instrument in `condition`.');
    const count = type === 'single' ? 1 : 2;
    const { trigger_values: values, last_price: last } = condition;
    if (values.length !== count || orders.length !== count)
      throw input(`A ${type} trigger has ${count} \`trigger_values\` and ${count} \`orders\`.`);
    const [low = 0, high = 0] = values;
    if (type === 'two-leg' && !(low < last && last < high))
      throw input('The trigger values of a two-leg trigger should lie below and above the last price.');
    if (type === 'single' && low === last)
      throw input('The trigger value should differ from the last price.');
    const cash = listed.instrument.kind === 'EQ';
    for (const order of orders) {
      if (order.exchange !== condition.exchange || order.tradingsymbol !== condition.tradingsymbol)
        throw input('Orders of a trigger should be for the instrument of its condition.');
      if (type === 'two-leg' && cash && order.transaction_type === 'BUY')
        throw input('Two-leg triggers that buy are for futures and options only.');
      if (cash ? order.product === 'NRML' : order.product !== 'NRML') throw input('Invalid `product`.');
    }
    return listed;
  }

  /** Reaching the value counts, and so does a gap beyond it. */
  #meet(gtt: Gtt, price: number): void {
    const { type, condition } = gtt.wanted;
    const [first = 0, second = 0] = condition.trigger_values;
    let leg = -1;
    if (type === 'two-leg') leg = price <= first ? 0 : price >= second ? 1 : -1;
    else if (first > condition.last_price ? price >= first : price <= first) leg = 0;
    if (leg < 0) return;
    this.#end(gtt, 'triggered');
    this.#fire(gtt, leg, price);
  }

  /** Triggered is not filled: the order may be refused, and the result says so. */
  #fire(gtt: Gtt, leg: number, price: number): void {
    const order = gtt.wanted.orders[leg];
    const form = new URLSearchParams({
      ...Object.fromEntries(Object.entries(order).map(([name, value]) => [name, String(value)])),
      validity: 'DAY',
    });
    let result = { status: 'success', order_id: '', rejection_reason: '' };
    try {
      const placed = this.#desk.place(gtt.userId, readWanted(this.#market, 'regular', form), {
        meta: { app_id: 1, gtt: gtt.id },
      });
      const rejected = placed.status === 'REJECTED';
      result = {
        status: rejected ? 'failed' : 'success',
        order_id: placed.orderId,
        rejection_reason: rejected ? (placed.statusMessage ?? '') : '',
      };
    } catch (cause) {
      if (!(cause instanceof KiteRefusal)) throw cause;
      result = { status: 'failed', order_id: '', rejection_reason: cause.message };
    }
    gtt.results[leg] = {
      account_id: gtt.userId,
      exchange: order.exchange,
      tradingsymbol: order.tradingsymbol,
      validity: 'DAY',
      product: order.product,
      order_type: order.order_type,
      transaction_type: order.transaction_type,
      quantity: order.quantity,
      price: order.price,
      meta: JSON.stringify({ app_id: 1, gtt: gtt.id }),
      timestamp: kiteTime(this.#market.clock.now()),
      triggered_at: price,
      order_result: result,
    };
  }

  #end(gtt: Gtt, status: GttStatus): void {
    if (gtt.status !== 'active') return;
    gtt.status = status;
    gtt.updated = this.#market.clock.now();
    this.#active.get(gtt.listed.instrument.key)?.delete(gtt);
  }
}

function rowOf({ id, userId, listed, wanted, created, updated, expires, status, results }: Gtt): object {
  const { type, condition, orders } = wanted;
  return {
    id,
    user_id: userId,
    parent_trigger: null,
    type,
    created_at: kiteTime(created),
    updated_at: kiteTime(updated),
    expires_at: kiteTime(expires),
    status,
    condition: {
      exchange: condition.exchange,
      last_price: condition.last_price,
      tradingsymbol: condition.tradingsymbol,
      trigger_values: condition.trigger_values,
      instrument_token: listed.listing.token,
    },
    orders: orders.map((order, leg) => ({
      exchange: order.exchange,
      tradingsymbol: order.tradingsymbol,
      product: order.product,
      order_type: order.order_type,
      transaction_type: order.transaction_type,
      quantity: order.quantity,
      price: order.price,
      result: results[leg] ?? null,
    })),
    meta: {},
  };
}
