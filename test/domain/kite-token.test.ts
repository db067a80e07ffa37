import { expect, test } from '@jest/globals';
import { kiteTokenDeath } from '../../src/domain/kite-token.ts';
import { isoInstant } from '../../src/domain/time.ts';

test.each([
  ['2026-11-25T08:30:00+05:30', '2026-11-26T06:00:00+05:30'],
  ['2026-11-25T23:59:59+05:30', '2026-11-26T06:00:00+05:30'],
  ['2026-11-25T06:00:00+05:30', '2026-11-26T06:00:00+05:30'],
  ['2026-11-25T05:59:59+05:30', '2026-11-25T06:00:00+05:30'],
  ['2026-12-31T15:30:00+05:30', '2027-01-01T06:00:00+05:30'],
])('a token of %s dies at %s', (login, death) => {
  expect(isoInstant(kiteTokenDeath(Date.parse(login)))).toBe(death);
});
