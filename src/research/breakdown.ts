import type { Paise } from '../domain/money.ts';
import type { ClosedTrade, EquityCurve } from '../domain/run-result.ts';
import { isoDateOfDay, istDayNumber, weekdayOf } from '../domain/time.ts';
import { dailyEquity } from './daily-equity.ts';

export const periods = ['day', 'week', 'month'] as const;
export type Period = (typeof periods)[number];

/** What happened in a day, week or month in India. Trades count where they closed. */
export interface PeriodRow {
  /** `2026-04-01`; the Monday of a week; `2026-04` of a month. */
  readonly period: string;
  readonly trades: number;
  readonly grossPaise: Paise;
  readonly chargesPaise: Paise;
  readonly netPaise: Paise;
  /** Change of the account's value in percent, open positions included. */
  readonly returnPercent: number;
  /** Account value at the period's last mark. */
  readonly endPaise: Paise;
}

export interface BreakdownInput {
  readonly equity: EquityCurve;
  readonly trades: readonly ClosedTrade[];
  readonly capitalPaise: Paise;
  readonly period: Period;
}

/** One row per period that has a mark or a closed trade, oldest first. The rows' nets sum to the run's to the paisa. */
export function breakdown({ equity, trades, capitalPaise, period }: BreakdownInput): readonly PeriodRow[] {
  const rows = new Map<
    string,
    { trades: number; grossPaise: Paise; chargesPaise: Paise; endPaise: Paise | undefined }
  >();
  const rowOf = (dayNumber: number) => {
    const label = labelOf(dayNumber, period);
    const row = rows.get(label) ?? { trades: 0, grossPaise: 0, chargesPaise: 0, endPaise: undefined };
    rows.set(label, row);
    return row;
  };
  const daily = dailyEquity(equity);
  for (let day = 0; day < daily.length; day++) rowOf(daily.day[day]).endPaise = daily.equityPaise[day];
  for (const trade of trades) {
    const row = rowOf(istDayNumber(trade.exitTime));
    row.trades++;
    row.grossPaise += trade.grossPaise;
    row.chargesPaise += trade.chargesPaise;
  }
  let before = capitalPaise;
  return [...rows.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([label, row]) => {
      const netPaise = row.grossPaise - row.chargesPaise;
      // A period without a mark has only its trades to tell what the account is worth.
      const endPaise = row.endPaise ?? before + netPaise;
      const returnPercent = (endPaise / before - 1) * 100;
      before = endPaise;
      return { period: label, ...row, netPaise, returnPercent, endPaise };
    });
}

function labelOf(dayNumber: number, period: Period): string {
  switch (period) {
    case 'day':
      return isoDateOfDay(dayNumber);
    case 'week':
      return isoDateOfDay(dayNumber - ((weekdayOf(dayNumber) + 6) % 7));
    case 'month':
      return isoDateOfDay(dayNumber).slice(0, 7);
    default:
      return period satisfies never;
  }
}
