import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { pageParts } from '../../src/app/export-report.ts';
import { htmlReport } from '../../src/reports/html/report-page.ts';
import { browserTest, startBrowser } from '../support/browser.ts';
import { header, outcome, trade } from '../support/outcomes.ts';
import { minuteSeries, pictureOf } from '../support/pictured.ts';
import { projectRoot } from '../support/project-root.ts';
import { emptyHome, runAlgo } from '../support/run-algo.ts';

const home = emptyHome();
const file = join(home, 'report.html');
// Where pictures of the page are wanted, for a person to look at.
const pictures = process.env.REPORT_SCREENSHOTS;

let browser: Browser | undefined;

/** A page opened from disk without a network, everything it complains about, and every text its charts draw. */
async function opened(
  path: string,
  { width = 1_440, colorScheme = 'light' }: { width?: number; colorScheme?: 'light' | 'dark' } = {},
) {
  browser ??= await startBrowser();
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    offline: true,
    timezoneId: 'America/New_York',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.addInitScript(listening);
  const url = pathToFileURL(path).href;
  await page.goto(url);
  return { page, complaints, requests: () => requests.filter((each) => each !== url) };
}

// What runs inside a page is text: the project's own types know no browser.
const listening = `
  globalThis.drawnTexts = [];
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    globalThis.drawnTexts.push(text);
    return fillText.call(this, text, ...rest);
  };`;
const twoFrames = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))';
const paper = 'getComputedStyle(document.body).backgroundColor';
const papers = { light: 'rgb(255, 255, 255)', dark: 'rgb(20, 23, 27)' };
const pageWidth = 'document.documentElement.scrollWidth';

/** Everything the charts have written so far; they draw in animation frames. */
async function drawnTexts(page: Page): Promise<readonly string[]> {
  await page.evaluate(twoFrames);
  return page.evaluate<string[]>('globalThis.drawnTexts');
}

/** The words of a column of the trade table, from the top. */
function column(page: Page, at: number): Promise<readonly string[]> {
  return page.locator(`#trades tbody tr td:nth-child(${at + 1})`).allTextContents();
}

const amounts = (texts: readonly string[]) =>
  texts.map((text) => Number(text.replaceAll(',', '').replace('−', '-')));

