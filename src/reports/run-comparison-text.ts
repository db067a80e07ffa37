import { groupedOf } from '../domain/money.ts';
import type { TradeDocument } from './backtest-schema.ts';
import { countText, ratioText } from './format.ts';
import type { FigureDifference, RunComparison } from './run-comparison.ts';
import { bold, type Screen, wrapped } from './screen.ts';
import { type Cell, tableText } from './table.ts';

/** More trades than this are for --json. */
const shownTrades = 10;

/** The difference of two runs as a person reads it: sections with an empty line between. */
export function runComparisonText(comparison: RunComparison, screen: Screen): string {
  const { first, second, sameResult, inputs } = comparison;
  const label = Math.max(first.id.length, second.id.length) + 2;
  const head = [first, second].flatMap((run) =>
    wrapped(`${run.title}, saved ${run.savedAt.slice(0, 16).replace('T', ' ')}`, screen.width - label).map(
      (line, at) => (at === 0 ? run.id : '').padEnd(label) + line,
    ),
  );
  const same = sameResult
    ? [
        inputs.length > 0
          ? 'The inputs differ and the results are the same: every order, fill and trade.'
          : 'The two are the same: equal inputs, equal results.',
      ]
    : [];
  return [
    [bold('Comparison; differences are the second run minus the first', screen), ...head, ...same].join('\n'),
    inputTable(comparison, screen),
    ...(sameResult
      ? []
      : [summaryTable(comparison, screen), whyTable(comparison, screen), chargeTable(comparison, screen)]),
    ...tradeTables(comparison, screen),
  ].join('\n\n');
}

function inputTable({ inputs, first, second }: RunComparison, screen: Screen): string {
  return tableText(
    {
      title: 'Inputs that differ',
      columns: ['Kind', 'Name', first.id, second.id].map((title) => ({ title, align: 'left' })),
      rows: inputs.map((input) => [input.kind, input.name, input.first ?? '–', input.second ?? '–']),
      empty: 'Every input is the same.',
    },
    screen,
  );
}

const figureTitles: Readonly<Record<string, string>> = {
  capital: 'Capital ₹',
  finalBalance: 'Final balance ₹',
  gross: 'Gross profit ₹',
  charges: 'Charges ₹',
  net: 'Net profit ₹',
  open: 'Open positions ₹',
  returnPercent: 'Return %',
  benchmarkPercent: 'Benchmark %',
  turnover: 'Turnover ₹',
  cagrPercent: 'CAGR %',
  volatilityPercent: 'Volatility %',
  sharpe: 'Sharpe',
  sortino: 'Sortino',
  maxDrawdownPercent: 'Max drawdown %',
  exposurePercent: 'Exposure %',
  trades: 'Trades',
  winRatePercent: 'Win rate %',
  profitFactor: 'Profit factor',
  expectancy: 'Expectancy ₹',
  averageBars: 'Bars a trade',
};

function summaryTable({ summary, first, second }: RunComparison, screen: Screen): string {
  return tableText(
    {
      title: 'Summary',
      columns: columnsOf('Figure', first.id, second.id),
      rows: summary.map((row) => [figureTitles[row.figure] ?? row.figure, ...figureCells(row)]),
    },
    screen,
  );
}

const partTitles: Readonly<Record<RunComparison['why'][number]['part'], string>> = {
  'only-first': 'only in the first',
  'only-second': 'only in the second',
  time: 'same trade, other times',
  price: 'same times, other prices',
  quantity: 'same prices, other quantity',
  exit: 'same fills, other exit reason or product',
  charges: 'same fills, other charges',
};

