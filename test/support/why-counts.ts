import { expect } from '@jest/globals';
import type { Context } from '#src/app/context.ts';
import { why } from '#src/app/why.ts';

/** Bars of a session by their reason, all strategies and instruments together; of each alone they add up to its bars. */
export async function whyCounts(
  context: Context,
  stream: string,
  symbols: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const symbol of symbols) {
    const { runs } = await why(context, { symbol, stream });
    expect(runs.length).toBeGreaterThan(0);
    for (const { bars, reasons = [] } of runs) {
      expect(reasons.reduce((sum, reason) => sum + reason.bars, 0)).toBe(bars);
      expect(reasons.filter(({ meaning }) => /undefined|refused by HALT/.test(meaning))).toEqual([]);
      for (const { reason, bars: count } of reasons) counts[reason] = (counts[reason] ?? 0) + count;
    }
  }
  return counts;
}

/** Bars whose reason begins so. */
export function sumOf(counts: Readonly<Record<string, number>>, beginning: string): number {
  return Object.entries(counts).reduce(
    (sum, [reason, count]) => sum + (reason.startsWith(beginning) ? count : 0),
    0,
  );
}
