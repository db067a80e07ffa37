import { parseContractSymbol } from '../../domain/contract-symbol.ts';
import type { Paise } from '../../domain/money.ts';
import type { ClosedTrade } from '../../domain/run-result.ts';
import { type IsoDate, istDate, istDayNumber } from '../../domain/time.ts';

/**
 * Head of income under India's Income-tax Act: intraday shares are speculative business (s. 43(5)), futures and options are
 * non-speculative business, shares held overnight are taken as capital gains, long-term after more than 12 months (s. 2(42A)).
 * A trader whose deliveries are business has to sort them otherwise.
 */
export const taxHeads = ['speculative', 'non-speculative', 'short-term', 'long-term'] as const;
export type TaxHead = (typeof taxHeads)[number];

/** One head of one financial year, April to March, by the day of the exit. */
export interface TaxRow {
  /** `2024-25`. */
  readonly year: string;
  readonly head: TaxHead;
  readonly trades: number;
  /**
   * Sum of the absolute results of the trades, the measure of turnover for a tax audit of speculation and derivatives
   * (ICAI, Guidance Note on Tax Audit under Section 44AB, 2023, para. 5.14); sale value for deliveries.
   */
  readonly turnoverPaise: Paise;
  readonly grossPaise: Paise;
  readonly chargesPaise: Paise;
  readonly netPaise: Paise;
}

/** Rows in order of year and head, only those with trades. */
export function taxYears(trades: readonly ClosedTrade[]): readonly TaxRow[] {
  const rows = new Map<string, { -readonly [Field in keyof TaxRow]: TaxRow[Field] }>();
  for (const trade of trades) {
    const year = financialYear(istDate(trade.exitTime));
    const head = headOf(trade);
    const key = `${year} ${taxHeads.indexOf(head)}`;
    const row = rows.get(key) ?? {
      year,
      head,
      trades: 0,
      turnoverPaise: 0,
      grossPaise: 0,
      chargesPaise: 0,
      netPaise: 0,
    };
    rows.set(key, row);
    const delivery = head === 'short-term' || head === 'long-term';
    const sold = trade.direction === 'LONG' ? trade.exitPrice : trade.entryPrice;
    row.trades += 1;
    row.turnoverPaise += delivery ? Math.round(sold * trade.quantity * 100) : Math.abs(trade.grossPaise);
    row.grossPaise += trade.grossPaise;
    row.chargesPaise += trade.chargesPaise;
    row.netPaise += trade.grossPaise - trade.chargesPaise;
  }
  return [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function headOf({ key, entryTime, exitTime }: ClosedTrade): TaxHead {
  if (parseContractSymbol(key.slice(key.indexOf(':') + 1)) !== undefined) return 'non-speculative';
  if (istDayNumber(entryTime) === istDayNumber(exitTime)) return 'speculative';
  // More than twelve months: the day of the year has to come round again and pass.
  const [year, ...rest] = istDate(entryTime).split('-');
  const anniversary = `${Number(year) + 1}-${rest.join('-')}`;
  return istDate(exitTime) > anniversary ? 'long-term' : 'short-term';
}

function financialYear(date: IsoDate): string {
  const [year, month] = date.split('-').map(Number);
  const first = month >= 4 ? year : year - 1;
  return `${first}-${String((first + 1) % 100).padStart(2, '0')}`;
}
