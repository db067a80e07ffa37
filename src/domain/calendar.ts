import { type Dated, datedTable, inForce } from './dated.ts';
import { DataError } from './errors.ts';
import type { Instrument, MarketRules } from './instrument.ts';
import { type HoursSegment, hoursSegmentOf } from './market-segment.ts';
import { isNewYorkSummer } from './new-york-time.ts';
import type { TradingCalendar, TradingSession } from './rulebook.ts';
import { clockOf, instantOf, isoDateOfDay, istMinuteOfDay, weekdayOf } from './time.ts';

/** Minutes of the day, `from` included, `to` not. */
export interface ClockWindow {
  readonly from: number;
  readonly to: number;
}

export interface CoverageRow extends Dated {
  readonly market: string;
}

export interface HolidayRow extends Dated {
  readonly markets: readonly string[];
  readonly closed: 'day' | 'morning' | 'evening';
  readonly name: string;
}

export interface SpecialSessionRow extends Dated {
  readonly markets: readonly string[];
  readonly windows: readonly ClockWindow[];
  readonly name: string;
}

export interface SessionHoursRow extends Dated {
  readonly segment: HoursSegment;
  readonly usTime: 'any' | 'summer' | 'winter';
  readonly windows: readonly ClockWindow[];
  readonly preopen: ClockWindow | undefined;
  readonly closingAuction: ClockWindow | undefined;
  readonly postClose: ClockWindow | undefined;
}

export interface SquareOffRow extends Dated {
  readonly segment: HoursSegment;
  readonly minutesBeforeClose: number;
}

export interface CalendarTables {
  readonly coverage: readonly CoverageRow[];
  /** Asked once for each market somebody looks up, so that other markets' tables need not be read. */
  readonly holidays: (market: MarketRules) => readonly HolidayRow[];
  readonly specialSessions: readonly SpecialSessionRow[];
  readonly sessionHours: readonly SessionHoursRow[];
  readonly squareOff: readonly SquareOffRow[];
}

/** The calendar a trader asks about; the engine needs only its sessions. */
export interface MarketCalendar extends TradingCalendar {
  /** Holiday on that day, also one that closes half of it or leaves room for a Muhurat session. */
  holiday(instrument: Instrument, dayNumber: number): HolidayRow | undefined;
  /** Ordinary hours with pre-open, closing auction and post-close. Undefined for a market without Indian rules. */
  hours(instrument: Instrument, dayNumber: number): SessionHoursRow | undefined;
  /** Weekday without a full-day holiday: the days contracts expire on. Muhurat days are not among them. Undefined beyond the tables. */
  isBusinessDay(market: MarketRules, dayNumber: number): boolean | undefined;
}

/** On days when half of MCX is closed, the other half ends or begins here (17:00). */
const mcxBreakMinute = 17 * 60;

/** A long closure is a week; a search that finds nothing in ten years has left the table. */
const searchDays = 3_660;

