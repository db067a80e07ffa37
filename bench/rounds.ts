import type { Outcome } from './bare-loops.ts';

export interface Entrant<Result> {
  readonly name: string;
  readonly run: () => Result;
}

export interface Comparison {
  readonly name: string;
  /** Median of CPU seconds over the rounds. */
  readonly seconds: number;
  /** Median over the rounds of own time over the first entrant's time in the same round; 1 for the first itself. */
  readonly ratio: number;
  /** Same result as the first entrant. A time counts only then. */
  readonly equal: boolean;
  readonly result: string;
}

const warmUpSeconds = 0.6;

/**
 * Runs the entrants alternately, first entrant = reference, and compares CPU time of this process. Each one is warmed up
 * by time first; the order turns around every round, so that neither always runs on the other's leftovers.
 */
export function compare<Result>(
  entrants: readonly Entrant<Result>[],
  { rounds = 9, show = JSON.stringify }: { rounds?: number; show?: (result: Result) => string } = {},
): readonly Comparison[] {
  const results = entrants.map(({ run }) => show(warmUp(run)));
  const times = entrants.map(() => new Float64Array(rounds));
  for (let round = 0; round < rounds; round++) {
    const order = entrants.map((_, index) => index);
    if (round % 2 === 1) order.reverse();
    for (const index of order) times[index][round] = timed(entrants[index].run);
  }
  return entrants.map(({ name }, index) => ({
    name,
    seconds: median(times[index]),
    ratio: median(times[index].map((time, round) => time / times[0][round])),
    equal: results[index] === results[0],
    result: results[index],
  }));
}

/** Enough calls to fill about 20 ms, since the CPU clock of the system may tick in milliseconds. */
function timed(run: () => unknown): number {
  let calls = 0;
  const start = process.cpuUsage();
  for (;;) {
    run();
    calls++;
    const { user, system } = process.cpuUsage(start);
    const seconds = (user + system) / 1e6;
    if (seconds > 0.02) return seconds / calls;
  }
}

function warmUp<Result>(run: () => Result): Result {
  const start = process.cpuUsage();
  let result = run();
  while (process.cpuUsage(start).user / 1e6 < warmUpSeconds) result = run();
  return result;
}

export function median(values: Iterable<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function outcomeText({ trades, equityPaise }: Outcome): string {
  return `${trades} trades, ${(equityPaise / 100).toFixed(2)}`;
}
