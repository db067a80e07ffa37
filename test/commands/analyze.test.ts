import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { askAlgo, emptyHome } from '../support/run-algo.ts';

const home = emptyHome();
const analyze = (...args: string[]) => askAlgo(['analyze', ...args], { home });

describe('algo analyze', () => {
  test('says what to run when no backtest is kept', async () => {
    const { exitCode, stderr } = await askAlgo(['analyze']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Run: algo backtest --strategy ema20_50');
  });

  describe('after a backtest', () => {
    beforeAll(async () => {
      const small = ['--set', 'synthetic.days=60', '--set', 'synthetic.symbols=3'];
      const done = await askAlgo(['backtest', '--strategy', 'ema20_50', ...small], { home });
      expect(done.exitCode).toBe(0);
    });

    test('tells the same net as the run, by every dimension', async () => {
      const run = JSON.parse((await askAlgo(['backtest', 'show', 'last', '--json'], { home })).stdout);
      const document = JSON.parse((await analyze('--json', '--by', 'symbol,hour', '--by', 'exit')).stdout);
      expect(document.trades).toBeGreaterThan(0);
      expect(document.net).toBe(run.summary.net);
      const paise = (text: string) => Math.round(Number(text) * 100);
      for (const { rows } of document.attribution)
        expect(rows.reduce((sum: number, { net }: { net: string }) => sum + paise(net), 0)).toBe(
          paise(document.net),
        );
      expect(document.attribution.map(({ by }: { by: string }) => by)).toEqual(['symbol', 'hour', 'exit']);
    });

    test('reads as a report', async () => {
      const { stdout, exitCode } = await analyze();
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^Run [0-9a-f]{12} of ema20_50 on 15m bars, saved \d{4}-\d\d-\d\d/);
      expect(stdout).toContain('Synthetic prices, not real.');
      for (const title of ['By symbol', 'By weekday', 'Exits kept', 'By financial year', 'Deepest falls'])
        expect(stdout).toContain(title);
    });

    test('writes the trades that count, and the page', async () => {
      const [trades, page] = [join(home, 'trades.csv'), join(home, 'page.html')];
      const { exitCode } = await analyze('--symbol', 'ZAVORI', '--export', trades, '--html', page);
      expect(exitCode).toBe(0);
      const [, ...rows] = readFileSync(trades, 'utf8').trim().split('\n');
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.every((row) => row.includes('SYN:ZAVORI'))).toBe(true);
      expect(readFileSync(page, 'utf8')).toContain('Content-Security-Policy');
    });

    test.each([
      [['--by', 'houer'], /--by received "houer"\. Did you mean "hour"\?/],
      [['--symbol', 'ZAVORY'], /no trade of the symbol "ZAVORY"\. Did you mean "ZAVORI"\?/],
      [['--strategy', 'ema'], /no trade of the strategy "ema"/],
      [['--run', 'zzz'], /No run "zzz" is kept/],
      [['--from', '2026-02-01', '--to', '2026-01-01'], /--from 2026-02-01 is after --to 2026-01-01/],
      [['--open'], /--open needs a page to open/],
    ])('%j fails with one sentence', async (args, message) => {
      const { exitCode, stderr, stdout } = await analyze(...args);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(message);
      expect(stdout).toBe('');
    });
  });
});
