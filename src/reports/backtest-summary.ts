import { roundHalfUp, rupeesOf } from '../domain/money.ts';
import { type EpochMs, istDate, istText } from '../domain/time.ts';
import type { Figure } from '../research/figure.ts';
import type { Drawdown } from '../research/risk-figures.ts';
import type { Summary } from '../research/summary.ts';
import { netOf, returnPercentOf } from '../research/trade-statistics.ts';
import { countText, percentText, ratioText } from './format.ts';
import { bold, dim, red, type Screen, wrapped } from './screen.ts';

/** One figure of the summary: its words and its number, ready to print. */
export type Line = readonly [label: string, text: string];

const gutter = 4;
const widestColumn = 46;
const narrowestColumn = 36;

/** The figures of a run in two columns, one on a narrow screen; then the drawdown's dates and why figures are missing. */
export function backtestSummary(summary: Summary, screen: Screen): string {
  const { blocks, notes } = summaryFigures(summary);
  const columns = screen.width >= 2 * narrowestColumn + gutter ? 2 : 1;
  const width = Math.min(widestColumn, Math.floor((screen.width - gutter * (columns - 1)) / columns));
  const parts: string[] = [];
  for (let at = 0; at < blocks.length; at += columns) {
    parts.push(
      sideBySide(
        blocks.slice(at, at + columns).map((block) => drawn(block, width, screen)),
        width,
      ),
    );
  }
  const text = notes.flatMap((note) => wrapped(note, screen.width).map((line) => dim(line, screen)));
  return [...parts, text.join('\n')].join('\n\n');
}

/** Every figure in words, by block, and below them whole sentences: the drawdown's dates, why figures are missing. */
export function summaryFigures(summary: Summary): {
  readonly blocks: readonly Block[];
  readonly notes: readonly string[];
} {
  const reasons = new Map<string, string[]>();
  const blocks = blocksOf(summary, reasons);
  const notes = [
    ...(summary.trades === 0 ? ['There are no trades.'] : []),
    ...drawdownWords(summary.maxDrawdown),
    ...('unavailable' in summary.benchmarkPercent ? [] : [benchmarkWords]),
    ...[...reasons].map(([reason, labels]) => `${labels.join(', ')}: ${reason}.`),
  ];
  return { blocks, notes };
}

const benchmarkWords =
  'Benchmark: the universe bought in equal parts at the first close and held to the last, without charges.';

export interface Block {
  readonly title: string;
  readonly lines: readonly Line[];
}

