import { groupedOf, rupeesOf } from '../domain/money.ts';
import { istText } from '../domain/time.ts';
import type { DecisionDifference } from '../research/parity/decision-parity.ts';
import type { FillCause, TradePair } from '../research/parity/fill-parity.ts';
import { countText, priceText } from './format.ts';
import { isParity, modeRow, type ParityReport } from './parity-json.ts';
import { bold, type Screen } from './screen.ts';
import { tableText } from './table.ts';

/** More rows than this are for --json. */
const shownRows = 10;

/** What a cause is, to a trader. */
const causeWords: Readonly<Record<FillCause, string>> = {
  'first-price': 'filled at the price there was, not at the next bar’s open',
  book: 'spread, depth and protected limit of the book',
  slippage: 'slippage of the backtest’s fill rules',
  parts: 'filled in parts, as much as there was at a time',
  level: 'stop or target elsewhere, since the entry filled elsewhere',
  exit: 'closed by another order',
  quantity: 'another quantity',
  'only-first': 'trade of the backtest alone',
  'only-second': 'trade of the session alone',
  charges: 'charges of other prices',
  held: 'positions that are held overnight',
  rounding: 'rounding to the paisa',
};

type Against = ParityReport['against'][number];

/** Whether a strategy does in a session what it did in a backtest, as its owner reads it. */
export function parityText(report: ParityReport, screen: Screen): string {
  const { strategy, day, instruments, timeframe, synthetic, against } = report;
  const some =
    instruments.length > 4
      ? `${instruments.slice(0, 3).join(', ')} and ${instruments.length - 3} more`
      : instruments.join(', ');
  return [
    [
      bold(`Parity of ${strategy} on ${day}, ${timeframe} bars of ${some}`, screen),
      ...(synthetic ? ['Synthetic prices, not real.'] : []),
      ...against.map((each) => decisionLine(report, each)),
    ].join('\n'),
    modeTable(report, screen),
    ...against.flatMap((each) => [
      ...differenceTable(each, screen),
      ...causeTable(each, screen),
      ...tradeTable(each, screen),
      ...unfilledTable(each, screen),
    ]),
    verdict(report),
  ].join('\n\n');
}

function verdict(report: ParityReport): string {
  if (isParity(report)) return 'Every mode decided the same on the same bars.';
  const [first] = report.against
    .flatMap(({ decisions }) => decisions.differences)
    .filter(({ time }) => !Number.isNaN(time))
    .sort((a, b) => a.time - b.time);
  if (!first) return 'The modes did not decide the same: other signals were refused.';
  const { time, key, heldFirst, heldSecond } = first;
  return heldFirst === heldSecond
    ? `The modes did not decide the same: at ${clockText(time)} in ${key}, on the same bars and the same position.`
    : `From ${clockText(time)} on the modes decided on other positions in ${key}, since orders filled otherwise.`;
}

function decisionLine({ modes }: ParityReport, { mode, bars, decisions }: Against): string {
  const { same, differences } = decisions;
  const unlike = bars.other + bars.absent + bars.strange;
  const told =
    unlike === 0
      ? `the same ${countText(bars.same)} bars`
      : `${countText(bars.same)} bars the same, ${countText(bars.other)} other, ${countText(bars.absent)} missing, ${countText(bars.strange)} of its own`;
  const nothing = modes.backtest.entries.length === 0 && same === 0 ? ' (it wanted nothing all day)' : '';
  return `${mode.padEnd(5)}  ${told}; decisions: ${countText(same)} the same, ${countText(differences.length)} different${nothing}`;
}

function modeTable({ modes, capitalPaise }: ParityReport, screen: Screen): string {
  return tableText(
    {
      columns: [
        'Mode',
        ...['Orders', 'Filled', 'Refused', 'Trades', 'Gross ₹', 'Charges ₹', 'Result ₹'].map((title) => ({
          title,
          align: 'right' as const,
        })),
      ],
      rows: Object.entries(modes).map(([mode, run]) => {
        const { orders, filled, refusals, trades, gross, charges, result } = modeRow(run, capitalPaise);
        return [
          mode,
          ...[orders, filled, refusals, trades].map(countText),
          ...[gross, charges, result].map(money),
        ];
      }),
    },
    screen,
  );
}

