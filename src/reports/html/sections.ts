import { chargeLines } from '../../domain/charges.ts';
import { groupedOf, rupeesOf } from '../../domain/money.ts';
import type { BacktestOutcome } from '../../research/backtest-outcome.ts';
import { byExitReason, byInstrument, byStrategy, type Group, refusalsByCode } from '../../research/groups.ts';
import { chargeTitles, periodTitles, totalOf } from '../backtest-report.ts';
import { summaryFigures } from '../backtest-summary.ts';
import { countText, percentText } from '../format.ts';
import { escaped } from './markup.ts';
import { plainBar, signedBar } from './svg.ts';

/** A cell: text to escape, a number that is coloured when it is lost money, or markup of ours. */
type Cell = string | { readonly number: string; readonly money?: boolean } | { readonly markup: string };

interface Head {
  readonly title: string;
  readonly number?: boolean;
  /** Holds a bar. */
  readonly wide?: boolean;
  /** Left out on a phone. */
  readonly optional?: boolean;
}

interface Table {
  readonly name: string;
  readonly heads: readonly Head[];
  readonly rows: readonly (readonly Cell[])[];
  readonly totals?: readonly Cell[] | undefined;
}

/** A table that scrolls within itself where the page is narrow. */
function table({ name, heads, rows, totals }: Table): string {
  const head = heads.map((each) => `<th scope="col"${styleOf(each)}>${escaped(each.title)}</th>`).join('');
  const row = (cells: readonly Cell[]) =>
    `<tr>${cells.map((content, at) => cell(content, heads[at], at)).join('')}</tr>`;
  const foot = totals ? `<tfoot>${row(totals)}</tfoot>` : '';
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(name)}"><table><thead><tr>${head}</tr></thead><tbody>${rows.map(row).join('')}</tbody>${foot}</table></div>`;
}

function cell(content: Cell, head: Head, at: number): string {
  if (typeof content === 'string')
    return at === 0 ? `<th scope="row">${escaped(content)}</th>` : `<td>${escaped(content)}</td>`;
  if ('markup' in content) return `<td${styleOf(head)}>${content.markup}</td>`;
  const lost = content.money === true && content.number.startsWith('-');
  return `<td${styleOf(head, lost)}>${escaped(content.number.replace('-', '−'))}</td>`;
}

function styleOf({ number, wide, optional }: Head, lost = false): string {
  const styles = [
    number && 'number',
    wide && 'wide',
    (optional || wide) && 'optional',
    lost && 'loss',
  ].filter(Boolean);
  return styles.length > 0 ? ` class="${styles.join(' ')}"` : '';
}

const groupHeads: readonly Head[] = [
  { title: 'Trades', number: true },
  { title: 'Wins', number: true, optional: true },
  { title: 'Gross ₹', number: true, optional: true },
  { title: 'Charges ₹', number: true },
  { title: 'Net ₹', number: true },
];

function groupCells({ trades, wins, grossPaise, chargesPaise, netPaise }: Group): readonly Cell[] {
  return [
    { number: countText(trades) },
    { number: trades > 0 ? percentText((wins / trades) * 100) : '' },
    { number: groupedOf(grossPaise), money: true },
    { number: groupedOf(chargesPaise) },
    { number: groupedOf(netPaise), money: true },
  ];
}

function largestNet(groups: readonly Group[]): number {
  return groups.reduce((most, { netPaise }) => Math.max(most, Math.abs(netPaise)), 0);
}

export function exitsTable({ trades }: BacktestOutcome): string {
  const groups = byExitReason(trades);
  if (groups.length === 0) return '<p class="none">There are no trades.</p>';
  const largest = largestNet(groups);
  return table({
    name: 'Exits by reason',
    heads: [{ title: 'Exit' }, ...groupHeads, { title: 'Net', wide: true }],
    rows: groups.map((group) => [
      group.name,
      ...groupCells(group),
      { markup: signedBar(group.netPaise, largest) },
    ]),
    totals: ['Total', ...groupCells(totalOf(groups)), { markup: '' }],
  });
}

