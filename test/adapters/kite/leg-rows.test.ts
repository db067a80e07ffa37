import { expect, test } from '@jest/globals';
import { sawRow } from '#src/adapters/kite/leg-rows.ts';
import { type KiteOrder, orderSchema } from '#src/adapters/kite/schemas.ts';
import { Leg } from '#src/adapters/kite/ticket.ts';
import { crudeOption, share } from '../../support/india.ts';

const legOf = (trigger = Number.NaN) =>
  new Leg({ number: 0, tag: 'A', dayNumber: 1, terms: { quantity: 10, price: Number.NaN, trigger } });

function row(fields: Partial<KiteOrder>): KiteOrder {
  return {
    ...orderSchema.parse({
      ...{ order_id: '1', status: 'OPEN', variety: 'regular', exchange: 'NSE', tradingsymbol: 'INFY' },
      ...{ order_type: 'SL', transaction_type: 'SELL', validity: 'DAY', product: 'MIS' },
      ...{ quantity: 10, price: 0, trigger_price: 0, average_price: 0, filled_quantity: 0 },
    }),
    ...fields,
  };
}

test('fills never fall and an end is never taken back, whatever an older snapshot says', () => {
  const leg = legOf();
  sawRow(leg, row({ status: 'CANCELLED', filled_quantity: 4, status_message: 'by hand' }), share, 2);
  sawRow(leg, row({ status: 'OPEN', filled_quantity: 3 }), share, 1);
  expect(leg).toMatchObject({ terminal: 'CANCELLED', filledSeen: 4, words: 'by hand' });
  expect(leg.isOver).toBe(false);
  leg.filledTold = 4;
  expect(leg.isOver).toBe(true);
});

test('a status that nobody knows stands for an order that lives', () => {
  const leg = legOf();
  sawRow(leg, row({ status: 'BRAND NEW STATE' }), share, 1);
  expect(leg).toMatchObject({ terminal: undefined, status: 'BRAND NEW STATE' });
});

test('lots on the wire are units here', () => {
  const leg = legOf();
  sawRow(leg, row({ quantity: 3, filled_quantity: 2 }), { ...crudeOption, lotSize: 10 }, 1);
  expect(leg).toMatchObject({ filledSeen: 20, terms: { quantity: 30 } });
});

test('a change that the book does not show was lost, unless the book is older than the change', () => {
  const leg = legOf(95);
  leg.askedUntil = 10;
  leg.terms = { ...leg.terms, trigger: 96 };
  sawRow(leg, row({ status: 'TRIGGER PENDING', trigger_price: 95 }), share, 9);
  expect(leg.terms.trigger).toBe(96);
  sawRow(leg, row({ status: 'MODIFY PENDING', trigger_price: 95 }), share, 10);
  expect(leg.terms.trigger).toBe(96);
  sawRow(leg, row({ status: 'TRIGGER PENDING', trigger_price: 95 }), share, 10);
  expect(leg.terms.trigger).toBe(95);
});
