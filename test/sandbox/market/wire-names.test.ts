import { describe, expect, test } from '@jest/globals';
import type { Instrument } from '#src/domain/instrument.ts';
import type { Listing } from '#src/domain/listing.ts';
import { wireNames } from '#src/sandbox/market/wire-names.ts';
import { future, index, option, share } from '../../support/india.ts';

const invented: Instrument = {
  ...{ ...share, key: 'SYN:ZAVORI', exchange: 'SYN', tradingsymbol: 'ZAVORI', synthetic: true },
};
const inventedIndex: Instrument = { ...invented, key: 'SYN:INDEX', tradingsymbol: 'INDEX', kind: 'INDEX' };
const inventedFuture: Instrument = {
  ...future('INDEX', '2026-09-29', { rules: 'NFO', lotSize: 65, synthetic: true }),
  ...{ key: 'SYN:INDEX26SEPFUT', exchange: 'SYN', tradingsymbol: 'INDEX26SEPFUT' },
};

function rows(stored: readonly Instrument[], listings: readonly Listing[] = []) {
  const archived = new Map(listings.map((row) => [`${row.exchange}:${row.tradingsymbol}`, row]));
  return new Map(
    wireNames(stored, archived).map(({ listed, stored: source }) => [
      listed.instrument.key,
      { ...listed, source },
    ]),
  );
}

describe('names on the wire', () => {
  test('invented instruments stand under the exchange whose rules they follow, and play the familiar names', () => {
    const listed = rows([invented, inventedIndex, inventedFuture]);
    expect([...listed.keys()]).toEqual([
      'NFO:INDEX26SEPFUT',
      'NSE:HDFCBANK',
      'NSE:ICICIBANK',
      'NSE:INDEX',
      'NSE:INFY',
      'NSE:NIFTY 50',
      'NSE:NIFTY BANK',
      'NSE:RELIANCE',
      'NSE:SBIN',
      'NSE:TCS',
      'NSE:ZAVORI',
    ]);
    expect(listed.get('NFO:INDEX26SEPFUT')?.listing).toMatchObject({
      ...{ segment: 'NFO-FUT', type: 'FUT', expiry: '2026-09-29', lotSize: 65, name: 'INDEX' },
    });
    expect(listed.get('NSE:INDEX')?.listing).toMatchObject({
      segment: 'INDICES',
      type: 'EQ',
      exchange: 'NSE',
    });
    expect(listed.get('NSE:INFY')).toMatchObject({
      listing: { token: 408_065, exchangeToken: 1_594, name: 'INFOSYS (synthetic)' },
      instrument: { key: 'NSE:INFY', synthetic: true },
      source: { key: 'SYN:ZAVORI' },
    });
    const familiar = { 'NSE:SBIN': 779_521, 'NSE:NIFTY 50': 256_265, 'NSE:NIFTY BANK': 260_105 };
    for (const [key, token] of Object.entries(familiar)) expect(listed.get(key)?.listing.token).toBe(token);
  });

  test('what is really stored keeps its name, and nothing invented takes it', () => {
    const impostor = { ...invented, key: 'SYN:INFY', tradingsymbol: 'INFY' };
    const listed = rows([share, index, impostor]);
    expect(listed.get('NSE:INFY')).toMatchObject({ source: { key: 'NSE:INFY' }, listing: { name: 'INFY' } });
    expect(listed.get('NSE:NIFTY 50')?.source.key).toBe('NSE:NIFTY 50');
    expect(rows([share, index]).size).toBe(2);
  });

  test('what the broker lists has its row, and what it does not list never the token of another', () => {
    const other: Instrument = { ...share, key: 'NSE:OTHER', tradingsymbol: 'OTHER' };
    const [before] = wireNames([other]);
    const archived: Listing = {
      ...before.listed.listing,
      ...{ tradingsymbol: 'INFY', token: 408_065, name: 'INFOSYS' },
    };
    const listed = rows(
      [share, other, { ...invented, key: 'SYN:TCS', tradingsymbol: 'TCS' }],
      [archived, { ...archived, tradingsymbol: 'TCS', exchangeToken: 9, token: 9 * 256 + 1 }],
    );
    expect(listed.get('NSE:INFY')?.listing).toEqual(archived);
    expect(listed.get('NSE:OTHER')?.listing.exchangeToken).toBe(archived.exchangeToken + 1);
    // Invented prices are nothing the broker lists.
    expect(listed.get('NSE:TCS')?.listing).toMatchObject({ exchangeToken: 11_536, name: 'TCS (synthetic)' });
  });

  test('a token ends in the segment of its exchange and depends on the name alone', () => {
    const contracts = [23_000, 23_100, 23_200].map((strike) => {
      const tradingsymbol = `NIFTY26SEP${strike}CE`;
      return option('NIFTY', '2026-09-29', strike, { key: `NFO:${tradingsymbol}`, tradingsymbol });
    });
    const all = rows(contracts);
    const alone = rows([contracts[1]]);
    for (const { listing } of all.values()) {
      expect(listing.token % 256).toBe(2);
      expect(listing.token).toBe(listing.exchangeToken * 256 + 2);
      expect(listing.token).toBeLessThan(2 ** 31);
    }
    const { key } = contracts[1];
    expect(alone.get(key)?.listing.token).toBe(all.get(key)?.listing.token);
    expect(new Set([...all.values()].map(({ listing }) => listing.token)).size).toBe(3);
  });
});
