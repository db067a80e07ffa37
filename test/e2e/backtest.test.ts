import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { emptyHome, runAlgo } from '../support/run-algo.ts';

interface Document {
  readonly run: {
    readonly bars: number;
    readonly timeframe: string;
    readonly hashes: { readonly result: string };
  };
  readonly summary: Readonly<Record<string, string | number | null>>;
  readonly charges: Readonly<Record<string, string>>;
  readonly trades: readonly Readonly<
    Record<'net' | 'gross' | 'charges' | 'strategy' | 'instrument' | 'entryTime', string>
  >[];
}

const home = emptyHome();
const market = [
  '--set',
  'synthetic.days=25',
  '--set',
  'synthetic.symbols=2',
  '--set',
  'synthetic.from=2026-03-16',
];
const backtest = (...args: string[]) => runAlgo(['backtest', ...args, ...market], { home });
const paise = (decimal: string | number | null) => Math.round(Number(decimal) * 100);

async function documentOf(...args: string[]): Promise<Document> {
  const { stdout, stderr, exitCode } = await backtest(...args, '--json');
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout);
}

describe('algo backtest', () => {
  let first: Awaited<ReturnType<typeof runAlgo>>;
  beforeAll(async () => {
    first = await backtest('--strategy', 'ema20_50');
  });

  test('the first run makes the synthetic market, says so and reports; the second finds it', async () => {
    expect(first.exitCode).toBe(0);
    expect(first.stderr).toContain('Making a synthetic market, seed 2020: invented prices, not real ones.');
    expect(first.stdout).toContain('Synthetic prices, seed 2020, not real.');
    const again = await backtest('--strategy', 'ema20_50');
    expect(again.stderr).not.toContain('Making a synthetic market');
    const timeless = (text: string) => text.replace(/ in [\d.]+ m?s\b/, '');
    expect(timeless(again.stdout)).toBe(timeless(first.stdout));
  });

  test('text and JSON agree, and the trades sum to the summary to the paisa', async () => {
    const { summary, trades, charges } = await documentOf('-s', 'ema20_50');
    expect(trades.length).toBeGreaterThan(3);
    const total = (key: 'net' | 'gross' | 'charges') =>
      trades.reduce((sum, trade) => sum + paise(trade[key]), 0);
    expect(total('net')).toBe(paise(summary.net));
    expect(total('gross')).toBe(paise(summary.gross));
    expect(total('charges')).toBe(paise(summary.charges));
    expect(paise(summary.finalBalance) - paise(summary.capital)).toBe(paise(summary.net));
    const grouped = (decimal: string | number | null) =>
      Number(decimal).toLocaleString('en-IN', { minimumFractionDigits: 2 });
    expect(first.stdout).toContain(grouped(summary.finalBalance));
    expect(first.stdout.replaceAll('₹', '')).toContain(grouped(summary.net));
    expect(Object.keys(charges).length).toBeGreaterThan(5);
  });

  test('four time zones of the host give one result', async () => {
    const hashes = new Set<string>();
    for (const TZ of ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Auckland']) {
      const { stdout } = await runAlgo(['backtest', '-s', 'opening_range_breakout', '--json', ...market], {
        home,
        env: { TZ },
      });
      const { run, trades }: Document = JSON.parse(stdout);
      hashes.add(`${run.hashes.result} ${trades[0]?.entryTime}`);
    }
    expect([...hashes]).toHaveLength(1);
  });

  test('-i replaces the timeframe; --days, --from and --to the span', async () => {
    const hourly = await documentOf('-s', 'ema20_50', '-i', '1h', 'SYN:ZAVORI');
    expect(hourly.run).toMatchObject({ timeframe: '1h', bars: 25 * 7 });
    expect((await documentOf('-s', 'ema20_50', '--days', '5', 'SYN:ZAVORI')).run.bars).toBe(5 * 25);
    const span = await documentOf(
      '-s',
      'ema20_50',
      '--from',
      '2026-03-30',
      '--to',
      '2026-04-02',
      'SYN:ZAVORI',
    );
    // 2026-03-31 is a holiday.
    expect(span.run.bars).toBe(3 * 25);
  });

  test('two strategies share the account and keep their trades apart', async () => {
    const { trades, summary } = await documentOf('-s', 'ema20_50', '-s', 'opening_range_breakout');
    expect(new Set(trades.map(({ strategy }) => strategy))).toEqual(
      new Set(['ema20_50', 'opening_range_breakout']),
    );
    expect(trades.reduce((sum, { net }) => sum + paise(net), 0)).toBe(paise(summary.net));
  });

  test('--charges none leaves gross as net', async () => {
    const { summary } = await documentOf('-s', 'ema20_50', '--charges', 'none');
    expect(summary.charges).toBe('0.00');
    expect(summary.net).toBe(summary.gross);
  });

  test('--breakdown adds the periods', async () => {
    const { stdout, exitCode } = await backtest('-s', 'ema20_50', '--breakdown', 'month');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/2026-03/);
    expect(stdout).toMatch(/2026-04/);
  });

  test('--export writes the trades as CSV and as JSON', async () => {
    const { trades } = await documentOf('-s', 'ema20_50', '--export', 'trades.csv');
    const lines = readFileSync(join(home, 'trades.csv'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(trades.length + 1);
    await documentOf('-s', 'ema20_50', '--export', 'trades.json');
    expect(JSON.parse(readFileSync(join(home, 'trades.json'), 'utf8'))).toHaveLength(trades.length);
  });
});

describe('what is not right ends in one message that names the nearest', () => {
  test.each([
    ['a strategy', ['-s', 'ema20_5'], 2, 'Unknown strategy "ema20_5". Did you mean "ema20_50"?'],
    ['no strategy', [], 2, 'No strategy was named.'],
    [
      'a symbol',
      ['SYN:ZAVOR', '-s', 'ema20_50'],
      5,
      'No bars of SYN:ZAVOR are stored. Did you mean SYN:ZAVORI?',
    ],
    ['a date', ['-s', 'ema20_50', '--from', '2025-13-01'], 2, '"2025-13-01" is not a date.'],
    [
      'a span',
      ['-s', 'ema20_50', '--from', '2026-04-02', '--to', '2026-04-01'],
      2,
      '--from 2026-04-02 is after --to 2026-04-01.',
    ],
    ['a setting', ['-s', 'ema20_50', '--set', 'fil.price=x'], 3, 'unknown key fil. Did you mean "fill"?'],
    ['a flag', ['-s', 'ema20_50', '--capitl', '5'], 2, 'Unknown flag --capitl. Did you mean --capital?'],
    [
      'a parameter',
      ['-s', 'ema20_50', '--param', 'fats=3'],
      3,
      'Unknown parameter "fats" of strategy ema20_50. Did you mean "fast"?',
    ],
    ['a parameter value', ['-s', 'ema20_50', '--param', 'fast=abc'], 3, 'was "abc", expected a whole number'],
    ['a timeframe', ['-s', 'ema20_50', '-i', '15x'], 2, 'Unknown timeframe "15x". Did you mean "15m"?'],
    ['a slippage', ['-s', 'ema20_50', '--slippage', '2foo'], 2, '--slippage received "2foo".'],
    ['charges', ['-s', 'ema20_50', '--charges', 'zerodah'], 3, 'charges was "zerodah"'],
    ['an export file', ['-s', 'ema20_50', '--export', 'trades.xls'], 2, 'trades.xls'],
  ] as const)('%s', async (_what, args, code, words) => {
    const { exitCode, stdout, stderr } = await backtest(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).toContain('Fix: ');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(3);
  });

  test('a key of a YAML file, with its line', async () => {
    const own = emptyHome();
    mkdirSync(join(own, 'configs'));
    writeFileSync(join(own, 'configs/default.yaml'), 'capital: 500000\nslipage: none\n');
    const { exitCode, stdout, stderr } = await runAlgo(['backtest', '-s', 'ema20_50'], { home: own });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toMatch(/default\.yaml:2.*slipage/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('the same as a JSON document', async () => {
    const { stdout, exitCode } = await backtest('-s', 'ema20_5', '--json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { exitCode: 2, message: expect.stringContaining('ema20_50') },
    });
  });

  test('a refused export leaves nothing behind', () => {
    expect(existsSync(join(home, 'trades.xls'))).toBe(false);
  });
});
