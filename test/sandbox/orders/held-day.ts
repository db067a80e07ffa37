import type { Instrument } from '#src/domain/instrument.ts';
import type { KiteRefusal } from '#src/sandbox/http/route.ts';
import { createRouter } from '#src/sandbox/http/router.ts';
import type { Listed, Quote } from '#src/sandbox/market/market.ts';
import type { KiteOrderRow } from '#src/sandbox/orders/order-row.ts';
import { createOrders, type OrdersOptions } from '#src/sandbox/orders/orders.ts';
import { india } from '../../support/india.ts';
import { depth, ScriptedMarket } from '../../support/scripted-market.ts';

/** A scripted market that also has days. */
export class DayMarket extends ScriptedMarket {
  readonly #days = new Set<(dayNumber: number) => void>();

  override onDay(listen?: (dayNumber: number) => void) {
    if (listen) this.#days.add(listen);
    return () => {
      if (listen) this.#days.delete(listen);
    };
  }

  /** Goes over to a day; what is told first comes first. */
  begin(dayNumber: number): void {
    for (const listen of this.#days) listen(dayNumber);
  }

  listInstrument(instrument: Instrument, token: number): Listed {
    const row = this.list(instrument.exchange, instrument.tradingsymbol, token);
    const { expiry = '', strike = 0, lotSize, kind } = instrument;
    const type = kind === 'INDEX' ? 'EQ' : kind;
    const listed = { instrument, listing: { ...row.listing, expiry, strike, lotSize, type } };
    this.listed[this.listed.indexOf(row)] = listed;
    return listed;
  }
}

export interface Refused {
  readonly type: string;
  readonly message: string;
}

/** A back office on a scripted day of one share, INFY at 100 with 50 offered at 100.05 and 50 asked for at 99.95. */
export function heldDay(options: Partial<OrdersOptions> = {}) {
  const market = new DayMarket();
  const infy = market.list('NSE', 'INFY', 408065);
  const frames: [string, KiteOrderRow][] = [];
  const orders = createOrders({ market, rulebook: india, ...options });
  orders.onOrder((userId, row) => frames.push([userId, row]));
  const find = createRouter(orders.routes);

  function ask(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body: Record<string, string | number> | readonly object[] = {},
    userId = 'AB1234',
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what any route answers
  ): any {
    const [path = '', query = ''] = url.split('?');
    const found = find(method, path);
    const json = Array.isArray(body) ? body : undefined;
    const fields = json
      ? []
      : Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]);
    const reply = found.route.handle({
      caller: { userId, apiKey: 'key' },
      path: found.path,
      query: new URLSearchParams(query),
      form: new URLSearchParams(fields),
      json,
    });
    return 'data' in reply ? structuredClone(reply.data) : reply;
  }

  function print(listed: Listed, price: number, quantity = 100, change: Partial<Quote> = {}): void {
    market.print(listed, {
      lastPrice: price,
      lastQuantity: quantity,
      lowerCircuit: price * 0.8,
      upperCircuit: price * 1.2,
      locked: 0,
      bids: depth([[50, price - 0.05, 1]]),
      asks: depth([[50, price + 0.05, 1]]),
      ...change,
    });
  }
  print(infy, 100);

  return {
    market,
    infy,
    orders,
    frames,
    ask,
    print,
    place: (form: Record<string, string | number> = {}, variety = 'regular', userId = 'AB1234'): string =>
      ask('POST', `/orders/${variety}`, { ...plain, ...form }, userId).order_id,
    last: (id: string, userId = 'AB1234'): KiteOrderRow => ask('GET', `/orders/${id}`, {}, userId).at(-1),
    statuses: (id: string): string[] => ask('GET', `/orders/${id}`).map((row: KiteOrderRow) => row.status),
    refusal(act: () => unknown): Refused {
      try {
        act();
      } catch (error) {
        const { errorType, message } = error as KiteRefusal;
        return { type: errorType, message };
      }
      throw new Error('it was not refused');
    },
  };
}

export type HeldDay = ReturnType<typeof heldDay>;

/** A limit order for ten INFY below the market. */
export const plain = {
  exchange: 'NSE',
  tradingsymbol: 'INFY',
  transaction_type: 'BUY',
  quantity: 10,
  order_type: 'LIMIT',
  product: 'MIS',
  price: 99,
  validity: 'DAY',
};
