import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { browserTest, startBrowser } from '../support/browser.ts';
import { askAlgo, emptyHome } from '../support/run-algo.ts';

const home = emptyHome();
const small = [
  ...['--set', 'synthetic.days=280', '--set', 'synthetic.symbols=3', '--set', 'synthetic.timeframe=day'],
];
const algo = (...args: string[]) => askAlgo(['market', ...args, ...small], { home });

beforeAll(async () => {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'fo_secban.csv'), 'Securities in Ban For Trade Date 06-OCT-2026:\n1,SAIL\n');
  expect((await algo('context', '--quiet')).exitCode).toBe(0);
});

describe('algo market context', () => {
  test('tells regime, breadth and expiries of a day, with the day of every figure', async () => {
    mkdirSync(join(home, 'universes'), { recursive: true });
    writeFileSync(join(home, 'universes', 'sectors.txt'), 'SYN:ZAVORI, Metals\nSYN:KENDRUM, Software\n');
    expect((await algo('bans', 'import', 'fo_secban.csv')).stdout).toBe(
      'fo_secban.csv: 1 banned on 2026-10-06\n',
    );
    const { stdout } = await algo('context', '--as-of', '2026-10-06', '--json');
    const page = JSON.parse(stdout);
    expect(page).toMatchObject({
      day: '2026-10-06',
      synthetic: true,
      session: 'NSE trades on 2026-10-06',
      index: { instrument: 'SYN:INDEX', day: '2026-10-06', ageDays: 0, why: null },
      breadth: { shares: 3, day: '2026-10-06', missing: [] },
      bans: { day: '2026-10-06', instruments: ['NSE:SAIL'] },
    });
    expect(page.index.regime).toMatch(/^(up|sideways|down) (calm|normal|volatile)$/);
    expect(page.breadth.advances + page.breadth.declines + page.breadth.unchanged).toBe(3);
    expect(page.sectors.shares.map(({ sector }: { sector: string }) => sector).sort()).toEqual([
      'Metals',
      'Software',
    ]);
    // The Tuesday of the week.
    expect(page.expiries[0]).toEqual({
      underlying: 'NIFTY',
      today: 'weekly',
      next: { date: '2026-10-13', kind: 'weekly' },
    });
  });

  test('says of what cannot be told why, and what to run', async () => {
    const { stdout } = await algo('context', '--as-of', '2025-12-01');
    expect(stdout).toMatch(/Regime: unknown\. \d+ day bars of SYN:INDEX are known; the trend needs 200/);
    expect(stdout).toContain('No day bars of SYN:VIX are stored. Run: algo data generate --with vix');
    expect(stdout).toContain('No ban list of 2025-12-01 is imported');
    expect(stdout).toMatch(/above their 200-day mean\s+n\/a\s+n\/a\s+0 of 3/);
  });

  test.each([
    [['context', '--index', 'SYN:NOTHING'], 5, /SYN:NOTHING/],
    [['context', '--open'], 2, /Add --html/],
  ])('%j fails with one sentence', async (args, exitCode, message) => {
    const done = await algo(...args);
    expect(done.stderr).toMatch(message);
    expect(done.exitCode).toBe(exitCode);
  });

  browserTest('writes a page that asks the network for nothing and whose tables sort', async () => {
    const file = join(home, 'market.html');
    expect((await algo('context', '--html', file)).exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('Synthetic prices, not real.');
    const browser = await startBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 360, height: 800 } });
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      page.on('pageerror', (error) => asked.push(error.message));
      await page.goto(`file://${file}`);
      const first = () =>
        page.locator('section', { hasText: 'Expiries' }).locator('tbody th').first().innerText();
      const before = await first();
      await page.getByRole('button', { name: 'underlying' }).press('Enter');
      expect(await first()).not.toBe(before);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
      expect(asked.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
