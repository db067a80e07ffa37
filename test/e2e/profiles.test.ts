import { beforeAll, describe, expect, test } from '@jest/globals';
import { emptyHome, runAlgo } from '../support/run-algo.ts';

const home = emptyHome();
const backtest = async (profile: string, ...more: string[]) => {
  const small = ['--set', 'synthetic.days=45', '--set', 'synthetic.symbols=1'];
  const { stdout, stderr, exitCode } = await runAlgo(
    ['backtest', '--profile', profile, ...small, '--json', '--no-save', ...more],
    { home },
  );
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
};

describe('the shipped profiles run as they are', () => {
  let fno: Awaited<ReturnType<typeof backtest>>;
  beforeAll(async () => {
    fno = await backtest('fno');
  });

  test('fno trades the index future that is the nearest, inside the day', () => {
    const { trades } = fno;
    expect(new Set(trades.map(({ strategy }: { strategy: string }) => strategy))).toEqual(
      new Set(['fno_intraday_trend']),
    );
    expect(trades.length).toBeGreaterThan(20);
    const days = new Map<string, Set<string>>();
    for (const { entryTime, exitTime, instrument } of trades) {
      expect(exitTime.slice(0, 10)).toBe(entryTime.slice(0, 10));
      const day = entryTime.slice(0, 10);
      days.set(day, (days.get(day) ?? new Set()).add(instrument));
    }
    expect([...days.values()].every((traded) => traded.size === 1)).toBe(true);
    expect(new Set(trades.map(({ instrument }: { instrument: string }) => instrument)).size).toBeGreaterThan(
      1,
    );
  });

  test('equity runs both of its strategies in positions of 3,000 rupees', async () => {
    const { trades } = await backtest('equity');
    const names = new Set(trades.map(({ strategy }: { strategy: string }) => strategy));
    expect(names).toEqual(new Set(['ema20_50', 'ladder']));
    for (const { quantity, entryPrice } of trades) expect(quantity * entryPrice).toBeLessThan(3_030);
  });

  test('the command line has the last word on strategies and bars', async () => {
    const { run } = await backtest('equity', '-s', 'supertrend', '-i', '1h');
    expect(JSON.stringify(run)).toContain('supertrend');
    expect(JSON.stringify(run)).not.toContain('ladder');
  });
});