function blocksOf(summary: Summary, reasons: Map<string, string[]>): readonly Block[] {
  const shown = (label: string, from: Figure, text: (value: number) => string): Line => {
    const reason = 'unavailable' in from ? from.unavailable : from.caution;
    if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), label]);
    if ('unavailable' in from) return [label, 'n/a'];
    return [label, text(from.value)];
  };
  const rupees = (paise: number) => rupeesOf(roundHalfUp(paise));
  const { best, worst, bestDay, worstDay, maxDrawdown, maxDrawdownPercent } = summary;
  const account: Block[] = [
    {
      title: 'Result',
      lines: [
        ['Final balance', rupeesOf(summary.finalPaise)],
        ['Net profit', rupeesOf(summary.netPaise)],
        ['Gross profit', rupeesOf(summary.grossPaise)],
        ['Charges', rupeesOf(summary.chargesPaise)],
        ...(summary.openPaise === 0 ? [] : [['Open positions', rupeesOf(summary.openPaise)] as const]),
        ['Return', percentText(summary.returnPercent)],
        shown('CAGR', summary.cagrPercent, percentText),
        shown('Benchmark', summary.benchmarkPercent, percentText),
        shown('Excess', summary.excessPercent, percentText),
        shown('Cost drag on gross', summary.costDragPercent, percentText),
        shown('Cost of turnover', summary.costOfTurnoverPercent, (value) => `${value.toFixed(4)}%`),
        ['Turnover', rupeesOf(summary.turnoverPaise)],
        ['Turnover / capital', `${ratioText(summary.turnoverTimes)}×`],
      ],
    },
    {
      title: 'Risk',
      lines: [
        shown('Annual volatility', summary.volatilityPercent, percentText),
        shown('Sharpe', summary.sharpe, ratioText),
        shown('Sortino', summary.sortino, ratioText),
        shown('Calmar', summary.calmar, ratioText),
        shown('Max drawdown', maxDrawdownPercent, percentText),
        ['Max drawdown (₹)', 'unavailable' in maxDrawdownPercent ? 'n/a' : rupeesOf(maxDrawdown?.paise ?? 0)],
        shown('Max drawdown (daily)', summary.maxDrawdownDailyPercent, percentText),
        shown('Average drawdown', summary.averageDrawdownPercent, percentText),
        shown('Longest drawdown', summary.longestDrawdownDays, (days) => `${countText(days)} days`),
        shown('Exposure', summary.exposurePercent, percentText),
        ['Best day', bestDay ? `${rupeesOf(bestDay.paise)} · ${bestDay.date}` : 'n/a'],
        ['Worst day', worstDay ? `${rupeesOf(worstDay.paise)} · ${worstDay.date}` : 'n/a'],
      ],
    },
  ];
  if (summary.trades === 0) return account;
  return [
    ...account,
    {
      title: 'Trades',
      lines: [
        ['Trades', countText(summary.trades)],
        ['Won / lost / even', `${summary.wins} / ${summary.losses} / ${summary.breakeven}`],
        shown('Win rate', summary.winRatePercent, percentText),
        shown('Trades a day', summary.tradesPerDay, ratioText),
        shown('Average length', summary.averageBars, (bars) => `${bars.toFixed(1)} bars`),
        ['Winning streak', countText(summary.winStreak)],
        ['Losing streak', countText(summary.lossStreak)],
        ['Best trade', best ? `${rupeesOf(netOf(best))} · ${percentText(returnPercentOf(best))}` : 'n/a'],
        ['Worst trade', worst ? `${rupeesOf(netOf(worst))} · ${percentText(returnPercentOf(worst))}` : 'n/a'],
      ],
    },
    {
      title: 'Edge',
      lines: [
        shown('Profit factor', summary.profitFactor, ratioText),
        shown('Expectancy', summary.expectancyPaise, rupees),
        shown('Expectancy (%)', summary.expectancyPercent, percentText),
        shown('Expectancy (R)', summary.expectancyR, ratioText),
        shown('SQN', summary.sqn, ratioText),
        shown('Average win', summary.averageWinPaise, rupees),
        shown('Average loss', summary.averageLossPaise, rupees),
        shown('Payoff ratio', summary.payoffRatio, ratioText),
        shown('Kelly', summary.kellyPercent, percentText),
      ],
    },
  ];
}

function drawn({ title, lines }: Block, width: number, screen: Screen): string[] {
  const rows = lines.map(([label, text]) => {
    const blanks = ' '.repeat(Math.max(1, width - label.length - text.length));
    return `${label}${blanks}${text.startsWith('-') ? red(text, screen) : text}`;
  });
  return [bold(title, screen) + ' '.repeat(width - title.length), dim('─'.repeat(width), screen), ...rows];
}

function sideBySide([left = [], right = []]: readonly (readonly string[])[], width: number): string {
  const rows = Math.max(left.length, right.length);
  return Array.from({ length: rows }, (_, row) =>
    `${left[row] ?? ' '.repeat(width)}${' '.repeat(gutter)}${right[row] ?? ''}`.trimEnd(),
  ).join('\n');
}

function drawdownWords(fall: Drawdown | undefined): string[] {
  if (fall === undefined) return [];
  const when = (time: EpochMs) => (fall.days > 0 ? istDate(time) : istText(time));
  const length = fall.days > 0 ? ` (${fall.days} days)` : '';
  const back =
    fall.recoveryTime === undefined ? 'not recovered by the end' : `recovered ${when(fall.recoveryTime)}`;
  return [`Max drawdown: from ${when(fall.peakTime)}, lowest ${when(fall.troughTime)}, ${back}${length}.`];
}
