import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { type SharedBars, seriesOf, shareBars } from '../../../src/adapters/workers/shared-bars.ts';
import { sweepInWorkers } from '../../../src/adapters/workers/sweep-workers.ts';
import { BarSeries } from '../../../src/domain/bar-series.ts';

const series = new BarSeries('TEST:SHARED', '1m', 64);
for (let row = 0; row < 10; row++) series.append(row * 60_000, row, row + 2, row - 1, row + 1, row * 100);

// A worker is a program of its own: sums of the last so many closes, and a failure on request.
const program = `
  import { seriesOf } from './src/adapters/workers/shared-bars.ts';
  import { serveSweep } from './src/adapters/workers/sweep-workers.ts';
  import { sweep } from './src/research/sweep.ts';
  serveSweep(({ bars, lengths }, claim) => {
    const { close, length } = seriesOf(bars);
    return sweep(lengths, (count) => {
      if (count < 0) throw new Error('less than nothing');
      let sum = 0;
      for (let row = length - count; row < length; row++) sum += close[row];
      return sum;
    }, claim);
  });
`;

let folder = '';
let module = new URL('file:///');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'algo-workers-'));
  const outfile = join(folder, 'worker.mjs');
  await build({
    stdin: { contents: program, resolveDir: resolve(), loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  module = pathToFileURL(outfile);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sums(lengths: readonly number[], workers: number): Promise<readonly number[]> {
  const input: { bars: SharedBars; lengths: readonly number[] } = { bars: shareBars(series), lengths };
  return sweepInWorkers<number>({ module, input, count: lengths.length, workers });
}

describe('a sweep in workers', () => {
  test('shared bars are the bars', () => {
    const shared = seriesOf(shareBars(series));
    expect(shared.length).toBe(10);
    expect([...shared.close]).toEqual([...series.close.subarray(0, 10)]);
    expect([...shared.time]).toEqual([...series.time.subarray(0, 10)]);
    expect([...shared.volume]).toEqual([...series.volume.subarray(0, 10)]);
  });

  test('answers in the order of the list, whoever did the work', async () => {
    const lengths = [1, 2, 3, 4, 5, 6, 7];
    const expected = [10, 19, 27, 34, 40, 45, 49];
    expect(await sums(lengths, 1)).toEqual(expected);
    expect(await sums(lengths, 2)).toEqual(expected);
  });

  test('what a worker throws reaches the caller', async () => {
    await expect(sums([1, -1, 2], 2)).rejects.toThrow('less than nothing');
  });
});
