import { chargeLines } from '../domain/charges.ts';
import { groupedOf, roundHalfUp, rupeesOf } from '../domain/money.ts';
import { istDate, istText } from '../domain/time.ts';
import type { Analysis } from '../research/analysis/analysis.ts';
import type { Attribution } from '../research/analysis/attribution.ts';
import type { SlippageRow } from '../research/analysis/slippage.ts';
import type { Figure } from '../research/figure.ts';
import { netOf } from '../research/trade-statistics.ts';
import type { ReportedBook } from './analysis-json.ts';
import { countText, percentText, ratioText } from './format.ts';
import { type ListedSection, listedText } from './listed-page.ts';
import { printable, type Screen } from './screen.ts';
import type { Cell, Column, TableText } from './table.ts';

const rowsShown = 12;
type Benchmark = NonNullable<ReportedBook['benchmark']>;

/** A book as its owner reads it: what it earned, from where, how well it was entered and left, what it cost, its falls. */
export function analysisText(book: ReportedBook, screen: Screen): string {
  return listedText(
    { title: book.title, lead: [], synthetic: book.synthetic, sections: analysisSections(book) },
    screen,
  );
}

/** The same as sentences and tables, for whatever shows them. */
export function analysisSections({
  analysis,
  comparison,
  benchmark,
}: ReportedBook): readonly ListedSection[] {
  return [
    {
      lines: [
        ...overall(analysis),
        ...accountText(analysis),
        ...(benchmark ? [benchmarkText(benchmark)] : []),
      ],
    },
    ...(comparison ? comparisonSections(comparison) : []),
    ...(analysis.breakdown ? [breakdownTable(analysis.breakdown)] : []),
    ...(analysis.trades.length === 0 ? [] : ofTrades(analysis)),
    drawdownTable(analysis),
    ...(analysis.refusals.length > 0 ? [refusalTable(analysis)] : []),
    ...notedTable(analysis),
  ];
}

function section({ title, ...table }: TableText & { readonly title: string }): ListedSection {
  return { title, table };
}

function accountText({ account }: Analysis): readonly string[] {
  const { capitalPaise, finalPaise, returnPercent, cagrPercent, sharpe, sortino, maxDrawdownPercent } =
    account;
  return [
    `Account ${rupeesOf(capitalPaise)} to ${rupeesOf(roundHalfUp(finalPaise))}, ${percentText(returnPercent)} in ${countText(account.days)} days; CAGR ${text(cagrPercent, percentText)}.`,
    `Max drawdown ${text(maxDrawdownPercent, percentText)}, Sharpe ${text(sharpe, ratioText)}, Sortino ${text(sortino, ratioText)}, of the whole record.`,
  ];
}

function benchmarkText({ key, returnPercent, accountPercent, from, to }: Benchmark): string {
  const more = accountPercent - returnPercent;
  return `Holding ${key} from ${from} to ${to} made ${percentText(returnPercent)}; the account ${percentText(accountPercent)}, ${Math.abs(more).toFixed(2)} points ${more < 0 ? 'less' : 'more'}.`;
}

function comparisonSections(comparison: NonNullable<ReportedBook['comparison']>): readonly ListedSection[] {
  const { run, backtest, session, matched, same, backtestNetPaise, sessionNetPaise, rows } = comparison;
  const kinds = section({
    title: `Against backtest ${run}: ${countText(matched)} of ${countText(session)} trades are in both (${countText(backtest)} in the backtest), ${countText(same)} without a difference`,
    columns: ['difference', { title: 'trades', align: 'right' }, { title: 'net ₹', align: 'right' }],
    rows: rows.map(({ kind, trades, paise }) => [kind, countText(trades), groupedOf(paise)]),
    totals: ['session less backtest', '', groupedOf(sessionNetPaise - backtestNetPaise)],
    empty: `Both earned ${rupeesOf(sessionNetPaise)}, trade by trade.`,
  });
  if (comparison.largest.length === 0) return [kinds];
  const largest = section({
    title: 'Trades that differ most',
    columns: [
      'entered',
      'instrument',
      { title: 'strategy', optional: true },
      'what',
      { title: 'net ₹', align: 'right' },
    ],
    rows: comparison.largest.slice(0, rowsShown).map((each) => {
      const trade = each.session ?? each.backtest;
      return [
        trade ? istText(trade.entryTime) : '',
        trade?.key ?? '',
        trade?.strategy ?? '',
        each.parts.map(({ kind }) => kind).join(', '),
        groupedOf(each.paise),
      ];
    }),
  });
  return [kinds, largest];
}

