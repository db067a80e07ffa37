import { idOfTag, type Written } from './journal-reader.ts';
import type { Intent } from './oracle.ts';
import type { SimulatedKite } from './simulated-kite.ts';

interface Told {
  readonly intent: Intent;
  filled: number;
  accepted: number;
  over: string | undefined;
}

/**
 * INV-03, 04 and 07 over a whole journal, by arithmetic of its own: states only go forward, every fill is one of the exchange's and is
 * told once, and the account is worth what its fills and the closes say, to the paisa.
 */
export function judgeJournal(
  records: readonly Written[],
  kite: SimulatedKite,
  fail: (invariant: string, what: string) => void,
): void {
  const orders = new Map<number, Told>();
  const trades = new Map(kite.trades.map((trade) => [trade.id, trade]));
  const told = new Set<string>();
  const held = new Map<string, number>();
  const closes = new Map<string, number>();
  let keys: readonly string[] = [];
  let cash = 0;
  let lastId = 0;
  for (const record of records) {
    if (record.t === 'session') {
      cash = Number(record.capitalPaise);
      keys = record.instruments as readonly string[];
    } else if (record.t === 'intent') {
      const intent = record.order as Intent;
      if (intent.id <= lastId) fail('INV-03', `intent ${intent.id} follows intent ${lastId}`);
      lastId = intent.id;
      orders.set(intent.id, { intent, filled: 0, accepted: 0, over: undefined });
    } else if (record.t === 'bars') {
      for (const bar of barsIn(record)) closes.set(keys[bar.place], Math.round(bar.close * 100));
    } else if (record.t === 'order') {
      const event = Object(record.event);
      const order = orders.get(event.id);
      if (order === undefined)
        fail('INV-03', `something is told of order ${event.id}, of which there is no intent`);
      else {
        step(order, event, fail);
        if (event.type === 'filled') {
          const { intent } = order;
          const trade = trades.get(String(event.tradeId));
          if (told.has(String(event.tradeId))) fail('INV-04', `trade ${event.tradeId} is told twice`);
          told.add(String(event.tradeId));
          if (trade === undefined) fail('INV-04', `trade ${event.tradeId} is not the exchange's`);
          else if (
            idOfTag(trade.order.tag) !== intent.id ||
            trade.order.side !== intent.side ||
            event.quantity > trade.quantity ||
            Math.round(event.price * 100) !== trade.price
          )
            fail(
              'INV-04',
              `trade ${event.tradeId} is told as ${event.quantity} at ${event.price} of intent ${intent.id}`,
            );
          const signed = intent.side === 'BUY' ? event.quantity : -event.quantity;
          held.set(intent.key, (held.get(intent.key) ?? 0) + signed);
          cash -= signed * Math.round(event.price * 100);
        }
      }
    } else if (record.t === 'mark') {
      let worth = cash;
      for (const [key, units] of held) if (units !== 0) worth += units * (closes.get(key) ?? Number.NaN);
      if (Number.isNaN(worth)) continue;
      if (worth !== record.equityPaise)
        fail(
          'INV-07',
          `the account is worth ${worth} paise at ${record.time}, the mark says ${record.equityPaise}`,
        );
    }
  }
}

function step(
  order: Told,
  event: { readonly type: string; readonly quantity?: number },
  fail: (invariant: string, what: string) => void,
): void {
  const { intent } = order;
  if (order.over !== undefined)
    fail('INV-03', `order ${intent.id} is ${event.type} after it was ${order.over}`);
  if (event.type === 'accepted' && ++order.accepted > 1)
    fail('INV-03', `order ${intent.id} is accepted twice`);
  if (event.type === 'filled') {
    const { quantity = Number.NaN } = event;
    if (!(quantity > 0)) fail('INV-04', `order ${intent.id} is filled by ${quantity}`);
    order.filled += quantity;
    if (order.filled > intent.quantity)
      fail('INV-04', `order ${intent.id} of ${intent.quantity} is filled by ${order.filled}`);
    if (order.filled === intent.quantity) order.over = 'filled';
  }
  if (event.type === 'cancelled' || event.type === 'rejected') order.over = event.type;
}

/** Place and close of each bar of a record: place, opening instant, open, high, low, close, volume. */
function barsIn({ bars }: Written): readonly { readonly place: number; readonly close: number }[] {
  return (bars as readonly (readonly number[])[]).map((bar) => ({ place: bar[0], close: bar[5] }));
}
