import { rupeesOf } from '../../domain/money.ts';
import type { BacktestOutcome, RunHeader } from '../../research/backtest-outcome.ts';
import type { Figure } from '../../research/figure.ts';
import { spanText, strategyText, syntheticLine } from '../backtest-header.ts';
import { countText, percentText, ratioText, wallText } from '../format.ts';
import type { ListedSection } from '../listed-page.ts';
import { marksPerStretch } from './curve.ts';
import { documentOf, type PageParts } from './document.ts';
import { sectionOf } from './listed-page.ts';
import { escaped, minus } from './markup.ts';
import { monthMap } from './month-map.ts';
import { listedTrades, pageData } from './page-data.ts';
import { distributions, rollingPlot } from './return-plots.ts';
import {
  breakdownTable,
  chargesTable,
  exitsTable,
  figures,
  instrumentsTable,
  refusalsTable,
  strategiesTable,
} from './sections.ts';

/** What an analysis adds to the page of a run. */
export interface TearSheet {
  /** Of sessions' journals, which know charges by trade and not by line, and no bars. */
  readonly session: boolean;
  readonly sections: readonly ListedSection[];
}

/**
 * A backtest as one HTML file that needs nothing but a browser. The same outcome and parts give the same bytes, but for
 * the wall time.
 */
export function htmlReport(outcome: BacktestOutcome, parts: PageParts, sheet?: TearSheet): string {
  const { header } = outcome;
  const names = header.strategies.map(({ name }) => name).join(', ');
  return documentOf({
    title: `${names} · ${header.timeframe} · ${sheet?.session ? 'sessions of' : 'backtest'} ${header.runId}`,
    body: bodyOf(outcome, names, sheet),
    data: pageData(outcome),
    parts,
  });
}

function bodyOf(outcome: BacktestOutcome, names: string, sheet: TearSheet | undefined): string {
  const { header, breakdown } = outcome;
  return [
    '<a class="skip" href="#list">Skip to the trades</a>',
    heading(header, names, sheet),
    '<main>',
    banner(header),
    headline(outcome),
    warnings(header),
    section('equity', 'Equity and drawdown', equityChart(outcome)),
    section('price', 'Price and trades', priceCharts(outcome)),
    '<div class="pair">',
    section('months', 'Monthly returns, %', monthMap(outcome)),
    section('rolling', 'Rolling Sharpe', rollingPlot(outcome)),
    '</div>',
    section('returns', 'Distribution of returns', `<div class="halves">${distributions(outcome)}</div>`),
    '<div class="pair">',
    section('exits', 'Exits by reason', exitsTable(outcome)),
    section('charges', `Charges (${header.charges})`, sheet?.session ? undefined : chargesTable(outcome)),
    '</div>',
    section('instruments', 'Instruments', sheet ? undefined : instrumentsTable(outcome)),
    section('strategies', 'Strategies', sheet ? undefined : strategiesTable(outcome)),
    ...(sheet?.sections ?? []).map(sectionOf),
    section('list', 'Trades', tradeList(outcome)),
    section('figures', 'All figures', figures(outcome)),
    section('refusals', 'Refused signals', sheet ? undefined : refusalsTable(outcome)),
    section('breakdown', breakdown ? `By ${breakdown.period}` : '', breakdownTable(outcome)),
    section('run', 'The run', sheet?.session ? undefined : runFacts(header)),
    '</main>',
    `<footer><p>Times are Indian Standard Time (UTC+05:30). ${sheet?.session ? 'Everything is told from the journals of the sessions.' : 'A backtest is a rehearsal: it knows nothing of what the orders would have done to the market.'}</p>`,
    '<p>Charts by TradingView Lightweight Charts™, Copyright © TradingView, Inc., <a href="https://www.tradingview.com/" rel="noopener noreferrer" target="_blank">tradingview.com</a>, Apache License 2.0.</p></footer>',
  ].join('\n');
}