/** Trading days and hours from dated tables. Markets without Indian rules trade every day, 00:00 to 24:00. */
export function marketCalendar(tables: CalendarTables): MarketCalendar {
  const coverage = datedTable(tables.coverage, (row) => [row.market]);
  const hoursTable = datedTable(tables.sessionHours, (row) =>
    row.usTime === 'any'
      ? [`${row.segment} summer`, `${row.segment} winter`]
      : [`${row.segment} ${row.usTime}`],
  );
  const squareOffs = datedTable(tables.squareOff, (row) => [row.segment]);
  const holidaysOf = byMarket((market) => tables.holidays(market));
  const specialsOf = byMarket(() => tables.specialSessions);
  // Engine and replay ask once a day for every instrument, so the answers stand in one list by day number per segment.
  const sessions = new Map<string, (TradingSession | null)[]>();
  const sessionsOf = new WeakMap<Instrument, (TradingSession | null)[]>();

  const requireCovered = (market: MarketRules, day: number) => {
    if (inForce(coverage.get(market), day)) return;
    const known = coverage.get(market) ?? [];
    const span = known.map((row) => `${isoDateOfDay(row.from)} to ${isoDateOfDay(row.to)}`).join(', ');
    throw new DataError(
      'RULE_CALENDAR',
      `The ${market} calendar does not know ${isoDateOfDay(day)}; it covers ${span || 'no day'}.`,
      'Choose days inside, or add holidays.csv and coverage.csv of that year under data/calendar of your home.',
    );
  };

  const hours = (instrument: Instrument, day: number) => {
    const segment = hoursSegmentOf(instrument);
    if (segment === undefined) return undefined;
    const row = inForce(hoursTable.get(`${segment} ${isNewYorkSummer(day) ? 'summer' : 'winter'}`), day);
    if (row) return row;
    throw new DataError(
      'RULE_CALENDAR',
      `No trading hours of ${segment} on ${isoDateOfDay(day)} are known.`,
      'Add a row to session-hours.csv under data/calendar of your home.',
    );
  };

  const holiday = (instrument: Instrument, day: number) => {
    if (instrument.rules === 'none') return undefined;
    requireCovered(instrument.rules, day);
    return holidaysOf(instrument.rules).get(day);
  };

  const build = (instrument: Instrument, day: number): TradingSession | undefined => {
    if (instrument.rules === 'none') return sessionOf(day, [{ from: 0, to: 1_440 }]);
    requireCovered(instrument.rules, day);
    const special = specialsOf(instrument.rules).get(day);
    if (special) return sessionOf(day, special.windows, special.name);
    const closed = holidaysOf(instrument.rules).get(day);
    const weekday = weekdayOf(day);
    if (weekday === 0 || weekday === 6 || closed?.closed === 'day') return undefined;
    const windows = hours(instrument, day)?.windows ?? [];
    if (closed === undefined) return sessionOf(day, windows);
    return sessionOf(
      day,
      closed.closed === 'morning' ? after(windows) : before(windows),
      `${closed.name}, ${closed.closed} closed`,
    );
  };

  const listOf = (instrument: Instrument) => {
    const segment = `${instrument.rules} ${hoursSegmentOf(instrument)}`;
    const list = sessions.get(segment) ?? [];
    sessions.set(segment, list);
    sessionsOf.set(instrument, list);
    return list;
  };

  const session = (instrument: Instrument, day: number): TradingSession | undefined => {
    const list = sessionsOf.get(instrument) ?? listOf(instrument);
    const known = list[day];
    if (known !== undefined) return known ?? undefined;
    const built = build(instrument, day);
    list[day] = built ?? null;
    return built;
  };

  const search = (instrument: Instrument, from: number, step: 1 | -1) => {
    for (let i = 0; i < searchDays; i++) {
      const found = session(instrument, from + i * step);
      if (found) return found;
    }
    throw new DataError(
      'RULE_CALENDAR',
      `No session of ${instrument.key} within ten years of ${isoDateOfDay(from)}.`,
    );
  };

  return {
    session,
    hours,
    holiday,
    sessionFrom: (instrument, day) => search(instrument, day, 1),
    sessionUntil: (instrument, day) => search(instrument, day, -1),
    squareOffMinute(instrument, day) {
      const segment = hoursSegmentOf(instrument);
      if (segment === undefined) return 1_440;
      const open = session(instrument, day);
      const rule = inForce(squareOffs.get(segment), day);
      if (open && rule) return istMinuteOfDay(open.close) - rule.minutesBeforeClose;
      throw new DataError(
        'RULE_CALENDAR',
        open
          ? `No square-off time of ${segment} on ${isoDateOfDay(day)} is known.`
          : `${instrument.key} does not trade on ${isoDateOfDay(day)}, so nothing is squared off.`,
        open ? 'Add a row to square-off.csv under data/calendar of your home.' : 'Ask for a trading day.',
      );
    },
    isBusinessDay(market, day) {
      const weekday = weekdayOf(day);
      if (weekday > 0 && weekday < 6 && !inForce(coverage.get(market), day)) return undefined;
      return weekday > 0 && weekday < 6 && holidaysOf(market).get(day)?.closed !== 'day';
    },
  };
}

/** `09:15-15:30`, windows separated by blanks. */
export function windowsText(windows: readonly ClockWindow[]): string {
  return windows.map((window) => `${clockOf(window.from)}-${clockOf(window.to)}`).join(' ');
}

function sessionOf(dayNumber: number, windows: readonly ClockWindow[], name?: string): TradingSession {
  const intervals = windows.map(({ from, to }) => ({
    from: instantOf(dayNumber, from),
    to: instantOf(dayNumber, to),
  }));
  const open = intervals[0].from;
  const close = intervals[intervals.length - 1].to;
  return { dayNumber, open, close, windows: intervals, ...(name === undefined ? {} : { name }) };
}

function after(windows: readonly ClockWindow[]): ClockWindow[] {
  return windows
    .filter((w) => w.to > mcxBreakMinute)
    .map((w) => ({ from: Math.max(w.from, mcxBreakMinute), to: w.to }));
}

function before(windows: readonly ClockWindow[]): ClockWindow[] {
  return windows
    .filter((w) => w.from < mcxBreakMinute)
    .map((w) => ({ from: w.from, to: Math.min(w.to, mcxBreakMinute) }));
}

/** Single days of a market out of dated rows, worked out when the market is first asked about. */
function byMarket<Row extends Dated & { readonly markets: readonly string[] }>(
  rowsOf: (market: MarketRules) => readonly Row[],
): (market: MarketRules) => ReadonlyMap<number, Row> {
  const markets = new Map<MarketRules, Map<number, Row>>();
  return (market) => {
    const known = markets.get(market);
    if (known) return known;
    const days = new Map<number, Row>();
    for (const row of rowsOf(market)) {
      if (row.markets.includes(market)) for (let day = row.from; day <= row.to; day++) days.set(day, row);
    }
    markets.set(market, days);
    return days;
  };
}
