import { performance } from 'node:perf_hooks';
import { shareBars } from '../src/adapters/workers/shared-bars.ts';
import { sweepInWorkers } from '../src/adapters/workers/sweep-workers.ts';
import type { BarSeries } from '../src/domain/bar-series.ts';
import { sweep } from '../src/research/sweep.ts';
import { bareSweep, type Outcome, sweepPairs } from './bare-loops.ts';
import { engineContenders } from './engine.ts';
import { type Measured, ratioLine, referenceLine } from './measure.ts';
import { minuteBars } from './minute-bars.ts';
import { compare, median, outcomeText } from './rounds.ts';
import type { SweepInput } from './sweep-worker.ts';

const barCount = 100_000;
const workers = 2;
const rounds = 2;

/** W3: the sweep against its bare loop, on one thread by CPU time; then two workers against one, by the clock on the wall. */
export async function sweepMeasures(root: string): Promise<readonly Measured[]> {
  const bars = minuteBars(1, barCount);
  const { pair } = engineContenders(root);
  // Both are compiled on a few short runs first, as in the other groups.
  for (let call = 0; call < 300; call++) {
    const part = bars.slice(call * 300, call * 300 + 900);
    bareSweep(part, sweepPairs.slice(call, call + 3));
    pair(part, sweepPairs[call]);
  }
  const whole = () => total(sweep(sweepPairs, (each) => pair(bars, each)).map(({ result }) => result));
  const [reference, engine] = compare(
    [
      { name: 'bare loop', run: () => bareSweep(bars) },
      { name: 'engine, one thread', run: whole },
    ],
    { rounds: 3, show: outcomeText },
  );
  const steps = barCount * sweepPairs.length;
  const measure = 'W3 sweep of 1,000';
  return [
    referenceLine(measure, steps, reference),
    ratioLine(measure, steps, 5, engine),
    await inWorkers(root, bars, reference.result),
  ];
}

async function inWorkers(root: string, bars: BarSeries, expected: string): Promise<Measured> {
  const input: SweepInput = { root, bars: shareBars(bars) };
  const module = new URL('./sweep-worker.mjs', import.meta.url);
  const speedUps: number[] = [];
  let result = expected;
  for (let round = 0; round < rounds; round++) {
    const seconds: number[] = [];
    for (const threads of [1, workers]) {
      const start = performance.now();
      const outcomes = await sweepInWorkers<Outcome>({
        module,
        input,
        count: sweepPairs.length,
        workers: threads,
      });
      seconds.push(performance.now() - start);
      if (outcomeText(total(outcomes)) !== expected) result = outcomeText(total(outcomes));
    }
    speedUps.push(seconds[0] / seconds[1]);
  }
  const speedUp = median(speedUps);
  return {
    measure: `W3 sweep of 1,000: ${workers} workers`,
    input: 'wall time, started anew',
    goal: '≥ 1.8 × one worker',
    measured: result === expected ? `${speedUp.toFixed(2)} × as fast` : `other result: ${result}`,
    met: result === expected && speedUp >= 1.8,
    ...(result !== expected && { wrong: true as const }),
  };
}

/** Sums over all runs: equal only when every run is. */
function total(outcomes: readonly Outcome[]): Outcome {
  let trades = 0;
  let equityPaise = 0;
  for (const outcome of outcomes) {
    trades += outcome.trades;
    equityPaise += outcome.equityPaise;
  }
  return { trades, equityPaise };
}