function heading(header: RunHeader, names: string, sheet: TearSheet | undefined): string {
  const what = sheet?.session ? 'sessions' : 'run';
  return `<header><div><h1>${escaped(names)} <small>${escaped(header.timeframe)} bars</small></h1><p>${escaped(spanText(header))} IST · ${what} <code>${escaped(header.runId)}</code></p></div><button type="button" id="theme" hidden>Dark</button></header>`;
}

function banner(header: RunHeader): string {
  return syntheticLine(header)
    .map(
      (line) =>
        `<p class="banner" role="note"><b>${escaped(line)}</b> The prices were invented: this shows how the program works and nothing about the strategy.</p>`,
    )
    .join('');
}

function warnings({ warnings: sentences }: RunHeader): string {
  if (sentences.length === 0) return '';
  const items = sentences.map((sentence) => `<li>${escaped(sentence)}</li>`).join('');
  const title = `${sentences.length} ${sentences.length === 1 ? 'warning' : 'warnings'}`;
  return `<details class="warnings"${sentences.length <= 3 ? ' open' : ''}><summary>${title}</summary><ul>${items}</ul></details>`;
}

/** The ten figures one looks for first. */
function headline({ summary }: BacktestOutcome): string {
  const shown = (figure: Figure, text: (value: number) => string) =>
    'unavailable' in figure ? 'n/a' : text(figure.value);
  const tiles: readonly (readonly [string, string, (string | undefined)?])[] = [
    ['Net profit', rupeesOf(summary.netPaise), percentText(summary.returnPercent)],
    ['Final balance', rupeesOf(summary.finalPaise), `from ${rupeesOf(summary.capitalPaise)}`],
    [
      'Max drawdown',
      shown(summary.maxDrawdownPercent, percentText),
      rupeesOf(summary.maxDrawdown?.paise ?? 0),
    ],
    [
      'CAGR',
      shown(summary.cagrPercent, percentText),
      `benchmark ${shown(summary.benchmarkPercent, percentText)}`,
    ],
    ['Sharpe', shown(summary.sharpe, ratioText), `Sortino ${shown(summary.sortino, ratioText)}`],
    ['Profit factor', shown(summary.profitFactor, ratioText), `SQN ${shown(summary.sqn, ratioText)}`],
    ['Trades', countText(summary.trades), `${shown(summary.winRatePercent, percentText)} won`],
    [
      'Charges',
      rupeesOf(summary.chargesTotalPaise),
      `cost drag ${shown(summary.costDragPercent, percentText)}`,
    ],
  ];
  const list = tiles.map(([label, text, below]) => {
    const loss = text.startsWith('-') ? ' class="loss"' : '';
    return `<div><dt>${label}</dt><dd${loss}>${escaped(minus(text))}</dd><dd class="below">${escaped(minus(below ?? ''))}</dd></div>`;
  });
  return `<dl class="headline">${list.join('')}</dl>`;
}

function section(id: string, title: string, content: string | undefined): string {
  if (content === undefined) return '';
  return `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${escaped(title)}</h2>${content}</section>`;
}

const needsScripts =
  '<noscript><p class="none">This part needs scripts, which are switched off.</p></noscript>';
const keys =
  'Arrow keys move the cursor, Shift and an arrow scrolls, + and − zoom, Home and End jump, 0 shows all.';

function chart(id: string, name: string): string {
  return `<div class="legend" id="${id}-legend"></div><div class="chart" id="${id}-chart" tabindex="0" role="application" aria-label="${escaped(name)}" aria-describedby="keys"></div>`;
}

function equityChart({ equity, summary }: BacktestOutcome): string {
  if (equity.length === 0) return '<p class="none">n/a: the run has no bars.</p>';
  const drawn = howMarksAreDrawn(equity.length);
  return `${needsScripts}<p id="keys" class="spoken">${keys}</p>${chart('equity', `Account value in rupees and drawdown in percent over time, India time; final balance ${rupeesOf(summary.finalPaise)}`)}<p class="note">Account value after every bar, ₹, and its distance from the highest value before, %. Time in IST.${drawn}</p>`;
}

function howMarksAreDrawn(marks: number): string {
  const together = marksPerStretch(marks);
  return together > 1
    ? ` Of ${countText(marks)} marks, each stretch of ${countText(together)} shows its lowest, its highest and its deepest drawdown.`
    : '';
}