function breakdownTable({ period, rows }: NonNullable<Analysis['breakdown']>): ListedSection {
  return section({
    title: `By ${period}, of the whole record`,
    columns: [period, 'trades', 'gross ₹', 'charges ₹', 'net ₹', 'return', 'account ₹'],
    rows: rows.map((row) => [
      row.period,
      countText(row.trades),
      groupedOf(row.grossPaise),
      groupedOf(row.chargesPaise),
      groupedOf(row.netPaise),
      percentText(row.returnPercent),
      groupedOf(roundHalfUp(row.endPaise)),
    ]),
  });
}

/** What its owner wrote about trades, newest last. */
function notedTable({ trades }: Analysis): readonly ListedSection[] {
  const noted = trades.filter(({ tags, remarks }) => tags !== undefined || remarks !== undefined);
  if (noted.length === 0) return [];
  return [
    section({
      title: 'Tags and notes',
      columns: ['trade', 'instrument', { title: 'net ₹', align: 'right' }, 'tags', 'notes'],
      rows: noted
        .slice(-rowsShown)
        .map((trade) => [
          trade.name,
          trade.key,
          groupedOf(netOf(trade)),
          printable((trade.tags ?? []).join(', ')),
          printable((trade.remarks ?? []).join('; ')),
        ]),
      ...(noted.length > rowsShown && { notes: [`${noted.length - rowsShown} more, see --json.`] }),
    }),
  ];
}

function ofTrades(analysis: Analysis): readonly ListedSection[] {
  return [
    ...analysis.attribution.map((each) => attributionTable(each, analysis)),
    { title: 'While trades were open', lines: excursionText(analysis) },
    chargesTable(analysis),
    ...slippageTables(analysis),
    taxTable(analysis),
  ];
}

function overall({ statistics, leftOut, trades }: Analysis): readonly string[] {
  const left = leftOut > 0 ? ` (${countText(leftOut)} left out by the filters)` : '';
  if (trades.length === 0) return [`There are no trades${left}.`];
  const { count, netPaise, grossPaise, chargesPaise, winStreak, lossStreak } = statistics;
  return [
    `${countText(count)} trades${left} earned ${rupeesOf(netPaise)}: gross ${rupeesOf(grossPaise)} less ${rupeesOf(chargesPaise)} of charges.`,
    `Win rate ${text(statistics.winRatePercent, percentText)}, profit factor ${text(statistics.profitFactor, ratioText)}, ` +
      `expectancy ${text(statistics.expectancyPaise, (paise) => rupeesOf(roundHalfUp(paise)))} a trade, ` +
      `longest streaks ${winStreak} won and ${lossStreak} lost.`,
  ];
}

const groupColumns: readonly Column[] = [
  { title: 'trades', align: 'right' },
  { title: 'won', align: 'right', optional: true },
  { title: 'gross ₹', align: 'right', optional: true },
  { title: 'charges ₹', align: 'right' },
  { title: 'net ₹', align: 'right' },
  { title: 'a trade ₹', align: 'right' },
];

function attributionTable({ by, rows }: Attribution, { statistics }: Analysis): ListedSection {
  // Months and hours are read in a row; of many symbols the ends of the table matter.
  const shortened = rows.length > rowsShown && (by === 'symbol' || by === 'strategy' || by === 'tag');
  const best = rows.slice(0, shortened ? rowsShown / 2 : rows.length);
  const worst = rows.slice(Math.max(best.length, rows.length - rowsShown / 2));
  const between = rows.length - best.length - worst.length;
  const cells = (row: Attribution['rows'][number]): readonly Cell[] => [
    row.name,
    countText(row.trades),
    percentText((row.wins / row.trades) * 100),
    groupedOf(row.grossPaise),
    groupedOf(row.chargesPaise),
    groupedOf(row.netPaise),
    groupedOf(roundHalfUp(row.netPaise / row.trades)),
  ];
  const { count, wins, grossPaise, chargesPaise, netPaise } = statistics;
  const total = { name: 'total', trades: count, wins, losses: 0, grossPaise, chargesPaise, netPaise };
  return section({
    title: `By ${by}`,
    columns: [by, ...groupColumns],
    rows: [
      ...best.map(cells),
      ...(between > 0 ? [[`… ${between} more, see --json`, '', '', '', '', '', '']] : []),
      ...worst.map(cells),
    ],
    totals: cells(total),
  });
}

function excursionText({ excursions, holding }: Analysis): readonly string[] {
  const { winners, losers, capturePercent, roundTrips } = excursions;
  const percent = (from: Figure) => text(from, percentText);
  return [
    `Winners went ${percent(winners.adversePercent)} against before ${percent(winners.favourablePercent)} for them, losers ${percent(losers.adversePercent)} against and ${percent(losers.favourablePercent)} for.`,
    `Exits kept ${percent(capturePercent)} of the best marks, before charges. ${countText(roundTrips)} losing trade${roundTrips === 1 ? ' had' : 's had'} been an average win ahead.`,
    `Winners were held ${days(holding.winnersDays)}, losers ${days(holding.losersDays)} on average.`,
  ];
}

