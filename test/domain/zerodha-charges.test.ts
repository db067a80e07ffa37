import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chargeLines, type ExecutedOrder } from '../../src/domain/charges.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import type { Product, Side } from '../../src/domain/order.ts';
import { crudeOption, day, foreign, future, index, india, option, share } from '../support/india.ts';

const model = india.zerodha();

function order(side: Side, quantity: number, price: number, product: Product = 'MIS'): ExecutedOrder {
  return { side, product, quantity, valuePaise: Math.round(quantity * price * 100) };
}

function settle(instrument: Instrument, date: string, orders: readonly ExecutedOrder[]): Float64Array {
  const out = new Float64Array(orders.length * chargeLines.length).fill(Number.NaN);
  model.settle(instrument, day(date), orders, out);
  return out;
}

/** The note's lines in rupees. */
function note(
  instrument: Instrument,
  date: string,
  orders: readonly ExecutedOrder[],
): Record<string, number> {
  const rows = settle(instrument, date, orders);
  return Object.fromEntries(
    chargeLines.map((line, at) => [
      line,
      orders.reduce((sum, _, i) => sum + rows[i * chargeLines.length + at], 0) / 100,
    ]),
  );
}

/** Unrounded lines of one order in rupees, the exchange line with IPFT as Kite shows it. */
function unrounded(instrument: Instrument, date: string, executed: ExecutedOrder): Record<string, number> {
  const lines = model.unroundedCharges(instrument, day(date), executed);
  const named = Object.fromEntries(chargeLines.map((line, at) => [line, lines[at] / 100]));
  return { ...named, exchange: named.exchange + named.ipft };
}

describe('a real Zerodha contract note', () => {
  // Public, anonymised note of 2025-06-18: CRUDEOILM 6300 CE, two orders bought and two sold.
  test('every line of it matches', () => {
    const orders = [
      order('BUY', 10, 491.45, 'NRML'),
      order('BUY', 10, 491.45, 'NRML'),
      order('SELL', 10, 475.6, 'NRML'),
      order('SELL', 10, 475.6, 'NRML'),
    ];
    expect(note(crudeOption, '2025-06-18', orders)).toEqual({
      ...{ brokerage: 80, stt: 5, exchange: 8.08, ipft: 0, sebi: 0.02, stamp: 0.29, gst: 15.86, dp: 0 },
    });
  });
});

describe('STT as Zerodha support explains it', () => {
  test('shares bought and sold on a day are intraday, the rest delivery, both at the mean price', () => {
    const orders = [
      order('BUY', 500, 100, 'CNC'),
      order('SELL', 500, 105, 'CNC'),
      order('BUY', 200, 110, 'CNC'),
    ];
    expect(note(share, '2023-05-02', orders).stt).toBe(13 + 21);
  });

  test.each([
    ['500 bought at 100 and sold at 105', 500, 100, 105, 13],
    ['100 bought at 100 and sold at 101', 100, 100, 101, 3],
    ['20 bought at 103.30 and sold at 103.55', 20, 103.3, 103.55, 1],
  ])('intraday: %s', (_name, quantity, buy, sell, stt) => {
    expect(note(share, '2023-05-02', [order('BUY', quantity, buy), order('SELL', quantity, sell)]).stt).toBe(
      stt,
    );
  });

  test('delivery on two days: half a rupee goes up', () => {
    expect(note(share, '2023-05-02', [order('BUY', 500, 100, 'CNC')]).stt).toBe(50);
    expect(note(share, '2023-05-03', [order('SELL', 500, 105, 'CNC')]).stt).toBe(53);
  });
});

describe("unrounded charges of one order match Kite's own examples", () => {
  const nifty = option('NIFTY', '2023-07-27', 20600);
  const petal: Instrument = { ...future('GOLDPETAL', '2023-07-31'), rules: 'MCX' };

  test.each([
    [
      'SBIN bought',
      share,
      '2023-07-10',
      order('BUY', 1, 560, 'CNC'),
      { stt: 0.56, exchange: 0.01876, sebi: 0.00056, brokerage: 0, gst: 0.0033768 },
    ],
    [
      'GOLDPETAL sold',
      petal,
      '2023-07-10',
      order('SELL', 1, 5862, 'NRML'),
      { stt: 0.5862, exchange: 0.152412, sebi: 0.005862, brokerage: 1.7586, gst: 0.34503732 },
    ],
    [
      'NIFTY put bought',
      nifty,
      '2023-07-10',
      order('BUY', 100, 1.5, 'NRML'),
      { stt: 0, exchange: 0.07575, sebi: 0.00015, brokerage: 20, gst: 3.613527 },
    ],
    [
      'NIFTY call sold',
      nifty,
      '2023-07-10',
      order('SELL', 75, 35.65, 'NRML'),
      { stt: 1.67109375, sebi: 0.00267375, brokerage: 20, gst: 3.841118775 },
    ],
    [
      'INFY bought before April 2023',
      share,
      '2023-03-10',
      order('BUY', 1, 1498, 'CNC'),
      { stt: 1.498, exchange: 0.051681, sebi: 0.001498, stamp: 0.2247 },
    ],
  ])('%s', (_name, instrument, date, executed, expected) => {
    const lines = unrounded(instrument, date, executed);
    for (const [line, rupees] of Object.entries(expected)) expect(lines[line]).toBeCloseTo(rupees, 9);
  });

  test('IPFT is told apart from the exchange fee and carries no GST', () => {
    const lines = model.unroundedCharges(nifty, day('2023-07-10'), order('SELL', 75, 35.65, 'NRML'));
    expect(lines[chargeLines.indexOf('exchange')] / 100).toBeCloseTo(1.336875, 9);
    expect(lines[chargeLines.indexOf('ipft')] / 100).toBeCloseTo(0.01336875, 9);
  });
});

