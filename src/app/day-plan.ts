import { loadRulebook } from '../config/rulebook.ts';
import type { Config } from '../config/schema.ts';
import type { Instrument } from '../domain/instrument.ts';
import {
  type EpochMs,
  type IsoDate,
  instantOf,
  isoDateOfDay,
  istDayNumber,
  minuteMs,
  minuteOfClock,
} from '../domain/time.ts';
import { calendarPage, marketSamples } from './calendar.ts';
import type { CalendarPage } from './calendar-page.ts';
import type { Context } from './context.ts';
import { namedUniverse } from './named-universes.ts';

export const dayStepNames = [
  'login',
  'instruments',
  'warm-up',
  'session',
  'square-off',
  'reconcile',
  'report',
] as const;
export type DayStepName = (typeof dayStepNames)[number];

export interface PlannedStep {
  readonly name: DayStepName;
  readonly at: EpochMs;
  /** What it does, for people. */
  readonly what: string;
}

/** A trading day as its times are known before it begins. */
export interface DayPlan {
  readonly date: IsoDate;
  /** Exchange whose hours the day follows. */
  readonly exchange: string;
  /** Muhurat and the like; undefined on an ordinary day. */
  readonly special: string | undefined;
  readonly open: EpochMs;
  readonly close: EpochMs;
  readonly loginWait: EpochMs;
  readonly steps: readonly PlannedStep[];
}

/** No market of the profile is open. */
export interface ClosedDayPlan {
  readonly date: IsoDate;
  readonly exchange: string;
  readonly holiday: string | undefined;
  /** Undefined beyond the calendar's tables. */
  readonly next: IsoDate | undefined;
}

/** The session is there a little before the first trade, so that its first bar is heard whole. */
const beforeOpeningMs = minuteMs;

/**
 * What is done on a day and when. Of several exchanges the first opening and the last close count. Steps before the opening keep their
 * times of the configuration, and come no later than the session.
 *
 * @throws DataError RULE_CALENDAR for a day that no table covers, DATA_MISSING for a universe that cannot be read
 */
export async function dayPlan(
  context: Context,
  now: EpochMs,
  { mode, until }: { readonly mode: 'paper' | 'live'; readonly until?: string | undefined },
): Promise<DayPlan | ClosedDayPlan> {
  const { config, folders } = context;
  const today = istDayNumber(now);
  const date = isoDateOfDay(today);
  const markets = await marketsOf(context);
  const { calendar } = loadRulebook(folders.root, folders.home);
  const samples = markets.flatMap((market) => marketSamples(market));
  const open = samples.flatMap((sample) => {
    const session = calendar.session(sample, today);
    return session ? [{ sample, session, squareOff: calendar.squareOffMinute(sample, today) }] : [];
  });
  const [first] = open;
  if (!first) {
    const pages = markets.map((exchange) => calendarPage(folders, { date, exchange }));
    return { date, exchange: markets.join(', '), holiday: pages[0].holiday, next: earliest(pages) };
  }
  const opening = Math.min(...open.map(({ session }) => session.open));
  const ends = Math.max(...open.map(({ session }) => session.close));
  const close = until === undefined ? ends : Math.min(ends, instantOf(today, minuteOfClock(until)));
  const { day, session } = config;
  const starts =
    day.session === 'auto' ? opening - beforeOpeningMs : instantOf(today, minuteOfClock(day.session));
  const early = (clock: string) => Math.min(instantOf(today, minuteOfClock(clock)), starts);
  const squareOff =
    session.squareOff === 'auto'
      ? Math.min(...open.map((each) => each.squareOff))
      : minuteOfClock(session.squareOff);
  const reconcile = close + day.reconcileMinutes * minuteMs;
  return {
    date,
    exchange: markets.join(', '),
    special: first.session.name,
    open: opening,
    close,
    loginWait: early(day.loginWait),
    steps: [
      { name: 'login', at: early(day.login), what: 'asks the broker whether the login holds' },
      { name: 'instruments', at: early(day.instruments), what: "archives the broker's list of the day" },
      { name: 'warm-up', at: early(day.warmUp), what: 'fetches the bars of before that strategies start on' },
      {
        name: 'session',
        at: starts,
        what: `${mode === 'live' ? 'trades' : 'trades on paper'} until the close`,
      },
      {
        name: 'square-off',
        at: instantOf(today, squareOff),
        what: 'the session closes intraday positions; looked at after it',
      },
      {
        name: 'reconcile',
        at: reconcile,
        what: mode === 'live' ? "compares positions with the broker's" : 'verifies the journal',
      },
      {
        name: 'report',
        at: Math.max(reconcile, close + day.reportMinutes * minuteMs),
        what: 'prints the day and keeps it',
      },
    ],
  };
}

export function isClosed(plan: DayPlan | ClosedDayPlan): plan is ClosedDayPlan {
  return !('steps' in plan);
}

function earliest(pages: readonly CalendarPage[]): IsoDate | undefined {
  return pages.flatMap(({ next }) => (next === undefined ? [] : [next])).sort()[0];
}

type Market = Exclude<Instrument['rules'], 'none'>;
const marketsWithRules: readonly string[] = [
  'NSE',
  'BSE',
  'NFO',
  'BFO',
  'MCX',
  'CDS',
  'BCD',
] satisfies Market[];

/** The exchanges of the profile's universe; bare symbols and the invented market follow NSE. */
async function marketsOf(context: Context): Promise<readonly string[]> {
  const { universe }: Pick<Config, 'universe'> = context.config;
  const markets = new Set<string>();
  for (const word of [universe].flat()) {
    if (word === 'synthetic-futures') markets.add('NFO');
    else if (word.includes(':')) markets.add(word.slice(0, word.indexOf(':')));
    else
      for (const { key } of (await namedUniverse(context, word))?.members ?? [])
        markets.add(key.slice(0, key.indexOf(':')));
  }
  const known = [...markets].filter((market) => marketsWithRules.includes(market));
  return known.length > 0 ? known : ['NSE'];
}
