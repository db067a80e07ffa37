import { type ChargeLine, chargeLines } from '../domain/charges.ts';
import { groupedOf, rupeesOf } from '../domain/money.ts';
import type { BacktestOutcome } from '../research/backtest-outcome.ts';
import type { Period } from '../research/breakdown.ts';
import { byExitReason, byInstrument, byStrategy, type Group, refusalsByCode } from '../research/groups.ts';
import { backtestHeader } from './backtest-header.ts';
import { backtestSummary } from './backtest-summary.ts';
import { countText, percentText } from './format.ts';
import type { Screen } from './screen.ts';
import { type Cell, type Column, tableText } from './table.ts';

/** A backtest as a person reads it: sections with an empty line between, no line break at the end. */
export function backtestReport(outcome: BacktestOutcome, screen: Screen): string {
  return [
    backtestHeader(outcome.header, screen),
    instruments(outcome, screen),
    strategies(outcome, screen),
    exits(outcome, screen),
    refusals(outcome, screen),
    breakdownTable(outcome, screen),
    charges(outcome, screen),
    backtestSummary(outcome.summary, screen),
  ]
    .filter((section) => section !== undefined)
    .join('\n\n');
}

const groupColumns: readonly Column[] = [
  { title: 'Trades', align: 'right' },
  { title: 'Wins', align: 'right', optional: true },
  { title: 'Gross ₹', align: 'right', optional: true },
  { title: 'Charges ₹', align: 'right' },
  { title: 'Net ₹', align: 'right' },
];

function groupCells({ trades, wins, grossPaise, chargesPaise, netPaise }: Group): Cell[] {
  if (trades === 0) return ['0', '', '', '', ''];
  return [
    countText(trades),
    percentText((wins / trades) * 100),
    groupedOf(grossPaise),
    groupedOf(chargesPaise),
    groupedOf(netPaise),
  ];
}

export function totalOf(groups: readonly Group[]): Group {
  const sum = (of: (group: Group) => number) => groups.reduce((total, group) => total + of(group), 0);
  return {
    name: 'Total',
    trades: sum((group) => group.trades),
    wins: sum((group) => group.wins),
    losses: sum((group) => group.losses),
    grossPaise: sum((group) => group.grossPaise),
    chargesPaise: sum((group) => group.chargesPaise),
    netPaise: sum((group) => group.netPaise),
  };
}

function instruments({ header, trades }: BacktestOutcome, screen: Screen): string {
  const groups = byInstrument(
    trades,
    header.instruments.map(({ key }) => key),
  );
  const bars = new Map(header.instruments.map((instrument) => [instrument.key, instrument.bars]));
  return tableText(
    {
      title: 'Instruments',
      columns: ['Instrument', { title: 'Bars', align: 'right', optional: true }, ...groupColumns],
      rows: groups.map((group) => [group.name, countText(bars.get(group.name) ?? 0), ...groupCells(group)]),
      ...(groups.length > 1 && { totals: ['Total', countText(header.bars), ...groupCells(totalOf(groups))] }),
    },
    screen,
  );
}

function strategies({ header, trades }: BacktestOutcome, screen: Screen): string | undefined {
  if (header.strategies.length < 2) return undefined;
  const groups = byStrategy(
    trades,
    header.strategies.map(({ name }) => name),
  );
  const rows = groups.map((group) => [group.name, ...groupCells(group)]);
  return tableText({ title: 'Strategies', columns: ['Strategy', ...groupColumns], rows }, screen);
}

function exits({ trades }: BacktestOutcome, screen: Screen): string | undefined {
  if (trades.length === 0) return undefined;
  const rows = byExitReason(trades).map((group) => [group.name, ...groupCells(group)]);
  return tableText({ title: 'Exits by reason', columns: ['Exit', ...groupColumns], rows }, screen);
}

function refusals(outcome: BacktestOutcome, screen: Screen): string | undefined {
  const groups = refusalsByCode(outcome.refusals);
  if (groups.length === 0) return undefined;
  return tableText(
    {
      title: 'Refused signals',
      columns: ['Rule', { title: 'Signals', align: 'right' }, 'First case'],
      rows: groups.map(({ code, count, first }) => [code, countText(count), first]),
    },
    screen,
  );
}

export const periodTitles: Readonly<Record<Period, string>> = { day: 'Day', week: 'Week of', month: 'Month' };

function breakdownTable({ breakdown, summary }: BacktestOutcome, screen: Screen): string | undefined {
  if (breakdown === undefined) return undefined;
  return tableText(
    {
      title: `By ${breakdown.period}`,
      columns: [
        periodTitles[breakdown.period],
        { title: 'Trades', align: 'right' },
        { title: 'Gross ₹', align: 'right', optional: true },
        { title: 'Charges ₹', align: 'right', optional: true },
        { title: 'Net ₹', align: 'right' },
        { title: 'Return', align: 'right' },
        { title: 'Balance ₹', align: 'right' },
      ],
      rows: breakdown.rows.map((row) => [
        row.period,
        countText(row.trades),
        groupedOf(row.grossPaise),
        groupedOf(row.chargesPaise),
        groupedOf(row.netPaise),
        percentText(row.returnPercent),
        groupedOf(row.endPaise),
      ]),
      totals: [
        'Total',
        countText(summary.trades),
        groupedOf(summary.grossPaise),
        groupedOf(summary.chargesPaise),
        groupedOf(summary.netPaise),
        percentText(summary.returnPercent),
        groupedOf(summary.finalPaise),
      ],
      notes: ['Trades count where they closed; return and balance include positions still open.'],
    },
    screen,
  );
}

export const chargeTitles: Readonly<Record<ChargeLine, string>> = {
  brokerage: 'Brokerage',
  stt: 'STT / CTT',
  exchange: 'Exchange transaction',
  ipft: 'IPFT',
  sebi: 'SEBI turnover fee',
  stamp: 'Stamp duty',
  gst: 'GST',
  dp: 'DP charges',
};

function charges({ header, summary }: BacktestOutcome, screen: Screen): string {
  const total = summary.chargesTotalPaise;
  const share = (paise: number, of: number) => (of > 0 ? percentText((paise / of) * 100) : '');
  const ofTurnover = (paise: number) =>
    summary.turnoverPaise > 0 ? `${((paise / summary.turnoverPaise) * 100).toFixed(4)}%` : '';
  return tableText(
    {
      title: `Charges (${header.charges})`,
      columns: [
        'Line',
        { title: 'Amount', align: 'right' },
        { title: 'Share', align: 'right' },
        { title: 'Of turnover', align: 'right' },
      ],
      rows: chargeLines
        .filter(() => total > 0)
        .map((line) => {
          const paise = summary.charges[line];
          return [chargeTitles[line], rupeesOf(paise), share(paise, total), ofTurnover(paise)];
        }),
      ...(total > 0 && { totals: ['Total', rupeesOf(total), share(total, total), ofTurnover(total)] }),
      empty: 'No charges.',
    },
    screen,
  );
}
