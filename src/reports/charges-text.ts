import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

/** Charges of an order or a round trip on one or more days, as `algo charges` shows them. Money is decimal rupees. */
export interface ChargesList {
  readonly segment: string;
  readonly exchange: string;
  readonly underlying?: string | undefined;
  readonly side: string;
  readonly quantity: number;
  readonly price: number;
  readonly exitPrice?: number | undefined;
  readonly turnover: string;
  readonly days: readonly {
    readonly date: string;
    readonly lines: Readonly<Record<string, string>>;
    readonly total: string;
    readonly percentOfTurnover: number;
    readonly breakevenMove: number;
    readonly breakevenPercent: number;
    readonly unverified: readonly string[];
  }[];
  readonly notes: readonly string[];
}

const lineNames: Readonly<Record<string, string>> = {
  brokerage: 'Brokerage',
  stt: 'STT / CTT',
  exchange: 'Exchange transaction',
  ipft: 'Investor protection (IPFT)',
  sebi: 'SEBI fee',
  stamp: 'Stamp duty',
  gst: 'GST',
  dp: 'Depository (DP)',
};

/** Line by line, one column for each day, and the last less the first where days are compared. */
export function chargesText(page: ChargesList, screen: Screen): string {
  const { days } = page;
  const compared = days.length > 1;
  const row = (title: string, cells: readonly string[], change: string) =>
    compared ? [title, ...cells, change] : [title, ...cells];
  const money = (title: string, pick: (day: (typeof days)[number]) => string) =>
    row(title, days.map(pick), difference(days.map(pick), 2));
  const figure = (title: string, pick: (day: (typeof days)[number]) => number) => {
    const cells = days.map((day) => pick(day).toFixed(4));
    return row(title, cells, difference(cells, 4));
  };
  const exit = page.exitPrice === undefined ? '' : `, then ${page.exitPrice}`;
  const what = page.underlying === undefined ? '' : ` ${page.underlying}`;
  return tableText(
    {
      title: `${page.segment} ${page.exchange}${what}: ${page.side} ${page.quantity} at ${page.price}${exit}, turnover ${page.turnover}`,
      columns: ['rupees', ...days.map((day) => day.date), ...(compared ? ['change'] : [])].map(
        (title, at) => ({
          title,
          align: at === 0 ? 'left' : 'right',
        }),
      ),
      rows: [
        ...Object.entries(lineNames).map(([line, title]) => money(title, (day) => day.lines[line] ?? '')),
        money('Total', (day) => day.total),
        figure('Percent of turnover', (day) => day.percentOfTurnover),
        figure('Breakeven move a unit', (day) => day.breakevenMove),
        figure('Breakeven move, percent', (day) => day.breakevenPercent),
      ],
      notes: [...page.notes, ...new Set(days.flatMap((day) => day.unverified))],
    },
    screen,
  );
}

function difference(cells: readonly string[], digits: number): string {
  const change = Number(cells[cells.length - 1]) - Number(cells[0]);
  return Math.abs(change) < 1e-9 ? '-' : change.toFixed(digits);
}
