import { groupedOf, toPaise } from '../domain/money.ts';
import { countText, percentText, ratioText } from './format.ts';
import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

/** A kept run in a list. Money is a decimal string, times ISO 8601 in India. */
export interface RunListRow {
  readonly id: string;
  readonly savedAt: string;
  /** Of the program that made it. */
  readonly version: string;
  readonly strategies: readonly string[];
  readonly instruments: readonly string[];
  readonly timeframe: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly synthetic: boolean;
  readonly trades: number;
  readonly net: string;
  readonly returnPercent: number;
  readonly maxDrawdownPercent: number | null;
  readonly sharpe: number | null;
}

export interface RunListDocument {
  readonly runs: readonly RunListRow[];
  /** Folders that look like a run and are none. */
  readonly unreadable: readonly { readonly path: string; readonly message: string }[];
}

/** Kept runs as a table, the newest first. */
export function runListText({ runs, unreadable }: RunListDocument, screen: Screen): string {
  return tableText(
    {
      columns: [
        'run',
        { title: 'saved', optional: true },
        'strategy',
        'on',
        { title: 'bars', optional: true },
        { title: 'from', optional: true },
        { title: 'to', optional: true },
        { title: 'trades', align: 'right', optional: true },
        { title: 'net ₹', align: 'right' },
        { title: 'return', align: 'right' },
        { title: 'drawdown', align: 'right' },
        { title: 'sharpe', align: 'right', optional: true },
      ],
      rows: runs.map((run) => [
        run.id,
        run.savedAt.slice(0, 16).replace('T', ' '),
        run.strategies.join(', '),
        universeText(run),
        run.timeframe,
        run.from?.slice(0, 10),
        run.to?.slice(0, 10),
        countText(run.trades),
        groupedOf(toPaise(Number(run.net))),
        percentText(run.returnPercent),
        run.maxDrawdownPercent === null ? '' : percentText(run.maxDrawdownPercent),
        run.sharpe === null ? 'n/a' : ratioText(run.sharpe),
      ]),
      notes: unreadable.map(({ message }) => message),
      empty: 'No run is kept yet. Run: algo backtest --strategy ema20_50',
    },
    screen,
  );
}

function universeText({ instruments, synthetic }: RunListRow): string {
  const [first = '', ...others] = instruments;
  const more = others.length > 0 ? ` +${others.length}` : '';
  return `${first}${more}${synthetic && !first.startsWith('SYN:') ? ' (synthetic)' : ''}`;
}
