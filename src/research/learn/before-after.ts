import type { ClosedTrade } from '../../domain/run-result.ts';
import { type EpochMs, istDayNumber } from '../../domain/time.ts';
import { netOf } from '../trade-statistics.ts';
import { type MeanInterval, meanInterval } from './bootstrap.ts';

/** What trades came to that were entered from an instant on. Paise. */
export interface TrialSide {
  readonly trades: number;
  readonly netPaise: number;
  /** The deepest fall of what trades had come to, one after the other as they were left; at least 0. */
  readonly drawdownPaise: number;
  /** Of a day on which either side traded. */
  readonly dayPaise: MeanInterval;
}

/** A run without a change and with it, on the same days. */
export interface BeforeAfter {
  readonly days: number;
  readonly before: TrialSide;
  readonly after: TrialSide;
  /** After less before, day by day: its mean and 95 % interval. */
  readonly difference: MeanInterval;
}

/** Compares trades that were entered from `from` on, day by day of their entries. */
export function beforeAfter(
  before: readonly ClosedTrade[],
  after: readonly ClosedTrade[],
  { from, seed }: { readonly from: EpochMs; readonly seed: number },
): BeforeAfter {
  const sides = [before, after].map((trades) => trades.filter(({ entryTime }) => entryTime >= from));
  const days = [...new Set(sides.flat().map(({ entryTime }) => istDayNumber(entryTime)))].sort(
    (a, b) => a - b,
  );
  const [without, withIt] = sides.map((trades) => byDay(trades, days));
  return {
    days: days.length,
    before: sideOf(sides[0], without, seed),
    after: sideOf(sides[1], withIt, seed),
    difference: meanInterval(
      withIt.map((net, at) => net - without[at]),
      seed,
    ),
  };
}

function sideOf(trades: readonly ClosedTrade[], days: Float64Array, seed: number): TrialSide {
  const nets = [...trades].sort((a, b) => a.exitTime - b.exitTime || a.id - b.id).map(netOf);
  let sum = 0;
  let peak = 0;
  let drawdownPaise = 0;
  for (const net of nets) {
    sum += net;
    peak = Math.max(peak, sum);
    drawdownPaise = Math.max(drawdownPaise, peak - sum);
  }
  return { trades: trades.length, netPaise: sum, drawdownPaise, dayPaise: meanInterval(days, seed) };
}

function byDay(trades: readonly ClosedTrade[], days: readonly number[]): Float64Array {
  const nets = new Map<number, number>();
  for (const trade of trades) {
    const day = istDayNumber(trade.entryTime);
    nets.set(day, (nets.get(day) ?? 0) + netOf(trade));
  }
  return Float64Array.from(days, (day) => nets.get(day) ?? 0);
}
