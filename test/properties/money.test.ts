import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { roundHalfUp } from '../../src/domain/money.ts';
import type { OrderIntent } from '../../src/domain/order.ts';
import { propertyRuns, type RandomCase, randomCase, runCase } from '../support/random-run.ts';

/** Every order of a run with what the exchange told of it. */
function ordersOf(one: RandomCase) {
  const run = runCase(one);
  const orders = new Map<
    number,
    { intent: OrderIntent; filled: number; ends: number; modified: boolean; afterEnd: number }
  >();
  for (const entry of run.entries) {
    if (entry.type === 'intent') {
      orders.set(entry.order.id, { intent: entry.order, filled: 0, ends: 0, modified: false, afterEnd: 0 });
      continue;
    }
    const order = orders.get(entry.event.id);
    if (!order) throw new Error(`order ${entry.event.id} has an intent before its first event`);
    if (order.ends > 0) order.afterEnd += 1;
    if (entry.event.type === 'modified') order.modified = true;
    if (entry.event.type === 'cancelled') order.ends += 1;
    if (entry.event.type === 'filled') {
      order.filled += entry.event.quantity;
      if (order.filled === order.intent.quantity) order.ends += 1;
    }
  }
  return { ...run, orders: [...orders.values()] };
}

describe('whatever strategies do on whatever bars', () => {
  test('cash, positions and charges make the equity of every mark, to the paisa', () => {
    let fills = 0;
    fc.assert(
      fc.property(randomCase, (one) => {
        let spent = 0;
        let units = 0;
        let read = 0;
        const sides = new Map<number, 1 | -1>();
        runCase(one, {
          audit: (engine, { entries }) => {
            for (; read < entries.length; read++) {
              const entry = entries[read];
              if (entry.type === 'intent') sides.set(entry.order.id, entry.order.side === 'BUY' ? 1 : -1);
              else if (entry.event.type === 'filled') {
                const { id, quantity, price } = entry.event;
                const side = sides.get(id) ?? 1;
                units += side * quantity;
                spent += side * roundHalfUp(price * quantity * 100);
                fills += 1;
              }
            }
            const { account, equity } = engine;
            const close = account.held[0]?.close ?? 0;
            const worth = account.capitalPaise - account.chargesPaise - spent + units * close * 100;
            if (equity.equityPaise[equity.length - 1] !== Math.round(worth))
              expect(equity.equityPaise[equity.length - 1]).toBe(Math.round(worth));
          },
        });
      }),
      propertyRuns,
    );
    expect(fills).toBeGreaterThan(300);
  });

  test('the nets of the trades are the change of the account, and the charge lines their charges', () => {
    let trades = 0;
    fc.assert(
      fc.property(randomCase, (one) => {
        const { engine, trades: closed } = runCase(one);
        const net = closed.reduce((sum, trade) => sum + trade.grossPaise - trade.chargesPaise, 0);
        const charges = closed.reduce((sum, trade) => sum + trade.chargesPaise, 0);
        expect(engine.account.equityPaise - engine.account.capitalPaise).toBe(net);
        expect(engine.equity.equityPaise[engine.equity.length - 1]).toBe(engine.account.equityPaise);
        expect(engine.notes.totals.reduce((sum, line) => sum + line, 0)).toBe(charges);
        expect(closed.every((trade) => Number.isInteger(trade.grossPaise))).toBe(true);
        trades += closed.length;
      }),
      propertyRuns,
    );
    expect(trades).toBeGreaterThan(100);
  });

  test('nothing stays tied up when everything is closed', () => {
    fc.assert(
      fc.property(randomCase, (one) => {
        const { account } = runCase(one).engine;
        const { blockedPaise, reservedPaise, releasingPaise, openPositions, availablePaise } = account;
        expect({ blockedPaise, reservedPaise, releasingPaise, openPositions }).toEqual({
          blockedPaise: 0,
          reservedPaise: 0,
          releasingPaise: 0,
          openPositions: 0,
        });
        expect(availablePaise).toBe(account.equityPaise);
      }),
      propertyRuns,
    );
  });

  test('fills never exceed their order, and every order ends once and stays ended', () => {
    fc.assert(
      fc.property(randomCase, (one) => {
        for (const { intent, filled, ends, modified, afterEnd } of ordersOf(one).orders) {
          expect(filled).toBeLessThanOrEqual(intent.quantity);
          expect(afterEnd).toBe(0);
          // A stop that a target has shrunk is complete below its first quantity.
          if (modified && filled > 0) expect(ends).toBeLessThanOrEqual(1);
          else expect({ id: intent.id, ends }).toEqual({ id: intent.id, ends: 1 });
        }
      }),
      propertyRuns,
    );
  });

  test('exits never sell more than was entered, in whole lots', () => {
    fc.assert(
      fc.property(randomCase, (one) => {
        const { trades, orders, instrument } = ordersOf(one);
        const entered = orders
          .filter(({ intent }) => intent.role === 'entry')
          .reduce((sum, order) => sum + order.filled, 0);
        const left = orders
          .filter(({ intent }) => intent.role !== 'entry')
          .reduce((sum, order) => sum + order.filled, 0);
        expect(left).toBe(entered);
        expect(trades.reduce((sum, trade) => sum + trade.quantity, 0)).toBe(entered);
        for (const { quantity } of trades) expect(quantity % instrument.lotSize).toBe(0);
      }),
      propertyRuns,
    );
  });

  test('no fill lies outside the range of its bar by more than its slippage', () => {
    fc.assert(
      fc.property(randomCase, (one) => {
        const { entries, series } = ordersOf(one);
        const types = new Map<number, OrderIntent>();
        const { kind, amount } = one.fill.slippage;
        for (const entry of entries) {
          if (entry.type === 'intent') types.set(entry.order.id, entry.order);
          if (entry.type !== 'order' || entry.event.type !== 'filled') continue;
          const { id, price, time } = entry.event;
          const order = types.get(id);
          const first = series.rowAt(time);
          // A close may be the next bar's opening instant; either bar may have given the price.
          const rows = [first - 1, first].filter((row) => row >= 0 && row < series.length);
          const allowed = rows.some((row) => {
            const range = series.high[row] - series.low[row];
            let slip = 0.1 + 1e-9;
            if (order?.type === 'MARKET' || order?.type === 'SL-M') {
              if (kind === 'ticks') slip += amount * 0.1;
              if (kind === 'bps') slip += (price * amount) / 5_000;
              if (kind === 'volatility') slip += (range * amount) / 100;
            }
            return price <= series.high[row] + slip && price >= series.low[row] - slip;
          });
          expect({ id, price, allowed }).toEqual({ id, price, allowed: true });
          if (order?.type === 'LIMIT' && order.side === 'BUY') expect(price).toBeLessThanOrEqual(order.price);
          if (order?.type === 'LIMIT' && order.side === 'SELL')
            expect(price).toBeGreaterThanOrEqual(order.price);
        }
      }),
      propertyRuns,
    );
  });
});
