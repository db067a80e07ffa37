import { describe, expect, test } from '@jest/globals';
import { day, foreign, india, share } from '../support/india.ts';

const order = { side: 'BUY', product: 'MIS', quantity: 3, valuePaise: 33_350 } as const;

describe('charges by name', () => {
  test('a flat percent goes to the brokerage line of each order, also where no Indian rules hold', () => {
    const model = india.charges('flat:0.1%');
    const out = new Float64Array(16).fill(Number.NaN);
    model.settle(foreign, day('1990-01-01'), [order, order], out);
    expect([...out]).toEqual([33, 0, 0, 0, 0, 0, 0, 0, 33, 0, 0, 0, 0, 0, 0, 0]);
    expect(model.estimate(foreign, day('1990-01-01'), order)).toBe(33);
    expect(model.name).toBe('flat:0.1%');
  });

  test('none costs nothing', () => {
    const out = new Float64Array(8).fill(Number.NaN);
    india.charges('none').settle(share, 0, [order], out);
    expect([...out]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(india.charges('none').estimate(share, 0, order)).toBe(0);
  });

  test('zerodha is made once', () => {
    expect(india.charges('Zerodha')).toBe(india.zerodha());
  });

  test.each([
    ['zeroda', 'Unknown charges "zeroda". Did you mean "zerodha"?'],
    ['flat:', 'Unknown charges "flat:". Did you mean "flat:0.1%"?'],
    ['flat:-1%', 'Unknown charges "flat:-1%".'],
    ['flat:101%', 'Unknown charges "flat:101%".'],
  ])('%s is refused', (name, message) => {
    expect(() => india.charges(name)).toThrow(message);
  });
});
