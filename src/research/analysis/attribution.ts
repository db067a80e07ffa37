import {
  clockOf,
  istDate,
  istDayNumber,
  istMinuteOfDay,
  weekdayNames,
  weekdayOf,
} from '../../domain/time.ts';
import { type Group, grouped } from '../groups.ts';
import { type RegimeLabel, regimeLabels } from '../market/regime.ts';
import { type BookedTrade, bookModes } from './trading-record.ts';

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
  'regime',
  'expiry',
  'mode',
  'stream',
] as const;
export type Dimension = (typeof dimensions)[number];

/** What a trade alone does not tell. */
export interface TradeSurroundings {
  /** Of the market before the day of the entry. */
  regime(trade: BookedTrade): RegimeLabel;
  /** Calendar days from the entry to the last day of its contract; undefined for shares, NaN where it is not known. */
  daysToExpiry(trade: BookedTrade): number | undefined;
}

export const nothingKnown: TradeSurroundings = { regime: () => 'unknown', daysToExpiry: () => undefined };

/** One row per value that occurs; the nets of the rows sum to the trades' net to the paisa. */
export interface Attribution {
  readonly by: Dimension;
  readonly rows: readonly Group[];
}

const expiries = [
  'expiry day',
  '1 day before',
  '2 to 7 days before',
  'over 7 days before',
  'expiry not known',
  'no contract',
];
const holdings = ['same day', '1 to 5 days', '6 to 20 days', 'over 20 days'];

/** Rows in their natural order where they have one (hours, weekdays, months, holding), else the largest net first. */
export function attributionBy(
  by: Dimension,
  trades: readonly BookedTrade[],
  around: TradeSurroundings = nothingKnown,
): Attribution {
  const rows = grouped(trades, (trade: BookedTrade) => labelOf(by, trade, around), namesOf(by)).filter(
    (row) => row.trades > 0,
  );
  const natural = by === 'hour' || by === 'month';
  if (natural) rows.sort((a, b) => (a.name < b.name ? -1 : 1));
  else if (namesOf(by).length === 0)
    rows.sort((a, b) => b.netPaise - a.netPaise || (a.name < b.name ? -1 : 1));
  return { by, rows };
}

function namesOf(by: Dimension): readonly string[] {
  if (by === 'weekday') return weekdayNames;
  if (by === 'holding') return holdings;
  if (by === 'regime') return regimeLabels;
  if (by === 'expiry') return expiries;
  return by === 'mode' ? bookModes : [];
}

function labelOf(by: Dimension, trade: BookedTrade, around: TradeSurroundings): string {
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
      // A trade with several tags counts once, under all of them, so that the rows still sum to the total.
      return trade.tags && trade.tags.length > 0 ? trade.tags.join(' + ') : (trade.note ?? 'no tag');
    case 'hour':
      return clockOf(Math.floor(istMinuteOfDay(trade.entryTime) / 60) * 60);
    case 'weekday':
      return weekdayNames[weekdayOf(istDayNumber(trade.entryTime))];
    case 'month':
      return istDate(trade.exitTime).slice(0, 7);
    case 'holding':
      return holdings[holdingOf(trade)];
    case 'regime':
      return around.regime(trade);
    case 'expiry':
      return expiries[expiryOf(around.daysToExpiry(trade))];
    case 'mode':
      return trade.mode;
    case 'stream':
      return trade.stream;
    default:
      return by satisfies never;
  }
}

function expiryOf(days: number | undefined): number {
  if (days === undefined) return 5;
  if (Number.isNaN(days)) return 4;
  if (days <= 1) return Math.max(days, 0);
  return days <= 7 ? 2 : 3;
}

function holdingOf({ entryTime, exitTime }: BookedTrade): number {
  const days = istDayNumber(exitTime) - istDayNumber(entryTime);
  if (days === 0) return 0;
  if (days <= 5) return 1;
  return days <= 20 ? 2 : 3;
}
