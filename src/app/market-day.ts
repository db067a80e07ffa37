import { isAlgoError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { dayNumberOf, type IsoDate, isoDateOfDay } from '../domain/time.ts';
import type { ExpiryRow, Untold } from '../reports/market-json.ts';

const share: Instrument = {
  ...{ key: 'NSE:ANY', exchange: 'NSE', tradingsymbol: 'ANY', rules: 'NSE', kind: 'EQ' },
  ...{ tickSize: 0, lotSize: 1 },
};

/** Does NSE trade on a day? */
export function sessionText({ calendar }: Rulebook, day: IsoDate): string {
  const session = told(() => calendar.session(share, dayNumberOf(day)));
  if (session !== undefined && 'why' in session) return session.why;
  return session
    ? `NSE trades on ${day}${session.name ? ` (${session.name})` : ''}`
    : `NSE is closed on ${day}`;
}

/** Underlyings whose expiries traders watch; those of shares are the same for all. */
const underlyings = ['NIFTY', 'BANKNIFTY', 'FINNIFTY', 'MIDCPNIFTY', 'NIFTYNXT50', 'SENSEX', 'BANKEX'];
const anyShare = 'RELIANCE';
/** Every family has an expiry within five weeks. */
const expirySearchDays = 40;

/** Which contracts expire on a day, and the next to do so. */
export function expiriesOn({ contracts }: Rulebook, day: IsoDate): readonly ExpiryRow[] | Untold {
  const last = isoDateOfDay(dayNumberOf(day) + expirySearchDays);
  const rows: ExpiryRow[] = [];
  for (const underlying of [...underlyings, anyShare]) {
    // The calendar may end within the search; what it knows before that still counts.
    const found = told(() => contracts.expiries(underlying, day, last));
    const near = 'why' in found ? told(() => contracts.expiries(underlying, day, day)) : found;
    if ('why' in near) return near;
    const today = near.filter(({ date }) => date === day).map(({ kind }) => kind);
    const next = near.find(({ date }) => date > day);
    rows.push({
      underlying: underlying === anyShare ? 'shares' : underlying,
      today: today[0] ?? null,
      next: next ? { date: next.date, kind: next.kind } : null,
    });
  }
  return rows;
}

function told<T>(ask: () => T): T | Untold {
  try {
    return ask();
  } catch (error) {
    if (isAlgoError(error) && error.code.startsWith('RULE_')) return { why: error.message };
    throw error;
  }
}
