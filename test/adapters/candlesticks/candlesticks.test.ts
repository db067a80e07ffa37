import { describe, expect, test } from '@jest/globals';
import { patternColumn, patternNames } from '../../../src/adapters/candlesticks/candlesticks.ts';
import { BarSeries } from '../../../src/domain/bar-series.ts';
import { dayMs } from '../../../src/domain/time.ts';

type Bar = readonly [open: number, high: number, low: number, close: number];

function seriesOf(bars: readonly Bar[], scale = 1, shift = 0): BarSeries {
  const series = new BarSeries('TEST:CANDLES', 'day');
  bars.forEach(([open, high, low, close], row) => {
    const [o, h, l, c] = [open, high, low, close].map((price) => price * scale + shift);
    series.append(row * dayMs, Number(o), Number(h), Number(l), Number(c), 1);
  });
  return series;
}

/** Each ends in the pattern, on prices around 100 that move by about 10. */
const planted: Readonly<Record<string, readonly Bar[]>> = {
  bullishEngulfing: [
    [105, 107, 99, 100],
    [99, 109, 98, 108],
  ],
  bearishEngulfing: [
    [100, 107, 99, 105],
    [106, 108, 97, 98],
  ],
  doji: [[100, 105, 95, 100]],
  dragonflyDoji: [[100, 100, 90, 100]],
  gravestoneDoji: [[100, 110, 100, 100]],
  threeWhiteSoldiers: [
    [95, 101, 94, 100],
    [98, 106, 97, 105],
    [103, 112, 102, 111],
  ],
  threeBlackCrows: [
    [111, 112, 102, 103],
    [105, 106, 97, 98],
    [100, 101, 93, 94],
  ],
  morningStar: [
    [110, 111, 100, 101],
    [95, 97, 93, 96],
    [99, 109, 98, 108],
  ],
  eveningStar: [
    [100, 110, 99, 109],
    [114, 117, 113, 115],
    [111, 112, 101, 102],
  ],
  piercingLine: [
    [110, 111, 99, 100],
    [97, 107, 96, 106],
  ],
  darkCloudCover: [
    [100, 111, 99, 110],
    [113, 114, 102, 103],
  ],
};

describe('planted patterns', () => {
  test.each(Object.entries(planted))('%s is found', (name, bars) => {
    expect(patternColumn(name, seriesOf(bars)).at(-1)).toBe(1);
  });

  test.each(Object.entries(planted))(
    '%s is found whatever the price and the size of the moves',
    (name, bars) => {
      expect(patternColumn(name, seriesOf(bars, 0.02, 5_000)).at(-1)).toBe(1);
      expect(patternColumn(name, seriesOf(bars, 3)).at(-1)).toBe(1);
    },
  );

  test('none is invented in bars that rise evenly', () => {
    const even = seriesOf(
      Array.from({ length: 30 }, (_, row): Bar => [100 + row, 102 + row, 99 + row, 101 + row]),
    );
    const found = Object.keys(planted).filter((name) => patternColumn(name, even).includes(1));
    // Bars that each open inside the last one's body and close higher are white soldiers by definition.
    expect(found.filter((name) => name !== 'threeWhiteSoldiers')).toEqual([]);
  });
});

test('a quiet share is not all doji', () => {
  const quiet = seriesOf([[1_000, 1_000.8, 999.9, 1_000.7]]);
  expect(patternColumn('doji', quiet).at(-1)).toBe(0);
});

test('bars without a range tell nothing, and the first bars neither', () => {
  expect([
    ...patternColumn(
      'bullishEngulfing',
      seriesOf([
        [5, 5, 5, 5],
        [5, 5, 5, 5],
      ]),
    ),
  ]).toEqual([Number.NaN, Number.NaN]);
});

test('every listed pattern can be looked for', () => {
  const bars = seriesOf(Array.from({ length: 12 }, (_, row): Bar => [100, 104 + row, 90, 100 + (row % 3)]));
  for (const name of patternNames) expect(patternColumn(name, bars)).toHaveLength(12);
});
