import type { ClosedTrade } from '../../domain/run-result.ts';
import {
  clockOf,
  istDate,
  istDayNumber,
  istMinuteOfDay,
  weekdayNames,
  weekdayOf,
} from '../../domain/time.ts';
import { type Group, grouped } from '../groups.ts';

/** What trades can be told apart by. Hours and weekdays are those of the entry in India, months those of the exit. */
export const dimensions = [
  'strategy',
  'symbol',
  'direction',
  'product',
  'exit',
  'tag',
  'hour',
  'weekday',
  'month',
  'holding',
] as const;
export type Dimension = (typeof dimensions)[number];

/** One row per value that occurs; the nets of the rows sum to the trades' net to the paisa. */
export interface Attribution {
  readonly by: Dimension;
  readonly rows: readonly Group[];
}

const holdings = ['same day', '1 to 5 days', '6 to 20 days', 'over 20 days'];

/** Rows in their natural order where they have one (hours, weekdays, months, holding), else the largest net first. */
export function attributionBy(by: Dimension, trades: readonly ClosedTrade[]): Attribution {
  const rows = grouped(trades, (trade) => labelOf(by, trade), namesOf(by)).filter((row) => row.trades > 0);
  const natural = by === 'hour' || by === 'month';
  if (natural) rows.sort((a, b) => (a.name < b.name ? -1 : 1));
  else if (namesOf(by).length === 0)
    rows.sort((a, b) => b.netPaise - a.netPaise || (a.name < b.name ? -1 : 1));
  return { by, rows };
}

function namesOf(by: Dimension): readonly string[] {
  if (by === 'weekday') return weekdayNames;
  return by === 'holding' ? holdings : [];
}

function labelOf(by: Dimension, trade: ClosedTrade): string {
  switch (by) {
    case 'strategy':
      return trade.strategy;
    case 'symbol':
      return trade.key;
    case 'direction':
      return trade.direction === 'LONG' ? 'long' : 'short';
    case 'product':
      return trade.product;
    case 'exit':
      return trade.exitReason;
    case 'tag':
      return trade.note ?? 'no note';
    case 'hour':
      return clockOf(Math.floor(istMinuteOfDay(trade.entryTime) / 60) * 60);
    case 'weekday':
      return weekdayNames[weekdayOf(istDayNumber(trade.entryTime))];
    case 'month':
      return istDate(trade.exitTime).slice(0, 7);
    case 'holding':
      return holdings[holdingOf(trade)];
    default:
      return by satisfies never;
  }
}

function holdingOf({ entryTime, exitTime }: ClosedTrade): number {
  const days = istDayNumber(exitTime) - istDayNumber(entryTime);
  if (days === 0) return 0;
  if (days <= 5) return 1;
  return days <= 20 ? 2 : 3;
}
