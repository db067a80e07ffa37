import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { testWithShared } from '../../support/shared-data.ts';
import { type HeldDay, heldDay } from './held-day.ts';

const holdings = () => [{ key: 'NSE:INFY', quantity: 20, averagePrice: 90 }];
const note = {
  ...{ exchange: 'NSE', tradingsymbol: 'INFY', transaction_type: 'BUY', variety: 'regular' },
  ...{ product: 'CNC', order_type: 'LIMIT', quantity: 1, price: 100, average_price: 100 },
};
const gtt = {
  type: 'single',
  condition: JSON.stringify({
    exchange: 'NSE',
    tradingsymbol: 'INFY',
    trigger_values: [95],
    last_price: 100,
  }),
  orders: JSON.stringify([{ ...note, quantity: 5, price: 95, product: 'CNC' }]),
};

/** Key paths with the kind of each value; what a list holds is read from its first row. */
function shapeOf(value: unknown, path = ''): Map<string, string> {
  const shape = new Map<string, string>();
  if (Array.isArray(value)) {
    if (typeof value[0] === 'object') for (const [k, v] of shapeOf(value[0], `${path}[]`)) shape.set(k, v);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      if (path.endsWith('.meta') || path.endsWith('.authorisation')) continue;
      const own = `${path}.${name}`;
      shape.set(own, each === null ? 'null' : Array.isArray(each) ? 'list' : typeof each);
      for (const [k, v] of shapeOf(each, own)) shape.set(k, v);
    }
  }
  return shape;
}

function afterFill(day: HeldDay, path: string): unknown {
  day.place({ price: 100.05 });
  return day.ask('GET', path);
}

const cases: readonly [file: string, ask: (day: HeldDay) => unknown][] = [
  ['orders', (day) => afterFill(day, '/orders')],
  ['trades', (day) => afterFill(day, '/trades')],
  ['margins', (day) => day.ask('GET', '/user/margins')],
  ['order_margins', (day) => day.ask('POST', '/margins/orders', [note])],
  ['basket_margins', (day) => day.ask('POST', '/margins/basket', [note])],
  ['virtual_contract_note', (day) => day.ask('POST', '/charges/orders', [note])],
  ['holdings', (day) => day.ask('GET', '/portfolio/holdings')],
  ['auctions_list', (day) => day.ask('GET', '/portfolio/holdings/auctions')],
  ['order_response', (day) => ({ order_id: day.place({}) })],
  ['order_cancel', (day) => day.ask('DELETE', `/orders/regular/${day.place({})}`)],
  ['gtt_place_order', (day) => day.ask('POST', '/gtt/triggers', gtt)],
  ['gtt_get_orders', (day) => day.ask('POST', '/gtt/triggers', gtt) && day.ask('GET', '/gtt/triggers')],
];

for (const [file, ask] of cases) {
  testWithShared(
    `kite-mocks/${file}.json`,
    `answers have every key of Kite's ${file}, of its type`,
    (path) => {
      const theirs = shapeOf(JSON.parse(readFileSync(path, 'utf8')).data);
      const ours = shapeOf(ask(heldDay({ holdings, auctions: [{ key: 'NSE:INFY', number: '20' }] })));
      const different = [...theirs].filter(([name, kind]) => {
        const own = ours.get(name);
        return own !== kind && !((kind === 'null' || own === 'null') && own !== undefined);
      });
      expect(different).toEqual([]);
    },
  );
}
