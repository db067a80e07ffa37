import { describe, expect, test } from '@jest/globals';
import { istText } from '../../src/domain/time.ts';
import type { Timeframe } from '../../src/domain/timeframe.ts';
import { play, type TapeBar, tape } from '../support/tape.ts';

const flat = (count: number): TapeBar[] => Array.from({ length: count }, () => [100, 101, 99, 100]);
const withDerivatives = { hasDerivatives: true } as const;

/** When an MIS position bought on the first close of a day is squared off. */
function squaredOffAt(timeframe: Timeframe, from: string, bars: number, more: object = {}): string {
  const { fills, trades } = play({
    bars: flat(bars),
    timeframe,
    from,
    rules: 'NSE',
    product: 'MIS',
    buyAtCloseOf: 0,
    ...more,
  });
  expect(trades.map(({ exitReason }) => exitReason)).toEqual(['square-off']);
  return istText(fills[1]?.time ?? Number.NaN);
}

describe('MIS positions are squared off on the grid of the bars', () => {
  test('at 15:20 with 5m bars', () => {
    expect(squaredOffAt('5m', '2026-06-01 09:15', 75)).toBe('2026-06-01 15:20');
  });

  test('at 15:15 with 15m bars, the last open before 15:20', () => {
    expect(squaredOffAt('15m', '2026-06-01 09:15', 25)).toBe('2026-06-01 15:15');
  });

  test('at 15:15 with 1h bars', () => {
    expect(squaredOffAt('1h', '2026-06-01 09:15', 7)).toBe('2026-06-01 15:15');
  });

  test('at 15:05, 15:00 and 14:15 in shares with derivatives since 2026-08-03, whose day ends at 15:15', () => {
    const more = { instrument: withDerivatives };
    expect(squaredOffAt('5m', '2026-08-03 09:15', 72, more)).toBe('2026-08-03 15:05');
    expect(squaredOffAt('15m', '2026-08-03 09:15', 24, more)).toBe('2026-08-03 15:00');
    expect(squaredOffAt('1h', '2026-08-03 09:15', 6, more)).toBe('2026-08-03 14:15');
  });

  test('at 15:20 in other shares since 2026-08-03', () => {
    expect(squaredOffAt('5m', '2026-08-03 09:15', 75)).toBe('2026-08-03 15:20');
  });

  test('where the profile says so', () => {
    const { fills } = play({
      bars: flat(25),
      timeframe: '15m',
      from: '2026-06-01 09:15',
      rules: 'NSE',
      product: 'MIS',
      squareOff: '14:00',
      buyAtCloseOf: 0,
    });
    expect(istText(fills[1]?.time ?? Number.NaN)).toBe('2026-06-01 14:00');
  });
});

describe('the end of an intraday day', () => {
  tape('a square-off that found no volume takes the last close with its slippage', {
    //       open  high  low  close  volume
    bars: [
      [100, 101, 99, 100, 1_000],
      [100, 101, 99, 100, 1_000], // bought
      [100, 101, 99, 100, 1_000], // square-off decided at 15:20
      [100, 101, 99, 100, 0],
      [100, 101, 95, 96, 0], // the session is over at 15:30
    ],
    timeframe: '5m',
    from: '2026-06-01 15:05',
    rules: 'NSE',
    product: 'MIS',
    fill: { slippage: { kind: 'ticks', amount: 1, seed: 1 } },
    buyAtCloseOf: 0,
    fills: [
      { bar: 1, side: 'BUY', price: 100.01 },
      { bar: 4, side: 'SELL', price: 95.99 },
    ],
    exit: 'square-off',
  });

  test('an exit that replaces a waiting one frees its margin once', () => {
    const { engine } = play({
      bars: [
        [100, 101, 99, 100, 1_000],
        [100, 101, 99, 100, 1_000],
        [100, 101, 99, 100, 1_000],
        [100, 101, 99, 100, 0],
        [100, 101, 95, 100, 0],
      ],
      timeframe: '5m',
      from: '2026-06-01 15:05',
      rules: 'NSE',
      product: 'MIS',
      buyAtCloseOf: 0,
    });
    const { releasingPaise, blockedPaise, reservedPaise, availablePaise, equityPaise } = engine.account;
    expect({ releasingPaise, blockedPaise, reservedPaise }).toEqual({
      releasingPaise: 0,
      blockedPaise: 0,
      reservedPaise: 0,
    });
    expect(availablePaise).toBe(equityPaise);
  });

  tape('a position that no later bar came to close leaves at the next open there is', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 99, 100], // bought at 15:05; no bar after 15:10
      [103, 104, 102, 103], // the next morning
      [104, 105, 103, 104],
    ],
    times: ['2026-06-01 15:00', '2026-06-01 15:05', '2026-06-02 09:15', '2026-06-02 09:20'],
    timeframe: '5m',
    rules: 'NSE',
    product: 'MIS',
    buyAtCloseOf: 0,
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 3, side: 'SELL', price: 104 },
    ],
    exit: 'square-off',
  });

  tape('an MIS entry on day bars is for that day: in at the open, out at the close', {
    bars: [
      [100, 101, 99, 100],
      [101, 106, 100, 105],
      [105, 106, 104, 105],
    ],
    times: ['2026-06-01', '2026-06-02', '2026-06-03'],
    rules: 'NSE',
    product: 'MIS',
    fill: { slippage: { kind: 'ticks', amount: 1, seed: 1 } },
    buyAtCloseOf: 0,
    fills: [
      { bar: 1, side: 'BUY', price: 101.01 },
      { bar: 1, side: 'SELL', price: 104.99 },
    ],
    exit: 'square-off',
  });

  tape('working MIS entries are cancelled with the square-off', {
    bars: [...flat(6)],
    timeframe: '15m',
    from: '2026-06-01 14:00',
    rules: 'NSE',
    product: 'MIS',
    buyAtCloseOf: 0,
    entry: { limit: 90 },
    fills: [],
  });
});

describe('the MIS cut-off', () => {
  tape('refuses entries from the square-off time on', {
    bars: flat(4),
    timeframe: '5m',
    from: '2026-06-01 15:10',
    rules: 'NSE',
    product: 'MIS',
    deeds: { 0: ({ buy }) => buy(), 1: ({ sell }) => sell({ note: 'at 15:20' }) },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 2, side: 'SELL', price: 100 },
    ],
    refused: ['RISK_CUT_OFF'],
  });

  test('says at what time', () => {
    const { refusals } = play({
      bars: flat(3),
      timeframe: '5m',
      from: '2026-06-01 15:15',
      rules: 'NSE',
      product: 'MIS',
      buyAtCloseOf: 0,
    });
    expect(refusals).toMatchObject([
      {
        code: 'RISK_CUT_OFF',
        count: 1,
        first: 'No MIS entry in TEST:TAPE at 15:20: intraday positions are squared off from 15:20.',
      },
    ]);
  });

  tape('comes earlier where the profile says so', {
    bars: flat(3),
    timeframe: '5m',
    from: '2026-06-01 14:00',
    rules: 'NSE',
    product: 'MIS',
    entryCutOff: '14:05',
    buyAtCloseOf: 0,
    fills: [],
    refused: ['RISK_CUT_OFF'],
  });

  tape('does not concern delivery', {
    bars: flat(3),
    timeframe: '5m',
    from: '2026-06-01 15:15',
    rules: 'NSE',
    product: 'CNC',
    buyAtCloseOf: 0,
    fills: [{ bar: 1, side: 'BUY', price: 100 }],
  });
});
