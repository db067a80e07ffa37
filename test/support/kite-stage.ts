import type { BrokerRecord, KiteBrokerOptions } from '#src/adapters/kite/broker-parts.ts';
import { KiteBroker } from '#src/adapters/kite/kite-broker.ts';
import type { ApprovedOrder, OrderEvent, OrderIntent } from '#src/domain/order.ts';
import type { ScriptedKite } from './scripted-kite.ts';

export const plainIntent: OrderIntent = {
  id: 1,
  strategy: 'test',
  key: 'NSE:INFY',
  side: 'BUY',
  role: 'entry',
  type: 'MARKET',
  product: 'MIS',
  validity: 'DAY',
  quantity: 10,
  price: Number.NaN,
  trigger: Number.NaN,
  decided: Number.NaN,
  time: 0,
};

/** Test orders have passed no gate. */
export function approved(order: OrderIntent): ApprovedOrder {
  return order as ApprovedOrder;
}

/** A Kite broker that has begun, with what it told and wrote down. */
export async function kiteStage(kite: ScriptedKite, options: Partial<KiteBrokerOptions> = {}) {
  const events: OrderEvent[] = [];
  const records: BrokerRecord[] = [...(options.past ?? [])];
  const troubles: string[] = [];
  const broker = new KiteBroker({
    kite: kite.client,
    clock: kite.clock,
    rules: {
      instrument: () => kite.infy,
      tick: () => 0.05,
      lastPrice: (key) => kite.market.quote(key)?.lastPrice,
      marketProtection: -1,
      optionStopPercent: 5,
    },
    stream: 'main',
    nonce: 'N0NCE1',
    record: (fields) => records.push(structuredClone(fields)),
    withheld: () => undefined,
    trouble: (code) => troubles.push(code),
    failed: (error) => {
      throw error;
    },
    ...options,
  });
  broker.connect({
    orderEvent(event) {
      records.push({ t: 'order', event: { ...event } });
      events.push({ ...event });
    },
  });
  let last = 0;
  return {
    broker,
    events,
    records,
    troubles,
    submit(wanted: Partial<OrderIntent> = {}): number {
      last = wanted.id ?? last + 1;
      const order = { ...plainIntent, ...wanted, id: last, time: kite.clock.now() };
      records.push({ t: 'intent', order });
      broker.submit(approved(order));
      return last;
    },
    told: (id: number) => events.filter((event) => event.id === id).map(({ type }) => type),
    filled: (id: number) =>
      events.reduce(
        (sum, event) => sum + (event.type === 'filled' && event.id === id ? event.quantity : 0),
        0,
      ),
    reason(id: number): string {
      const end = events.find((event) => event.id === id && 'reason' in event);
      return end && 'reason' in end ? end.reason : '';
    },
  };
}

export type KiteStage = Awaited<ReturnType<typeof kiteStage>>;
