import type { Instrument } from '../../../src/domain/instrument.ts';
import type { TradingCalendar, TradingSession } from '../../../src/domain/rulebook.ts';
import { dayNumberOf, type IsoDate, instantOf, minuteOfClock, weekdayOf } from '../../../src/domain/time.ts';

type Hours = readonly (readonly [from: string, to: string])[];

/** A small market for tests: Monday to Friday 09:15 to 15:30, a Muhurat evening, a disaster-recovery Saturday, and the early close of F&O stocks. */
export const specialDays: Readonly<Record<IsoDate, { name: string; hours: Hours }>> = {
  '2025-10-21': { name: 'Muhurat', hours: [['13:45', '14:45']] },
  '2025-11-15': {
    name: 'Disaster recovery',
    hours: [
      ['09:15', '10:00'],
      ['11:30', '12:30'],
    ],
  },
};

const earlyCloseFrom = dayNumberOf('2026-08-03');
const special = new Map(Object.entries(specialDays).map(([date, day]) => [dayNumberOf(date), day]));

export const weekdayCalendar: TradingCalendar = {
  session: sessionOn,
  sessionFrom: (instrument, day) =>
    sessionOn(instrument, day) ?? weekdayCalendar.sessionFrom(instrument, day + 1),
  sessionUntil: (instrument, day) =>
    sessionOn(instrument, day) ?? weekdayCalendar.sessionUntil(instrument, day - 1),
  squareOffMinute: () => minuteOfClock('15:05'),
};

function sessionOn(instrument: Instrument, dayNumber: number): TradingSession | undefined {
  const day = special.get(dayNumber);
  if (!day && (weekdayOf(dayNumber) === 0 || weekdayOf(dayNumber) === 6)) return undefined;
  const close = instrument.hasDerivatives && dayNumber >= earlyCloseFrom ? '15:15' : '15:30';
  const windows = (day?.hours ?? [['09:15', close]]).map(([from, to]) => ({
    from: instantOf(dayNumber, minuteOfClock(from)),
    to: instantOf(dayNumber, minuteOfClock(to)),
  }));
  return {
    dayNumber,
    open: windows[0].from,
    close: windows[windows.length - 1].to,
    windows,
    ...(day ? { name: day.name } : {}),
  };
}

/** NSE's cash ticks since 2025-04-15. */
export const cashTicks = {
  tickSize(instrument: Instrument, _dayNumber: number, price: number): number {
    if (instrument.kind === 'INDEX') return instrument.tickSize;
    if (price < 250) return 0.01;
    if (price <= 1_000) return 0.05;
    if (price <= 5_000) return 0.1;
    if (price <= 10_000) return 0.5;
    return price <= 20_000 ? 1 : 5;
  },
};