describe('the page of algo backtest --html', () => {
  beforeAll(async () => {
    const run = await runAlgo(['backtest', '--strategy', 'ema20_50', '--html', file], { home });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toMatch(/Wrote .*report\.html, \d\.\d MB\./);
  });

  afterAll(async () => {
    await browser?.close();
  });

  for (const width of [360, 768, 1_440]) {
    browserTest(`works offline at ${width} pixels, in the colours of the reader's system`, async () => {
      const { page, complaints, requests } = await opened(file, { width });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await drawnTexts(page);
        expect(await page.evaluate(pageWidth)).toBe(width);
        expect(await page.evaluate(paper)).toBe(papers[colorScheme]);
        if (pictures) {
          mkdirSync(pictures, { recursive: true });
          const path = join(pictures, `report-${width}-${colorScheme}.png`);
          await page.screenshot({ path, fullPage: true });
        }
      }
      expect(complaints).toEqual([]);
      expect(requests()).toEqual([]);
      expect(await page.locator('.chart canvas').count()).toBeGreaterThan(4);
      expect(await page.locator('#tv-attr-logo').first().isVisible()).toBe(true);
      await page.context().close();
    });
  }

  browserTest(
    'names the indicators, draws the stops, and shows the time in India to a reader in New York',
    async () => {
      const { page } = await opened(file);
      expect(await page.locator('#price-key li').allTextContents()).toEqual([
        'ema(close, 20, sma)',
        'ema(close, 50, sma)',
      ]);
      const stops = await page.evaluate('reportPage.run.charts[0].protections.price.length');
      expect(stops).toBeGreaterThan(10);
      expect(await page.locator('#equity-legend').textContent()).toMatch(/^\w{3} \d+ \w{3} \d{4} 15:30 IST/);
      await page.locator('#price-chart').focus();
      await page.keyboard.press('Home');
      await drawnTexts(page);
      expect(await page.locator('#price-legend').textContent()).toMatch(/ 09:15 IST/);
      for (let press = 0; press < 8; press++) await page.keyboard.press('+');
      await page.keyboard.press('ArrowRight');
      const texts = await drawnTexts(page);
      expect(texts.filter((text) => / 09:15 IST$/.test(text)).length).toBeGreaterThan(0);
      const clocks = texts.filter((text) => /^\d\d:\d\d$/.test(text));
      expect(clocks.length).toBeGreaterThan(0);
      // A session of 09:15 to 15:30 read as UTC would begin at 03:45.
      expect(clocks.filter((clock) => clock < '09:15' || clock > '15:30')).toEqual([]);
      // Lakh and crore grouping on the axis of the account.
      expect(texts.filter((text) => /^\d{1,2},\d\d,\d{3}$/.test(text)).length).toBeGreaterThan(0);
      await page.context().close();
    },
  );

  browserTest(
    'sorts the trades by keyboard and says so, filters and pages through them, and shows one in the price chart',
    async () => {
      const { page, complaints } = await opened(file);
      const heads = page.locator('#trades thead th');
      const titles = await heads.allTextContents();
      const net = titles.indexOf('Net ₹');
      expect(await heads.first().getAttribute('aria-sort')).toBe('ascending');
      await heads.nth(net).locator('button').focus();
      await page.keyboard.press('Enter');
      const rising = amounts(await column(page, net));
      expect(rising).toHaveLength(50);
      expect(rising).toEqual([...rising].sort((one, other) => one - other));
      expect(await heads.nth(net).getAttribute('aria-sort')).toBe('ascending');
      await page.keyboard.press('Space');
      const falling = amounts(await column(page, net));
      expect(falling).toEqual([...falling].sort((one, other) => other - one));
      expect(falling[0]).toBeGreaterThan(rising[0]);
      expect(await heads.evaluateAll((all) => all.map((head) => head.getAttribute('aria-sort')))).toEqual(
        titles.map((_, at) => (at === net ? 'descending' : 'none')),
      );

      const state = page.locator('#page-state');
      expect(await state.textContent()).toMatch(/^1–50 of \d+$/);
      await page.locator('#page-after').click();
      expect(await state.textContent()).toMatch(/^51–100 of \d+$/);
      await page.locator('#filter').fill('stop kendrum');
      const instruments = new Set(await column(page, titles.indexOf('Instrument')));
      expect([...instruments]).toEqual(['SYN:KENDRUM']);
      expect(new Set(await column(page, titles.indexOf('Exit')))).toEqual(new Set(['stop']));
      await page.locator('#filter').fill('nothing like it');
      expect(await state.textContent()).toBe('No trade matches');

      await page.locator('#filter').fill('');
      const button = page.locator('#trades tbody tr', { hasText: 'SYN:OSHVIN' }).first().locator('button');
      const id = await button.textContent();
      await button.click();
      expect(await page.locator('#instrument option:checked').textContent()).toBe('SYN:OSHVIN · 15m');
      expect(await page.locator('#price-legend').textContent()).toContain(`#${id} LONG`);
      await page.locator('#trade-after').click();
      expect(await page.locator('#price-legend').textContent()).not.toContain(`#${id} LONG`);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  browserTest('changes its colours at a press, charts included', async () => {
    const { page } = await opened(file, { colorScheme: 'dark' });
    const theme = page.locator('#theme');
    expect(await theme.textContent()).toBe('Light');
    expect(await page.evaluate(paper)).toBe(papers.dark);
    await theme.focus();
    await page.keyboard.press('Enter');
    expect(await theme.textContent()).toBe('Dark');
    expect(await page.evaluate(paper)).toBe(papers.light);
    await drawnTexts(page);
    const corner = await page.evaluate(
      "[...document.querySelector('#equity-chart canvas').getContext('2d').getImageData(2, 2, 1, 1).data]",
    );
    expect(corner).toEqual([255, 255, 255, 255]);
    await page.context().close();
  });

  browserTest('runs nothing that a symbol, a strategy or a note brings along', async () => {
    const text = `</script><img src=x onerror=alert(1)><script>alert(2)</script>'"`;
    const key = `NSE:${text}`;
    const series = minuteSeries(key, 400);
    const run = outcome({
      header: header({
        strategies: [{ name: text, params: { [text]: text }, sourceHash: text }],
        instruments: [{ key, bars: 400, from: series.time[0], to: series.time[399], synthetic: false }],
        warnings: [text],
      }),
      trades: [
        trade({ key, strategy: text, note: text, entryTime: series.time[10], exitTime: series.time[40] }),
      ],
      equity: {
        time: series.time.slice(0, 400),
        equityPaise: new Float64Array(400).fill(10_000_000),
        exposed: new Uint8Array(400),
        length: 400,
      },
      pictures: {
        drawn: [
          pictureOf(series, {
            strategies: [text],
            lines: [{ name: text, values: series.close.slice(0, 400) }],
          }),
        ],
        left: 0,
      },
    });
    const path = join(home, 'hostile.html');
    writeFileSync(path, htmlReport(run, await pageParts(projectRoot)));
    const { page, complaints, requests } = await opened(path, { width: 360 });
    await page.locator('#trades tbody button').first().click();
    expect(await page.locator('#price-legend').textContent()).toContain(key);
    expect(await page.locator('#price-key li').allTextContents()).toEqual([text]);
    expect((await column(page, 1))[0]).toBe(key);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate(pageWidth)).toBe(360);
    expect(complaints).toEqual([]);
    expect(requests()).toEqual([]);
    await page.context().close();
  });

  browserTest('is stopped by its policy from running a script or a style that was added to it', async () => {
    const path = join(home, 'added.html');
    const added = '<script>document.title = "taken"</script><style>body { display: none }</style>';
    writeFileSync(path, readFileSync(file, 'utf8').replace('<main>', `<main>${added}`));
    const { page, complaints } = await opened(path);
    expect(await page.title()).toContain('ema20_50');
    expect(await page.evaluate('getComputedStyle(document.body).display')).toBe('block');
    expect(complaints.filter((each) => each.includes('Content Security Policy'))).toHaveLength(2);
    await page.context().close();
  });
});
