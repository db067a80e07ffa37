import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { projectRoot } from '../support/project-root.ts';
import { askAlgo, emptyHome } from '../support/run-algo.ts';

const home = emptyHome();
const env = { ALGO__SYNTHETIC__DAYS: '30', ALGO__SYNTHETIC__SYMBOLS: '1' };
const algo = (...args: string[]) => askAlgo(args, { home, env });
const own = join(home, 'strategies', 'ema20_50.ts');

interface Document {
  readonly runs: readonly {
    readonly strategy: string;
    readonly bars: number;
    readonly reasons: readonly { readonly reason: string; readonly bars: number; readonly last: string }[];
    readonly turns: readonly {
      readonly reason: string;
      readonly quantity: number;
      readonly indicators: readonly { readonly name: string; readonly value: number }[];
      readonly chain: readonly { readonly stage: string; readonly text: string }[];
      readonly later: readonly string[];
    }[];
  }[];
}

async function document(...args: string[]): Promise<Document> {
  const { stdout, stderr, exitCode } = await algo('why', ...args, '--json');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
}

beforeAll(async () => {
  mkdirSync(join(home, 'strategies'));
  copyFileSync(join(projectRoot, 'strategies', 'ema20_50.ts'), own);
  expect((await algo('backtest', '-s', 'ema20_50', '-s', 'opening_range_breakout')).exitCode).toBe(0);
});

describe('algo why', () => {
  test('counts every bar of every strategy once', async () => {
    const run = JSON.parse((await algo('backtest', 'show', 'last', '--json')).stdout);
    const { runs } = await document('SYN:ZAVORI');
    expect(runs.map(({ strategy }) => strategy)).toEqual(['ema20_50', 'opening_range_breakout']);
    for (const { bars, reasons } of runs)
      expect(reasons.reduce((sum, reason) => sum + reason.bars, 0)).toBe(bars);
    expect(runs.reduce((sum, { bars }) => sum + bars, 0)).toBe(run.run.bars);
    const filled = runs.flatMap(({ reasons }) => reasons.filter(({ reason }) => reason === 'ENTRY_FILLED'));
    expect(filled.reduce((sum, { bars }) => sum + bars, 0)).toBe(run.summary.trades);
    const { stdout } = await algo('why', 'zavori');
    expect(stdout).toMatch(/all bars +\d/);
  });

  test('shows the chain of a bar with the values of its indicators', async () => {
    const { runs } = await document('ZAVORI', '-s', 'ema20_50');
    const last = runs[0].reasons.find(({ reason }) => reason === 'ENTRY_FILLED')?.last ?? '';
    const { runs: asked } = await document('ZAVORI', last.slice(0, 16), '-s', 'ema20_50');
    const [turn] = asked[0].turns;
    expect(turn.reason).toBe('ENTRY_FILLED');
    expect(turn.indicators.map(({ name }) => name)).toEqual(['ema(close, 20, sma)', 'ema(close, 50, sma)']);
    expect(turn.indicators[0].value).toBeGreaterThan(turn.indicators[1].value);
    expect(turn.chain.map(({ stage }) => stage)).toEqual(['signal', 'sizing', 'gatekeeper', 'broker']);
    expect(turn.later[0]).toContain('filled');
    const { stdout } = await algo('why', 'ZAVORI', last.slice(0, 16), '-s', 'ema20_50');
    expect(stdout).toContain('entry sent and filled (ENTRY_FILLED)');
  });

  test('lists the bars of a day', async () => {
    const { runs } = await document('ZAVORI', '2025-10-08', '-s', 'ema20_50');
    expect(runs[0].turns).toHaveLength(25);
  });

  test('says what there is when symbol, strategy or time are not of the run', async () => {
    const wrong = await Promise.all([
      algo('why', 'ZAVOR'),
      algo('why', 'ZAVORI', '-s', 'gap_fade'),
      algo('why', 'ZAVORI', '2024-01-01'),
      algo('why', 'ZAVORI', 'noon'),
      algo('why', 'ZAVORI', '2025-10-04'),
    ]);
    expect(wrong.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2, 2, 2]);
    expect(wrong[0].stderr).toContain('Did you mean "SYN:ZAVORI"?');
    expect(wrong[2].stderr).toContain('Its bars go from 2025-10-01');
    expect(wrong[4].stderr).toContain('its market was closed on 2025-10-04');
  });

  test('refuses to answer for a strategy that has changed since', async () => {
    const source = readFileSync(own, 'utf8');
    writeFileSync(own, source.replace('int(50)', 'int(51)'));
    const { exitCode, stderr } = await algo('why', 'ZAVORI');
    writeFileSync(own, source);
    expect(exitCode).toBe(5);
    expect(stderr).toContain('the source of a strategy or its parameters have changed since');
    expect((await algo('why', 'ZAVORI')).exitCode).toBe(0);
  });

  test('other settings of today do not matter: those of the run are taken', async () => {
    const [then, today] = [await document('ZAVORI'), await document('ZAVORI', '--set', 'capital=5000')];
    expect(today).toEqual(then);
  });
});

describe('algo why of a paper session', () => {
  const folder = (stream: string) => join(home, 'data', 'journal', 'paper', stream);
  const first = (stream: string) => join(folder(stream), '000001.ndjson');

  beforeAll(async () => {
    const asked = ['SYN:ZAVORI', '-s', 'ema20_50_intraday', '--feed', 'replay:2025-11-06..2025-11-10'];
    expect((await algo('paper', ...asked, '--speed', 'max')).exitCode).toBe(0);
  });

  test('counts its bars, the warm-up apart', async () => {
    const { runs } = await document('ZAVORI', '--stream', 'main');
    const count = (wanted: string) => runs[0].reasons.find(({ reason }) => reason === wanted)?.bars ?? 0;
    expect(runs[0].reasons.reduce((sum, reason) => sum + reason.bars, 0)).toBe(runs[0].bars);
    const warm = runs[0].reasons.filter(({ reason }) => /NOT_BEGUN|RISK_WARM_UP/.test(reason));
    // Three sessions of 75 bars are traded.
    expect(runs[0].bars - warm.reduce((sum, { bars }) => sum + bars, 0)).toBe(225);
    expect(count('ENTRY_FILLED')).toBeGreaterThan(0);
  });

  test('an interrupted session is counted as far as it was played', async () => {
    cpSync(folder('main'), folder('cut'), { recursive: true });
    const lines = readFileSync(first('main'), 'utf8').split('\n');
    // Without its end and the last twenty records; the newest mark says how far it came.
    const kept = lines.slice(0, -22);
    const mark = kept.filter((line) => line.includes('"t":"mark"')).at(-1) ?? '';
    writeFileSync(first('cut'), `${kept.join('\n')}\n`);
    const { runs } = await document('ZAVORI', '--stream', 'cut');
    const whole = await document('ZAVORI', '--stream', 'main');
    const last = Date.parse('2025-11-10T15:30:00+05:30');
    expect(whole.runs[0].bars - runs[0].bars).toBe((last - JSON.parse(mark).time) / 300_000);
    expect(runs[0].bars).toBeLessThan(whole.runs[0].bars);
  });

  test('a stream without a journal is told with those there are', async () => {
    const { exitCode, stderr } = await algo('why', 'ZAVORI', '--stream', 'none');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
    expect(stderr).toContain('There is no journal of a stream "none".');
  });
});
