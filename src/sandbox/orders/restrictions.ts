import { UsageError } from '../../domain/errors.ts';
import { type InstrumentKey, parseKey } from '../../domain/instrument.ts';

/**
 * What the broker refuses besides the exchange's rules. The lists are of the day and nothing stored has them, and the sources do not
 * tell the two limits (UNVERIFIED), so all of it can be set.
 */
export interface Restrictions {
  /** Underlyings in the exchange's ban period: positions in their contracts may only become smaller. */
  readonly banned: ReadonlySet<string>;
  /** Shares that are not for MIS and CO. */
  readonly notIntraday: ReadonlySet<InstrumentKey>;
  /** Percent of the last price that a LIMIT order may be worse or better; undefined leaves it to the circuits. */
  readonly limitPercent: number | undefined;
  /** Expiries of an MCX underlying that may be entered, the nearest counted. */
  readonly mcxExpiries: number;
  /** The account has given no standing authorisation, so shares are authorised at the depository before they are sold. */
  readonly edis: boolean;
}

export const usualRestrictions: Restrictions = {
  banned: new Set(),
  notIntraday: new Set(),
  limitPercent: undefined,
  mcxExpiries: 3,
  edis: false,
};

/**
 * Reads `ban=SBIN,TCS`, `no-mis=NSE:IDEA`, `limit=10`, `mcx=2` and `edis`.
 *
 * @throws UsageError USAGE_RESTRICT for anything else
 */
export function restrictionsOf(words: readonly string[]): Restrictions {
  return words.reduce(restricted, usualRestrictions);
}

function restricted(known: Restrictions, word: string): Restrictions {
  const [name, value = ''] = word.split(/=(.*)/s);
  const names = value
    .split(',')
    .map((each) => each.trim().toUpperCase())
    .filter((each) => each !== '');
  const number = Number(value);
  if (name === 'edis' && value === '') return { ...known, edis: true };
  if (name === 'ban' && names.length > 0) return { ...known, banned: new Set([...known.banned, ...names]) };
  if (name === 'no-mis' && names.length > 0)
    return {
      ...known,
      notIntraday: new Set([...known.notIntraday, ...names.map((each) => parseKey(each).key)]),
    };
  if (name === 'limit' && number > 0 && number <= 100) return { ...known, limitPercent: number };
  if (name === 'mcx' && Number.isInteger(number) && number >= 1) return { ...known, mcxExpiries: number };
  throw new UsageError(
    'USAGE_RESTRICT',
    `--restrict received "${word}".`,
    'Use ban=SBIN,TCS, no-mis=NSE:IDEA, limit=10 (percent), mcx=2 (expiries) or edis.',
  );
}
