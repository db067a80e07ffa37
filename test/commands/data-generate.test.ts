import { rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { askAlgo, emptyHome } from '../support/run-algo.ts';

const home = emptyHome();
afterAll(() => rmSync(home, { recursive: true, force: true }));
const generate = (...flags: string[]) => askAlgo(['data', 'generate', ...flags], { home });

describe('algo data generate', () => {
  test('says plainly that the prices are invented, by seed', async () => {
    const { exitCode, stdout } = await generate(
      '--seed',
      '7',
      '--from',
      '2026-07-30',
      '--days',
      '4',
      '--symbols',
      '1',
    );
    expect(stdout).toContain('Synthetic market, seed 7, 1m bars: invented prices, not real ones');
    expect(stdout).toMatch(/SYN:INDEX +INDEX +1500 +2026-07-30 09:15/);
    // Two days of 375 minutes and two of 360: cash trading in F&O stocks ends at 15:15 since 2026-08-03.
    expect(stdout).toMatch(/SYN:ZAVORI +EQ +1470 +2026-07-30 09:15/);
    expect(exitCode).toBe(0);
  });

  test('is the same market in every time zone', async () => {
    const flags = ['--seed', '7', '--from', '2026-07-30', '--days', '4', '--symbols', '1', '--json'];
    for (const TZ of ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Auckland']) {
      const { stdout } = await askAlgo(['data', 'generate', ...flags], { home, env: { TZ } });
      expect(JSON.parse(stdout)).toMatchObject({ synthetic: true, seed: 7, saved: 0 });
    }
  });

  test('adds futures, options and the volatility index, the same in every time zone', async () => {
    const own = emptyHome();
    const flags = ['--days', '3', '--symbols', '1', '--with', 'futures,options,vix', '--json'];
    const saved: number[] = [];
    for (const TZ of ['America/New_York', 'Pacific/Auckland']) {
      const { stdout } = await askAlgo(['data', 'generate', ...flags], { home: own, env: { TZ } });
      saved.push(JSON.parse(stdout).saved);
    }
    const { stdout } = await askAlgo(['data', 'generate', ...flags.slice(0, -1)], { home: own });
    rmSync(own, { recursive: true, force: true });
    expect(saved[0]).toBeGreaterThan(20_000);
    expect(saved[1]).toBe(0);
    expect(stdout).toMatch(/SYN:VIX +INDEX +1125 /);
    expect(stdout).toMatch(/SYN:INDEX25OCTFUT +75 +2025-10-28 +1125 /);
    expect(stdout).toMatch(/2025-10-07 +75 +\d+ /);
  });

  test('makes a future that a backtest carries into its expiry, in lots, at the settlement', async () => {
    const own = emptyHome();
    await askAlgo(['data', 'generate', '--with', 'futures', '--days', '20', '--symbols', '0'], { home: own });
    const command = [
      'backtest',
      'SYN:INDEX25OCTFUT',
      '-s',
      'ema20_50',
      '-i',
      '15m',
      '--profile',
      'fno',
      '--json',
    ];
    const { stdout, exitCode } = await askAlgo(command, { home: own });
    const { trades } = JSON.parse(stdout);
    rmSync(own, { recursive: true, force: true });
    expect(exitCode).toBe(0);
    expect(trades.map(({ quantity }: { quantity: number }) => quantity)).toEqual([75, 75, 75]);
    expect(trades[2]).toMatchObject({
      exitReason: 'expiry',
      exitTime: '2025-10-28T15:30:00+05:30',
      exitPrice: '23998.81',
    });
  });

  test.each([
    [['--scenario', 'crsh'], 2, '--scenario received "crsh". Did you mean "crash"?'],
    [['--with', 'option'], 2, '--with received "option". Did you mean "options"?'],
    [['--symbols', '21'], 2, 'Number of stocks of the synthetic market was 21.'],
    [['--timeframe', '15n'], 2, 'Unknown timeframe "15n". Did you mean "15m"?'],
    [['--from', '2026-02-30'], 2, '"2026-02-30" is not a date.'],
    [['--days', '100000'], 2, 'Number of trading days of the synthetic market was 100000.'],
  ])('%p exits with %d', async (flags, code, message) => {
    const { exitCode, stdout, stderr } = await generate(...flags);
    expect(stderr.split('\n')[0]).toBe(message);
    expect([exitCode, stdout]).toEqual([code, '']);
  });
});
