import * as library from 'technicalindicators';
import type { BarSeries } from '../../domain/bar-series.ts';
import { assert } from '../../domain/errors.ts';

/** Bars as the library takes them, oldest first. */
interface Candles {
  open: number[];
  high: number[];
  low: number[];
  close: number[];
}

type Finder = (candles: Candles) => boolean;

/** How many bars a pattern is made of, the bars of the trend before it included, and what finds it. */
interface Pattern {
  readonly bars: number;
  readonly finds: Finder;
  /** Where traders expect the price to go. */
  readonly lean: PatternLean;
}

export type PatternLean = 'up' | 'down' | 'open';

const patterns: Readonly<Record<string, Pattern>> = {
  abandonedBaby: { bars: 3, finds: library.abandonedbaby, lean: 'up' },
  bearishEngulfing: { bars: 2, finds: library.bearishengulfingpattern, lean: 'down' },
  bearishHarami: { bars: 2, finds: library.bearishharami, lean: 'down' },
  bearishHaramiCross: { bars: 2, finds: library.bearishharamicross, lean: 'down' },
  bearishMarubozu: { bars: 1, finds: library.bearishmarubozu, lean: 'down' },
  bullishEngulfing: { bars: 2, finds: library.bullishengulfingpattern, lean: 'up' },
  bullishHarami: { bars: 2, finds: library.bullishharami, lean: 'up' },
  bullishHaramiCross: { bars: 2, finds: library.bullishharamicross, lean: 'up' },
  bullishMarubozu: { bars: 1, finds: library.bullishmarubozu, lean: 'up' },
  darkCloudCover: { bars: 2, finds: library.darkcloudcover, lean: 'down' },
  doji: { bars: 1, finds: library.doji, lean: 'open' },
  dragonflyDoji: { bars: 1, finds: library.dragonflydoji, lean: 'up' },
  eveningDojiStar: { bars: 3, finds: library.eveningdojistar, lean: 'down' },
  eveningStar: { bars: 3, finds: library.eveningstar, lean: 'down' },
  gravestoneDoji: { bars: 1, finds: library.gravestonedoji, lean: 'down' },
  hammer: { bars: 5, finds: library.hammerpattern, lean: 'up' },
  hangingMan: { bars: 5, finds: library.hangingman, lean: 'down' },
  morningDojiStar: { bars: 3, finds: library.morningdojistar, lean: 'up' },
  morningStar: { bars: 3, finds: library.morningstar, lean: 'up' },
  piercingLine: { bars: 2, finds: library.piercingline, lean: 'up' },
  shootingStar: { bars: 5, finds: library.shootingstar, lean: 'down' },
  threeBlackCrows: { bars: 3, finds: library.threeblackcrows, lean: 'down' },
  threeWhiteSoldiers: { bars: 3, finds: library.threewhitesoldiers, lean: 'up' },
  tweezerBottom: { bars: 5, finds: library.tweezerbottom, lean: 'up' },
  tweezerTop: { bars: 5, finds: library.tweezertop, lean: 'down' },
};

/** Names that `pattern(…)` of a scan knows. */
export const patternNames = Object.keys(patterns);

export function patternLean(name: string): PatternLean {
  return patterns[name]?.lean ?? 'open';
}

// The library calls two prices equal within 0.1 % of the price, which is a whole day's range of a quiet share and nothing of a
// wild one. Shown the pattern moved to around `level`, with its bars' mean range stretched to `range`, the same rule means
// 5 % of what those bars move.
const level = 1_000;
const equalWithin = 0.05;
const range = (level * 0.001) / equalWithin;

/**
 * 1 where the pattern ends at a bar, 0 where not, NaN for the first bars and where the bars have no range at all.
 * Prices count as equal within 5 % of the pattern's mean bar range.
 */
export function patternColumn(name: string, { open, high, low, close, length }: BarSeries): Float64Array {
  const pattern = patterns[name];
  assert(pattern !== undefined, 'a pattern is known by the time it is looked for');
  const { bars, finds } = pattern;
  const found = new Float64Array(length).fill(Number.NaN);
  const candles: Candles = { open: [], high: [], low: [], close: [] };
  for (let row = bars - 1; row < length; row++) {
    const first = row - bars + 1;
    let ranges = 0;
    for (let at = first; at <= row; at++) ranges += high[at] - low[at];
    const scale = (range * bars) / ranges;
    if (!Number.isFinite(scale)) continue;
    const base = close[row];
    for (let at = 0; at < bars; at++) {
      candles.open[at] = level + (open[first + at] - base) * scale;
      candles.high[at] = level + (high[first + at] - base) * scale;
      candles.low[at] = level + (low[first + at] - base) * scale;
      candles.close[at] = level + (close[first + at] - base) * scale;
    }
    found[row] = finds(candles) ? 1 : 0;
  }
  return found;
}