function days(from: Figure): string {
  return text(from, (value) => (value < 1 ? `${(value * 24).toFixed(1)} hours` : `${value.toFixed(1)} days`));
}

function chargesTable({ charges: { lines, restPaise } }: Analysis): ListedSection {
  const rows = chargeLines.filter((line) => lines[line] !== 0);
  const total = rows.reduce((sum, line) => sum + lines[line], restPaise);
  return section({
    title: 'Charges by line of the contract notes, of the whole record',
    columns: ['line', { title: 'charges ₹', align: 'right' }],
    rows: [
      ...rows.map((line): readonly Cell[] => [line, groupedOf(lines[line])]),
      ...(restPaise === 0 ? [] : [['no note by line', groupedOf(restPaise)]]),
    ],
    totals: ['total', groupedOf(total)],
    empty: 'Nothing was charged.',
  });
}

function slippageTables({ slippage }: Analysis): readonly ListedSection[] {
  const { total, orders, strategies, costliest, unknown } = slippage;
  const title = 'Fills against the prices they were decided on; positive costs';
  const missing = `${countText(unknown)} trade${unknown === 1 ? ' does' : 's do'} not know the price of the decision: an earlier version wrote ${unknown === 1 ? 'it' : 'them'} down.`;
  if (total.trades === 0) return [{ title, lines: [missing] }];
  const columns = (title: string): readonly Column[] => [
    { title },
    { title: 'trades', align: 'right' },
    { title: 'slippage ₹', align: 'right' },
    { title: 'bps', align: 'right' },
  ];
  const cells = ({ name, trades, paise, basisPoints }: SlippageRow): readonly Cell[] => [
    name,
    countText(trades),
    groupedOf(paise),
    ratioText(basisPoints),
  ];
  return [
    section({
      title,
      columns: columns('order'),
      rows: orders.map(cells),
      totals: cells({ ...total, name: 'total' }),
      ...(unknown > 0 && { notes: [missing] }),
    }),
    ...(strategies.length > 1
      ? [
          section({
            title: 'Slippage by strategy',
            columns: columns('strategy'),
            rows: strategies.slice(0, rowsShown).map(cells),
            totals: cells({ ...total, name: 'total' }),
          }),
        ]
      : []),
    ...(costliest.length > 0
      ? [
          section({
            title: 'Trades with the costliest fills',
            columns: [
              'entered',
              'instrument',
              'strategy',
              { title: 'slippage ₹', align: 'right' },
              { title: 'bps', align: 'right' },
            ],
            rows: costliest.map(({ trade, paise, basisPoints }) => [
              istText(trade.entryTime),
              trade.key,
              trade.strategy,
              groupedOf(paise),
              ratioText(basisPoints),
            ]),
          }),
        ]
      : []),
  ];
}

function taxTable({ tax }: Analysis): ListedSection {
  return section({
    title: 'By financial year, as an accountant sorts it',
    columns: ['year', 'head', 'trades', 'turnover ₹', 'charges ₹', 'net ₹'],
    rows: tax.map((row) => [
      row.year,
      row.head,
      countText(row.trades),
      groupedOf(row.turnoverPaise),
      groupedOf(row.chargesPaise),
      groupedOf(row.netPaise),
    ]),
    notes: [
      'Turnover: sum of absolute results for intraday shares and derivatives, sale value for deliveries. Not tax advice; STT is no deduction from capital gains.',
    ],
  });
}

function drawdownTable({ drawdowns }: Analysis): ListedSection {
  return section({
    title: 'Deepest falls of the account, by daily closes of the whole run',
    columns: ['depth', 'from', 'lowest', 'recovered', 'days'],
    rows: drawdowns.map((fall) => [
      percentText(fall.depthPercent),
      istDate(fall.peak),
      istDate(fall.trough),
      fall.recovered === undefined ? 'not yet' : istDate(fall.recovered),
      countText(fall.days),
    ]),
    empty: 'The account never fell below an earlier close.',
  });
}

function refusalTable({ refusals }: Analysis): ListedSection {
  return section({
    title: 'Signals of the whole run that did not become orders',
    columns: ['code', 'count', 'the first'],
    rows: refusals.map(({ code, count, first }) => [code, countText(count), first]),
  });
}

function text(from: Figure, shown: (value: number) => string): string {
  return 'unavailable' in from ? `n/a (${from.unavailable})` : shown(from.value);
}
