import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openHistory } from '../../src/adapters/duckdb/history.ts';
import { infy, minuteBars, seriesOf } from '../adapters/duckdb/history-support.ts';
import { askAlgo, emptyHome } from '../support/run-algo.ts';

const home = emptyHome();
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('algo data list', () => {
  test('says how to begin when the history is empty', async () => {
    const { exitCode, stdout } = await askAlgo(['data', 'list'], { home });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('The history is empty. Run: algo data import');
    const json = await askAlgo(['data', 'list', '--json'], { home });
    expect(JSON.parse(json.stdout)).toEqual({ series: [] });
  });

  test('shows one line per instrument and timeframe', async () => {
    const store = openHistory({
      file: join(home, 'data', 'history.duckdb'),
      cacheFolder: join(home, 'data', 'cache', 'columns'),
      waiting: { sleep: async () => undefined, random: () => 0 },
    });
    await store.save({ ...infy, synthetic: true }, seriesOf(minuteBars(376, 19_005)));
    const { exitCode, stdout } = await askAlgo(['data', 'list'], { home });
    expect(exitCode).toBe(0);
    expect(stdout.replace(/ +/g, ' ')).toContain(
      'NSE:INFY EQ 1m 376 2022-01-13 09:15 2022-01-14 09:15 2 synthetic 0.05',
    );
    expect(stdout).toContain('Synthetic prices are invented, not real.');
  });
});
