import { describe, expect, test } from '@jest/globals';
import { crudeOption, day, foreign, future, index, india, option, share } from '../support/india.ts';

const { contracts } = india;

describe('tick sizes', () => {
  const etf = { ...share, tradingsymbol: 'NIFTYBEES' };
  const callOnOwnStep = option('ASHOKLEY', '2026-11-23', 172.5, { tickSize: 0.01 });

  test.each([
    ['a share before June 2024', share, '2024-06-09', 100, 0.05],
    ['a cheap share since', share, '2024-06-10', 249.99, 0.01],
    ['a share of 250 since', share, '2024-06-10', 250, 0.05],
    ['a dear share before April 2025', share, '2025-04-14', 30_000, 0.05],
    ['below 250', share, '2025-04-15', 249.99, 0.01],
    ['250', share, '2025-04-15', 250, 0.05],
    ['1000', share, '2025-04-15', 1_000, 0.05],
    ['above 1000', share, '2025-04-15', 1_000.05, 0.1],
    ['5000', share, '2025-04-15', 5_000, 0.1],
    ['above 5000', share, '2025-04-15', 5_000.1, 0.5],
    ['above 10000', share, '2025-04-15', 10_000.5, 1],
    ['above 20000', share, '2025-04-15', 20_001, 5],
    ['a fund', etf, '2026-11-20', 280, 0.01],
    ['NIFTY futures', future('NIFTY', '2026-11-23'), '2026-11-20', 24_000, 0.1],
    ['BANKNIFTY futures', future('BANKNIFTY', '2026-11-23'), '2026-11-20', 55_000, 0.2],
    ['MIDCPNIFTY futures', future('MIDCPNIFTY', '2026-11-23'), '2026-11-20', 13_000, 0.05],
    ['NIFTY futures before April 2025', future('NIFTY', '2025-04-24'), '2025-04-14', 24_000, 0.05],
    ['SENSEX futures', future('SENSEX', '2026-11-26'), '2026-11-20', 80_000, 0.05],
    ['stock futures', future('MARUTI', '2026-11-23'), '2026-11-20', 13_000, 1],
    ['index options', option('NIFTY', '2026-11-23', 24_000), '2026-11-20', 900, 0.05],
    ['stock options since November 2025', callOnOwnStep, '2026-11-20', 3, 0.01],
    ['stock options before', callOnOwnStep, '2025-10-31', 3, 0.05],
    ['commodities: their own', crudeOption, '2026-11-20', 300, 0.05],
    ['an index: its own', index, '2026-11-20', 24_000, 0.05],
    ['a market without Indian rules: its own', foreign, '1990-01-01', 10, 0.25],
  ])('%s', (_name, instrument, date, price, tick) => {
    expect(contracts.tickSize(instrument, day(date), price)).toBe(tick);
  });

  test('a day before the tables is refused', () => {
    expect(() => contracts.tickSize(share, day('1999-12-31'), 100)).toThrow(
      'No tick size of CASH is known for NSE:INFY',
    );
  });
});

describe('lot sizes belong to the contract', () => {
  test.each([
    ['NIFTY', '2015-10-29', 25],
    ['NIFTY', '2021-06-24', 75],
    ['NIFTY', '2021-07-01', 50],
    ['NIFTY', '2024-04-25', 50],
    ['NIFTY', '2024-05-02', 25],
    ['NIFTY', '2025-01-02', 75],
    ['NIFTY', '2025-01-30', 25],
    ['NIFTY', '2025-02-27', 75],
    ['NIFTY', '2025-12-30', 75],
    ['NIFTY', '2026-01-06', 65],
    ['BANKNIFTY', '2020-07-23', 20],
    ['BANKNIFTY', '2020-07-30', 25],
    ['BANKNIFTY', '2023-07-26', 25],
    ['BANKNIFTY', '2023-07-27', 15],
    ['BANKNIFTY', '2025-01-30', 15],
    ['BANKNIFTY', '2025-06-26', 30],
    ['BANKNIFTY', '2025-07-31', 35],
    ['BANKNIFTY', '2026-01-27', 30],
    ['SENSEX', '2026-11-26', 20],
    ['RELIANCE', '2026-11-23', 500],
  ])('%s of %s has %i', (underlying, expiry, lot) => {
    expect(contracts.lotSize(future(underlying, expiry))).toBe(lot);
    expect(contracts.lotSize(option(underlying, expiry, 100))).toBe(lot);
  });

  test('a contract that no table knows keeps its own, and so do shares', () => {
    expect(contracts.lotSize(future('RELIANCE', '2025-01-30', { lotSize: 250 }))).toBe(250);
    expect(contracts.lotSize(share)).toBe(1);
  });
});

describe('freeze quantities', () => {
  test.each([
    ['NIFTY', '2026-11-20', 1_800],
    ['BANKNIFTY', '2025-08-29', 600],
    ['BANKNIFTY', '2025-09-01', 900],
    ['BANKNIFTY', '2026-11-20', 600],
    ['FINNIFTY', '2026-01-15', 1_200],
    ['SENSEX', '2026-11-20', 1_000],
    ['RELIANCE', '2026-11-20', undefined],
  ])('%s on %s', (underlying, date, quantity) => {
    expect(contracts.freezeQuantity(future(underlying, '2026-11-23'), day(date))).toBe(quantity);
  });

  test('shares have none', () => {
    expect(contracts.freezeQuantity(share, day('2026-11-20'))).toBeUndefined();
  });
});

describe('margins', () => {
  const on = day('2026-11-20');

  test.each([
    ['delivery', share, 'CNC', 'BUY', 1],
    ['intraday', share, 'MIS', 'SELL', 0.2],
    ['index futures', future('NIFTY', '2026-11-23'), 'NRML', 'SELL', 0.125],
    ['stock futures', future('RELIANCE', '2026-11-23'), 'MIS', 'BUY', 0.2],
    ['bought options', option('NIFTY', '2026-11-23', 24_000), 'NRML', 'BUY', 1],
    ['sold options, of strike times quantity', option('NIFTY', '2026-11-23', 24_000), 'NRML', 'SELL', 0.125],
    ['an index', index, 'MIS', 'BUY', 1],
    ['a market without Indian rules', foreign, 'MIS', 'BUY', 1],
  ] as const)('%s', (_name, instrument, product, side, rate) => {
    expect(contracts.marginRate(instrument, on, product, side)).toBe(rate);
  });

  test('a product the segment does not have is refused', () => {
    expect(() => contracts.marginRate(share, on, 'NRML', 'BUY')).toThrow(
      expect.objectContaining({ fix: 'Use product CNC or MIS.' }),
    );
    expect(() => contracts.marginRate(future('NIFTY', '2026-11-23'), on, 'CNC', 'BUY')).toThrow(
      'No margin of product CNC',
    );
  });
});