export function chargesTable({ summary }: BacktestOutcome): string {
  const total = summary.chargesTotalPaise;
  if (total <= 0) return '<p class="none">No charges.</p>';
  const largest = chargeLines.reduce((most, line) => Math.max(most, summary.charges[line]), 0);
  const ofTurnover = (paise: number) =>
    summary.turnoverPaise > 0 ? `${((paise / summary.turnoverPaise) * 100).toFixed(4)}%` : '';
  return table({
    name: 'Charges by line',
    heads: [
      { title: 'Line' },
      { title: 'Amount', number: true },
      { title: 'Share', number: true },
      { title: 'Of turnover', number: true, optional: true },
      { title: '', wide: true },
    ],
    rows: chargeLines.map((line) => {
      const paise = summary.charges[line];
      return [
        chargeTitles[line],
        { number: rupeesOf(paise) },
        { number: percentText((paise / total) * 100) },
        { number: ofTurnover(paise) },
        { markup: plainBar(paise, largest) },
      ];
    }),
    totals: [
      'Total',
      { number: rupeesOf(total) },
      { number: '100.00%' },
      { number: ofTurnover(total) },
      { markup: '' },
    ],
  });
}

export function instrumentsTable({ header, trades }: BacktestOutcome): string {
  const groups = byInstrument(
    trades,
    header.instruments.map(({ key }) => key),
  );
  const bars = new Map(header.instruments.map(({ key, bars: count }) => [key, count]));
  const largest = largestNet(groups);
  return table({
    name: 'Instruments',
    heads: [
      { title: 'Instrument' },
      { title: 'Bars', number: true, optional: true },
      ...groupHeads,
      { title: 'Net', wide: true },
    ],
    rows: groups.map((group) => [
      group.name,
      { number: countText(bars.get(group.name) ?? 0) },
      ...groupCells(group),
      { markup: signedBar(group.netPaise, largest) },
    ]),
    totals:
      groups.length > 1
        ? ['Total', { number: countText(header.bars) }, ...groupCells(totalOf(groups)), { markup: '' }]
        : undefined,
  });
}

export function strategiesTable({ header, trades }: BacktestOutcome): string | undefined {
  if (header.strategies.length < 2) return undefined;
  const groups = byStrategy(
    trades,
    header.strategies.map(({ name }) => name),
  );
  return table({
    name: 'Strategies',
    heads: [{ title: 'Strategy' }, ...groupHeads],
    rows: groups.map((group) => [group.name, ...groupCells(group)]),
  });
}

export function refusalsTable({ refusals }: BacktestOutcome): string | undefined {
  const groups = refusalsByCode(refusals);
  if (groups.length === 0) return undefined;
  return table({
    name: 'Refused signals',
    heads: [{ title: 'Rule' }, { title: 'Signals', number: true }, { title: 'First case' }],
    rows: groups.map(({ code, count, first }) => [code, { number: countText(count) }, first]),
  });
}

export function breakdownTable({ breakdown, summary }: BacktestOutcome): string | undefined {
  if (breakdown === undefined) return undefined;
  const money = (paise: number): Cell => ({ number: groupedOf(paise), money: true });
  return table({
    name: `By ${breakdown.period}`,
    heads: [
      { title: periodTitles[breakdown.period] },
      ...['Trades', 'Gross ₹', 'Charges ₹', 'Net ₹', 'Return', 'Balance ₹'].map((title) => ({
        title,
        number: true,
      })),
    ],
    rows: breakdown.rows.map((row) => [
      row.period,
      { number: countText(row.trades) },
      money(row.grossPaise),
      { number: groupedOf(row.chargesPaise) },
      money(row.netPaise),
      { number: percentText(row.returnPercent), money: true },
      money(row.endPaise),
    ]),
    totals: [
      'Total',
      { number: countText(summary.trades) },
      money(summary.grossPaise),
      { number: groupedOf(summary.chargesPaise) },
      money(summary.netPaise),
      { number: percentText(summary.returnPercent), money: true },
      money(summary.finalPaise),
    ],
  });
}

/** Every figure of the text report in the same words, and why some are missing. */
export function figures({ summary }: BacktestOutcome): string {
  const { blocks, notes } = summaryFigures(summary);
  const lists = blocks.map(({ title, lines }) => {
    const rows = lines.map(([label, text]) => {
      const loss = text.startsWith('-') ? ' class="loss"' : text === 'n/a' ? ' class="none"' : '';
      return `<div class="row"><dt>${escaped(label)}</dt><dd${loss}>${escaped(text.replaceAll('-₹', '−₹').replace(/^-/, '−'))}</dd></div>`;
    });
    return `<div><h3>${escaped(title)}</h3><dl>${rows.join('')}</dl></div>`;
  });
  const words = notes.map((note) => `<p class="note">${escaped(note)}</p>`);
  return `<div class="blocks">${lists.join('')}</div>${words.join('')}`;
}
