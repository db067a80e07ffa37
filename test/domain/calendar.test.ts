import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Instrument } from '../../src/domain/instrument.ts';
import { isoDateOfDay, istText } from '../../src/domain/time.ts';
import { crudeOption, day, foreign, future, india, share, shareWithDerivatives } from '../support/india.ts';

const { calendar } = india;

function hours(instrument: Instrument, date: string): string {
  const session = calendar.session(instrument, day(date));
  if (session === undefined) return 'closed';
  return session.windows
    .map(({ from, to }) => `${istText(from).slice(11)}-${istText(to).slice(11)}`)
    .join(' ');
}

describe('trading hours', () => {
  const nifty = future('NIFTY', '2026-08-25');

  test.each([
    ['an ordinary day', share, '2024-06-12', '09:15-15:30'],
    ['a weekend', share, '2024-06-15', 'closed'],
    ['a holiday', share, '2026-11-24', 'closed'],
    ['an unscheduled holiday', share, '2026-01-15', 'closed'],
    ['a Muhurat evening on a weekday', share, '2024-11-01', '18:00-19:00'],
    ['a Muhurat hour in the afternoon', share, '2025-10-21', '13:45-14:45'],
    ['a Muhurat evening on a Sunday', share, '2023-11-12', '18:15-19:15'],
    ['a Budget Saturday', share, '2025-02-01', '09:15-15:30'],
    ['a Budget Sunday', share, '2026-02-01', '09:15-15:30'],
    ['a disaster recovery Saturday', share, '2024-03-02', '09:15-10:00 11:30-12:30'],
    ['the outage of 2021', share, '2021-02-24', '09:15-11:40 15:45-17:00'],
    ['a day that calendars often get wrong', share, '2013-11-14', '09:15-15:30'],
    ['the last day before the closing auction', shareWithDerivatives, '2026-07-31', '09:15-15:30'],
    ['the first day of the closing auction', shareWithDerivatives, '2026-08-03', '09:15-15:15'],
    ['a share without derivatives on that day', share, '2026-08-03', '09:15-15:30'],
    ['futures and options before the longer day', nifty, '2026-07-31', '09:15-15:30'],
    ['futures and options since', nifty, '2026-08-03', '09:15-15:40'],
    ['currency', { ...nifty, rules: 'CDS' as const }, '2026-11-20', '09:00-17:00'],
    ['currency on a bank holiday of its own', { ...nifty, rules: 'CDS' as const }, '2026-02-19', 'closed'],
    ['commodities in the American summer', crudeOption, '2026-03-09', '09:00-23:30'],
    ['commodities on the last day of it', crudeOption, '2026-10-30', '09:00-23:30'],
    ['commodities in the American winter', crudeOption, '2026-11-02', '09:00-23:55'],
    ['commodities with a closed morning', crudeOption, '2026-11-10', '17:00-23:55'],
    ['commodities with a closed evening', crudeOption, '2026-01-01', '09:00-17:00'],
    ['commodities on a national holiday', crudeOption, '2026-10-02', 'closed'],
    ['a market without Indian rules on a Sunday', foreign, '2026-11-22', '00:00-00:00'],
  ])('%s', (_name, instrument, date, expected) => {
    expect(hours(instrument, date)).toBe(expected);
  });

  test('a market without Indian rules closes as the next day begins', () => {
    const session = calendar.session(foreign, day('2026-11-22'));
    expect(istText(session?.close ?? 0)).toBe('2026-11-23 00:00');
  });

  test('special sessions carry their name and ordinary ones none', () => {
    expect(calendar.session(share, day('2025-10-21'))?.name).toBe('Diwali Muhurat');
    expect(calendar.session(share, day('2026-02-01'))?.name).toBe('Union Budget');
    expect(calendar.session(share, day('2026-11-20'))).not.toHaveProperty('name');
  });

  test.each([
    [share, '1999-12-31', 'The NSE calendar does not know 1999-12-31; it covers 2000-01-01 to 2026-12-31.'],
    [share, '2027-01-01', 'The NSE calendar does not know 2027-01-01; it covers 2000-01-01 to 2026-12-31.'],
    [
      crudeOption,
      '2014-12-31',
      'The MCX calendar does not know 2014-12-31; it covers 2015-01-01 to 2026-12-31.',
    ],
  ])('days outside the tables are refused: %#', (instrument, date, message) => {
    expect(() => calendar.session(instrument, day(date))).toThrow(message);
  });
});

describe('sessions around a day', () => {
  test('a long weekend is stepped over both ways', () => {
    expect(isoDateOfDay(calendar.sessionFrom(share, day('2026-10-02')).dayNumber)).toBe('2026-10-05');
    expect(isoDateOfDay(calendar.sessionUntil(share, day('2026-10-04')).dayNumber)).toBe('2026-10-01');
  });

  test('from and until are inverse: no session lies between a day and what they find', () => {
    const days = fc.integer({ min: day('2015-01-05'), max: day('2026-12-20') });
    fc.assert(
      fc.property(
        fc.constantFrom(share, crudeOption, future('NIFTY', '2026-08-25'), foreign),
        days,
        (instrument, asked) => {
          const next = calendar.sessionFrom(instrument, asked);
          const previous = calendar.sessionUntil(instrument, asked);
          expect(calendar.sessionUntil(instrument, next.dayNumber)).toBe(next);
          expect(calendar.sessionFrom(instrument, previous.dayNumber)).toBe(previous);
          expect(previous.dayNumber).toBeLessThanOrEqual(asked);
          expect(next.dayNumber).toBeGreaterThanOrEqual(asked);
          for (let between = previous.dayNumber + 1; between < next.dayNumber; between++) {
            expect(calendar.session(instrument, between)).toBeUndefined();
          }
        },
      ),
    );
  });

  test('windows are in order, apart, and span open to close', () => {
    let sessions = 0;
    for (let d = day('2015-01-01'); d <= day('2026-12-31'); d++) {
      for (const instrument of [share, shareWithDerivatives, crudeOption]) {
        const session = calendar.session(instrument, d);
        if (session === undefined) continue;
        sessions += 1;
        const edges = session.windows.flatMap(({ from, to }) => [from, to]);
        expect(edges).toEqual([...edges].sort((a, b) => a - b));
        expect(new Set(edges).size).toBe(edges.length);
        expect([session.open, session.close]).toEqual([edges[0], edges[edges.length - 1]]);
      }
    }
    expect(sessions).toBeGreaterThan(8_000);
  });
});

describe('square-off of MIS positions', () => {
  test.each([
    [share, '2024-06-12', '15:20'],
    [share, '2026-11-20', '15:20'],
    [shareWithDerivatives, '2026-11-20', '15:05'],
    [future('NIFTY', '2024-06-27'), '2024-06-12', '15:25'],
    [future('NIFTY', '2026-11-23'), '2026-11-20', '15:20'],
    [crudeOption, '2025-06-18', '23:05'],
    [crudeOption, '2026-11-20', '23:30'],
    [share, '2024-11-01', '18:50'],
  ])('%# is at its time of day', (instrument, date, expected) => {
    const minute = calendar.squareOffMinute(instrument, day(date));
    expect(`${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`).toBe(expected);
  });

  test('a market without Indian rules closes nothing before midnight', () => {
    expect(calendar.squareOffMinute(foreign, day('2026-11-22'))).toBe(1_440);
  });

  test('a closed day has none', () => {
    expect(() => calendar.squareOffMinute(share, day('2026-11-24'))).toThrow(
      'NSE:INFY does not trade on 2026-11-24',
    );
  });
});
