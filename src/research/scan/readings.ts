import type { Node } from './expression.ts';

/** A figure that every hit is shown with, whatever the condition compared. */
export interface Reading {
  /** As a column's title. */
  readonly name: string;
  readonly of: Node;
}

/** The usual indicators, by title: what a trader looks at first, then what a narrow screen leaves out first. */
export const usualIndicators: Readonly<Record<string, string>> = {
  'change %': 'change',
  rsi14: 'rsi14',
  adx14: 'adx14',
  'vs ema20 %': '100 * (close / ema20 - 1)',
  '%B': 'bollinger(close, 20, 2).percentB',
  'macd histogram': 'macd.histogram',
  supertrend: 'supertrend(10, 3).direction',
  'roc20 %': 'roc(close, 20)',
  'atr14 %': '100 * atr14 / close',
  'vs ema50 %': '100 * (close / ema50 - 1)',
  'vs ema200 %': '100 * (close / ema200 - 1)',
  'volume ×': 'volume / sma(volume, 20)[1]',
};

/** How far the values of a reading lie apart. */
export interface ReadingSpread {
  readonly reading: string;
  /** Instruments of which it is known. */
  readonly known: number;
  readonly lowest: { readonly key: string; readonly value: number } | undefined;
  readonly median: number;
  readonly highest: { readonly key: string; readonly value: number } | undefined;
}

/** Lowest, middle and highest of each reading; NaN and undefined where it is known of none. */
export function spreadsOf(
  hits: readonly { readonly key: string; readonly readings: Readonly<Record<string, number>> }[],
): readonly ReadingSpread[] {
  return Object.keys(hits[0]?.readings ?? {}).map((reading) => {
    const known = hits
      .map(({ key, readings }) => ({ key, value: readings[reading] ?? Number.NaN }))
      .filter(({ value }) => !Number.isNaN(value))
      .sort((a, b) => a.value - b.value);
    const middle = [known[(known.length - 1) >> 1], known[known.length >> 1]];
    return {
      ...{ reading, known: known.length, lowest: known[0], highest: known.at(-1) },
      median: ((middle[0]?.value ?? Number.NaN) + (middle[1]?.value ?? Number.NaN)) / 2,
    };
  });
}
