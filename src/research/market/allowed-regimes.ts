import { type RegimeDay, regimeLabels, trends, volatilities } from './regime.ts';

/** What a regime may be asked for by: a trend, a volatility, or both. */
export const regimeWords: readonly string[] = [
  ...trends,
  ...volatilities,
  ...regimeLabels.filter((label) => label !== 'unknown'),
];

/** Whether a day's regime is one of those asked for; undefined where what is not known of it would decide. */
export function isAllowed(
  day: Pick<RegimeDay, 'trend' | 'volatility'>,
  wanted: readonly string[],
): boolean | undefined {
  const halvesOf = (word: string) => word.split(' ').map((half) => [half, halfOf(day, half)] as const);
  if (wanted.some((word) => halvesOf(word).every(([half, is]) => is === half))) return true;
  const possible = wanted.some((word) =>
    halvesOf(word).every(([half, is]) => is === half || is === undefined),
  );
  return possible ? undefined : false;
}

function halfOf(
  { trend, volatility }: Pick<RegimeDay, 'trend' | 'volatility'>,
  half: string,
): string | undefined {
  return trends.some((each) => each === half) ? trend : volatility;
}

/** For each instant 1 where the newest of these days that had closed by then is allowed, 0 where not, NaN where it cannot be told. */
export function allowedAt(
  instants: Float64Array,
  days: readonly RegimeDay[],
  { closes, wanted }: { readonly closes: Float64Array; readonly wanted: readonly string[] },
): Float64Array {
  const verdicts = days.map((day) => {
    const verdict = isAllowed(day, wanted);
    return verdict === undefined ? Number.NaN : Number(verdict);
  });
  let row = -1;
  return instants.map((instant) => {
    while (row + 1 < closes.length && closes[row + 1] <= instant) row += 1;
    return row < 0 ? Number.NaN : verdicts[row];
  });
}
