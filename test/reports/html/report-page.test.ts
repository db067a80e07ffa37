import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { pageParts } from '../../../src/app/export-report.ts';
import { summaryFigures } from '../../../src/reports/backtest-summary.ts';
import type { PageParts } from '../../../src/reports/html/document.ts';
import { escaped } from '../../../src/reports/html/markup.ts';
import { htmlReport } from '../../../src/reports/html/report-page.ts';
import { busyYear, curve, header, outcome, trade } from '../../support/outcomes.ts';
import { minuteSeries, picturedRun, pictureOf } from '../../support/pictured.ts';
import { projectRoot } from '../../support/project-root.ts';

const parts: PageParts = {
  charts: 'var charts="</script><!-- x";',
  script: 'var page=1;',
  style: 'body{color:red}',
};

/** Text between tags and in attributes as a browser reads it. */
function readable(html: string): string {
  return html.replace(/<[^>]*>/g, '\n').replace(/&(lt|gt|quot|#39|#96|amp);/g, (_, name: string) => {
    return { lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`', amp: '&' }[name] ?? '';
  });
}

function dataOf(html: string) {
  const [, json] = /<script type="application\/json" id="page-data">([^<]*)<\/script>/.exec(html) ?? [];
  return JSON.parse(json ?? '');
}

describe('an HTML report', () => {
  const hostile = [
    '</script><script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '<!-- <script>',
    ']]>',
    '&lt;b&gt;',
    '\u2028\u2029 line ends',
    'javascript:alert(1)',
    ['`$', '{alert(1)}`'].join(''),
  ];

  test.each(hostile)('takes %j as text wherever it stands', (text) => {
    const key = `NSE:${text}`;
    const run = outcome({
      header: header({
        runId: text,
        strategies: [
          { name: text, params: { [text]: text }, sourceHash: text },
          { name: 'other', params: {}, sourceHash: text },
        ],
        instruments: [{ key, bars: 25, from: undefined, to: undefined, synthetic: true }],
        warnings: [text],
        charges: text,
        sizing: text,
        fillRule: text,
      }),
      trades: [trade({ key, strategy: text, note: text })],
      equity: curve([['2026-04-01 10:00', 100_000]]),
      refusals: [{ strategy: text, key, code: text, count: 1, first: text }],
      pictures: {
        drawn: [
          pictureOf(minuteSeries(key, 5), {
            strategies: [text],
            lines: [{ name: text, values: new Float64Array(5).fill(999) }],
          }),
        ],
        left: 0,
      },
    });
    const page = htmlReport(run, parts);
    const plain = htmlReport(picturedRun({ bars: 5, tradeEvery: 2 }), parts);

    // The same elements as any other page, and no attribute that runs anything.
    expect(page.match(/<script/g)).toHaveLength((plain.match(/<script/g) ?? []).length);
    expect(page.match(/<\/script/g)).toHaveLength(3);
    const markup = page.replace(/<script[\s\S]*?<\/script>|<style>[\s\S]*?<\/style>/g, '');
    const tags = markup.match(/<[a-z][^>]*>/g) ?? [];
    expect(tags.length).toBeGreaterThan(100);
    expect(tags.filter((tag) => /\s(on\w+|style)\s*=/.test(tag.replace(/"[^"]*"/g, '""')))).toEqual([]);
    expect(tags.filter((tag) => /^<(img|iframe|object|embed|form|base)\b/.test(tag))).toEqual([]);
    // Nothing is lost on the way either.
    const data = dataOf(page);
    expect(data.charts[0].key).toBe(key);
    expect(data.charts[0].lines[0].name).toBe(text);
    expect(data.trades.words).toEqual(expect.arrayContaining([key, text]));
    expect(readable(markup)).toContain(text);
  });

  test('allows exactly the blocks it holds, each by its hash', async () => {
    const page = htmlReport(busyYear(), await pageParts(projectRoot));
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const hashed = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => hashed(text));
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const [, logo] = /innerText="(a#tv-attr-logo[^"]*)"/.exec(page) ?? [];
    expect(scripts).toHaveLength(2);
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${scripts.join(' ')}`,
      `style-src ${hashed(style ?? '')} ${hashed(logo ?? '')}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
  });

  test('asks the network for nothing', () => {
    const page = htmlReport(busyYear(), parts);
    expect(page.match(/\b(?:src|href)="[^"#][^"]*"/g)).toEqual([
      'href="data:,"',
      'href="https://www.tradingview.com/"',
    ]);
  });

  test('is the same to the byte for the same outcome', () => {
    expect(htmlReport(busyYear(), parts)).toBe(htmlReport(busyYear(), parts));
  });

  test('says everything the text report says', () => {
    const run = busyYear();
    const text = readable(htmlReport(run, parts)).replaceAll('−', '-');
    const { blocks, notes } = summaryFigures(run.summary);
    const lines = blocks.flatMap((block) => block.lines);
    expect(lines.length).toBeGreaterThan(40);
    for (const [label] of lines) expect(text).toMatch(`\n${label}\n`);
    expect(lines.map(([, value]) => value).filter((value) => !text.includes(value))).toEqual([]);
    expect(notes.filter((note) => !text.includes(note))).toEqual([]);
    expect(text).toContain('Synthetic prices, seed 7, not real.');
    expect(text).toContain('NSE:CHENAB has no bars on 2025-08-15');
    expect(text).toContain('RISK_CASH');
    for (const hash of Object.values(run.header.hashes)) expect(text).toContain(hash);
    for (const title of ['Exits by reason', 'Monthly returns, %', 'Rolling Sharpe', 'Charges (zerodha)'])
      expect(text).toContain(title);
    // Lakh and crore grouping.
    expect(text).toMatch(/₹\d{1,2},\d\d,\d\d\d\.\d\d/);
  });

  test('says why a figure is missing', () => {
    const short = outcome({ equity: curve([['2026-04-01 10:00', 100_000]]) });
    const text = readable(htmlReport(short, parts));
    expect(text).toContain('Annual volatility, Sharpe, Sortino: needs 30 daily returns, has 1.');
    expect(text).toContain('n/a: needs more than 63 daily returns that vary, has 1.');
    expect(text).toContain('There are no trades.');
  });

  test('is drawn without a single bar', () => {
    const text = readable(htmlReport(outcome({}), parts));
    expect(text).toContain('n/a: the run has no bars.');
    expect(text).toContain('n/a: there are no bars to draw.');
  });

  test('states that bars were put together and instruments left out', () => {
    const series = minuteSeries('NSE:INFY', 40);
    const run = picturedRun({ bars: 12_000, tradeEvery: 50 });
    const text = readable(
      htmlReport({ ...run, pictures: { drawn: [pictureOf(series, { barsPerCandle: 15 })], left: 3 } }, parts),
    );
    expect(text).toContain('A candle holds several bars, at most: NSE:INFY 1m × 15.');
    expect(text).toContain('Drawn are the 1 with the most trades; 3 are left out.');
    expect(text).toContain('Of 12,000 marks, each stretch of 5 shows its lowest, its highest');
    expect(text).toContain('NSE:INFY · 1m × 15');
  });

  test('stays below 3 MB for the longest run it draws', async () => {
    const run = picturedRun({ bars: 465_000, tradeEvery: 23, differences: { note: 'cross' } });
    const candles = minuteSeries('NSE:INFY', 40_000);
    const protections = Array.from({ length: 12_000 }, (_, at) => ({
      role: 'stop' as const,
      from: candles.time[at * 3],
      to: candles.time[at * 3 + 2],
      price: candles.low[at * 3],
    }));
    const picture = pictureOf(candles, { protections, protectionsLeft: 5 });
    const [line] = picture.lines;
    const page = htmlReport(
      {
        ...run,
        pictures: { drawn: [{ ...picture, lines: [line, { ...line, name: 'sma(close, 50)' }] }], left: 0 },
      },
      await pageParts(projectRoot),
    );
    expect(run.trades.length).toBeGreaterThan(20_000);

    expect(Buffer.byteLength(page)).toBeLessThan(3_000_000);
    const text = readable(page.replace(/<script[\s\S]*?<\/script>/g, ''));
    expect(text).toContain('Of stops and targets the latest are drawn, 5 are not.');
    expect(text).toContain('The 15,000 of 20,217 trades with the largest gain or loss are listed');
  });
});

describe('text in markup', () => {
  test('loses its meaning and its control characters', () => {
    expect(escaped(`<a href="x" title='y'>&\u0007\`</a>`)).toBe(
      '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp; &#96;&lt;/a&gt;',
    );
  });
});
