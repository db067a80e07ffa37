import { expect, test } from '@jest/globals';
import { minuteMs } from '#src/domain/time.ts';
import { Breaker } from '#src/engine/risk/breaker.ts';
import { Halts } from '#src/engine/risk/halts.ts';

test('so many rejections within a minute halt, the same number over a longer time does not', () => {
  const halts = new Halts();
  const breaker = new Breaker(3, halts);
  for (const time of [0, 1, minuteMs + 1]) breaker.rejected(time, 'Insufficient funds');
  expect(halts.any).toBe(false);
  breaker.rejected(minuteMs + 1, 'Insufficient funds');
  expect(halts.reasons()).toEqual([
    {
      code: 'HALT_BREAKER',
      why: '3 orders were rejected within a minute, the last with "Insufficient funds"',
    },
  ]);
});

test('released, it counts from nothing', () => {
  const halts = new Halts();
  const breaker = new Breaker(2, halts);
  breaker.rejected(0, 'no');
  breaker.rejected(1, 'no');
  halts.clear('HALT_BREAKER');
  breaker.rejected(2, 'no');
  expect(halts.any).toBe(false);
  breaker.rejected(3, 'no');
  expect(halts.has('HALT_BREAKER')).toBe(true);
});
