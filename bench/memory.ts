import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Measured } from './measure.ts';
import { barsPerSymbol } from './minute-bars.ts';

const portfolioWidth = 50;
const goalGigabytes = 1;

/** W2: the most memory that a process with 50 symbols in one account has, bars included. */
export function memoryMeasures(root: string): readonly Measured[] {
  const worker = fileURLToPath(new URL('./memory-worker.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [worker, root, String(portfolioWidth)], {
    encoding: 'utf8',
  });
  const row = {
    measure: 'W2 50 symbols, one account: resident',
    input: `${(portfolioWidth * barsPerSymbol).toLocaleString('en-IN')} bars`,
    goal: `≤ ${goalGigabytes.toFixed(1)} GB`,
  };
  if (status !== 0)
    return [{ ...row, measured: `failed: ${stderr.split('\n', 1)[0]}`, met: false, wrong: true }];
  const { kilobytes, outcome } = JSON.parse(stdout);
  const gigabytes = (kilobytes * 1_024) / 1e9;
  return [{ ...row, measured: `${gigabytes.toFixed(2)} GB · ${outcome}`, met: gigabytes <= goalGigabytes }];
}
