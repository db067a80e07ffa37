import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { askAlgo, emptyHome, runJs } from '../support/run-algo.ts';

const home = emptyHome();
const runs = join(home, 'data', 'runs');
const small = ['--set', 'synthetic.days=12', '--set', 'synthetic.symbols=1', '--quiet'];
const settings = { ALGO__SYNTHETIC__DAYS: '12', ALGO__SYNTHETIC__SYMBOLS: '1' };
const algo = (...args: string[]) => askAlgo(args, { home, env: settings });

/** Without the time a run took, which no two runs share. */
function timeless(text: string): string {
  return text.replace(/ in \d[\d.]* m?s$/m, '').replace(/"wallMs": [\d.]+/, '');
}

async function idOf(...args: string[]): Promise<string> {
  const { stdout } = await algo('backtest', '-s', 'ema20_50', '--json', ...args);
  return JSON.parse(stdout).run.id;
}

let first = '';
let second = '';
beforeAll(async () => {
  first = await idOf();
  second = await idOf('--slippage', '2ticks');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('kept runs', () => {
  test('the same inputs are one run, saved again', async () => {
    expect(await idOf()).toBe(first);
    expect(readdirSync(runs).sort()).toEqual([`${first}-ema20_50`, `${second}-ema20_50`].sort());
    expect(readdirSync(join(runs, `${first}-ema20_50`)).sort()).toEqual([
      'equity.csv.gz',
      'run.json',
      'trades.csv',
    ]);
  });

  test('--no-save keeps nothing', async () => {
    const { exitCode } = await algo('backtest', '-s', 'ema20_50', '--no-save', '--capital', '500000');
    expect(exitCode).toBe(0);
    expect(readdirSync(runs)).toHaveLength(2);
  });

  test('list shows them, and show prints the report and the document of the run', async () => {
    const { runs: listed } = JSON.parse((await algo('backtest', 'list', '--json')).stdout);
    expect(listed.map(({ id }: { id: string }) => id).sort()).toEqual([first, second].sort());
    expect((await algo('backtest', 'list')).stdout).toContain(`${first}  `);
    const ran = await algo('backtest', '-s', 'ema20_50');
    const shown = await algo('backtest', 'show', first.slice(0, 8));
    expect(timeless(shown.stdout)).toBe(timeless(ran.stdout));
    const document = await algo('backtest', '-s', 'ema20_50', '--json');
    const kept = await algo('backtest', 'show', 'last', '--json');
    expect(timeless(kept.stdout)).toBe(timeless(document.stdout));
  });

  test('compare names the setting that differs and explains the nets to the paisa', async () => {
    const { stdout, exitCode } = await algo('backtest', 'compare', first, second, '--json');
    expect(exitCode).toBe(0);
    const found = JSON.parse(stdout);
    expect(found.inputs).toEqual([
      { kind: 'setting', name: 'fill.slippage.amount', first: '1', second: '2' },
    ]);
    const paise = (decimal: string) => Number(decimal.replace('.', ''));
    const sum = found.why.reduce((total: number, part: { net: string }) => total + paise(part.net), 0);
    expect(sum).toBe(paise(found.netDifference));
    expect(sum).not.toBe(0);
    const net = found.summary.find(({ figure }: { figure: string }) => figure === 'net');
    expect(paise(net.second) - paise(net.first)).toBe(sum);
    const lines = found.charges.filter(({ figure }: { figure: string }) => figure !== 'total');
    const total = found.charges.find(({ figure }: { figure: string }) => figure === 'total');
    expect(lines.reduce((all: number, line: { difference: string }) => all + paise(line.difference), 0)).toBe(
      paise(total.difference),
    );
    const text = await algo('backtest', 'compare', first, second);
    expect(text.stdout).toContain('fill.slippage.amount');
    expect((await algo('backtest', 'compare', first, first)).stdout).toContain(
      'The two are the same: equal inputs, equal results.',
    );
  });

  test('a run of that id does not exist', async () => {
    expect(await algo('backtest', 'show', 'zz')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'No run "zz" is kept.\nFix: algo backtest list shows the kept runs.\n',
    });
  });

  test('another result of the same inputs and program is a broken promise, and both results stay', async () => {
    const file = join(runs, `${second}-ema20_50`, 'run.json');
    const text = readFileSync(file, 'utf8');
    const { result } = JSON.parse(text).exact.header.hashes;
    writeFileSync(file, text.replaceAll(result, 'f'.repeat(64)));
    const { exitCode, stderr } = await algo('backtest', '-s', 'ema20_50', '--slippage', '2ticks');
    expect(exitCode).toBe(70);
    expect(stderr).toContain(`Run ${second} gave result ${result.slice(0, 8)}, and ffffffff before`);
    expect(readdirSync(runs)).toContain(`${second}~again-ema20_50`);
    expect(readFileSync(file, 'utf8')).toContain('f'.repeat(64));
  });

  test('another result by another program is a warning, and the earlier one stays beside it', async () => {
    const file = join(runs, `${second}-ema20_50`, 'run.json');
    const text = readFileSync(file, 'utf8');
    const { build } = JSON.parse(text).exact.header;
    writeFileSync(file, text.replaceAll(build, 'another'));
    const { exitCode, stderr } = await algo('backtest', '-s', 'ema20_50', '--slippage', '2ticks', '--quiet');
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`algo backtest compare ${second}~old ${second}`);
    expect(readFileSync(file, 'utf8')).not.toContain('f'.repeat(64));
  });

  test('rm asks first, and where nobody can be asked it needs --yes', async () => {
    const refused = await algo('backtest', 'rm', `${second}~old`);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('Add --yes');
    const removed = await algo('backtest', 'rm', `${second}~old`, `${second}~again`, '--yes');
    expect(removed.exitCode).toBe(0);
    expect(readdirSync(runs)).toHaveLength(2);
    expect((await algo('backtest', 'rm', '--older', '1h', '--yes')).stdout).toBe('Nothing was removed.\n');
    expect((await algo('backtest', 'rm', '--all', '--yes', '--json')).exitCode).toBe(0);
    expect(readdirSync(runs)).toEqual([]);
    expect((await algo('backtest', 'list')).stdout).toContain('No run is kept yet.');
  });

  test('a run that cannot be saved is a warning, and the report is printed all the same', async () => {
    rmSync(runs, { recursive: true });
    writeFileSync(runs, 'in the way');
    const { exitCode, stdout, stderr } = await algo('backtest', '-s', 'ema20_50', ...small);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Backtest of ema20_50');
    expect(stderr).toContain('Warning: the run was not saved: ');
    rmSync(runs);
  });

  test('only the newest runs.keep stay', async () => {
    for (const capital of ['100000', '200000', '300000']) {
      await algo('backtest', '-s', 'ema20_50', '--capital', capital, '--set', 'runs.keep=2');
    }
    expect(readdirSync(runs)).toHaveLength(2);
  });

  test('a universe cannot have the name of a sub-command', async () => {
    const { exitCode, stderr } = await algo('config', 'check', '--set', 'universes.list=[NSE:INFY]');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('allowed: a name other than list, show, compare, rm');
    const mistyped = await algo('backtest', 'lst', '-s', 'ema20_50');
    expect(mistyped.stderr).toContain('Did you mean algo backtest list?');
  });
});

