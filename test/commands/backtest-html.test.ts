import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { askAlgo, emptyHome } from '../support/run-algo.ts';

describe('algo backtest --html', () => {
  const home = emptyHome();

  test.each([
    [
      'a name that is no page',
      'report.pdf',
      '--html received "report.pdf", which ends neither in .html nor in .htm.',
    ],
    [
      'a folder that does not exist',
      'nowhere/report.html',
      'The folder of "nowhere/report.html" does not exist.',
    ],
    ['a folder in its place', 'folder.html', '"folder.html" is a folder.'],
  ])('refuses %s before the run', async (_name, file, message) => {
    mkdirSync(join(home, 'folder.html'), { recursive: true });
    const run = await askAlgo(['backtest', '--strategy', 'ema20_50', '--html', file], { home });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(message);
    expect(existsSync(join(home, 'data', 'history.duckdb'))).toBe(false);
  });

  test('--open without a page is a mistake', async () => {
    const run = await askAlgo(['backtest', '--strategy', 'ema20_50', '--open'], { home });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('--html');
  });
});
