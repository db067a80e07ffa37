import { describe, expect, test } from '@jest/globals';
import { breakdown, type Period, periods } from '../../src/research/breakdown.ts';
import { byExitReason, byInstrument, byStrategy, refusalsByCode } from '../../src/research/groups.ts';
import { busyYear, curve, ist, trade } from '../support/outcomes.ts';

const equity = curve([
  ['2026-03-30 15:30', 110], // Monday
  ['2026-04-01 15:30', 99],
  ['2026-04-06 15:30', 99], // next Monday
]);
const trades = [
  trade({ exitTime: ist('2026-03-30 12:00'), grossPaise: 1_050, chargesPaise: 50 }),
  trade({ exitTime: ist('2026-04-01 12:00'), grossPaise: -1_000, chargesPaise: 100 }),
];
const by = (period: Period) => breakdown({ equity, trades, capitalPaise: 10_000, period });

describe('breakdown', () => {
  test('by day: trades where they closed, return from the evening before', () => {
    expect(by('day')).toEqual([
      {
        period: '2026-03-30',
        trades: 1,
        grossPaise: 1_050,
        chargesPaise: 50,
        netPaise: 1_000,
        returnPercent: expect.closeTo(10, 12),
        endPaise: 11_000,
      },
      {
        period: '2026-04-01',
        trades: 1,
        grossPaise: -1_000,
        chargesPaise: 100,
        netPaise: -1_100,
        returnPercent: expect.closeTo(-10, 12),
        endPaise: 9_900,
      },
      {
        period: '2026-04-06',
        trades: 0,
        grossPaise: 0,
        chargesPaise: 0,
        netPaise: 0,
        returnPercent: 0,
        endPaise: 9_900,
      },
    ]);
  });

  test('a week is named by its Monday, whatever month it began in', () => {
    expect(by('week').map(({ period, trades: count, netPaise }) => [period, count, netPaise])).toEqual([
      ['2026-03-30', 2, -100],
      ['2026-04-06', 0, 0],
    ]);
  });

  test('a month ends at its last mark', () => {
    expect(by('month').map(({ period, endPaise }) => [period, endPaise])).toEqual([
      ['2026-03', 11_000],
      ['2026-04', 9_900],
    ]);
  });

  test('a trade that closed on a day without a mark still has its row', () => {
    const late = trade({ exitTime: ist('2026-04-07 12:00'), grossPaise: 300, chargesPaise: 0 });
    expect(breakdown({ equity, trades: [late], capitalPaise: 10_000, period: 'day' }).at(-1)).toMatchObject({
      period: '2026-04-07',
      netPaise: 300,
      endPaise: 10_200,
    });
  });

  test.each(periods)('by %s: the rows sum to the run to the paisa', (period) => {
    const { equity: marks, trades: all, summary } = busyYear();
    const rows = breakdown({ equity: marks, trades: all, capitalPaise: summary.capitalPaise, period });
    const sum = (of: (row: (typeof rows)[number]) => number) =>
      rows.reduce((total, row) => total + of(row), 0);
    expect(sum((row) => row.trades)).toBe(summary.trades);
    expect(sum((row) => row.grossPaise)).toBe(summary.grossPaise);
    expect(sum((row) => row.chargesPaise)).toBe(summary.chargesPaise);
    expect(sum((row) => row.netPaise)).toBe(summary.netPaise);
    expect(rows.at(-1)?.endPaise).toBe(summary.finalPaise);
    expect(rows.reduce((growth, row) => growth * (1 + row.returnPercent / 100), 1)).toBeCloseTo(
      summary.finalPaise / summary.capitalPaise,
      9,
    );
  });
});

describe('groups', () => {
  test('instruments keep their order and are listed without a trade too', () => {
    const groups = byInstrument(
      [trade({ key: 'NSE:B' }), trade({ key: 'NSE:B', grossPaise: 0 })],
      ['NSE:A', 'NSE:B'],
    );
    expect(groups).toEqual([
      { name: 'NSE:A', trades: 0, wins: 0, losses: 0, grossPaise: 0, chargesPaise: 0, netPaise: 0 },
      { name: 'NSE:B', trades: 2, wins: 1, losses: 1, grossPaise: 1_000, chargesPaise: 200, netPaise: 800 },
    ]);
  });

  test('a trade that earned nothing is neither won nor lost', () => {
    const [group] = byInstrument([trade({ grossPaise: 100, chargesPaise: 100 })], []);
    expect(group).toMatchObject({ name: 'NSE:INFY', trades: 1, wins: 0, losses: 0, netPaise: 0 });
  });

  test('exit reasons are those that occurred', () => {
    const groups = byExitReason([
      trade({ exitReason: 'stop' }),
      trade({ exitReason: 'signal' }),
      trade({ exitReason: 'stop' }),
    ]);
    expect(groups.map(({ name, trades: count }) => [name, count])).toEqual([
      ['signal', 1],
      ['stop', 2],
    ]);
  });

  test('every strategy has its book', () => {
    const groups = byStrategy([trade({ strategy: 'b' })], ['a', 'b']);
    expect(groups.map(({ name, netPaise }) => [name, netPaise])).toEqual([
      ['a', 0],
      ['b', 900],
    ]);
  });

  test('refusals add up by code, the most frequent first, with the first case in words', () => {
    const one = { strategy: 's', key: 'NSE:A' };
    expect(
      refusalsByCode([
        { ...one, code: 'RISK_LOT', count: 2, first: 'lot' },
        { ...one, code: 'RISK_CASH', count: 1, first: 'cash of A' },
        { ...one, key: 'NSE:B', code: 'RISK_CASH', count: 4, first: 'cash of B' },
      ]),
    ).toEqual([
      { ...one, code: 'RISK_CASH', count: 5, first: 'cash of A' },
      { ...one, code: 'RISK_LOT', count: 2, first: 'lot' },
    ]);
  });
});
