import type { LoadedRulebook } from '../../config/rulebook.ts';
import type { Instrument, InstrumentKind, MarketRules } from '../../domain/instrument.ts';
import { isoDateOfDay, weekdayOf } from '../../domain/time.ts';
import type { DoctorCheck } from '../../reports/doctor-text.ts';
import { fail, guarded, pass, warn } from './check.ts';

/** The exchanges publish next year's holidays in December; this leaves a month to enter them. */
const warnDays = 45;
const searchDays = 800;
const markets: readonly Exclude<MarketRules, 'none'>[] = ['NSE', 'BSE', 'NFO', 'BFO', 'CDS', 'BCD', 'MCX'];

/** How far the calendar and the price list still reach, and which tables are the user's own. */
export async function ruleChecks(rulebook: LoadedRulebook, today: number): Promise<readonly DoctorCheck[]> {
  const ends = new Map<string, MarketRules[]>();
  for (const market of markets) {
    const last = lastKnownDay(rulebook, market, today);
    const end = last === undefined ? 'never' : String(last);
    ends.set(end, [...(ends.get(end) ?? []), market]);
  }
  const calendars = [...ends].map(([end, own]) =>
    calendarCheck(own, end === 'never' ? undefined : Number(end), today),
  );
  const tariffs = await guarded('charges', () => [tariffCheck(rulebook, today)]);
  const own =
    rulebook.replaced.length === 0
      ? pass('rules', 'Calendar, contracts and charges are the shipped tables.')
      : pass('rules', `Your own tables replace shipped ones: ${rulebook.replaced.join(', ')}.`);
  return [own, ...calendars, ...tariffs];
}

export function calendarCheck(
  own: readonly MarketRules[],
  lastDay: number | undefined,
  today: number,
): DoctorCheck {
  const name = 'calendar';
  const who = own.join(', ');
  const advice =
    'Install a newer algo, or add the holidays and coverage of the next year under data/calendar of your home.';
  if (lastDay === undefined || lastDay < today) {
    return fail(name, `${who}: ${isoDateOfDay(today)} is not covered.`, advice);
  }
  const left = lastDay - today;
  const found = `${who}: known until ${isoDateOfDay(lastDay)}, ${left} days from today.`;
  return left <= warnDays ? warn(name, found, advice) : pass(name, found);
}

/** The last day the tables cover; weekends need no table, so they do not count. */
function lastKnownDay(rulebook: LoadedRulebook, market: MarketRules, today: number): number | undefined {
  let last: number | undefined;
  for (let day = today; day < today + searchDays; day++) {
    const weekend = weekdayOf(day) === 0 || weekdayOf(day) === 6;
    if (weekend) continue;
    if (rulebook.calendar.isBusinessDay(market, day) === undefined) return last;
    last = day;
  }
  return last;
}

const samples: readonly [MarketRules, InstrumentKind][] = [
  ['NSE', 'EQ'],
  ['BSE', 'EQ'],
  ['NFO', 'FUT'],
  ['NFO', 'CE'],
  ['BFO', 'CE'],
  ['CDS', 'FUT'],
  ['MCX', 'FUT'],
];

function tariffCheck(rulebook: LoadedRulebook, today: number): DoctorCheck {
  const charges = rulebook.charges('zerodha');
  const unverified = new Set<string>();
  for (const [rules, kind] of samples) {
    const instrument: Instrument = {
      key: `${rules}:SAMPLE`,
      exchange: rules,
      tradingsymbol: 'SAMPLE',
      rules,
      kind,
      tickSize: 0.05,
      lotSize: 1,
    };
    charges.estimate(instrument, today, { side: 'BUY', product: 'MIS', quantity: 1, valuePaise: 100_000 });
    for (const sentence of charges.unverified?.(instrument, today, today) ?? []) unverified.add(sentence);
  }
  const found = `Zerodha's rates of ${isoDateOfDay(today)} are known for shares, futures and options.`;
  return unverified.size === 0
    ? pass('charges', found)
    : warn(
        'charges',
        `${found} Unchecked: ${[...unverified].join(' ')}`,
        'Compare these with a contract note.',
      );
}
