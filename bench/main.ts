import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { screenOf } from '../src/reports/screen.ts';
import { tableText } from '../src/reports/table.ts';
import { analyzeMeasures } from './analyze.ts';
import { type Ratios, ratiosOf, regressions } from './baseline.ts';
import { commandMeasures } from './command.ts';
import { crossoverMeasures } from './crossover.ts';
import { engineContenders } from './engine.ts';
import { indicatorMeasures } from './indicators.ts';
import type { Measured } from './measure.ts';
import { memoryMeasures } from './memory.ts';
import { orderMeasures } from './orders.ts';
import { recoveryMeasures } from './recovery.ts';
import { scanMeasures } from './scan.ts';
import { measureStore } from './store.ts';
import { sweepMeasures } from './sweep.ts';
import { tickMeasures } from './ticks.ts';

export interface BenchRequest {
  /** Folder of the project. */
  readonly root: string;
  /** Names of groups to run; empty runs all. */
  readonly only: readonly string[];
}

const groups: Readonly<
  Record<string, (request: BenchRequest) => readonly Measured[] | Promise<readonly Measured[]>>
> = {
  crossover: ({ root }) => compiledWhole(() => crossoverMeasures(engineContenders(root))),
  sweep: ({ root }) => compiledWhole(() => sweepMeasures(root)),
  indicators: () => indicatorMeasures(),
  ticks: () => tickMeasures(),
  orders: () => orderMeasures(),
  recovery: () => recoveryMeasures(),
  memory: ({ root }) => memoryMeasures(root),
  store: () => measureStore(),
  scan: ({ root }) => scanMeasures(root),
  analyze: () => analyzeMeasures(),
  command: ({ root }) => commandMeasures(root),
};

// Compiled in the middle of a loop, the bare loops sometimes fall back at its end and start interpreted on every call: 7 ms
// instead of 2, in one process out of four. A slow reference would flatter the engine.
async function compiledWhole<Result>(run: () => Result | Promise<Result>): Promise<Result> {
  setFlagsFromString('--no-use-osr');
  try {
    return await run();
  } finally {
    setFlagsFromString('--use-osr');
  }
}

/**
 * Runs the groups, prints one table and writes it to bench/results.json. Answers the exit code: 8 when results differ or a measure is
 * more than a fifth slower than in bench/baseline.json. A goal that was missed is shown; it is what we work towards, and absolute
 * figures belong to the machine and to what else runs on it.
 */
export async function main(request: BenchRequest): Promise<number> {
  const unknown = request.only.filter((name) => !(name in groups));
  if (unknown.length > 0) {
    process.stderr.write(`Unknown benchmark "${unknown[0]}". Use ${Object.keys(groups).join(', ')}.\n`);
    return 2;
  }
  const measured: Measured[] = [];
  for (const [name, run] of Object.entries(groups)) {
    if (request.only.length > 0 && !request.only.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    measured.push(...(await run(request)));
  }
  const rows = measured.map(({ measure, input, goal, measured: figure, met }) => [
    measure,
    input,
    goal,
    figure,
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ]);
  const columns = ['measure', 'input', 'goal', 'measured', ''];
  const slower = regressions(measured, baselineIn(request.root));
  const screen = { ...screenOf(process.stdout, process.env), width: 180 };
  process.stdout.write(`${tableText({ columns, rows, notes: slower }, screen)}\n`);
  // Without a date or a host name, so that equal figures are equal files. `ratios` is what baseline.json holds.
  const results = { node: process.version, ratios: ratiosOf(measured), measured };
  writeFileSync(join(request.root, 'bench', 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  return slower.length > 0 || measured.some(({ wrong }) => wrong) ? 8 : 0;
}

function baselineIn(root: string): Ratios {
  return JSON.parse(readFileSync(join(root, 'bench', 'baseline.json'), 'utf8')) as Ratios;
}
