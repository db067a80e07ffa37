import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { analyse } from '../../../src/research/analysis/analysis.ts';
import { attributionBy, dimensions } from '../../../src/research/analysis/attribution.ts';
import { excursions } from '../../../src/research/analysis/excursions.ts';
import { taxYears } from '../../../src/research/analysis/tax-years.ts';
import { type BookedTrade, recordOf } from '../../../src/research/analysis/trading-record.ts';
import { listFalls } from '../../../src/research/drawdown.ts';
import { ist, outcome, trade } from '../../support/outcomes.ts';

const booked = (differences: Partial<BookedTrade> = {}): BookedTrade => ({
  ...trade(differences),
  name: 'paper/main/1/1',
  mode: 'paper',
  stream: 'main',
  ...differences,
});

const everything = {
  from: Number.NEGATIVE_INFINITY,
  to: Number.POSITIVE_INFINITY,
  strategies: [],
  symbols: [],
};

describe('attribution', () => {
  const made: fc.Arbitrary<BookedTrade> = fc
    .record({
      gross: fc.integer({ min: -500_000, max: 500_000 }),
      charges: fc.integer({ min: 0, max: 9_999 }),
      minutes: fc.integer({ min: 0, max: 60 * 24 * 400 }),
      held: fc.integer({ min: 0, max: 60 * 24 * 40 }),
      tags: fc.constantFrom(undefined, ['late'], ['gap', 'late']),
      key: fc.constantFrom('NSE:INFY', 'NSE:TCS', 'NFO:NIFTY26NOVFUT'),
    })
    .map(({ gross, charges, minutes, held, key, tags }) => {
      const entryTime = ist('2025-01-01 09:15') + minutes * 60_000;
      return booked({
        ...(tags && { tags }),
        key,
        grossPaise: gross,
        chargesPaise: charges,
        entryTime,
        exitTime: entryTime + held * 60_000,
      });
    });

  test.each(dimensions)('by %s adds up to the total, to the paisa', (by) => {
    fc.assert(
      fc.property(fc.array(made, { maxLength: 60 }), (trades) => {
        const { rows } = attributionBy(by, trades);
        const sum = (of: (row: (typeof rows)[number]) => number) =>
          rows.reduce((total, row) => total + of(row), 0);
        expect(sum((row) => row.trades)).toBe(trades.length);
        expect(sum((row) => row.netPaise)).toBe(
          trades.reduce((total, { grossPaise, chargesPaise }) => total + grossPaise - chargesPaise, 0),
        );
        expect(rows.every((row) => row.trades > 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('the financial years add up as well', () => {
    fc.assert(
      fc.property(fc.array(made, { maxLength: 60 }), (trades) => {
        const net = taxYears(trades).reduce((total, { netPaise }) => total + netPaise, 0);
        expect(net).toBe(
          trades.reduce((total, { grossPaise, chargesPaise }) => total + grossPaise - chargesPaise, 0),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('hours come in their order, symbols by what they earned', () => {
    const trades = [
      booked({
        entryTime: ist('2026-04-01 14:05'),
        exitTime: ist('2026-04-01 15:00'),
        key: 'NSE:TCS',
        grossPaise: 5_000,
      }),
      booked({ entryTime: ist('2026-04-02 09:16'), exitTime: ist('2026-04-02 15:00') }),
    ];
    expect(attributionBy('hour', trades).rows.map(({ name }) => name)).toEqual(['09:00', '14:00']);
    expect(attributionBy('symbol', trades).rows.map(({ name }) => name)).toEqual(['NSE:TCS', 'NSE:INFY']);
    expect(attributionBy('weekday', trades).rows.map(({ name }) => name)).toEqual(['Wednesday', 'Thursday']);
  });

  test('by tag takes its owner’s tags together, else the strategy’s note', () => {
    const trades = [
      booked({ tags: ['gap', 'late'], grossPaise: 3_000 }),
      booked({ tags: ['late'], note: 'breakout', grossPaise: 2_000 }),
      booked({ note: 'breakout' }),
      booked({ grossPaise: 500 }),
    ];
    expect(attributionBy('tag', trades).rows.map(({ name }) => name)).toEqual([
      'gap + late',
      'late',
      'breakout',
      'no tag',
    ]);
  });

  test('by regime and expiry asks what is known around the trade', () => {
    const trades = [booked({ id: 1 }), booked({ id: 2 }), booked({ id: 3 }), booked({ id: 4 })];
    const around = {
      regime: ({ id }: BookedTrade) => (id > 2 ? ('up calm' as const) : ('unknown' as const)),
      daysToExpiry: ({ id }: BookedTrade) => [undefined, Number.NaN, 0, 7][id - 1],
    };
    expect(
      attributionBy('regime', trades, around).rows.map(({ name, trades: count }) => [name, count]),
    ).toEqual([
      ['up calm', 2],
      ['unknown', 2],
    ]);
    expect(attributionBy('expiry', trades, around).rows.map(({ name }) => name)).toEqual([
      'expiry day',
      '2 to 7 days before',
      'expiry not known',
      'no contract',
    ]);
  });
});

describe('tax heads', () => {
  const heads = (change: Partial<BookedTrade>) =>
    taxYears([trade(change)]).map(({ year, head }) => `${year} ${head}`);

  test('intraday shares are speculation, contracts are not', () => {
    expect(heads({})).toEqual(['2026-27 speculative']);
    expect(heads({ key: 'NFO:NIFTY26NOVFUT' })).toEqual(['2026-27 non-speculative']);
    expect(heads({ key: 'NFO:NIFTY26N1725000PE' })).toEqual(['2026-27 non-speculative']);
  });

  test('a year ends with March, by the day of the exit', () => {
    const entryTime = ist('2026-03-30 10:00');
    expect(heads({ entryTime, exitTime: ist('2026-03-31 15:29') })).toEqual(['2025-26 short-term']);
    expect(heads({ entryTime, exitTime: ist('2026-04-01 09:15') })).toEqual(['2026-27 short-term']);
  });

  test('delivery is long-term after more than twelve months, not after twelve', () => {
    const entryTime = ist('2025-04-10 10:00');
    expect(heads({ entryTime, exitTime: ist('2026-04-10 10:00') })).toEqual(['2026-27 short-term']);
    expect(heads({ entryTime, exitTime: ist('2026-04-11 10:00') })).toEqual(['2026-27 long-term']);
  });

  test('turnover is the sum of absolute results, and what was sold for deliveries', () => {
    const won = trade({ grossPaise: 1_000 });
    const lost = trade({ grossPaise: -400 });
    expect(taxYears([won, lost])[0]).toMatchObject({ turnoverPaise: 1_400, trades: 2 });
    const delivered = trade({
      entryTime: ist('2026-04-01 10:00'),
      exitTime: ist('2026-04-03 10:00'),
      exitPrice: 101,
      quantity: 10,
    });
    expect(taxYears([delivered])[0]?.turnoverPaise).toBe(101_000);
  });
});

describe('excursions', () => {
  test('say what exits kept of the best marks', () => {
    const { capturePercent, winners, losers, roundTrips } = excursions([
      trade({ favourable: 2, adverse: 1, grossPaise: 1_000 }),
      trade({ favourable: 3, adverse: 4, grossPaise: -2_000 }),
    ]);
    // 10 units: 20 and 30 rupees at best, −10 rupees kept.
    expect(capturePercent).toEqual({ value: -20 });
    expect(winners).toEqual({ trades: 1, adversePercent: { value: 1 }, favourablePercent: { value: 2 } });
    expect(losers.favourablePercent).toEqual({ value: 3 });
    // 3,000 paise ahead at best, and the average win is 900.
    expect(roundTrips).toBe(1);
  });

  test('are n/a where there is nothing to average', () => {
    const { winners, losers } = excursions([trade()]);
    expect(winners.trades).toBe(1);
    expect(losers).toEqual({
      trades: 0,
      adversePercent: { unavailable: 'no trade lost' },
      favourablePercent: { unavailable: 'no trade lost' },
    });
  });
});

test('falls are told one by one, with their depth', () => {
  expect(listFalls(Float64Array.of(100, 90, 95, 110, 88), 5, 100)).toEqual([
    { depth: 0.1, peak: 100, trough: 90, peakRow: 0, troughRow: 1, recoveryRow: 3 },
    { depth: 0.2, peak: 110, trough: 88, peakRow: 3, troughRow: 4, recoveryRow: undefined },
  ]);
});

describe('filters', () => {
  const run = recordOf(
    outcome({
      trades: [trade({ id: 1 }), trade({ id: 2, key: 'NSE:TCS' }), trade({ id: 3, strategy: 'other' })],
    }),
    'abc',
  );

  test('keep what they name, by symbol with or without its exchange', () => {
    const ids = (change: Partial<typeof everything> | object) =>
      analyse(run, { filter: { ...everything, ...change }, by: [] }).trades.map(({ id }) => id);
    expect(ids({})).toEqual([1, 2, 3]);
    expect(ids({ symbols: ['TCS'] })).toEqual([2]);
    expect(ids({ symbols: ['NSE:INFY'], strategies: ['other'] })).toEqual([3]);
    expect(ids({ to: ist('2026-04-01 10:30') })).toEqual([]);
  });

  test('say how much they left out', () => {
    expect(analyse(run, { filter: { ...everything, symbols: ['TCS'] }, by: [] }).leftOut).toBe(2);
  });
});
