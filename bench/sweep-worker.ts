import { type SharedBars, seriesOf } from '../src/adapters/workers/shared-bars.ts';
import { serveSweep } from '../src/adapters/workers/sweep-workers.ts';
import { sweep } from '../src/research/sweep.ts';
import { type Outcome, type Pair, sweepPairs } from './bare-loops.ts';
import { engineContenders } from './engine.ts';

/** What a worker of the sweep is given. */
export interface SweepInput {
  readonly root: string;
  readonly bars: SharedBars;
}

serveSweep<SweepInput, Outcome>(({ root, bars }, claim) => {
  const series = seriesOf(bars);
  const { pair } = engineContenders(root);
  return sweep(sweepPairs, (each: Pair) => pair(series, each), claim);
});
