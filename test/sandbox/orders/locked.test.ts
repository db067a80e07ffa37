import { expect, test } from '@jest/globals';
import { heldDay } from './held-day.ts';

/*
 * At an upper circuit nobody sells, at a lower one nobody buys, so orders on that side wait.
 */

const atUpper = { locked: 1 as const, bids: [], asks: [], upperCircuit: 120, lowerCircuit: 80 };
const atLower = { ...atUpper, locked: -1 as const };

test('a buy waits at a locked upper circuit, a sell fills', () => {
  const { place, print, infy, last, ask } = heldDay();
  const buy = place({ price: 120 });
  expect(last(buy).status).toBe('COMPLETE');
  print(infy, 120, 1_000, atUpper);
  const late = place({ price: 120, quantity: 20 });
  const exit = place({ transaction_type: 'SELL', price: 119 });
  print(infy, 120, 1_000, atUpper);
  expect([last(late), last(exit)].map(({ status, filled_quantity }) => [status, filled_quantity])).toEqual([
    ['OPEN', 0],
    ['COMPLETE', 10],
  ]);
  // Sellers are there again.
  print(infy, 119, 15, { upperCircuit: 120, lowerCircuit: 80 });
  expect(last(late)).toMatchObject({ status: 'OPEN', filled_quantity: 15, average_price: 119 });
  expect(ask('GET', '/portfolio/positions').net[0].quantity).toBe(15);
});

test('a sell waits at a locked lower circuit, also one at the market, and a buy fills', () => {
  const { place, print, infy, last } = heldDay();
  place({ price: 100.05 });
  print(infy, 80, 1_000, atLower);
  const exit = place({ transaction_type: 'SELL', order_type: 'MARKET', market_protection: -1 });
  const buy = place({ price: 81 });
  print(infy, 80, 1_000, atLower);
  expect([last(exit).status, last(buy).status]).toEqual(['OPEN', 'COMPLETE']);
  print(infy, 80.5, 1_000, { upperCircuit: 120, lowerCircuit: 80 });
  expect(last(exit)).toMatchObject({ status: 'COMPLETE', average_price: 80.5 });
});

test('what is offered in the book is not taken by the side that is locked', () => {
  const { place, print, infy, last } = heldDay();
  print(infy, 120, 1_000, { ...atUpper, asks: [{ quantity: 50, price: 120, orders: 1 }] });
  expect(last(place({ price: 120 })).filled_quantity).toBe(0);
});

test('a stop that is reached at a locked circuit waits there as the limit order it has become', () => {
  const { place, print, infy, last, statuses } = heldDay();
  const stop = place({ order_type: 'SL', trigger_price: 119, price: 120 });
  print(infy, 120, 1_000, atUpper);
  print(infy, 120, 1_000, atUpper);
  expect(last(stop)).toMatchObject({ status: 'OPEN', filled_quantity: 0 });
  // Below its trigger, and all the same within its limit.
  print(infy, 118, 1_000, { upperCircuit: 120, lowerCircuit: 80 });
  expect(last(stop)).toMatchObject({ status: 'COMPLETE', average_price: 118 });
  expect(statuses(stop).slice(-3)).toEqual(['TRIGGER PENDING', 'OPEN', 'COMPLETE']);
});
