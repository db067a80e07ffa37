import { isoDateOfDay } from '../../domain/time.ts';
import type { BacktestOutcome } from '../../research/backtest-outcome.ts';
import { type DailyEquity, dailyEquity, returnsOf } from '../../research/daily-equity.ts';
import { type Histogram, histogram, roundStep } from '../../research/histogram.ts';
import { mean } from '../../research/returns.ts';
import { rollingDays, rollingSharpe } from '../../research/rolling-sharpe.ts';
import { periodsPerYear } from '../../research/summary.ts';
import { returnPercentOf } from '../../research/trade-statistics.ts';
import { percentText, ratioText } from '../format.ts';
import { coordinate, minus } from './markup.ts';
import { plot, plotHeight, roundValues, type Tick } from './svg.ts';

const headroom = 10;

/** How often which return occurred, of days and of trades. */
export function distributions({ equity, trades, summary }: BacktestOutcome): string {
  const days = returnsOf(dailyEquity(equity), summary.capitalPaise).map((value) => value * 100);
  const rounds = Float64Array.from(trades, returnPercentOf).filter(Number.isFinite);
  return (
    distribution('Days', 'daily returns', days) +
    distribution('Trades', 'net in percent of the entry', rounds)
  );
}

function distribution(title: string, what: string, percents: Float64Array): string {
  const bins = histogram(percents);
  const heading = `<h3>${title} <small>${what}</small></h3>`;
  if (bins === undefined)
    return `<div>${heading}<p class="none">n/a: there are no ${title.toLowerCase()}.</p></div>`;
  const average = mean(percents);
  const middle = percents.slice().sort()[Math.floor(percents.length / 2)];
  const words = `mean ${minus(percentText(average))}, median ${minus(percentText(middle))}, bins of ${shortNumber(bins.step)} %`;
  return `<div>${heading}${bars(bins, `${what}: ${words}`)}<p class="note">${percents.length} ${title.toLowerCase()}, ${words}${beyond(bins)}.</p></div>`;
}

function beyond({ below, above }: Histogram): string {
  if (below + above === 0) return '';
  return `; ${below} below and ${above} above are in the outermost bars`;
}

function bars({ from, step, counts }: Histogram, name: string): string {
  const most = Math.max(...counts);
  const width = 100 / counts.length;
  const heightOf = (count: number) => (count / most) * (plotHeight - headroom);
  const shapes = counts
    .map((count, at) => {
      const low = from + at * step;
      const style = low < -step * 1e-6 ? 'loss' : 'gain';
      const title = `${shortNumber(low)} % to ${shortNumber(low + step)} %: ${count}`;
      return `<rect class="${style}" x="${coordinate(at * width + width * 0.06)}%" width="${coordinate(width * 0.88)}%" y="${coordinate(plotHeight - heightOf(count))}" height="${coordinate(heightOf(count))}"><title>${title}</title></rect>`;
    })
    .join('');
  const end = from + counts.length * step;
  const every = roundStep((end - from) / 6);
  const x = roundValues(from, end, every).map((value) => ({
    at: ((value - from) / (end - from)) * 100,
    label: `${shortNumber(value)}%`,
  }));
  const y = roundValues(0, most, Math.max(1, roundStep(most / 5))).map((count) => ({
    at: plotHeight - heightOf(count),
    label: String(count),
  }));
  return plot({ name, shapes, x, y });
}

/** The Sharpe ratio of the last quarter of a year, day by day. */
export function rollingPlot({ header, equity, summary }: BacktestOutcome): string {
  const daily = dailyEquity(equity);
  const window = periodsPerYear(header.timeframe) === 252 ? rollingDays : 12;
  const unit = { day: 'daily', week: 'weekly', month: 'monthly' }[
    header.timeframe === 'week' || header.timeframe === 'month' ? header.timeframe : 'day'
  ];
  const values = rollingSharpe(returnsOf(daily, summary.capitalPaise), {
    window,
    periodsPerYear: periodsPerYear(header.timeframe),
  });
  const there = values.filter(Number.isFinite);
  if (there.length < 2)
    return `<p class="none">n/a: needs more than ${window} ${unit} returns that vary, has ${daily.length}.</p>`;
  const low = Math.min(0, ...bounds(there));
  const high = Math.max(0, ...bounds(there));
  const down = (value: number) => headroom + ((high - value) / (high - low)) * (plotHeight - 2 * headroom);
  const first = values.findIndex(Number.isFinite);
  const span = Math.max(1, daily.length - 1 - first);
  const shapes = `<svg x="0" y="0" width="100%" height="${plotHeight}" viewBox="0 0 1000 ${plotHeight}" preserveAspectRatio="none"><path class="line" d="${path(values, (at) => ((at - first) / span) * 1000, down)}"/></svg>`;
  const y = roundValues(low, high, roundStep((high - low) / 6)).map((value) => ({
    at: down(value),
    label: ratioText(value)
      .replace(/\.?0+$/, '')
      .replace('-', '−'),
  }));
  const words = minus(
    `from ${ratioText(bounds(there)[0])} to ${ratioText(bounds(there)[1])}, last ${ratioText(there[there.length - 1])}`,
  );
  return `${plot({ name: `rolling Sharpe ratio ${words}`, shapes, x: dateTicks(daily, first), y, zero: down(0) })}<p class="note">Over the last ${window} ${unit} returns, ${words}.</p>`;
}

function path(values: Float64Array, across: (at: number) => number, down: (value: number) => number): string {
  let text = '';
  let pen = 'M';
  // One point per drawn unit is all a screen shows of it.
  const every = Math.max(1, Math.floor(values.length / 1500));
  for (
    let at = 0;
    at < values.length;
    at += at + every < values.length || at === values.length - 1 ? every : 1
  ) {
    if (Number.isFinite(values[at])) {
      text += `${pen}${coordinate(across(at))} ${coordinate(down(values[at]))}`;
      pen = 'L';
    } else pen = 'M';
  }
  return text;
}

/** The smallest and the largest value; spreading a long column into Math.min would exhaust the stack. */
function bounds(values: Float64Array): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

const monthWords = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** About five first days of a month, as far apart as whole months allow. */
function dateTicks(daily: DailyEquity, first: number): readonly Tick[] {
  const begins: { at: number; month: number }[] = [];
  for (let at = first + 1; at < daily.length; at++) {
    const month = monthNumber(daily.day[at]);
    if (month !== monthNumber(daily.day[at - 1])) begins.push({ at, month });
  }
  const every = [1, 2, 3, 6, 12, 24, 60, 120].find((step) => begins.length / step <= 5) ?? 240;
  return begins
    .filter(({ month }) => month % every === 0)
    .map(({ at, month }) => ({
      at: ((at - first) / Math.max(1, daily.length - 1 - first)) * 100,
      label: `${monthWords[month % 12]} ${Math.floor(month / 12)}`,
    }));
}

function monthNumber(day: number): number {
  const [year, month] = isoDateOfDay(day).split('-').map(Number);
  return year * 12 + month - 1;
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)) + 0).replace('-', '−');
}
