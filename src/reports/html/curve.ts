import type { Paise } from '../../domain/money.ts';
import type { EquityCurve } from '../../domain/run-result.ts';

/** Marks of an account that are drawn, with the drawdown at each; oldest first. */
export interface DrawnCurve {
  readonly time: readonly number[];
  readonly equityPaise: readonly number[];
  /** Percent below the highest mark so far, 0 or negative. */
  readonly drawdownPercent: readonly number[];
  /** Marks of the run. */
  readonly marks: number;
}

/** Marks that are drawn one by one; beyond that, stretches of them, more than a wide screen has pixels. */
const marksMost = 10_000;
const stretchesMost = 2_500;

/** Marks of a run that share a stretch of the drawing; 1 when each is drawn. */
export function marksPerStretch(marks: number): number {
  return marks > marksMost ? Math.ceil(marks / stretchesMost) : 1;
}

/**
 * A curve a page can hold. A long one is cut into stretches, and of each its lowest and highest mark and its deepest
 * drawdown are kept, so no peak and no trough is lost; the last mark of the run is always there.
 */
export function drawnCurve({ time, equityPaise, length }: EquityCurve, capitalPaise: Paise): DrawnCurve {
  const rows: number[] = [];
  const falls: number[] = [];
  const perStretch = marksPerStretch(length);
  let peak = capitalPaise;
  for (let from = 0; from < length; from += perStretch) {
    const end = Math.min(from + perStretch, length);
    let [lowest, highest, deepest] = [from, from, from];
    let deepestFall = 0;
    const fallOf = new Map<number, number>();
    for (let row = from; row < end; row++) {
      if (equityPaise[row] > peak) peak = equityPaise[row];
      const fall = equityPaise[row] / peak - 1;
      if (equityPaise[row] < equityPaise[lowest]) lowest = row;
      if (equityPaise[row] > equityPaise[highest]) highest = row;
      if (fall < deepestFall) {
        deepestFall = fall;
        deepest = row;
      }
      fallOf.set(row, fall);
    }
    const last = end === length ? [length - 1] : [];
    const kept = [...new Set([lowest, highest, deepest, ...last])].sort((one, other) => one - other);
    for (const row of kept) {
      rows.push(row);
      falls.push((fallOf.get(row) ?? 0) * 100);
    }
  }
  return {
    time: rows.map((row) => time[row]),
    equityPaise: rows.map((row) => equityPaise[row]),
    drawdownPercent: falls,
    marks: length,
  };
}
