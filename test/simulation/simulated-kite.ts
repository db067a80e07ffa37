import { kiteTime } from '#src/domain/kite-time.ts';
import type { Listed, SimulatedMarket } from './simulated-market.ts';
import type { World } from './world.ts';

/** An order as the exchange has it. Written for itself, not after the program's own idea of an order. Prices in paise, 0 for none. */
export interface BookedOrder {
  readonly id: string;
  readonly tag: string;
  readonly listed: Listed;
  readonly side: 'BUY' | 'SELL';
  readonly product: string;
  readonly type: string;
  readonly validity: string;
  readonly bornAt: number;
  quantity: number;
  price: number;
  trigger: number;
  triggered: boolean;
  status: string;
  words: string;
  filled: number;
  value: number;
  modifications: number;
  cancelAsked: boolean;
  endedAt: number;
  /** What the book showed of it, oldest first. */
  readonly shown: { readonly time: number; readonly row: Record<string, unknown> }[];
}

export interface Trade {
  readonly id: string;
  readonly order: BookedOrder;
  readonly quantity: number;
  /** Paise. */
  readonly price: number;
  readonly time: number;
}

export interface ExchangeFaults {
  /** How likely a fill is only a part of what is asked for. */
  partial: number;
  rejectAtExchange: number;
  rejectAfterOpen: number;
  /** Milliseconds at most that an order takes from one state to the next. */
  slowMs: number;
  fillWhileCancelling: number;
  modifyRefused: number;
}

const ended = new Set(['COMPLETE', 'CANCELLED', 'REJECTED']);
export const isOver = (order: BookedOrder): boolean => ended.has(order.status);

export type Verdict =
  | { readonly orderId: string }
  | { readonly status: number; readonly errorType: string; readonly message: string };

/** The broker's back office and the exchange behind it: takes orders, moves them through their states, fills them at the market's prints. */
export class SimulatedKite {
  readonly orders: BookedOrder[] = [];
  readonly trades: Trade[] = [];
  readonly market: SimulatedMarket;
  faults: ExchangeFaults = {
    ...{ partial: 0, rejectAtExchange: 0, rejectAfterOpen: 0, slowMs: 60 },
    ...{ fillWhileCancelling: 0, modifyRefused: 0 },
  };
  onOrder: (order: BookedOrder) => void = () => undefined;
  /** A new order has been taken. */
  onTaken: (order: BookedOrder) => void = () => undefined;
  readonly #world: World;
  readonly #draw: () => number;
  #ids = 0;

  constructor(world: World, market: SimulatedMarket) {
    this.#world = world;
    this.market = market;
    this.#draw = world.chance('exchange');
    market.onPrint = (listed, quantity) => this.#printed(listed, quantity);
  }

  byId(id: string): BookedOrder | undefined {
    return this.orders.find((order) => order.id === id);
  }

