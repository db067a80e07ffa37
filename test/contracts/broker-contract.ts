import { describe, expect, test } from '@jest/globals';
import type { InstrumentKey } from '#src/domain/instrument.ts';
import type { OrderEvent, OrderId, OrderIntent } from '#src/domain/order.ts';
import { isTerminal, type OrderState, stepTo } from '#src/engine/order-lifecycle.ts';
import type { Broker } from '#src/engine/ports.ts';
import { approved, plainIntent } from '../support/kite-stage.ts';

/** A broker and a market of one instrument that stands at 100. */
export interface BrokerStage {
  readonly broker: Broker;
  readonly key: InstrumentKey;
  /** What was told so far; the stage connects the broker. */
  readonly events: readonly OrderEvent[];
  /** The market trades so many units at a price, and whatever follows from it has been told. */
  trade(price: number, quantity?: number): Promise<void>;
  close(): Promise<void>;
}

/** What every broker does, whatever stands behind it. */
export function brokerContract(name: string, make: () => Promise<BrokerStage>): void {
  describe(`the broker contract: ${name}`, () => {
    const card = (title: string, play: (stage: Played) => Promise<void>) =>
      test(title, async () => {
        const stage = await make();
        try {
          const played = playedOn(stage);
          await play(played);
          played.checkStories();
        } finally {
          await stage.close();
        }
      });

    card('an order at market fills wholly, and nothing follows', async ({ submit, trade, told, filled }) => {
      const id = submit({ type: 'MARKET', quantity: 10 });
      await trade(100);
      await trade(101);
      expect(filled(id)).toBe(10);
      expect(told(id).at(-1)).toBe('filled');
    });

    card(
      'an exit at market gets out also where the market runs away from it',
      async ({ submit, trade, filled }) => {
        submit({ type: 'MARKET' });
        await trade(100);
        const exit = submit({ role: 'signal', side: 'SELL', type: 'MARKET' });
        for (const price of [97, 95, 95, 95]) await trade(price);
        expect(filled(exit)).toBe(10);
      },
    );

    card('a limit order waits for its price and gets no worse', async ({ submit, trade, filled, prices }) => {
      const id = submit({ type: 'LIMIT', price: 99 });
      await trade(100);
      expect(filled(id)).toBe(0);
      await trade(98.5);
      expect(filled(id)).toBe(10);
      for (const price of prices(id)) expect(price).toBeLessThanOrEqual(99);
    });

    card(
      'what the market gives in parts comes in parts, each once',
      async ({ submit, trade, filled, trades }) => {
        const id = submit({ type: 'LIMIT', price: 99, quantity: 10 });
        await trade(98.5, 4);
        expect(filled(id)).toBe(4);
        await trade(98.5, 3);
        await trade(98.5, 50);
        expect(filled(id)).toBe(10);
        expect(trades(id).length).toBe(3);
        expect(new Set(trades(id)).size).toBe(3);
      },
    );

    card(
      'a cancelled order ends once, and nothing follows',
      async ({ broker, submit, trade, told, filled }) => {
        const id = submit({ type: 'LIMIT', price: 99 });
        await trade(100);
        broker.cancel(id);
        await trade(100);
        expect(told(id).filter((type) => type === 'cancelled').length).toBe(1);
        broker.cancel(id);
        await trade(98);
        expect(told(id).at(-1)).toBe('cancelled');
        expect(filled(id)).toBe(0);
      },
    );

    card('what has filled before a cancel stays filled', async ({ broker, submit, trade, told, filled }) => {
      const id = submit({ type: 'LIMIT', price: 99, quantity: 10 });
      await trade(98.5, 4);
      broker.cancel(id);
      await trade(100);
      expect(filled(id)).toBe(4);
      expect(told(id).at(-1)).toBe('cancelled');
    });

    card('cancelling what has filled changes nothing', async ({ broker, submit, trade, told }) => {
      const id = submit({ type: 'MARKET' });
      await trade(100);
      broker.cancel(id);
      await trade(100);
      expect(told(id)).not.toContain('cancelled');
    });

    card('a stop rests until its trigger, also where that was moved to', async (played) => {
      const { broker, submit, trade, told, filled, events } = played;
      const entry = submit({ type: 'MARKET' });
      await trade(100);
      expect(filled(entry)).toBe(10);
      const stop = submit({ role: 'stop', side: 'SELL', type: 'SL-M', trigger: 95 });
      await trade(97);
      expect(filled(stop)).toBe(0);
      broker.modify(stop, { trigger: 96.5 });
      await trade(97);
      expect(events.filter((event) => event.type === 'modified')).toMatchObject([
        { id: stop, trigger: 96.5 },
      ]);
      await trade(96.4);
      await trade(96.4);
      expect(filled(stop)).toBe(10);
      expect(told(stop).at(-1)).toBe('filled');
    });

    card('orders do not hear of each other', async ({ broker, submit, trade, filled, told }) => {
      const one = submit({ type: 'LIMIT', price: 99 });
      const other = submit({ type: 'LIMIT', price: 98 });
      await trade(100);
      broker.cancel(one);
      await trade(97.5);
      expect([filled(one), filled(other)]).toEqual([0, 10]);
      expect(told(one).at(-1)).toBe('cancelled');
    });
  });
}

type Played = ReturnType<typeof playedOn>;

function playedOn(stage: BrokerStage) {
  const { broker, events, trade } = stage;
  const orders: OrderIntent[] = [];
  const fills = (id: OrderId) =>
    events.flatMap((event) => (event.type === 'filled' && event.id === id ? [event] : []));
  return {
    broker,
    events,
    trade,
    submit(wanted: Partial<OrderIntent>): OrderId {
      const order = { ...plainIntent, key: stage.key, ...wanted, id: orders.length + 1 };
      orders.push(order);
      broker.submit(approved(order));
      return order.id;
    },
    told: (id: OrderId) => events.filter((event) => event.id === id).map(({ type }) => type),
    filled: (id: OrderId) => fills(id).reduce((sum, { quantity }) => sum + quantity, 0),
    prices: (id: OrderId) => fills(id).map(({ price }) => price),
    trades: (id: OrderId) => fills(id).map(({ tradeId }) => tradeId),
    /** Whatever was told follows the engine's table of an order's life. */
    checkStories(): void {
      expect(events.length).toBeGreaterThan(0);
      for (const { id, quantity } of orders) {
        let state: OrderState = 'sent';
        let left = quantity;
        for (const event of events.filter((each) => each.id === id)) {
          expect(isTerminal(state)).toBe(false);
          if (event.type === 'filled') left -= event.quantity;
          expect(left).toBeGreaterThanOrEqual(0);
          state = stepTo(state, stateOf(event, left));
        }
      }
    },
  };
}

function stateOf({ type }: OrderEvent, left: number): OrderState {
  switch (type) {
    case 'filled':
      return left === 0 ? 'filled' : 'working';
    case 'accepted':
    case 'modified':
      return 'working';
    default:
      return type;
  }
}
