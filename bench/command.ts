import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { BarSeries } from '../src/domain/bar-series.ts';
import { isoInstant } from '../src/domain/time.ts';
import type { Measured } from './measure.ts';
import { minuteBars } from './minute-bars.ts';
import { median } from './rounds.ts';

const rounds = 7;
const symbol = 'TEST:W1';

interface Line {
  readonly measure: string;
  readonly input: string;
  readonly argv: readonly string[];
  /** Most times as long as `node -e 0`. */
  readonly goal: number;
}

/** Whole commands, start to exit, each alternating with a bare `node -e 0`; medians of wall time and of the ratios. */
export function commandMeasures(root: string): readonly Measured[] {
  const home = mkdtempSync(join(tmpdir(), 'algo-bench-'));
  try {
    const light: readonly Line[] = [
      { measure: 'algo --version', input: '', argv: ['--version'], goal: 1.25 },
      { measure: 'algo --help', input: '', argv: ['--help'], goal: 1.25 },
      { measure: 'algo calendar', input: 'one day', argv: ['calendar', '2026-08-03'], goal: 2.2 },
    ];
    const problem = prepare(root, home);
    const heavy: readonly Line[] = [
      {
        measure: 'algo backtest, W1 with a warm column cache',
        input: '4,65,000 bars',
        argv: ['backtest', symbol, '--strategy', 'ema20_50', '--timeframe', '1m', '--charges', 'none'],
        goal: 6,
      },
    ];
    return [
      ...light.map((line) => against(root, home, line)),
      ...heavy.map((line) => against(root, home, line, problem)),
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Imports W1 as a trader would and runs it once, so that the cache is warm. Answers what went wrong, if anything. */
function prepare(root: string, home: string): string | undefined {
  const file = join(home, 'w1.csv');
  writeFileSync(file, csvOf(minuteBars()));
  const imported = algo(root, home, [
    'data',
    'import',
    file,
    '--as',
    symbol,
    '--timeframe',
    '1m',
    '--calendar',
    'none',
  ]);
  return imported.status === 0 ? undefined : firstLine(imported.stderr);
}

function against(root: string, home: string, line: Line, problem?: string): Measured {
  const { measure, input, argv, goal } = line;
  const failed = (why: string): Measured => ({
    measure,
    input,
    goal: `≤ ${goal} ×`,
    measured: `failed: ${why}`,
    met: false,
    wrong: true,
  });
  if (problem) return failed(problem);
  const first = algo(root, home, argv);
  if (first.status !== 0) return failed(firstLine(first.stderr));

  const seconds: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const bare = timed(() => spawnSync(process.execPath, ['-e', '0']));
    const whole = timed(() => algo(root, home, argv));
    seconds.push(whole);
    ratios.push(whole / bare);
  }
  const ratio = median(ratios);
  const figure = `${ratio.toFixed(2)} × (${(median(seconds) * 1_000).toFixed(0)} ms)`;
  return { measure, input, goal: `≤ ${goal} ×`, measured: figure, met: ratio <= goal, ratio };
}

function algo(root: string, home: string, argv: readonly string[]) {
  const env = { ...process.env, ALGO_HOME: home, NO_COLOR: '1' };
  return spawnSync(process.execPath, [join(root, 'bin', 'run.js'), ...argv], { env, encoding: 'utf8' });
}

function timed(run: () => unknown): number {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1_000;
}

function csvOf({ time, open, high, low, close, volume, length }: BarSeries): string {
  const lines = ['time,open,high,low,close,volume'];
  for (let row = 0; row < length; row++) {
    const prices = [open[row], high[row], low[row], close[row]].map((price) => price.toFixed(2));
    lines.push(`${isoInstant(time[row])},${prices.join(',')},${volume[row]}`);
  }
  return `${lines.join('\n')}\n`;
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? 'no message';
}