  place(form: URLSearchParams): Verdict {
    const number = (name: string) => Math.round(Number(form.get(name) ?? 0) * 100);
    const listed = this.market.named(String(form.get('exchange')), String(form.get('tradingsymbol')));
    if (listed === undefined) return refusal('InputException', 'The instrument is not known.');
    const order: BookedOrder = {
      ...{ id: `26${String(++this.#ids).padStart(8, '0')}`, tag: form.get('tag') ?? '', listed },
      ...{
        side: form.get('transaction_type') === 'BUY' ? 'BUY' : 'SELL',
        product: String(form.get('product')),
      },
      ...{ type: String(form.get('order_type')), validity: String(form.get('validity')) },
      ...{ bornAt: this.#world.time, quantity: Number(form.get('quantity')) },
      ...{ price: number('price'), trigger: number('trigger_price'), triggered: false },
      ...{ status: '', words: '', filled: 0, value: 0, modifications: 0, cancelAsked: false },
      ...{ endedAt: Number.POSITIVE_INFINITY, shown: [] },
    };
    if (isStop(order)) {
      const passed = order.side === 'SELL' ? listed.last <= order.trigger : listed.last >= order.trigger;
      if (passed) return refusal('InputException', 'Trigger price has been passed by the last price.');
    }
    this.orders.push(order);
    this.#show(order, 'PUT ORDER REQ RECEIVED');
    this.onTaken(order);
    this.#later(order, () => {
      this.#show(order, 'VALIDATION PENDING');
      this.#later(order, () => this.#reach(order));
    });
    return { orderId: order.id };
  }

  modify(id: string, form: URLSearchParams): Verdict {
    const order = this.byId(id);
    if (order === undefined || isOver(order))
      return refusal('OrderException', 'Order cannot be modified as it is completed.');
    order.modifications += 1;
    if (order.modifications > 25) return refusal('OrderException', 'Maximum allowed modifications exceeded.');
    if (this.#draw() < this.faults.modifyRefused) {
      this.#world.count('order:modify-refused');
      return refusal('OrderException', 'Order cannot be modified as it is being processed.');
    }
    this.#later(order, () => {
      if (isOver(order)) return;
      const of = (name: string, now: number) =>
        form.has(name) ? Math.round(Number(form.get(name)) * 100) : now;
      order.price = of('price', order.price);
      order.trigger = of('trigger_price', order.trigger);
      if (form.has('quantity')) order.quantity = Math.max(order.filled + 1, Number(form.get('quantity')));
      this.#show(order, this.#rests(order));
      this.#match(order, Number.POSITIVE_INFINITY);
    });
    return { orderId: id };
  }

  cancel(id: string): Verdict {
    const order = this.byId(id);
    if (order === undefined || isOver(order))
      return refusal('OrderException', 'Order cannot be cancelled as it is completed.');
    order.cancelAsked = true;
    if (this.#draw() < this.faults.fillWhileCancelling && !waits(order)) {
      this.#world.count('order:fill-while-cancelling');
      // A limit order may only just have been reached.
      const price = order.price > 0 ? order.price : order.listed.last;
      this.#fill(order, Math.ceil(this.#draw() * (order.quantity - order.filled)), price);
    }
    this.#later(order, () => this.#end(order, 'CANCELLED', ''));
    return { orderId: id };
  }

  /** The broker's own doing, such as the square-off of intraday positions. */
  cancelAll(product: string): void {
    for (const order of this.orders)
      if (!isOver(order) && order.product === product) this.#end(order, 'CANCELLED', '');
  }

  /** Units by instrument and product, from the trades alone. */
  net(wanted: (trade: Trade) => boolean = () => true): ReadonlyMap<string, number> {
    const held = new Map<string, number>();
    for (const trade of this.trades) {
      if (!wanted(trade)) continue;
      const { listed, product, side } = trade.order;
      const name = `${listed.instrument.key} ${product}`;
      held.set(name, (held.get(name) ?? 0) + (side === 'BUY' ? trade.quantity : -trade.quantity));
    }
    return held;
  }

  /** The book as it was shown at an instant. */
  rows(time: number): Record<string, unknown>[] {
    return this.orders.flatMap(({ shown }) => {
      const row = shown.findLast((each) => each.time <= time)?.row;
      return row ? [row] : [];
    });
  }

  tradeRows(time: number): Record<string, unknown>[] {
    return this.trades
      .filter((trade) => trade.time <= time)
      .map(({ id, order, quantity, price, time: at }) => ({
        ...{ trade_id: id, order_id: order.id, exchange_order_id: `x${order.id}`, quantity },
        ...{
          exchange: order.listed.instrument.exchange,
          tradingsymbol: order.listed.instrument.tradingsymbol,
        },
        ...{ instrument_token: order.listed.token, product: order.product, average_price: price / 100 },
        ...{ transaction_type: order.side, fill_timestamp: kiteTime(at), exchange_timestamp: kiteTime(at) },
        order_timestamp: kiteTime(at).slice(11),
      }));
  }

  #printed(listed: Listed, quantity: number): void {
    for (const order of this.orders)
      if (order.listed === listed && (order.status === 'OPEN' || order.status === 'TRIGGER PENDING'))
        this.#match(order, quantity);
  }

  #reach(order: BookedOrder): void {
    if (isOver(order)) return;
    if (this.#draw() < this.faults.rejectAtExchange) {
      this.#world.count('order:rejected-at-exchange');
      this.#end(order, 'REJECTED', 'RMS: rule check failed');
      return;
    }
    this.#show(order, this.#rests(order));
    if (this.#draw() < this.faults.rejectAfterOpen) {
      this.#later(order, () => {
        if (isOver(order) || order.filled > 0) return;
        this.#world.count('order:rejected-after-open');
        this.#end(order, 'REJECTED', '17070 : the price is out of the current execution range');
      });
      return;
    }
    this.#match(order, Number.POSITIVE_INFINITY);
  }

  #rests(order: BookedOrder): string {
    return isStop(order) && !order.triggered ? 'TRIGGER PENDING' : 'OPEN';
  }

  #match(order: BookedOrder, most: number): void {
    if (isOver(order)) return;
    const { last } = order.listed;
    const buys = order.side === 'BUY';
    if (isStop(order) && !order.triggered) {
      if (buys ? last < order.trigger : last > order.trigger) return;
      order.triggered = true;
      this.#show(order, 'OPEN');
    }
    if (order.price > 0 && (buys ? last > order.price : last < order.price)) {
      if (order.validity === 'IOC') this.#end(order, 'CANCELLED', '');
      return;
    }
    const left = order.quantity - order.filled;
    const part = this.#draw() < this.faults.partial ? Math.min(most, Math.ceil(this.#draw() * left)) : left;
    if (part < left) this.#world.count('order:partial-fill');
    this.#fill(order, part, last);
    if (order.validity === 'IOC' && !isOver(order)) this.#end(order, 'CANCELLED', '');
  }

  #fill(order: BookedOrder, quantity: number, price: number): void {
    if (quantity <= 0 || isOver(order)) return;
    const id = `T${String(this.trades.length + 1).padStart(6, '0')}`;
    this.trades.push({ id, order, quantity, price, time: this.#world.time });
    order.filled += quantity;
    order.value += quantity * price;
    const { key } = order.listed.instrument;
    this.#world.trace(`exchange: ${id} fills ${order.id} ${order.side} ${quantity} ${key} at ${price / 100}`);
    if (order.filled >= order.quantity) this.#end(order, 'COMPLETE', '');
    else this.#show(order, order.status);
  }

  #end(order: BookedOrder, status: string, words: string): void {
    if (isOver(order)) return;
    order.words = words;
    order.endedAt = this.#world.time;
    this.#show(order, status);
  }

  #later(order: BookedOrder, work: () => void): void {
    this.#world.after(1 + this.#draw() * this.faults.slowMs, () => {
      if (!isOver(order)) work();
    });
  }

  #show(order: BookedOrder, status: string): void {
    order.status = status;
    const { listed, filled, quantity } = order;
    const over = isOver(order);
    order.shown.push({
      time: this.#world.time,
      row: {
        ...{ order_id: order.id, exchange_order_id: `x${order.id}`, parent_order_id: null, status },
        ...{ status_message: order.words || null, status_message_raw: null, variety: 'regular' },
        ...{ order_timestamp: kiteTime(order.bornAt), exchange_timestamp: kiteTime(order.bornAt) },
        ...{ exchange: listed.instrument.exchange, tradingsymbol: listed.instrument.tradingsymbol },
        ...{ instrument_token: listed.token, order_type: order.type, transaction_type: order.side },
        ...{ validity: order.validity, product: order.product, quantity, disclosed_quantity: 0 },
        ...{ price: order.price / 100, trigger_price: order.trigger / 100 },
        ...{ average_price: filled > 0 ? order.value / filled / 100 : 0, filled_quantity: filled },
        ...{ pending_quantity: over ? 0 : quantity - filled, placed_by: 'AB1234' },
        ...{ cancelled_quantity: over ? quantity - filled : 0 },
        ...{ tag: order.tag || null, tags: order.tag ? [order.tag] : [] },
      },
    });
    this.#world.trace(`exchange: ${order.id} ${order.tag} ${status} ${filled}/${quantity}`);
    this.onOrder(order);
  }
}

function isStop({ type }: BookedOrder): boolean {
  return type === 'SL' || type === 'SL-M';
}

function waits(order: BookedOrder): boolean {
  return isStop(order) && !order.triggered;
}

function refusal(errorType: string, message: string): Verdict {
  return { status: 400, errorType, message };
}
