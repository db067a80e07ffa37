import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { type LoadedRulebook, loadRulebook } from '../../src/config/rulebook.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import { dayNumberOf } from '../../src/domain/time.ts';

// Properties draw the same cases on every run; a new seed is a change somebody made.
fc.configureGlobal({ seed: 2_026 });

/** Folder of the shipped rules. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** The shipped rules, untouched by any home. */
export const india: LoadedRulebook = loadRulebook(projectRoot);

export const day = dayNumberOf;

export const share: Instrument = {
  key: 'NSE:INFY',
  exchange: 'NSE',
  tradingsymbol: 'INFY',
  rules: 'NSE',
  kind: 'EQ',
  tickSize: 0.05,
  lotSize: 1,
};

export const shareWithDerivatives: Instrument = { ...share, hasDerivatives: true };

export const index: Instrument = { ...share, key: 'NSE:NIFTY 50', tradingsymbol: 'NIFTY 50', kind: 'INDEX' };

/** A market without Indian rules. */
export const foreign: Instrument = {
  ...share,
  key: 'TEST:GOOG',
  exchange: 'TEST',
  rules: 'none',
  tickSize: 0.25,
};

export function future(underlying: string, expiry: string, more: Partial<Instrument> = {}): Instrument {
  const rules = underlying === 'SENSEX' || underlying === 'BANKEX' ? 'BFO' : 'NFO';
  return {
    ...{
      key: `${rules}:${underlying}FUT`,
      exchange: rules,
      tradingsymbol: `${underlying}FUT`,
      rules,
      kind: 'FUT',
    },
    ...{ tickSize: 0.05, lotSize: 1, underlying, expiry },
    ...more,
  };
}

export function option(
  underlying: string,
  expiry: string,
  strike: number,
  more: Partial<Instrument> = {},
): Instrument {
  return { ...future(underlying, expiry), kind: 'CE', strike, ...more };
}

export const crudeOption: Instrument = {
  ...option('CRUDEOILM', '2025-07-17', 6300),
  key: 'MCX:CRUDEOILM25JUL6300CE',
  exchange: 'MCX',
  rules: 'MCX',
};
