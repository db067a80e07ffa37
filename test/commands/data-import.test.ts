import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';

const home = mkdtempSync(join(tmpdir(), 'algo-import-command-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function run(...argv: string[]) {
  const program = fileURLToPath(new URL('../../bin/dev.js', import.meta.url));
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'data', 'import', ...argv], {
    encoding: 'utf8',
    env: { ...env, ALGO_HOME: home, COLUMNS: '100' },
  });
  return { status, stdout, stderr };
}

function file(name: string, rows: string): string {
  const path = join(home, name);
  writeFileSync(path, `date,open,high,low,close,volume\n${rows}\n`);
  return path;
}

test('a person reads what was imported', () => {
  const done = run(
    file('goog.csv', '2024-01-02,100,101,99,100.5,1200'),
    '--as',
    'TEST:GOOG',
    '--calendar',
    'none',
    '--quiet',
  );
  expect(done.stdout).toBe(`Imported 1 file (OHLCV table): 1 row, 1 bar of 1 instrument.
1 new, 0 changed, 0 unchanged.

Instrument  Timeframe  Bars  First       Last
──────────  ─────────  ────  ──────────  ──────────
TEST:GOOG   day           1  2024-01-02  2024-01-02

Timeframe day, from the spacing of the bars.
`);
  expect(done).toMatchObject({ status: 0, stderr: '' });
});

test('a program reads the same, and exit code 5 when a file was left out', () => {
  const good = file('good.csv', '2024-01-02,100,101,99,100.5,1200');
  const bad = file('bad.csv', '2024-01-02,100,101,99,x,1200');
  const done = run(good, bad, '--as', 'NSE:INFY', '--keep-going', '--json');
  expect(done.status).toBe(5);
  expect(JSON.parse(done.stdout)).toMatchObject({
    files: { read: 1, failed: [{ file: 'bad.csv', code: 'DATA_NUMBER' }] },
    bars: { total: 1, new: 1, changed: 0, unchanged: 0 },
    series: [{ key: 'NSE:INFY', timeframe: 'day', bars: 1, first: '2024-01-02T00:00:00+05:30' }],
  });
});

test('a bad file ends with one message, its fix and exit code 5', () => {
  const done = run(file('bad.csv', '2024-01-02,100,101,99,x,1200'), '--as', 'NSE:TCS', '--quiet');
  expect(done).toEqual({
    status: 5,
    stdout: '',
    stderr: `bad.csv line 2, column "close": received "x"; expected a number such as 1234.50.
Fix: Correct the file, or leave bad rows out with --skip-bad-rows.
`,
  });
});
