import { systemClock } from '../adapters/system/system-clock.ts';
import { loadRulebook } from '../config/rulebook.ts';
import { type ClockWindow, windowsText } from '../domain/calendar.ts';
import { codeOf, UsageError } from '../domain/errors.ts';
import type { Instrument, MarketRules } from '../domain/instrument.ts';
import { hoursSegmentOf } from '../domain/market-segment.ts';
import { didYouMean } from '../domain/nearest.ts';
import {
  clockOf,
  dayNumberOf,
  type IsoDate,
  isoDateOfDay,
  istDate,
  istMinuteOfDay,
  weekdayNames,
  weekdayOf,
} from '../domain/time.ts';
import type { Clock } from '../engine/ports.ts';
import type { CalendarPage, ExpiryPage } from './calendar-page.ts';
import type { Folders } from './context.ts';

export interface CalendarRequest {
  /** Today when absent. */
  readonly date?: IsoDate | undefined;
  readonly exchange: string;
}

export interface ExpiryRequest {
  readonly underlying: string;
  /** Today when absent. */
  readonly from?: IsoDate | undefined;
  /** The end of that year when absent. */
  readonly to?: IsoDate | undefined;
}

/** Whether and when a market trades on a day. @throws UsageError, DataError RULE_CALENDAR */
export function calendarPage(
  folders: Folders,
  request: CalendarRequest,
  clock: Clock = systemClock,
): CalendarPage {
  const { calendar } = loadRulebook(folders.root, folders.home);
  const date = request.date ?? istDate(clock.now());
  const day = dayNumberOf(date);
  const samples = samplesOf(marketOf(request.exchange));
  const [share] = samples;
  const session = calendar.session(share, day);
  const holiday = calendar.holiday(share, day);
  const next = nextDay(() => isoDateOfDay(calendar.sessionFrom(share, day + 1).dayNumber));
  return {
    date,
    weekday: weekdayNames[weekdayOf(day)],
    exchange: share.exchange,
    open: session !== undefined,
    ...(session?.name === undefined ? {} : { session: session.name }),
    ...(holiday === undefined ? {} : { holiday: holiday.name }),
    previous: isoDateOfDay(calendar.sessionUntil(share, day - 1).dayNumber),
    ...(next === undefined ? {} : { next }),
    hours: session ? samples.map(hoursOf) : [],
  };

  function hoursOf(instrument: Instrument): CalendarPage['hours'][number] {
    const windows = (calendar.session(instrument, day)?.windows ?? []).map(({ from, to }) => ({
      from: istMinuteOfDay(from),
      to: istMinuteOfDay(to),
    }));
    // Pre-open and auction times are those of an ordinary day; a special session has its own, which are not recorded.
    const ordinary = session?.name === undefined ? calendar.hours(instrument, day) : undefined;
    return {
      segment: hoursSegmentOf(instrument) ?? instrument.exchange,
      windows: windows.map((window) => windowsText([window])),
      ...optional('preopen', ordinary?.preopen),
      ...optional('closingAuction', ordinary?.closingAuction),
      ...optional('postClose', ordinary?.postClose),
      squareOff: clockOf(calendar.squareOffMinute(instrument, day)),
    };
  }
}

/** Expiry days of an underlying. @throws UsageError USAGE_DATE, DataError RULE_CONTRACT or RULE_CALENDAR */
export function expiryPage(folders: Folders, request: ExpiryRequest, clock: Clock = systemClock): ExpiryPage {
  const from = request.from ?? istDate(clock.now());
  const to = request.to ?? `${from.slice(0, 4)}-12-31`;
  if (dayNumberOf(to) < dayNumberOf(from)) {
    throw new UsageError('USAGE_DATE', `--to ${to} is before --from ${from}.`, 'Swap the two days.');
  }
  const { contracts } = loadRulebook(folders.root, folders.home);
  return {
    underlying: request.underlying.trim().toUpperCase(),
    from,
    to,
    expiries: contracts.expiries(request.underlying, from, to).map(({ date, kind, shiftedFrom }) => ({
      date,
      weekday: weekdayNames[weekdayOf(dayNumberOf(date))],
      kind,
      ...(shiftedFrom === undefined ? {} : { shiftedFrom }),
    })),
  };
}

const markets: readonly Exclude<MarketRules, 'none'>[] = ['NSE', 'BSE', 'NFO', 'BFO', 'MCX', 'CDS', 'BCD'];

function marketOf(exchange: string): Exclude<MarketRules, 'none'> {
  const word = exchange.trim().toUpperCase();
  const known = markets.find((market) => market === word);
  if (known) return known;
  const hint = didYouMean(word, markets);
  throw new UsageError(
    'USAGE_EXCHANGE',
    `Unknown exchange "${exchange}".${hint}`,
    `Use one of ${markets.join(', ')}.`,
  );
}

/** An instrument of each kind that keeps hours of its own in a market. @throws UsageError USAGE_EXCHANGE */
export function marketSamples(exchange: string): readonly [Instrument, ...Instrument[]] {
  return samplesOf(marketOf(exchange));
}

function samplesOf(market: Exclude<MarketRules, 'none'>): readonly [Instrument, ...Instrument[]] {
  const any: Instrument = {
    key: `${market}:ANY`,
    exchange: market,
    tradingsymbol: 'ANY',
    rules: market,
    kind: market === 'NSE' || market === 'BSE' ? 'EQ' : 'FUT',
    tickSize: 0,
    lotSize: 1,
  };
  return any.kind === 'EQ' ? [any, { ...any, hasDerivatives: true }] : [any];
}

/** The last day the tables know has no next one; that is an answer, not a failure. */
function nextDay(find: () => IsoDate): IsoDate | undefined {
  try {
    return find();
  } catch (error) {
    if (codeOf(error) === 'RULE_CALENDAR') return undefined;
    throw error;
  }
}

function optional<Name extends string>(
  name: Name,
  window: ClockWindow | undefined,
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {};
  if (window) found[name] = windowsText([window]);
  return found;
}
