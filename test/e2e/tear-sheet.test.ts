import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { browserTest, startBrowser } from '../support/browser.ts';
import { emptyHome, runAlgo } from '../support/run-algo.ts';

const home = emptyHome();
const file = join(home, 'sheet.html');
// Where pictures of the page are wanted, for a person to look at.
const pictures = process.env.REPORT_SCREENSHOTS;
let browser: Browser | undefined;

beforeAll(async () => {
  const market = ['--set', 'synthetic.days=40', '--set', 'synthetic.symbols=2'];
  const feed = ['--feed', 'replay:2025-11-17..2025-11-26'];
  expect(
    (await runAlgo(['paper', '-s', 'opening_range_breakout', ...feed, ...market], { home })).exitCode,
  ).toBe(0);
  await runAlgo(['journal', 'note', 'paper/main/1/1', '<img src=x onerror=alert(1)>'], { home });
  const done = await runAlgo(['analyze', '--mode', 'paper', '--breakdown', 'day', '--html', file], { home });
  expect(done.exitCode).toBe(0);
});
afterAll(() => browser?.close());

describe('the tear sheet of sessions', () => {
  test('is one file under a policy that lets nothing in, whatever a note says', () => {
    const html = readFileSync(file, 'utf8');
    expect(html).toContain("default-src 'none'");
    expect(html).not.toContain('<img src=x');
    for (const words of [
      'sessions of paper/main',
      'By symbol',
      'By day',
      'Tags and notes',
      'By financial year',
    ])
      expect(html).toContain(words);
  });

  browserTest(
    'fits a phone and a wide screen, dark and light, asks for nothing, and its tables sort by keyboard',
    async () => {
      browser = await startBrowser();
      for (const [width, colorScheme] of [
        [1_440, 'light'],
        [360, 'dark'],
      ] as const) {
        const context = await browser.newContext({
          viewport: { width, height: 900 },
          colorScheme,
          offline: true,
        });
        const page = await context.newPage();
        const complaints: string[] = [];
        page.on('console', (message) => complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(error.message));
        const url = pathToFileURL(file).href;
        page.on('request', (request) => request.url() !== url && complaints.push(request.url().slice(0, 60)));
        await page.goto(url);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        const days = page.locator('section', { hasText: 'By day, of the whole record' }).last();
        const net = days.getByRole('button', { name: 'net ₹' });
        await net.focus();
        await page.keyboard.press('Enter');
        const texts = await days.locator('tbody tr td:nth-child(5)').allTextContents();
        const values = texts.map((text) => Number(text.replaceAll(',', '').replace('−', '-')));
        expect(values.length).toBeGreaterThan(3);
        expect(values).toEqual([...values].sort((a, b) => b - a));
        expect(await page.locator('#trades tbody tr').count()).toBeGreaterThan(3);
        expect(complaints.filter((each) => !each.startsWith('data:'))).toEqual([]);
        if (pictures) await page.screenshot({ path: join(pictures, `sheet-${width}.png`), fullPage: true });
        await context.close();
      }
    },
  );
});
