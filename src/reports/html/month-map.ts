import type { BacktestOutcome } from '../../research/backtest-outcome.ts';
import { breakdown, type PeriodRow } from '../../research/breakdown.ts';
import { percentText } from '../format.ts';
import { escaped } from './markup.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const shades = 5;

/** Returns by month and year, coloured by size; a month without a mark is empty. */
export function monthMap({ equity, trades, summary }: BacktestOutcome): string {
  const rows = breakdown({ equity, trades, capitalPaise: summary.capitalPaise, period: 'month' });
  if (rows.length === 0) return '<p class="none">n/a: the run has no bars.</p>';
  const byMonth = new Map(rows.map((row) => [row.period, row]));
  const largest = rows.reduce((most, { returnPercent }) => Math.max(most, Math.abs(returnPercent)), 0);
  const years = [...new Set(rows.map(({ period }) => period.slice(0, 4)))];
  const body = years.map((year) => {
    const own = months.map((_, at) => byMonth.get(`${year}-${String(at + 1).padStart(2, '0')}`));
    const cells = own.map((row, at) => cell(months[at], row, largest)).join('');
    return `<tr><th scope="row">${escaped(year)}</th>${cells}${yearCell(own)}</tr>`;
  });
  const head = months.map((month) => `<th scope="col">${month}</th>`).join('');
  return `<table class="months"><thead><tr><th scope="col">Year</th>${head}<th scope="col">Year's return</th></tr></thead><tbody>${body.join('')}</tbody></table>`;
}

function cell(month: string, row: PeriodRow | undefined, largest: number): string {
  if (row === undefined) return `<td data-month="${month}" class="empty"></td>`;
  const { returnPercent } = row;
  const shade = largest > 0 ? Math.ceil((Math.abs(returnPercent) / largest) * shades) : 0;
  const style = shade === 0 ? 'flat' : `${returnPercent < 0 ? 'loss' : 'gain'}${shade}`;
  const title = `${row.period}: ${percentText(returnPercent)}, ${row.trades} trades closed`;
  return `<td data-month="${month}" class="${style}" title="${title}">${oneDecimal(returnPercent)}</td>`;
}

function yearCell(rows: readonly (PeriodRow | undefined)[]): string {
  const growth = rows.reduce((product, row) => product * (1 + (row?.returnPercent ?? 0) / 100), 1);
  return `<td data-month="Year" class="year">${oneDecimal((growth - 1) * 100)}</td>`;
}

function oneDecimal(percent: number): string {
  const text = percent.toFixed(1);
  return Number(text) === 0 ? '0.0' : text.replace('-', '−');
}
