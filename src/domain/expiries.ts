import { type Dated, datedTable, inForce } from './dated.ts';
import { DataError } from './errors.ts';
import type { MarketRules } from './instrument.ts';
import { didYouMean } from './nearest.ts';
import type { Expiry } from './rulebook.ts';
import { isoDateOfDay, weekdayOf } from './time.ts';

/** Weekday on which a family of contracts expires, in force by the day that the rule names. */
export interface ExpiryWeekdayRow extends Dated {
  readonly exchange: 'NFO' | 'BFO';
  /** `*` stands for every stock. */
  readonly underlying: string;
  readonly contract: 'weekly' | 'monthly';
  /** 0 is Sunday. */
  readonly weekday: number;
}

export interface ExpiryQuestion {
  readonly rows: readonly ExpiryWeekdayRow[];
  /** Underlyings that the `*` rows stand for. */
  readonly stocks: readonly string[];
  /** Undefined for a day whose holidays are not known. */
  readonly isBusinessDay: (market: MarketRules, dayNumber: number) => boolean | undefined;
}

/** A holiday of more than ten days in a row does not exist; finding one means a broken table. */
const longestClosureDays = 10;

/**
 * Expiry days of an underlying, oldest first. A holiday moves an expiry to the business day before; the week that holds
 * the monthly expiry has no weekly one. Long-dated contracts expire on monthly days and are not told apart.
 */
export function expiryRules({ rows, stocks, isBusinessDay }: ExpiryQuestion) {
  const table = datedTable(rows, (row) => [`${row.underlying} ${row.contract}`]);
  const known = new Set([...rows.map((row) => row.underlying).filter((name) => name !== '*'), ...stocks]);

  const shifted = (row: ExpiryWeekdayRow, named: number): number => {
    for (let day = named; day > named - longestClosureDays; day--) {
      const open = isBusinessDay(row.exchange, day);
      if (open === undefined) throw unknownHolidays(row.exchange, day);
      if (open) return day;
    }
    throw new DataError(
      'RULE_CALENDAR',
      `${row.exchange} is closed for ten days before ${isoDateOfDay(named)}.`,
    );
  };

  const expiry = (row: ExpiryWeekdayRow, named: number): Expiry & { day: number } => {
    const day = shifted(row, named);
    const moved = day === named ? {} : { shiftedFrom: isoDateOfDay(named) };
    return { day, date: isoDateOfDay(day), kind: row.contract, ...moved };
  };

  /** Days the monthly rules name around a span: the last of their weekday in each month. */
  const monthlyDays = (underlying: string, from: number, to: number) => {
    const rules = table.get(`${underlying} monthly`) ?? [];
    const named: { row: ExpiryWeekdayRow; day: number }[] = [];
    for (let last = endOfMonth(from); last <= endOfMonth(to); last = endOfMonth(last + 1)) {
      for (const row of rules) {
        const day = last - ((weekdayOf(last) - row.weekday + 7) % 7);
        if (inForce([row], day)) named.push({ row, day });
      }
    }
    return named;
  };

  return {
    /** @throws DataError RULE_CONTRACT for an underlying without contracts, RULE_CALENDAR beyond the calendar */
    between(underlying: string, from: number, to: number): readonly Expiry[] {
      const name = underlying.trim().toUpperCase();
      if (!known.has(name)) throw unknownUnderlying(underlying, known);
      const family = table.has(`${name} monthly`) ? name : '*';
      // A shift moves a day back by at most a few days, so rules that name days just after the span may fall into it.
      const until = to + longestClosureDays;
      const monthly = monthlyDays(family, from - 7, until);
      const monthlyWeeks = new Set(monthly.map(({ day }) => weekOf(day)));
      const named = [...monthly];
      const weeklies = table.get(`${family} weekly`) ?? [];
      if (weeklies.length > 0) {
        for (let day = from; day <= until; day++) {
          const row = inForce(weeklies, day);
          if (row && row.weekday === weekdayOf(day) && !monthlyWeeks.has(weekOf(day)))
            named.push({ row, day });
        }
      }
      return named
        .filter(({ day }) => day >= from && day <= until)
        .sort((a, b) => a.day - b.day)
        .filter(({ row, day }) => day <= to || couldShiftTo(row, day, to))
        .map(({ row, day }) => expiry(row, day))
        .filter(({ day }) => day >= from && day <= to)
        .map(({ day: _day, ...told }) => told);
    },
  };

  /** True when every day after `to` up to the named one is closed. A weekday nobody knows yet is taken to be open. */
  function couldShiftTo(row: ExpiryWeekdayRow, named: number, to: number): boolean {
    for (let day = to + 1; day <= named; day++) if (isBusinessDay(row.exchange, day) !== false) return false;
    return true;
  }
}

function unknownHolidays(market: string, dayNumber: number): DataError {
  return new DataError(
    'RULE_CALENDAR',
    `The expiry of ${isoDateOfDay(dayNumber)} cannot be told: the holidays of ${market} on that day are not known.`,
    'Ask for earlier days, or add holidays.csv and coverage.csv of that year under data/calendar of your home.',
  );
}

function unknownUnderlying(underlying: string, known: ReadonlySet<string>): DataError {
  const hint = didYouMean(underlying, known);
  return new DataError(
    'RULE_CONTRACT',
    `"${underlying}" has no futures or options that algo knows.${hint}`,
    'Name an underlying such as NIFTY, BANKNIFTY, SENSEX or RELIANCE.',
  );
}

/** Weeks begin on Monday. */
function weekOf(dayNumber: number): number {
  return Math.floor((dayNumber + 3) / 7);
}

/** Last day of the month a day is in. */
function endOfMonth(dayNumber: number): number {
  const date = new Date(dayNumber * 86_400_000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0) / 86_400_000;
}