describe('notes at the rates of 2025 and 2026', () => {
  const nifty = future('NIFTY', '2026-11-23');
  const call = option('NIFTY', '2026-11-23', 24000);

  test.each([
    [
      'future',
      nifty,
      '2026-11-20',
      [order('BUY', 65, 24000, 'NRML'), order('SELL', 65, 24100, 'NRML')],
      { brokerage: 40, stt: 783, exchange: 57.21, ipft: 0, sebi: 3.13, stamp: 31.2, gst: 18.06, dp: 0 },
    ],
    [
      'option',
      call,
      '2026-11-20',
      [order('BUY', 65, 100, 'NRML'), order('SELL', 65, 110, 'NRML')],
      { brokerage: 40, stt: 11, exchange: 4.85, ipft: 0, sebi: 0.01, stamp: 0.2, gst: 8.08, dp: 0 },
    ],
    [
      'option before March 2026',
      call,
      '2025-01-15',
      [order('BUY', 75, 100, 'NRML'), order('SELL', 75, 110, 'NRML')],
      { brokerage: 40, stt: 8, exchange: 5.52, ipft: 0.08, sebi: 0.02, stamp: 0.23, gst: 8.2, dp: 0 },
    ],
    [
      'intraday',
      share,
      '2026-11-20',
      [order('BUY', 400, 1000), order('SELL', 400, 1100)],
      { brokerage: 40, stt: 105, exchange: 25.79, ipft: 0, sebi: 0.84, stamp: 12, gst: 11.99, dp: 0 },
    ],
    [
      'delivery bought',
      share,
      '2026-11-19',
      [order('BUY', 400, 1000, 'CNC')],
      { brokerage: 0, stt: 400, exchange: 12.28, ipft: 0, sebi: 0.4, stamp: 60, gst: 2.28, dp: 0 },
    ],
    [
      'delivery sold',
      share,
      '2026-11-20',
      [order('SELL', 400, 1100, 'CNC')],
      { brokerage: 0, stt: 440, exchange: 13.51, ipft: 0, sebi: 0.44, stamp: 0, gst: 2.51, dp: 15.34 },
    ],
  ])('%s', (_name, instrument, date, orders, expected) => {
    expect(note(instrument, date, orders)).toEqual(expected);
  });

  test('two sell orders of one day leave the depository once, shared between them', () => {
    const rows = settle(share, '2026-11-20', [
      order('SELL', 100, 500, 'CNC'),
      order('SELL', 300, 500, 'CNC'),
    ]);
    const dp = chargeLines.indexOf('dp');
    expect([rows[dp], rows[chargeLines.length + dp]]).toEqual([384, 1150]);
  });

  test('CNC bought and sold on one day pays as intraday and leaves the depository alone', () => {
    const cnc = note(share, '2026-11-20', [order('BUY', 400, 1000, 'CNC'), order('SELL', 400, 1100, 'CNC')]);
    expect(cnc).toEqual(note(share, '2026-11-20', [order('BUY', 400, 1000), order('SELL', 400, 1100)]));
  });

  test('a day of MIS round trips beside a delivery keeps each at its own rates', () => {
    const orders = [order('BUY', 100, 200), order('SELL', 100, 200), order('BUY', 50, 200, 'CNC')];
    const { brokerage, stt, stamp, dp } = note(share, '2026-11-20', orders);
    expect({ brokerage, stt, stamp, dp }).toEqual({ brokerage: 12, stt: 5 + 10, stamp: 0.6 + 1.5, dp: 0 });
  });
});

