import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect } from '@jest/globals';
import { isoDateOfDay } from '../../src/domain/time.ts';
import { day, future, india, option, share } from '../support/india.ts';
import { testWithShared } from '../support/shared-data.ts';

const { calendar, contracts } = india;

type Row = Readonly<Record<string, string>>;

/** Plain CSV without quotes, as the instrument dumps and the session list are. */
function rows(path: string): Row[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  const names = header.trim().split(',');
  return lines.map((line) => {
    const cells = line.trim().split(',');
    return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
  });
}

/** Expiry, which one of the dumps writes DD-MM-YYYY. */
function expiryOf(row: Row): string {
  return /^\d{2}-/.test(row.expiry) ? row.expiry.split('-').reverse().join('-') : row.expiry;
}

function expiriesIn(dump: readonly Row[], underlying: string, from: string, to: string): string[] {
  const dates = dump
    .filter((row) => row.name === underlying && /^(CE|PE|FUT)$/.test(row.instrument_type))
    .map(expiryOf);
  return [...new Set(dates)].filter((date) => date >= from && date <= to).sort();
}

describe('the rules against what the market did', () => {
  testWithShared(
    'calendar/nse_sessions_2000_2026.csv',
    'every NSE session of 2000 to 2026, and no other day, is a session',
    (path) => {
      const sessions = rows(path).map((row) => row.date);
      const found: string[] = [];
      for (let d = day('2000-01-01'); d <= day(sessions[sessions.length - 1]); d++) {
        if (calendar.session(share, d)) found.push(isoDateOfDay(d));
      }
      expect(sessions.length).toBeGreaterThan(6_600);
      expect(found).toEqual(sessions);
    },
  );

  testWithShared(
    'instruments/kite_instruments_NFO_BFO_2026-08.csv.gz',
    'expiries of August 2026 are those of the instrument dump',
    (path) => {
      const dump = rows(path);
      for (const name of ['BANKNIFTY', 'FINNIFTY', 'MIDCPNIFTY', 'NIFTYNXT50', 'BANKEX', 'RELIANCE', 'TCS']) {
        const listed = expiriesIn(dump, name, '2026-08-18', '2026-10-31');
        expect(listed.length).toBe(3);
        expect([name, contracts.expiries(name, '2026-08-18', '2026-10-31').map(({ date }) => date)]).toEqual([
          name,
          listed,
        ]);
      }
      // The exchanges list weekly contracts a few weeks ahead only.
      for (const [name, to] of [
        ['NIFTY', '2026-09-15'],
        ['SENSEX', '2026-09-24'],
      ] as const) {
        const listed = expiriesIn(dump, name, '2026-08-18', to);
        expect(listed.length).toBeGreaterThan(4);
        expect(contracts.expiries(name, '2026-08-18', to).map(({ date }) => date)).toEqual(listed);
      }
    },
  );

  testWithShared(
    'instruments/kite_instruments_NFO_NSEsubset_BSEsubset_2024.csv.gz',
    'expiries of spring 2024 are those of the instrument dump',
    (path) => {
      const dump = rows(path);
      for (const [name, from, to] of [
        ['NIFTY', '2024-04-01', '2024-05-02'],
        ['BANKNIFTY', '2024-04-01', '2024-04-30'],
        ['FINNIFTY', '2024-04-01', '2024-04-30'],
        ['MIDCPNIFTY', '2024-04-08', '2024-05-06'],
      ] as const) {
        const listed = expiriesIn(dump, name, from, to);
        expect(listed.length).toBeGreaterThan(3);
        expect(contracts.expiries(name, from, to).map(({ date }) => date)).toEqual(listed);
      }
    },
  );

  testWithShared(
    'instruments/kite_instruments_NFO_BFO_2026-08.csv.gz',
    'lots and ticks of August 2026 are those of the instrument dump',
    (path) => {
      const odd: string[] = [];
      let checked = 0;
      for (const row of rows(path)) {
        if (!/^(CE|PE|FUT)$/.test(row.instrument_type)) continue;
        const own = {
          tickSize: Number(row.tick_size),
          lotSize: 1,
          rules: row.exchange === 'BFO' ? 'BFO' : 'NFO',
        } as const;
        const isFuture = row.instrument_type === 'FUT';
        const contract = isFuture
          ? future(row.name, row.expiry, own)
          : option(row.name, row.expiry, Number(row.strike), own);
        checked += 1;
        if (contracts.lotSize(contract) !== Number(row.lot_size)) odd.push(`${row.tradingsymbol} lot`);
        if (!isFuture && contracts.tickSize(contract, day('2026-08-18'), 100) !== Number(row.tick_size))
          odd.push(`${row.tradingsymbol} tick`);
      }
      expect(checked).toBeGreaterThan(39_000);
      expect(odd).toEqual([]);
    },
  );

  testWithShared(
    'instruments/kite_instruments_NFO_NSEsubset_BSEsubset_2024.csv.gz',
    'lots of spring 2024 differ only where they were cut on 2024-04-26',
    (path) => {
      const names = new Set(['NIFTY', 'BANKNIFTY', 'FINNIFTY', 'MIDCPNIFTY']);
      const odd = new Set<string>();
      let checked = 0;
      for (const row of rows(path)) {
        if (!names.has(row.name) || row.exchange !== 'NFO' || expiryOf(row) > '2024-06-30') continue;
        checked += 1;
        const lot = contracts.lotSize(future(row.name, expiryOf(row)));
        if (lot !== Number(row.lot_size)) odd.add(`${row.name} ${expiryOf(row)} ${row.lot_size} to ${lot}`);
      }
      expect(checked).toBeGreaterThan(1_000);
      // The dump is older than the cut, which also reached contracts that were already listed.
      expect([...odd].sort()).toEqual([
        'NIFTY 2024-05-02 50 to 25',
        'NIFTY 2024-05-30 50 to 25',
        'NIFTY 2024-06-27 50 to 25',
      ]);
    },
  );

  const futures = 'fno/nse_index_futures_daily_2012-07_2026-07.csv.gz';

  testWithShared(futures, 'index futures with volume traded in these lots', (path) => {
    const odd = new Set<string>();
    let checked = 0;
    for (const row of rows(path)) {
      const expiry = isoExpiry(row.expiry);
      // Three cuts reached listed contracts five weeks before their end; in its last four weeks each has its final lot.
      // The lot follows from value, price and contracts; that is sharp only where many contracts traded near the close.
      if (Number(row.contracts) < 5_000 || row.implied_lot === '' || daysBetween(row.date, expiry) > 27)
        continue;
      checked += 1;
      const lot = contracts.lotSize(future(row.symbol, expiry));
      if (Math.abs(Number(row.implied_lot) / lot - 1) > 0.1)
        odd.add(`${row.symbol} ${expiry} ${row.implied_lot} to ${lot}`);
    }
    expect(checked).toBeGreaterThan(5_000);
    expect([...odd]).toEqual([]);
  });

  testWithShared(futures, 'index futures expired on the days of the rules', (path) => {
    const lastDays = new Map<string, Set<string>>();
    for (const row of rows(path)) {
      if (row.date !== isoExpiry(row.expiry) || row.date < '2015-01-01') continue;
      lastDays.set(row.symbol, (lastDays.get(row.symbol) ?? new Set()).add(row.date));
    }
    const odd: string[] = [];
    for (const [symbol, expired] of lastDays) {
      const days = [...expired].sort();
      const ours = contracts.expiries(symbol, days[0], days[days.length - 1]);
      const all = new Set(ours.map(({ date }) => date));
      odd.push(...days.filter((date) => !all.has(date)).map((date) => `${symbol} expired on ${date}`));
      const monthly = ours.filter(({ kind }) => kind === 'monthly').map(({ date }) => date);
      odd.push(
        ...monthly.filter((date) => !expired.has(date)).map((date) => `${symbol} did not expire on ${date}`),
      );
    }
    expect(lastDays.size).toBe(5);
    // Bakri Id moved from the 28th to the 29th of June 2023 at short notice; this contract kept the day set before.
    expect(odd).toEqual(['MIDCPNIFTY expired on 2023-06-27', 'MIDCPNIFTY did not expire on 2023-06-28']);
  });
});

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `26-Jul-2012` and `2012-07-26` both occur. */
function isoExpiry(text: string): string {
  const [date, month = '', year] = text.split('-');
  return date.length === 4
    ? text.slice(0, 10)
    : `${year}-${String(months.indexOf(month) + 1).padStart(2, '0')}-${date}`;
}

function daysBetween(from: string, to: string): number {
  return day(to) - day(from);
}
