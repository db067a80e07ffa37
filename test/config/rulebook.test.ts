import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadRulebook } from '../../src/config/rulebook.ts';
import { day, future, india, projectRoot, share } from '../support/india.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rulebook-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function shipped(table: string): string {
  return readFileSync(join(projectRoot, 'data', table), 'utf8');
}

function put(table: string, text: string): void {
  const path = join(home, 'data', table);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

describe('loading the rules', () => {
  test('an empty home changes nothing', () => {
    expect(loadRulebook(projectRoot, home).hash).toBe(india.hash);
    expect(loadRulebook(projectRoot, projectRoot).hash).toBe(india.hash);
    expect(india.replaced).toEqual([]);
  });

  test("a table in the home replaces the shipped one and changes the rulebook's hash", () => {
    put(
      'contracts/margins.csv',
      shipped('contracts/margins.csv').replace('INDEX_FUTURE,NRML,both,12.5', 'INDEX_FUTURE,NRML,both,25'),
    );
    const own = loadRulebook(projectRoot, home);
    const nifty = future('NIFTY', '2026-11-23');
    expect(own.contracts.marginRate(nifty, day('2026-11-20'), 'NRML', 'BUY')).toBe(0.25);
    expect(india.contracts.marginRate(nifty, day('2026-11-20'), 'NRML', 'BUY')).toBe(0.125);
    expect(own.hash).not.toBe(india.hash);
    expect(own.replaced).toEqual([join(home, 'data/contracts/margins.csv')]);
  });

  test('a calendar for another year is two files', () => {
    put(
      'calendar/coverage.csv',
      shipped('calendar/coverage.csv').replace('NSE,2000-01-01,2026-12-31', 'NSE,2000-01-01,2027-12-31'),
    );
    put(
      'calendar/holidays.csv',
      `${shipped('calendar/holidays.csv')}2027-01-26,2027-01-26,NSE BSE,day,Republic Day,test\n`,
    );
    const { calendar } = loadRulebook(projectRoot, home);
    expect(calendar.session(share, day('2027-01-26'))).toBeUndefined();
    expect(calendar.session(share, day('2027-01-25'))?.dayNumber).toBe(day('2027-01-25'));
  });

  test('a missing shipped table is named', () => {
    cpSync(join(projectRoot, 'data/calendar'), join(home, 'data/calendar'), { recursive: true });
    cpSync(join(projectRoot, 'data/contracts'), join(home, 'data/contracts'), { recursive: true });
    expect(() => loadRulebook(home)).toThrow(
      `The table ${join(home, 'data/tariffs/zerodha.csv')} is missing.`,
    );
  });

  test('a broken table stops only those who ask it', () => {
    put(
      'contracts/lot-sizes.csv',
      'exchange,underlying,lot,from,to,source\nNFO,NIFTY,6.5,2026-01-01,,test\n',
    );
    const own = loadRulebook(projectRoot, home);
    expect(own.calendar.session(share, day('2026-11-20'))?.dayNumber).toBe(day('2026-11-20'));
    expect(() => own.contracts.lotSize(future('NIFTY', '2026-11-23'))).toThrow(
      `${join(home, 'data/contracts/lot-sizes.csv')}:2, column lot: "6.5" is not a whole number above 0.`,
    );
  });
});
