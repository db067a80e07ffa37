import { describe, expect, test } from '@jest/globals';
import type { Deeds } from '../support/tape.ts';
import { playTogether } from '../support/together.ts';

const quiet = [
  [100, 101, 99, 100],
  [100, 101, 99, 100],
  [100, 101, 99, 100],
  [100, 101, 99, 100],
] as const;

describe('two strategies in one instrument', () => {
  test('each sees its own position and closes its own trade', () => {
    const seen: number[] = [];
    const early: Deeds = { 0: ({ buy }) => buy({ quantity: 10 }), 2: ({ exit }) => exit() };
    const late: Deeds = {
      1: ({ sell, position }) => {
        seen.push(position.quantity);
        sell({ quantity: 4 });
      },
      2: ({ position }) => seen.push(position.quantity),
    };
    const { trades, engine } = playTogether([{ key: 'TEST:ONE', bars: quiet, strategies: { early, late } }]);
    expect(seen).toEqual([0, -4]);
    expect(
      trades.map(({ strategy, direction, quantity, exitReason }) => [
        strategy,
        direction,
        quantity,
        exitReason,
      ]),
    ).toEqual([
      ['early', 'LONG', 10, 'signal'],
      ['late', 'SHORT', 4, 'end-of-data'],
    ]);
    expect(engine.account.realisedPaise).toBe(0);
  });

  test('one being stopped out leaves the other alone', () => {
    const { trades } = playTogether([
      {
        key: 'TEST:ONE',
        bars: [quiet[0], quiet[1], [100, 101, 94, 96], quiet[3]],
        strategies: {
          careful: { 0: ({ buy }) => buy({ stopLoss: 5 }) },
          patient: { 0: ({ buy }) => buy({ stopLoss: 20 }) },
        },
      },
    ]);
    expect(trades.map(({ strategy, exitReason }) => [strategy, exitReason])).toEqual([
      ['careful', 'stop'],
      ['patient', 'end-of-data'],
    ]);
  });
});

describe('two instruments in one instant', () => {
  const buyFirst: Deeds = { 0: ({ buy }) => buy() };

  test('share the cash in the order in which they were named', () => {
    const { trades, refusals } = playTogether(
      [
        { key: 'NSE:FIRST', bars: quiet, strategies: { buyer: buyFirst } },
        { key: 'NSE:SECOND', bars: quiet, strategies: { buyer: buyFirst } },
      ],
      { rules: 'NSE', product: 'CNC', capital: 1_500, quantity: 10 },
    );
    expect(trades.map(({ key }) => key)).toEqual(['NSE:FIRST']);
    expect(refusals).toMatchObject([
      {
        key: 'NSE:SECOND',
        code: 'RISK_FUNDS',
        first: 'BUY 10 NSE:SECOND at 100 needs ₹1,000.00 margin and ₹0.00 charges; ₹500.00 is available.',
      },
    ]);
  });

  test('share the number of positions', () => {
    const { refusals } = playTogether(
      [
        { key: 'TEST:FIRST', bars: quiet, strategies: { buyer: buyFirst } },
        { key: 'TEST:SECOND', bars: quiet, strategies: { buyer: buyFirst } },
      ],
      { limits: { maxOpenPositions: 1 } },
    );
    expect(refusals).toMatchObject([
      {
        code: 'RISK_MAX_POSITIONS',
        first: 'TEST:SECOND would be position 2; risk.maxOpenPositions is 1.',
      },
    ]);
  });

  test('what an exit will free may be spent in the same instant', () => {
    const { fills } = playTogether(
      [
        {
          key: 'NSE:FIRST',
          bars: quiet,
          strategies: { swing: { 0: ({ buy }) => buy(), 1: ({ exit }) => exit() } },
        },
        { key: 'NSE:SECOND', bars: quiet, strategies: { swing: { 1: ({ buy }) => buy() } } },
      ],
      { rules: 'NSE', product: 'CNC', capital: 1_000, quantity: 10 },
    );
    expect(fills.slice(0, 3).map(({ key, side }) => `${side} ${key}`)).toEqual([
      'BUY NSE:FIRST',
      'SELL NSE:FIRST',
      'BUY NSE:SECOND',
    ]);
  });
});

describe('bars of several lengths', () => {
  test('a day bar is decided on after the last bar inside its day, a week bar after its last day', () => {
    const heard: string[] = [];
    const hear = (name: string): Deeds => {
      const note: Deeds[number] = ({ bar }) => heard.push(`${name} ${bar.index}`);
      return { 0: note, 1: note, 2: note, 3: note, 4: note, 5: note };
    };
    const bar = [100, 101, 99, 100] as const;
    playTogether(
      [
        {
          key: 'NSE:W',
          timeframe: 'week',
          bars: [bar],
          times: ['2026-06-01'],
          strategies: { week: hear('week') },
        },
        {
          key: 'NSE:D',
          bars: [bar, bar, bar, bar, bar, bar],
          times: ['2026-06-01', '2026-06-02', '2026-06-03', '2026-06-04', '2026-06-05', '2026-06-08'],
          strategies: { day: hear('day') },
        },
        {
          key: 'NSE:M',
          timeframe: '15m',
          bars: [bar, bar],
          times: ['2026-06-01 15:15', '2026-06-02 15:15'],
          strategies: { minutes: hear('minutes') },
        },
      ],
      { rules: 'NSE' },
    );
    expect(heard).toEqual([
      ...['day 0', 'minutes 0', 'day 1', 'minutes 1', 'day 2', 'day 3'],
      ...['week 0', 'day 4', 'day 5'],
    ]);
  });

  test('the day bar of a market that closes late is not known at 15:30', () => {
    const heard: string[] = [];
    const crude = {
      kind: 'FUT',
      rules: 'MCX',
      underlying: 'CRUDEOIL',
      expiry: '2026-06-18',
      tickSize: 1,
    } as const;
    playTogether(
      [
        {
          key: 'MCX:CRUDEOIL26JUNFUT',
          instrument: crude,
          bars: [[5_000, 5_010, 4_990, 5_000]],
          times: ['2026-06-01'],
          strategies: { day: { 0: () => heard.push('day') } },
        },
        {
          key: 'MCX:CRUDEOIL26JUNFUT',
          instrument: crude,
          timeframe: '15m',
          bars: [
            [5_000, 5_010, 4_990, 5_000],
            [5_000, 5_010, 4_990, 5_000],
          ],
          times: ['2026-06-01 15:30', '2026-06-01 23:00'],
          strategies: { minutes: { 0: () => heard.push('15:45'), 1: () => heard.push('23:15') } },
        },
      ],
      {},
    );
    expect(heard).toEqual(['15:45', '23:15', 'day']);
  });
});