function differenceTable({ mode, decisions: { differences } }: Against, screen: Screen): string[] {
  if (differences.length === 0) return [];
  return [
    tableText(
      {
        title: `Decisions that differ, backtest and ${mode}`,
        columns: ['At', 'Instrument', 'Wanted', 'Backtest', mode, 'Held then'],
        rows: differences
          .slice(0, shownRows)
          .map((row) => [
            Number.isNaN(row.time) ? 'all day' : clockText(row.time),
            row.key,
            'refusal' in row.wanted ? row.wanted.refusal : `${row.wanted.side}, ${row.wanted.role}`,
            countText(row.first),
            countText(row.second),
            heldText(row),
          ]),
        notes: more(differences.length),
      },
      screen,
    ),
  ];
}

function heldText({ heldFirst, heldSecond }: DecisionDifference): string {
  if (Number.isNaN(heldFirst)) return '';
  return heldFirst === heldSecond
    ? `${countText(heldFirst)} in both`
    : `${countText(heldFirst)} and ${countText(heldSecond)}, from other fills`;
}

function causeTable({ mode, fills }: Against, screen: Screen): string[] {
  const { causes, equal, changed, differencePaise } = fills;
  if (changed.length === 0 && differencePaise === 0)
    return [`${mode}: all ${countText(equal)} trades are the backtest’s, to the paisa.`];
  return [
    tableText(
      {
        title:
          `Why ${mode} earned ${rupeesOf(differencePaise)} ${differencePaise < 0 ? 'less' : 'more'} than the backtest`.replace(
            '-',
            '',
          ),
        columns: ['Cause', ...['Trades', '₹'].map((title) => ({ title, align: 'right' as const }))],
        rows: causes.map(({ cause, trades, paise }) => [
          causeWords[cause],
          countText(trades),
          groupedOf(paise),
        ]),
        totals: ['Difference of the results', '', groupedOf(differencePaise)],
        notes: [`${countText(equal)} trades are equal in both, ${countText(changed.length)} are not.`],
      },
      screen,
    ),
  ];
}

function tradeTable({ mode, fills: { changed } }: Against, screen: Screen): string[] {
  if (changed.length === 0) return [];
  const widest = [...changed].sort((a, b) => Math.abs(b.netPaise) - Math.abs(a.netPaise));
  return [
    tableText(
      {
        title: 'The same trades, filled otherwise; the widest differences first',
        columns: ['Trade', 'Mode', 'Entry', 'Exit', 'Quantity', 'Net ₹'],
        rows: widest.slice(0, shownRows).flatMap((pair) => pairRows(pair, mode)),
        notes: more(changed.length),
      },
      screen,
    ),
  ];
}

function pairRows({ first, second, netPaise }: TradePair, mode: string) {
  const trade = first ?? second;
  return [
    [first, 'backtest', trade ? `${trade.key} ${trade.direction}` : ''] as const,
    [second, mode, `₹ ${groupedOf(netPaise)}`] as const,
  ].map(([own, name, label]) => [
    label,
    name,
    ...(own
      ? [
          `${clockText(own.entryTime)} ${priceText(own.entryPrice)}`,
          `${clockText(own.exitTime)} ${priceText(own.exitPrice)} ${own.exitReason}`,
          countText(own.quantity),
          groupedOf(own.grossPaise - own.chargesPaise),
        ]
      : ['–', '', '', '']),
  ]);
}

function unfilledTable({ mode, fills: { unfilled } }: Against, screen: Screen): string[] {
  if (unfilled.length === 0) return [];
  return [
    tableText(
      {
        title: 'Filled in one mode alone',
        columns: ['Decided', 'Order', 'Not in', 'Why'],
        rows: unfilled
          .slice(0, shownRows)
          .map(({ time, key, side, role, unfilledIn, why }) => [
            clockText(time),
            `${side} ${key}, ${role}`,
            unfilledIn === 'first' ? 'backtest' : mode,
            why ?? 'its price did not come',
          ]),
        notes: more(unfilled.length),
      },
      screen,
    ),
  ];
}

function clockText(time: number): string {
  return istText(time).slice(11);
}

function more(count: number): string[] {
  return count > shownRows ? [`${countText(count - shownRows)} more; --json has them all.`] : [];
}

function money(decimal: string): string {
  return groupedOf(Number(decimal.replace('.', '')));
}