function priceCharts({ pictures }: BacktestOutcome): string {
  if (pictures === undefined || pictures.drawn.length === 0)
    return '<p class="none">n/a: there are no bars to draw.</p>';
  const options = pictures.drawn.map(
    ({ key, timeframe, barsPerCandle }, at) =>
      `<option value="${at}">${escaped(key)} · ${escaped(timeframe)}${barsPerCandle > 1 ? ` × ${barsPerCandle}` : ''}</option>`,
  );
  const merged = pictures.drawn.filter(({ barsPerCandle }) => barsPerCandle > 1);
  const words = merged.map(
    ({ key, timeframe, barsPerCandle }) => `${key} ${timeframe} × ${countText(barsPerCandle)}`,
  );
  const levelsLeft = pictures.drawn.reduce((sum, { protectionsLeft }) => sum + protectionsLeft, 0);
  const notes = [
    merged.length > 0
      ? `A candle holds several bars, at most: ${words.slice(0, 12).join(', ')}${words.length > 12 ? ' and others' : ''}.`
      : '',
    levelsLeft > 0 ? `Of stops and targets the latest are drawn, ${countText(levelsLeft)} are not.` : '',
    pictures.left > 0
      ? `Drawn are the ${countText(pictures.drawn.length)} with the most trades; ${countText(pictures.left)} are left out.`
      : '',
  ].filter((note) => note !== '');
  return `${needsScripts}<div class="tools"><label>Instrument <select id="instrument">${options.join('')}</select></label><span class="buttons"><button type="button" id="trade-before">◀ Trade</button><button type="button" id="trade-after">Trade ▶</button><button type="button" id="zoom-in" aria-label="Zoom in">+</button><button type="button" id="zoom-out" aria-label="Zoom out">−</button><button type="button" id="zoom-all">All</button></span></div>${chart('price', 'Price with entries, exits, stops and indicators, India time')}<ul class="key" id="price-key"></ul><p class="note">A hollow candle closed higher, a filled one lower. ▲ long entry, ▼ short entry, ● exit with gain, ■ exit with loss. Time in IST. ${escaped(notes.join(' '))}</p>`;
}

function tradeList({ trades }: BacktestOutcome): string {
  if (trades.length === 0) return '<p class="none">There are no trades.</p>';
  const listed = listedTrades(trades).length;
  const left =
    listed < trades.length
      ? `<p class="note">The ${countText(listed)} of ${countText(trades.length)} trades with the largest gain or loss are listed; algo backtest --export trades.csv writes all.</p>`
      : '';
  return `${needsScripts}<div class="tools"><label>Filter <input id="filter" type="search" placeholder="symbol, side, reason" autocomplete="off" spellcheck="false"></label><span class="buttons"><span id="page-state" role="status"></span><button type="button" id="page-before">◀ Page</button><button type="button" id="page-after">Page ▶</button></span></div><div class="scroll" tabindex="0" role="region" aria-label="Trades"><table id="trades"><thead></thead><tbody></tbody></table></div>${left}`;
}

function runFacts(header: RunHeader): string {
  const { hashes, strategies, instruments } = header;
  const facts: readonly (readonly [string, string])[] = [
    ['Run', `${header.runId} · algo ${header.version}`],
    ...strategies.map((strategy) => ['Strategy', strategyText(strategy)] as const),
    ['Universe', instruments.map(({ key }) => key).join(', ')],
    ['Bars', `${countText(header.bars)} in ${wallText(header.wallMs)}`],
    ['Account', `${rupeesOf(header.capitalPaise)} · ${header.product} · ${header.sizing}`],
    ['Rules', `fills ${header.fillRule} · charges ${header.charges}`],
    ...(['data', 'config', 'rulebook', 'strategy', 'result'] as const).map(
      (part) => [`Hash of ${part}`, hashes[part]] as const,
    ),
  ];
  const rows = facts.map(
    ([label, text]) => `<div class="row"><dt>${label}</dt><dd>${escaped(text)}</dd></div>`,
  );
  return `<dl class="facts">${rows.join('')}</dl>`;
}
