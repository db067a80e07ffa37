import { describe, expect, test } from '@jest/globals';
import { play, type Tape, tape } from '../support/tape.ts';

const quiet = [
  [100, 101, 99, 100],
  [100, 101, 99, 100],
  [100, 101, 99, 100],
] as const;

function firstRefusal(picture: Partial<Tape>): string {
  const { refusals, orders } = play({ bars: quiet, buyAtCloseOf: 0, ...picture });
  expect(orders).toEqual([]);
  expect(refusals).toHaveLength(1);
  return `${refusals[0].code} ${refusals[0].first}`;
}

describe('what the gate refuses, with its figures', () => {
  test('an order that the account cannot carry', () => {
    expect(firstRefusal({ rules: 'NSE', product: 'CNC', capital: 10_000, quantity: 101 })).toBe(
      'RISK_FUNDS BUY 101 TEST:TAPE at 100 needs ₹10,100.00 margin and ₹0.00 charges; ₹10,000.00 is available.',
    );
  });

  test('an order whose charges the account cannot carry', () => {
    expect(
      firstRefusal({ rules: 'NSE', product: 'CNC', capital: 10_000, quantity: 100, charges: 'zerodha' }),
    ).toBe(
      'RISK_FUNDS BUY 100 TEST:TAPE at 100 needs ₹10,000.00 margin and ₹11.91 charges; ₹10,000.00 is available.',
    );
  });

  tape('at the limit the order goes through', {
    bars: quiet,
    rules: 'NSE',
    product: 'CNC',
    capital: 10_000,
    quantity: 100,
    buyAtCloseOf: 0,
    fills: [{ bar: 1, side: 'BUY', price: 100 }],
  });

  tape('MIS needs a fifth of the value', {
    bars: quiet,
    timeframe: '15m',
    from: '2026-06-01 09:15',
    rules: 'NSE',
    product: 'MIS',
    capital: 10_000,
    quantity: 500,
    buyAtCloseOf: 0,
    fills: [{ bar: 1, side: 'BUY', price: 100 }],
  });

  test('a delivery sale of shares that are not held', () => {
    expect(
      firstRefusal({ rules: 'NSE', product: 'CNC', deeds: { 0: ({ sell }) => sell() }, buyAtCloseOf: -1 }),
    ).toBe(
      'RISK_PRODUCT CNC cannot go short in TEST:TAPE: a delivery sale needs shares already held. Use --product MIS to short within the day.',
    );
  });

  test('a position worth more than its share of the account', () => {
    expect(firstRefusal({ capital: 10_000, quantity: 21, limits: { maxPositionValuePercent: 20 } })).toBe(
      'RISK_POSITION_VALUE 21 TEST:TAPE at 100 is worth ₹2,100.00, more than 20 % of ₹10,000.00 (risk.maxPositionValuePercent).',
    );
  });

  test('an addition that makes the position worth more than its share', () => {
    const { refusals, orders } = play({
      bars: quiet,
      capital: 10_000,
      limits: { maxPositionValuePercent: 20 },
      deeds: { 0: ({ buy }) => buy({ quantity: 15 }), 1: ({ buy }) => buy({ add: true, quantity: 6 }) },
    });
    expect(orders.map(({ role }) => role)).toEqual(['entry', 'end-of-data']);
    expect(refusals[0]?.first).toBe(
      '21 TEST:TAPE at 100 (15 of them held) is worth ₹2,100.00, more than 20 % of ₹10,000.00 (risk.maxPositionValuePercent).',
    );
  });

  test('a price outside the band around the close before', () => {
    const { refusals } = play({
      bars: quiet,
      rules: 'NSE',
      deeds: { 1: ({ buy }) => buy({ limit: 79 }) },
      limits: { priceBandPercent: 20 },
    });
    expect(refusals).toMatchObject([
      {
        code: 'RISK_PRICE_BAND',
        count: 1,
        first: "Price 79 of TEST:TAPE is outside the day's band of 20 % around 100: 80.00 to 120.00.",
      },
    ]);
  });

  test('entries after the daily loss, until the next day', () => {
    const { refusals, fills } = play({
      bars: [
        [100, 101, 99, 100],
        [100, 101, 99, 100], // bought 100
        [100, 100, 90, 95], // -500 of 10,000
        [95, 96, 94, 95], // out at 95
        [95, 96, 94, 95], // next day
        [95, 96, 94, 95],
      ],
      times: [
        ...['2026-06-01 09:15', '2026-06-01 09:30', '2026-06-01 09:45', '2026-06-01 10:00'],
        ...['2026-06-02 09:15', '2026-06-02 09:30'],
      ],
      timeframe: '15m',
      rules: 'NSE',
      product: 'CNC',
      capital: 10_000,
      quantity: 100,
      limits: { maxDailyLossPercent: 3 },
      deeds: {
        0: ({ buy }) => buy(),
        2: ({ exit }) => exit(),
        3: ({ buy }) => buy(),
        4: ({ buy }) => buy(),
      },
    });
    expect(refusals).toMatchObject([
      {
        code: 'RISK_DAILY_LOSS',
        count: 1,
        first:
          'No entry in TEST:TAPE: the day has lost ₹500.00 of ₹10,000.00, and risk.maxDailyLossPercent is 3.',
      },
    ]);
    expect(fills.filter(({ role }) => role === 'entry').map(({ bar }) => bar)).toEqual([1, 5]);
  });

  tape('the loss counts from the close that shows it', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 99, 100],
      [100, 100, 90, 95], // -5 percent
      [95, 96, 94, 95],
    ],
    timeframe: '15m',
    from: '2026-06-01 09:15',
    capital: 10_000,
    quantity: 100,
    limits: { maxDailyLossPercent: 3 },
    deeds: { 0: ({ buy }) => buy(), 2: ({ buy }) => buy({ add: true, quantity: 1 }) },
    fills: [{ bar: 1, side: 'BUY', price: 100 }],
    refused: ['RISK_DAILY_LOSS'],
  });

  tape('adding to a position opens none, so the limit of positions lets it through', {
    bars: quiet,
    limits: { maxOpenPositions: 1 },
    deeds: { 0: ({ buy }) => buy(), 1: ({ buy }) => buy({ add: true }) },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 2, side: 'BUY', price: 100 },
    ],
  });

  tape('a reversal gives up one position for the other', {
    bars: quiet,
    limits: { maxOpenPositions: 1 },
    deeds: { 0: ({ buy }) => buy(), 1: ({ sell }) => sell() },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 2, side: 'SELL', price: 100 },
      { bar: 2, side: 'SELL', price: 100 },
    ],
  });
});