test('Ctrl-C ends a run whose strategy never returns', async () => {
  mkdirSync(join(home, 'strategies'));
  writeFileSync(
    join(home, 'strategies', 'endless.ts'),
    `import { defineStrategy } from 'algo/strategy';
export default defineStrategy({
  name: 'endless',
  about: 'Never returns.',
  timeframe: '15m',
  setup: () => ({
    onBar() {
      process.stdout.write('spinning');
      for (;;);
    },
  }),
});
`,
  );
  const child = spawn(process.execPath, [runJs, 'backtest', '-s', 'endless'], {
    env: { ...process.env, ...settings, ALGO_HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.stdout.once('data', () => child.kill('SIGINT'));
  const signal = await new Promise((resolve) => child.once('close', (_, by) => resolve(by)));
  expect(signal).toBe('SIGINT');
});

describe('the log', () => {
  test('holds one line for each command with its run, duration and exit code', async () => {
    const log = join(home, 'data', 'logs', 'algo.log');
    rmSync(log);
    await algo('backtest', '-s', 'ema20_50');
    await algo('backtest', 'show', 'zz');
    await algo('config', 'check', '--set', 'log.level=silent');
    await algo('config', 'check', '--set', 'capital=0');
    const lines = readFileSync(log, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      expect.objectContaining({ level: 30, msg: 'command', command: 'backtest', exit: 0, run: first }),
      expect.objectContaining({ level: 30, command: 'backtest show', exit: 2, code: 'USAGE_RUN' }),
    ]);
    expect(lines[0].ms).toBeGreaterThanOrEqual(0);
  });
});
