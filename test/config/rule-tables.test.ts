import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  type RuleTable,
  readCoverage,
  readExpiryWeekdays,
  readFreezeQuantities,
  readHolidays,
  readLotSizes,
  readMargins,
  readSessionHours,
  readSpecialSessions,
  readSquareOff,
  readTariff,
  readTickSizes,
  ruleTables,
} from '../../src/config/rule-tables.ts';
import type { Dated } from '../../src/domain/dated.ts';
import type { Instrument, MarketRules } from '../../src/domain/instrument.ts';
import { chargeSegments } from '../../src/domain/market-segment.ts';
import { isoDateOfDay } from '../../src/domain/time.ts';
import { day, future, india, projectRoot, share } from '../support/india.ts';

function file(table: RuleTable) {
  const path = join(projectRoot, 'data', ruleTables[table]);
  return { path, text: readFileSync(path, 'utf8') };
}

const first = day('2015-01-01');
const last = day('2026-12-31');

/** Rows that belong together, oldest first. */
function grouped<Row extends Dated>(rows: readonly Row[], keyOf: (row: Row) => string): [string, Row[]][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return [...groups].map(([key, group]) => [key, group.sort((a, b) => a.from - b.from)]);
}

/** Every day on which a row ends and no row begins, or two rows are in force. */
function faults(groups: readonly (readonly [string, readonly Dated[]])[]): string[] {
  const found: string[] = [];
  for (const [key, rows] of groups) {
    for (let i = 1; i < rows.length; i++) {
      if (rows[i].from <= rows[i - 1].to) found.push(`${key} overlaps on ${isoDateOfDay(rows[i].from)}`);
      if (rows[i].from > rows[i - 1].to + 1)
        found.push(`${key} has a gap before ${isoDateOfDay(rows[i].from)}`);
    }
  }
  return found;
}

/** Keys whose rows do not reach from the first day to the last. */
function short(groups: readonly (readonly [string, readonly Dated[]])[]): string[] {
  return groups
    .filter(([, rows]) => rows[0].from > first || rows[rows.length - 1].to < last)
    .map(([key]) => key);
}

const lists = {
  coverage: grouped(readCoverage(file('coverage')), (row) => row.market),
  sessionHours: grouped(readSessionHours(file('sessionHours')), (row) => `${row.segment} ${row.usTime}`),
  squareOff: grouped(readSquareOff(file('squareOff')), (row) => row.segment),
  zerodha: grouped(
    readTariff(file('zerodha')),
    (row) => `${row.line} ${row.segment} ${row.exchange} ${row.underlyings}`,
  ),
  lotSizes: grouped(readLotSizes(file('lotSizes')), (row) => `${row.exchange} ${row.underlying}`),
  freezeQuantities: grouped(readFreezeQuantities(file('freezeQuantities')), (row) => row.underlying),
  expiryWeekdays: grouped(
    readExpiryWeekdays(file('expiryWeekdays')),
    (row) => `${row.underlying} ${row.contract}`,
  ),
  margins: grouped(readMargins(file('margins')), (row) => `${row.class} ${row.product} ${row.side}`),
  tickSizes: grouped(readTickSizes(file('tickSizes')), (row) => `${row.class} ${row.exchange}`),
};

describe('the shipped tables', () => {
  test.each([
    'coverage',
    'sessionHours',
    'squareOff',
    'zerodha',
    'lotSizes',
    'freezeQuantities',
    'expiryWeekdays',
    'margins',
  ] as const)('%s has no gap and no overlap under any key', (name) => {
    expect(lists[name].length).toBeGreaterThan(3);
    expect(faults(lists[name])).toEqual([]);
  });

  test('tick bands of one period rise to an open end, and periods neither gap nor overlap', () => {
    for (const [key, rows] of lists.tickSizes) {
      const periods = grouped(rows, (row) => `${row.from} ${row.to}`);
      expect(faults([[key, periods.map(([, bands]) => bands[0])]])).toEqual([]);
      for (const [, bands] of periods) {
        const tops = bands.map((band) => band.upTo);
        expect(tops).toEqual([...new Set(tops)].sort((a, b) => a - b));
        expect(tops[tops.length - 1]).toBe(Number.POSITIVE_INFINITY);
      }
    }
  });

  test.each(['coverage', 'sessionHours', 'squareOff', 'margins', 'tickSizes'] as const)(
    '%s covers 2015 to 2026 under every key',
    (name) => {
      expect(short(lists[name])).toEqual([]);
    },
  );

  test('what covers less began later, ended for good, or waits for its history', () => {
    expect(short(lists.zerodha).map((key) => key.split(' ').slice(0, 3).join(' '))).toEqual([
      'stt COM_OPT *',
      'exchange COM_OPT MCX',
      'stamp COM_OPT *',
    ]);
    expect(short(lists.freezeQuantities)).toEqual(['FINNIFTY', 'MIDCPNIFTY', 'NIFTYNXT50', 'NIFTYFPI']);
    expect(short(lists.lotSizes)).not.toContain('NFO NIFTY');
    expect(short(lists.expiryWeekdays)).not.toContain('NIFTY monthly');
    expect(short(lists.expiryWeekdays)).not.toContain('* monthly');
  });

  test('holidays and special sessions happen once a day and market, on a day inside the coverage', () => {
    const coverage = new Map(lists.coverage.map(([market, [row]]) => [market, row]));
    for (const rows of [
      readHolidays(file('holidays')),
      readHolidays(file('currencyHolidays')),
      readHolidays(file('commodityHolidays')),
      readSpecialSessions(file('specialSessions')),
    ]) {
      expect(rows.length).toBeGreaterThan(50);
      const seen = rows.flatMap((row) => row.markets.map((market) => `${market} ${row.from}`));
      expect(new Set(seen).size).toBe(seen.length);
      for (const row of rows) {
        expect(row.to).toBe(row.from);
        for (const market of row.markets) {
          expect(row.from).toBeGreaterThanOrEqual(coverage.get(market)?.from ?? Number.NaN);
          expect(row.to).toBeLessThanOrEqual(coverage.get(market)?.to ?? Number.NaN);
        }
      }
    }
  });

  test('every segment has a price on every day they trade', () => {
    const exchanges = { EQ: ['NSE', 'BSE'], CU: ['CDS', 'BCD'], CO: ['MCX'] } as const;
    const derivatives = { NSE: 'NFO', BSE: 'BFO', CDS: 'CDS', BCD: 'BCD', MCX: 'MCX' } as const;
    const model = india.zerodha();
    for (const segment of chargeSegments) {
      const family = segment.startsWith('EQ') ? 'EQ' : segment.startsWith('CUR') ? 'CU' : 'CO';
      for (const rules of exchanges[family]) {
        const kind = segment.endsWith('OPT') ? 'CE' : segment.endsWith('FUT') ? 'FUT' : 'EQ';
        const market: MarketRules = kind === 'EQ' ? rules : derivatives[rules];
        const instrument: Instrument =
          kind === 'EQ' ? { ...share, rules: market } : future('GOLD', '2026-12-31', { rules: market, kind });
        const from = segment === 'COM_OPT' ? day('2017-10-17') : first;
        for (let d = from; d <= last; d += 1) {
          const cost = model.estimate(instrument, d, {
            side: 'SELL',
            product: 'MIS',
            quantity: 1,
            valuePaise: 1e9,
          });
          expect(cost).toBeGreaterThan(0);
        }
      }
    }
  });

  test('every row names its source', () => {
    for (const groups of Object.values(lists)) {
      for (const [, rows] of groups) for (const row of rows) expect(row.source.length).toBeGreaterThan(5);
    }
  });
});
