import { type FoundPattern, type ScanDescription, standing } from '../reports/scan-json.ts';
import type { ScanHit } from '../research/scan/scan.ts';

/** Hits in the order of how many patterns they show, unless something else sorts them; without a condition only those that show one. */
export function byPatterns(
  hits: readonly ScanHit[],
  { stages, sort, score }: ScanDescription,
): readonly ScanHit[] {
  const counted = hits
    .map((hit) => ({ hit, count: standing(hit.readings).length }))
    .filter(({ count }) => count > 0 || stages.length > 0);
  if (sort === undefined && score.length === 0) counted.sort((a, b) => b.count - a.count);
  return counted.map(({ hit }) => hit);
}

/** Every pattern that a hit shows, the most frequent first. */
export async function patternsAmong(hits: readonly ScanHit[]): Promise<readonly FoundPattern[]> {
  const { patternLean } = await import('../adapters/candlesticks/candlesticks.ts');
  const found = new Map<string, string[]>();
  for (const { key, readings } of hits)
    for (const pattern of standing(readings)) found.set(pattern, [...(found.get(pattern) ?? []), key]);
  return [...found]
    .map(([pattern, instruments]) => ({
      pattern,
      // On several timeframes the name stands behind the timeframe.
      lean: patternLean(pattern.slice(pattern.lastIndexOf(' ') + 1)),
      instruments,
    }))
    .sort((a, b) => b.instruments.length - a.instruments.length || (a.pattern < b.pattern ? -1 : 1));
}
