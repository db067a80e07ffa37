import { describe, expect, test } from '@jest/globals';
import { calendarPage, expiryPage } from '../../src/app/calendar.ts';
import { calendarPageSchema, expiryPageSchema } from '../../src/app/calendar-page.ts';
import { instantOf } from '../../src/domain/time.ts';
import { calendarText, expiryText } from '../../src/reports/calendar-text.ts';
import { day, projectRoot } from '../support/india.ts';

const folders = { root: projectRoot, home: projectRoot, data: '', cache: '' };
const screen = { width: 120, colour: false };
// Half past one at night in India, still the day before in London.
const clock = { now: () => instantOf(day('2026-11-20'), 90) };

describe('algo calendar', () => {
  test('a trading day shows hours of shares with and without derivatives', () => {
    const page = calendarPage(folders, { exchange: 'nse' }, clock);
    expect(calendarPageSchema.parse(page)).toEqual({
      ...{
        date: '2026-11-20',
        weekday: 'Friday',
        exchange: 'NSE',
        open: true,
        previous: '2026-11-19',
        next: '2026-11-23',
      },
      hours: [
        {
          segment: 'CASH',
          windows: ['09:15-15:30'],
          preopen: '09:00-09:10',
          postClose: '15:50-16:00',
          squareOff: '15:20',
        },
        {
          ...{ segment: 'CASH_WITH_DERIVATIVES', windows: ['09:15-15:15'], preopen: '09:00-09:10' },
          ...{ closingAuction: '15:15-15:35', postClose: '15:50-16:00', squareOff: '15:05' },
        },
      ],
    });
    expect(calendarText(page, screen)).toContain('shares with derivatives  09:15-15:15');
  });

  test('a holiday is named, with the sessions around it', () => {
    const page = calendarPage(folders, { date: '2026-11-24', exchange: 'NFO' }, clock);
    expect(calendarPageSchema.parse(page)).toMatchObject({
      open: false,
      holiday: 'Guru Nanak Jayanti',
      hours: [],
    });
    expect(calendarText(page, screen)).toBe(
      'NFO 2026-11-24, Tuesday: closed (Guru Nanak Jayanti)\nSession before 2026-11-23, next 2026-11-25.',
    );
  });

  test('a special session has its own hours and no pre-open that nobody recorded', () => {
    const page = calendarPage(folders, { date: '2024-03-02', exchange: 'NSE' }, clock);
    expect(page).toMatchObject({ open: true, session: 'Disaster recovery drill' });
    expect(page.hours[0]).toEqual({
      segment: 'CASH',
      windows: ['09:15-10:00', '11:30-12:30'],
      squareOff: '12:20',
    });
  });

  test('the last day of the tables has no next session', () => {
    expect(calendarPage(folders, { date: '2026-12-31', exchange: 'NSE' }, clock)).not.toHaveProperty('next');
  });

  test('expiries run to the end of the year unless told', () => {
    const page = expiryPage(folders, { underlying: 'nifty' }, clock);
    expect(expiryPageSchema.parse(page)).toMatchObject({
      underlying: 'NIFTY',
      from: '2026-11-20',
      to: '2026-12-31',
    });
    expect(page.expiries[0]).toEqual({
      date: '2026-11-23',
      weekday: 'Monday',
      kind: 'monthly',
      shiftedFrom: '2026-11-24',
    });
    expect(expiryText(page, screen)).toContain('2026-11-23  Monday   monthly   2026-11-24');
  });

  test('mistakes are refused with the nearest right word', () => {
    expect(() => calendarPage(folders, { exchange: 'NES' }, clock)).toThrow(
      'Unknown exchange "NES". Did you mean "NSE"?',
    );
    expect(() => calendarPage(folders, { exchange: 'NSE', date: '2026-13-01' }, clock)).toThrow(
      '"2026-13-01" is not a date.',
    );
    expect(() =>
      expiryPage(folders, { underlying: 'NIFTY', from: '2026-02-02', to: '2026-02-01' }, clock),
    ).toThrow('is before');
  });
});
