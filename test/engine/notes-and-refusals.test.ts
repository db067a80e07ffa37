import { describe, expect, test } from '@jest/globals';
import { chargeLines } from '../../src/domain/charges.ts';
import { dayNumberOf } from '../../src/domain/time.ts';
import type { DayExecution } from '../../src/engine/working-order.ts';
import { play, rulebook } from '../support/tape.ts';

const quiet = (count: number) => Array.from({ length: count }, () => [1_000, 1_001, 999, 1_000] as const);
const perLine = (rows: Float64Array, orders: number) =>
  chargeLines.map((_, line) => {
    let sum = 0;
    for (let order = 0; order < orders; order++) sum += rows[order * chargeLines.length + line];
    return sum;
  });

/** The note of a day by the tariff itself. */
function noteOf(
  date: string,
  executions: readonly Pick<DayExecution, 'side' | 'product' | 'quantity' | 'valuePaise'>[],
): number[] {
  const rows = new Float64Array(executions.length * chargeLines.length);
  const { charges } = rulebook;
  charges('zerodha').settle(
    {
      key: 'NSE:TAPE',
      exchange: 'NSE',
      tradingsymbol: 'TAPE',
      rules: 'NSE',
      kind: 'EQ',
      tickSize: 0.05,
      lotSize: 1,
    },
    dayNumberOf(date),
    executions,
    rows,
  );
  return perLine(rows, executions.length);
}

describe('contract notes', () => {
  const swing = () =>
    play({
      bars: quiet(5),
      times: ['2026-06-01', '2026-06-02', '2026-06-03', '2026-06-04', '2026-06-05'],
      rules: 'NSE',
      product: 'CNC',
      charges: 'zerodha',
      quantity: 100,
      buyAtCloseOf: 0,
      exitAtCloseOf: 2,
    });

  test('each day is billed by itself, at the rates of that day', () => {
    const { engine, trades } = swing();
    const value = { product: 'CNC', quantity: 100, valuePaise: 100_000_00 } as const;
    const bought = noteOf('2026-06-02', [{ ...value, side: 'BUY' }]);
    const sold = noteOf('2026-06-04', [{ ...value, side: 'SELL' }]);
    const billed = bought.map((paise, line) => paise + sold[line]);
    expect([...engine.notes.totals]).toEqual(billed);
    expect(trades.map(({ chargesPaise }) => chargesPaise)).toEqual([
      billed.reduce((sum, paise) => sum + paise, 0),
    ]);
    expect(engine.notes.executedOrders).toBe(2);
    expect(engine.notes.turnoverPaise).toBe(200_000_00);
  });

  test('fills of one order on one day are one line of the note', () => {
    const parts = play({
      bars: [
        [1_000, 1_001, 999, 1_000, 1_000],
        [1_000, 1_001, 999, 1_000, 500],
        [1_000, 1_001, 999, 1_000, 500],
        [1_000, 1_001, 999, 1_000, 1_000],
      ],
      timeframe: '15m',
      from: '2026-06-01 09:15',
      rules: 'NSE',
      product: 'MIS',
      charges: 'zerodha',
      quantity: 100,
      fill: { volumeSharePercent: 10 },
      buyAtCloseOf: 0,
      exitAtCloseOf: 2,
    });
    expect(parts.fills).toHaveLength(3);
    const value = { product: 'MIS', quantity: 100, valuePaise: 100_000_00 } as const;
    expect([...parts.engine.notes.totals]).toEqual(
      noteOf('2026-06-01', [
        { ...value, side: 'BUY' },
        { ...value, side: 'SELL' },
      ]),
    );
    expect(parts.engine.notes.executedOrders).toBe(2);
  });
});

describe('refusals', () => {
  test('are counted by code, and the first is told in words', () => {
    const { refusals, engine } = play({
      bars: quiet(4),
      capital: 15_000,
      quantity: 10,
      deeds: {
        0: ({ buy }) => buy(),
        1: ({ buy }) => buy(),
        2: ({ buy }) => {
          buy();
          buy({ add: true });
        },
      },
    });
    expect(refusals).toEqual([
      {
        strategy: 'tape',
        key: 'TEST:TAPE',
        code: 'SIGNAL_IN_POSITION',
        count: 2,
        first: 'BUY while already holding 10 TEST:TAPE; add: true would add to it.',
      },
      {
        strategy: 'tape',
        key: 'TEST:TAPE',
        code: 'RISK_FUNDS',
        count: 1,
        first: 'BUY 10 TEST:TAPE at 1000 needs ₹10,000.00 margin and ₹0.00 charges; ₹5,000.00 is available.',
      },
    ]);
    expect(engine.signals).toBe(4);
  });

  test('a signal too small to have a size is one of them', () => {
    const { refusals } = play({ bars: quiet(2), quantity: 0, buyAtCloseOf: 0 });
    expect(refusals).toMatchObject([{ code: 'SIZE_ZERO', first: 'sizing.quantity is 0.' }]);
  });
});