describe('days on which the price list changes', () => {
  const changed = (instrument: Instrument, before: string, after: string, product: Product) => {
    const orders = [order('BUY', 10_000, 500, product), order('SELL', 10_000, 510, product)];
    const [old, now] = [note(instrument, before, orders), note(instrument, after, orders)];
    return chargeLines.filter((line) => old[line] !== now[line]);
  };

  test.each([
    ['2024-09-30', '2024-10-01', future('NIFTY', '2024-10-31'), ['stt', 'exchange', 'gst']],
    ['2026-03-31', '2026-04-01', future('NIFTY', '2026-04-28'), ['stt']],
    ['2026-02-28', '2026-03-01', future('NIFTY', '2026-04-28'), ['exchange', 'ipft', 'gst']],
    ['2020-06-30', '2020-07-01', future('NIFTY', '2020-07-30'), ['stamp']],
    ['2026-03-31', '2026-04-01', share, []],
  ])('%s to %s', (before, after, instrument, expected) => {
    expect(changed(instrument, before, after, instrument === share ? 'MIS' : 'NRML')).toEqual(expected);
  });

  test('a day before the price list is refused', () => {
    expect(() => settle(share, '2014-12-31', [order('BUY', 1, 100)])).toThrow(
      expect.objectContaining({
        code: 'RULE_TARIFF',
        fix: 'Its rates are complete from 2015-01-01 on: add --from 2015-01-01, or use --charges none or --charges flat:0.1%.',
      }),
    );
  });

  test.each([
    [index, "Zerodha's price list cannot be applied: NSE:NIFTY 50 is an index, which nobody can trade."],
    [foreign, "Zerodha's price list cannot be applied: TEST:GOOG is not on an Indian exchange."],
  ])('what cannot be traded there is refused: %#', (instrument, message) => {
    expect(() => model.estimate(instrument, day('2026-11-20'), order('BUY', 1, 100))).toThrow(message);
  });

  test('a long run names the rates nobody has checked, a recent one only those in use', () => {
    const old = model.unverified?.(share, day('2018-01-01'), day('2026-11-20')) ?? [];
    expect(old.filter((sentence) => sentence.startsWith('EQ_INTRADAY stamp 0.002 %'))).toHaveLength(1);
    expect(model.unverified?.(share, day('2026-01-01'), day('2026-11-20'))).toEqual([]);
  });
});

describe('for every day and any orders', () => {
  const instruments = fc.constantFrom(
    share,
    { ...share, rules: 'BSE' as const },
    future('NIFTY', '2026-11-23'),
    option('SENSEX', '2026-11-26', 80_000),
    option('RELIANCE', '2026-11-23', 1_400),
    { ...crudeOption, kind: 'FUT' as const },
  );
  const dates = fc.integer({ min: day('2015-01-01'), max: day('2026-12-31') });
  const executed = fc.record({
    side: fc.constantFrom<Side>('BUY', 'SELL'),
    product: fc.constantFrom<Product>('MIS', 'CNC'),
    quantity: fc.integer({ min: 1, max: 50_000 }),
    valuePaise: fc.integer({ min: 1, max: 5_000_000_000 }),
  });
  const book = fc.array(executed, { minLength: 1, maxLength: 7 });

  const settled = (instrument: Instrument, dayNumber: number, orders: readonly ExecutedOrder[]) => {
    const out = new Float64Array(orders.length * chargeLines.length).fill(Number.NaN);
    model.settle(instrument, dayNumber, orders, out);
    return out;
  };
  const totals = (rows: Float64Array, count: number) =>
    chargeLines.map((_, line) => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += rows[i * chargeLines.length + line];
      return sum;
    });

  test('rows are whole paise, never negative, and STT is whole rupees', () => {
    fc.assert(
      fc.property(instruments, dates, book, (instrument, date, orders) => {
        const rows = settled(instrument, date, orders);
        for (const paise of rows) expect(Number.isInteger(paise) && paise >= 0).toBe(true);
        expect(totals(rows, orders.length)[chargeLines.indexOf('stt')] % 100).toBe(0);
      }),
    );
  });

  test('rows sum to the note: each unshared line is the rounded sum of unrounded orders', () => {
    const lines = ['brokerage', 'exchange', 'ipft', 'sebi', 'stamp', 'gst'] as const;
    const derivatives = fc.constantFrom(
      future('NIFTY', '2026-11-23'),
      option('SENSEX', '2026-11-26', 80_000),
    );
    fc.assert(
      fc.property(derivatives, dates, book, (instrument, date, orders) => {
        const sums = totals(settled(instrument, date, orders), orders.length);
        const exact = orders.map((executedOrder) => model.unroundedCharges(instrument, date, executedOrder));
        for (const name of lines) {
          const line = chargeLines.indexOf(name);
          const sum = exact.reduce((total, charges) => total + charges[line], 0);
          expect(Math.abs(sums[line] - sum)).toBeLessThanOrEqual(0.5 + 1e-6);
        }
      }),
    );
  });

  test('the order of the orders does not change the note', () => {
    fc.assert(
      fc.property(instruments, dates, book, (instrument, date, orders) => {
        const forward = totals(settled(instrument, date, orders), orders.length);
        const backward = totals(settled(instrument, date, [...orders].reverse()), orders.length);
        expect(forward).toEqual(backward);
      }),
    );
  });

  test('an estimate is within the roundings of the note of one order', () => {
    fc.assert(
      fc.property(dates, executed, (date, one) => {
        const instrument = future('NIFTY', '2026-11-23');
        const sum = totals(settled(instrument, date, [one]), 1).reduce((total, paise) => total + paise, 0);
        expect(Math.abs(model.estimate(instrument, date, one) - sum)).toBeLessThanOrEqual(50 + 4);
      }),
    );
  });

  test('no orders write nothing', () => {
    const out = new Float64Array(8).fill(7);
    model.settle(share, day('2026-11-20'), [], out);
    expect([...out]).toEqual([7, 7, 7, 7, 7, 7, 7, 7]);
  });
});
