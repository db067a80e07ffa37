import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { askAlgo, emptyHome } from '../support/run-algo.ts';

const home = emptyHome();
const small = [
  '--set',
  'synthetic.days=60',
  '--set',
  'synthetic.symbols=3',
  '--set',
  'synthetic.timeframe=15m',
];
const scan = (...args: string[]) => askAlgo(['scan', ...args, ...small], { home });

beforeAll(async () => {
  const first = await scan('--where', 'close > 0');
  expect(first.exitCode).toBe(0);
});

describe('algo scan', () => {
  test('prints hits with values, what each part let through and how old the data is', async () => {
    const { stdout, exitCode } = await scan(
      '--where',
      'close > 0 and rsi14 > 0',
      '--sort',
      'rsi14',
      '--top',
      '2',
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Synthetic prices, not real.');
    expect(stdout).toMatch(/Data up to \d{4}-\d\d-\d\d \d\d:\d\d, /);
    expect(stdout).toContain('2 of 3 hits shown');
    expect(stdout).toMatch(/rsi14 > 0\s+3 of 3/);
    expect(stdout).toContain('3 instruments: 3 scanned, 3 hits, 0 failed, 0 with too few bars to tell.');
  });

  test('gives one document under --json, with past hits', async () => {
    const { stdout } = await scan('inside_bar', '--backtest', '1,5d', '--json');
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      synthetic: true,
      scanned: 3,
      scan: { name: 'inside_bar', timeframe: 'day' },
    });
    expect(document.past.map(({ bars }: { bars: number }) => bars)).toEqual([1, 5]);
    expect(document.past[0].hits).toBeGreaterThan(0);
  });

  test('does not see what closed after --as-of', async () => {
    const { stdout } = await scan(
      '--where',
      '15m.close > 0',
      '-i',
      '15m',
      '--as-of',
      '2025-10-15 11:30',
      '--json',
    );
    expect(JSON.parse(stdout).newestBar).toBe('2025-10-15T11:30:00+05:30');
  });

  test('stages, regime and page: zero hits explain themselves', async () => {
    const { stdout, exitCode } = await scan(
      ...['--where', 'close > 0', '--where', 'close > 1', '--regime', 'up', '--html', 'hits.html'],
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /Regime of SYN:INDEX: not known\. 60 day bars .* 3 that meet the condition are held back/s,
    );
    expect(stdout).toMatch(/where 1\s+3\s+3\s+0\nwhere 2\s+3\s+3\s+0\n/);
    expect(stdout).toContain('0 hits');
    const page = readFileSync(join(home, 'hits.html'), 'utf8');
    expect(page).toContain('<h2>Survivors by stage</h2>');
    expect(page).toContain('Synthetic prices, not real.');
  });

  test('--by indicator shows every instrument with the usual figures, sorted', async () => {
    const { stdout } = await scan('--by', 'indicator', '--sort', 'adx14', '--top', '2');
    expect(stdout).toMatch(
      /instrument\s+close\s+adx14\s+change %|instrument\s+close\s+change %\s+rsi14\s+adx14/,
    );
    const document = JSON.parse((await scan('--by', 'indicator', '--json')).stdout);
    const rsi = document.hits.map(({ readings }: { readings: { rsi14: number } }) => readings.rsi14);
    expect(rsi).toHaveLength(3);
    expect(rsi).toEqual([...rsi].sort((a, b) => b - a));
    const spread = document.spreads.find(({ reading }: { reading: string }) => reading === 'rsi14');
    expect(spread).toMatchObject({
      known: 3,
      highest: { value: rsi[0] },
      median: rsi[1],
      lowest: { value: rsi[2] },
    });
  });

  test('--by pattern tells of every instrument what the single patterns tell', async () => {
    const asOf = ['--as-of', '2025-10-15 12:15', '-i', '15m', '--json'];
    const { hits, patterns } = JSON.parse((await scan('--by', 'pattern', ...asOf)).stdout);
    const shown: string[] = hits.flatMap((hit: { instrument: string; patterns: string[] }) =>
      hit.patterns.map((name) => `${name} ${hit.instrument}`),
    );
    expect(shown.length).toBeGreaterThan(0);
    const grouped = patterns.flatMap((each: { pattern: string; instruments: string[] }) =>
      each.instruments.map((instrument) => `${each.pattern} ${instrument}`),
    );
    expect(grouped.sort()).toEqual([...shown].sort());
    const [one] = shown[0]?.split(' ') ?? [];
    const alone = JSON.parse((await scan('--where', `pattern(${one})`, ...asOf)).stdout);
    expect(alone.hits.map(({ instrument }: { instrument: string }) => `${one} ${instrument}`).sort()).toEqual(
      shown.filter((each) => each.startsWith(`${one} `)).sort(),
    );
  });

  test('a condition holds on each of several timeframes, as if it named them', async () => {
    const each = JSON.parse((await scan('--where', 'close > sma3', '-i', '15m,day', '--json')).stdout);
    const named = JSON.parse(
      (await scan('--where', 'close > sma3 and day.close > day.sma3', '-i', '15m', '--json')).stdout,
    );
    expect(each.hits).toEqual(named.hits);
    expect(each.scan.timeframe).toBe('15m, day');
    expect(each.stages.map(({ name }: { name: string }) => name)).toEqual(['15m', 'day']);
  });

  test('names hits in the F&O ban period by the imported list', async () => {
    const list = 'date,symbol\n2025-10-15,ZAVORI\n';
    writeFileSync(join(home, 'bans.csv'), list);
    expect((await askAlgo(['market', 'bans', 'import', 'bans.csv'], { home })).exitCode).toBe(0);
    const { bans } = JSON.parse(
      (await scan('--where', 'close > 0', '--as-of', '2025-10-15', '--json')).stdout,
    );
    expect(bans).toEqual({ day: '2025-10-15', hits: ['SYN:ZAVORI'] });
  });

  test.each([
    [['--by', 'pattern', '--backtest', '1'], 2, /without a condition every bar is one/],
    [['--by', 'colour'], 2, /--by was "colour"/],
    [['nr7', '-i', '15m,dya'], 2, /Unknown timeframe "dya". Did you mean "day"/],
    [
      ['--where', 'close > 0', '--where', 'clse > 0'],
      2,
      /Stage "where 2": Line 1, column 1: there is no "clse"/,
    ],
    [['nr7', '--regime', 'upp'], 2, /There is no regime "upp"\. Did you mean "up"\?/],
    [['nr77'], 2, /There is no scan "nr77"\. Did you mean "nr7"\?/],
    [[], 2, /Nothing says what to look for/],
    [['--where', 'rsi14 <'], 2, /Line 1, column 8: expected a number or a name/],
    [['nr7', '--backtest', '0'], 2, /--backtest received "0"/],
    [['nr7', '--as-of', 'yesterday'], 2, /--as-of received "yesterday"/],
    [['nr7', '--alert'], 2, /Add --every 60s/],
    [['nr7', '--universe', 'NSE:NOTHING'], 5, /NSE:NOTHING/],
  ])('%j fails with one sentence', async (args, exitCode, message) => {
    const done = await scan(...args);
    expect(done.exitCode).toBe(exitCode);
    expect(done.stderr).toMatch(message);
    expect(done.stdout).toBe('');
  });

  test('a home adds scans of its own, and mistakes in them are named with file and line', async () => {
    mkdirSync(join(home, 'configs'), { recursive: true });
    const file = join(home, 'configs', 'scans.yaml');
    writeFileSync(file, 'mine:\n  about: Mine.\n  where: close > 0\n');
    expect((await scan('mine')).stdout).toContain('Scan mine: Mine.');
    writeFileSync(file, 'mine:\n  about: Mine.\n  were: close > 0\n');
    const wrong = await scan('mine');
    expect(wrong.exitCode).toBe(3);
    writeFileSync(file, 'both:\n  about: Both.\n  where: close > 0\n  stages: { one: close > 0 }\n');
    expect((await scan('both')).stderr).toMatch(/both: needs either where, one condition, or stages/);
    expect(wrong.stderr).toMatch(/configs\/scans\.yaml:1: mine.*were/s);
  });
});