function whyTable({ why, netDifference, trades }: RunComparison, screen: Screen): string {
  const total = (of: 'gross' | 'charges') => why.reduce((sum, row) => sum + paise(row[of]), 0);
  return tableText(
    {
      title: 'Why the net differs',
      columns: [
        'Trades that are',
        ...['Trades', 'Gross ₹', 'Charges ₹', 'Net ₹'].map((title) => ({ title, align: 'right' as const })),
      ],
      rows: why.map((row) => [
        partTitles[row.part],
        countText(row.trades),
        money(row.gross),
        money(row.charges),
        money(row.net),
      ]),
      totals: [
        'Difference of the runs',
        '',
        groupedOf(total('gross')),
        groupedOf(total('charges')),
        money(netDifference),
      ],
      notes: [`${countText(trades.equal)} trades are equal in both.`],
      empty: `All ${countText(trades.equal)} trades are equal in both.`,
    },
    screen,
  );
}

function chargeTable({ charges, first, second }: RunComparison, screen: Screen): string {
  const cells = (row: FigureDifference): Cell[] => [row.figure, ...figureCells(row)];
  return tableText(
    {
      title: 'Charges by line, ₹',
      columns: columnsOf('Line', first.id, second.id),
      rows: charges.filter(({ figure }) => figure !== 'total').map(cells),
      totals: charges.filter(({ figure }) => figure === 'total').flatMap(cells),
    },
    screen,
  );
}

function tradeTables(comparison: RunComparison, screen: Screen): string[] {
  const { trades, first, second } = comparison;
  const single = (title: string, rows: readonly TradeDocument[]) =>
    rows.length === 0
      ? []
      : [
          tableText(
            {
              title,
              columns: ['Instrument', 'Side', 'Entry', 'at', 'Exit', 'at', 'Quantity', 'Net ₹'],
              rows: [...rows]
                .sort((one, other) => (one.entryTime < other.entryTime ? -1 : 1))
                .slice(0, shownTrades)
                .map((row) => [row.instrument, row.side, ...tradeCells(row)]),
              notes: more(rows.length),
            },
            screen,
          ),
        ];
  return [
    ...single(`Trades only in ${first.id}`, trades.onlyFirst),
    ...single(`Trades only in ${second.id}`, trades.onlySecond),
    ...changedTable(comparison, screen),
  ];
}

function changedTable({ trades: { changed }, first, second }: RunComparison, screen: Screen): string[] {
  if (changed.length === 0) return [];
  const widest = [...changed].sort(
    (one, other) => Math.abs(paise(other.netDifference)) - Math.abs(paise(one.netDifference)),
  );
  return [
    tableText(
      {
        title: 'The same trades, done otherwise; the widest differences first',
        columns: ['Instrument', 'Run', 'Entry', 'at', 'Exit', 'at', 'Quantity', 'Net ₹'],
        rows: widest.slice(0, shownTrades).flatMap((pair) => [
          [`${pair.first.instrument} ${pair.first.side}`, first.id, ...tradeCells(pair.first)],
          ['', second.id, ...tradeCells(pair.second)],
        ]),
        notes: more(changed.length),
      },
      screen,
    ),
  ];
}

function tradeCells(row: TradeDocument): Cell[] {
  return [
    instant(row.entryTime),
    row.entryPrice,
    instant(row.exitTime),
    row.exitPrice,
    row.quantity,
    money(row.net),
  ];
}

function more(count: number): string[] {
  return count > shownTrades ? [`${countText(count - shownTrades)} more; --json has them all.`] : [];
}

function columnsOf(name: string, first: string, second: string) {
  return [name, ...[first, second, 'Difference'].map((title) => ({ title, align: 'right' as const }))];
}

function figureCells({ figure, first, second, difference }: FigureDifference): Cell[] {
  return [first, second, difference].map((value) => {
    if (value === null) return 'n/a';
    if (typeof value === 'string') return money(value);
    return figure === 'trades' ? groupedOf(value * 100).slice(0, -3) : ratioText(value);
  });
}

function money(decimal: string): string {
  return groupedOf(paise(decimal));
}

function paise(decimal: string): number {
  return Number(decimal.replace('.', ''));
}

function instant(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
