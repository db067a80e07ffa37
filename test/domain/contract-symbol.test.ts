import { expect, test } from '@jest/globals';
import { contractTradingsymbol, parseContractSymbol } from '../../src/domain/contract-symbol.ts';
import { indexTradingsymbol, isIndexName } from '../../src/domain/index-names.ts';

test('a contract is read from its tradingsymbol', () => {
  expect(parseContractSymbol('NIFTY26NOVFUT')).toEqual({ kind: 'FUT', underlying: 'NIFTY' });
  expect(parseContractSymbol('M&M26NOV1500.5PE')).toEqual({ kind: 'PE', underlying: 'M&M', strike: 1500.5 });
  expect(parseContractSymbol('NIFTY26N1725000CE')).toEqual({
    kind: 'CE',
    underlying: 'NIFTY',
    strike: 25000,
    expiry: '2026-11-17',
  });
  expect(parseContractSymbol('SENSEX2630581000PE')).toEqual({
    kind: 'PE',
    underlying: 'SENSEX',
    strike: 81000,
    expiry: '2026-03-05',
  });
  expect(parseContractSymbol('RELIANCE')).toBeUndefined();
});

test('indices are told from shares by name', () => {
  const names = ['NIFTY', 'NIFTY 50', 'BANKNIFTY', 'INDIA VIX', 'NIFTYBEES', 'INFY', 'BANKBEES'];
  expect(names.filter((name) => isIndexName('NSE', name))).toEqual([
    'NIFTY',
    'NIFTY 50',
    'BANKNIFTY',
    'INDIA VIX',
  ]);
  expect(isIndexName('TEST', 'NIFTY')).toBe(false);
  expect(indexTradingsymbol('Nifty Bank')).toBe('NIFTY BANK');
  expect(indexTradingsymbol('Nifty Financial Services')).toBe('NIFTY FIN SERVICE');
});

test('a contract is written as Kite writes it, and read back', () => {
  const written = [
    contractTradingsymbol({ kind: 'FUT', underlying: 'NIFTY', expiry: '2026-11-23', monthly: true }),
    contractTradingsymbol({
      kind: 'CE',
      underlying: 'M&M',
      expiry: '2026-11-23',
      monthly: true,
      strike: 1500.5,
    }),
    contractTradingsymbol({
      kind: 'PE',
      underlying: 'NIFTY',
      expiry: '2026-11-17',
      monthly: false,
      strike: 25_000,
    }),
    contractTradingsymbol({
      kind: 'CE',
      underlying: 'NIFTY',
      expiry: '2026-08-18',
      monthly: false,
      strike: 24_700,
    }),
    contractTradingsymbol({
      kind: 'PE',
      underlying: 'SENSEX',
      expiry: '2026-10-01',
      monthly: false,
      strike: 81_000,
    }),
  ];
  expect(written).toEqual([
    'NIFTY26NOVFUT',
    'M&M26NOV1500.5CE',
    'NIFTY26N1725000PE',
    'NIFTY2681824700CE',
    'SENSEX26O0181000PE',
  ]);
  expect(parseContractSymbol(written[3])).toEqual({
    kind: 'CE',
    underlying: 'NIFTY',
    strike: 24_700,
    expiry: '2026-08-18',
  });
});
