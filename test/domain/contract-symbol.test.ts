import { expect, test } from '@jest/globals';
import { parseContractSymbol } from '../../src/domain/contract-symbol.ts';
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
