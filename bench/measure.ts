import type { Comparison } from './rounds.ts';

/** One line of the table. */
export interface Measured {
  readonly measure: string;
  /** What the work was done on. */
  readonly input: string;
  readonly goal: string;
  readonly measured: string;
  /** Undefined where there is nothing to hold: the reference itself. */
  readonly met: boolean | undefined;
  /** Times the reference's time, with the right result; what the baseline is compared with. */
  readonly ratio?: number;
  /** The work failed or came to another result than the reference's, so that there is no figure at all. */
  readonly wrong?: true;
}

/** The reference by itself, in time and bars a second. */
export function referenceLine(
  measure: string,
  bars: number,
  { name, seconds, result }: Comparison,
): Measured {
  const rate = (bars / seconds / 1e6).toFixed(0);
  return {
    measure: `${measure}: ${name}`,
    input: `${bars.toLocaleString('en-IN')} bars`,
    goal: 'reference',
    measured: `${milliseconds(seconds)}, ${rate} M bars/s · ${result}`,
    met: undefined,
  };
}

/** A rival in multiples of the reference, with a goal or without. Other trades or another equity: no figure at all, and a miss. */
export function ratioLine(
  measure: string,
  bars: number,
  most: number | undefined,
  comparison: Comparison,
): Measured {
  const { name, seconds, ratio, equal, result } = comparison;
  return {
    measure: `${measure}: ${name}`,
    input: `${bars.toLocaleString('en-IN')} bars`,
    goal: most === undefined ? '' : `≤ ${most} ×`,
    measured: equal
      ? `${ratio.toFixed(2)} × (${milliseconds(seconds)}, ${(bars / seconds / 1e6).toFixed(1)} M bars/s)`
      : `other result: ${result}`,
    met: equal && most === undefined ? undefined : equal && ratio <= (most ?? 0),
    ...(equal ? { ratio } : { wrong: true as const }),
  };
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1_000).toFixed(2)} ms`;
}
