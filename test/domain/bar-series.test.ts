import { expect, test } from '@jest/globals';
import { BarSeries, hasOpenInterest, interestAt } from '../../src/domain/bar-series.ts';

function bars(count: number): BarSeries {
  const series = new BarSeries('NFO:NIFTY26JANFUT', '1m');
  for (let row = 0; row < count; row++) series.append(row * 60_000, 100, 101, 99, 100, 75);
  return series;
}

test('bars have no column of open interest until one of them has an open interest', () => {
  const series = bars(3);
  expect(series.openInterest).toBeUndefined();
  expect(interestAt(series, 1)).toBeNaN();
  series.setOpenInterest(1, 7_500);
  expect([0, 1, 2].map((row) => interestAt(series, row))).toEqual([Number.NaN, 7_500, Number.NaN]);
});

test('what is not told of bars that follow is not known, however many follow', () => {
  const series = bars(3);
  series.setOpenInterest(2, 7_500);
  for (let row = 3; row < 300; row++) series.append(row * 60_000, 100, 101, 99, 100, 75);
  expect(interestAt(series, 2)).toBe(7_500);
  expect(hasOpenInterest(series)).toBe(true);
  expect(hasOpenInterest(series.slice(3, 300))).toBe(false);
  expect(interestAt(series.slice(2, 4), 0)).toBe(7_500);
});

test('a bar is copied with its open interest, or without where it has none', () => {
  const series = bars(2);
  series.setOpenInterest(1, 7_500);
  const copy = new BarSeries(series.key, '1m');
  copy.appendRow(series, 0);
  expect(copy.openInterest).toBeUndefined();
  copy.appendRow(series, 1);
  copy.append(120_000, 100, 101, 99, 100, 75);
  expect([0, 1, 2].map((row) => interestAt(copy, row))).toEqual([Number.NaN, 7_500, Number.NaN]);
});
