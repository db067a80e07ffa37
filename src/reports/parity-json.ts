import { decimalOf } from '../domain/money.ts';
import { isoInstant } from '../domain/time.ts';
import type { DecisionDifference, DecisionParity } from '../research/parity/decision-parity.ts';
import type { FillParity } from '../research/parity/fill-parity.ts';
import { type ModeRun, tracedOrders } from '../research/parity/mode-run.ts';
import { tradeRow } from './trade-row.ts';

/** How a session's bars compare with those of the history. */
export interface BarParity {
  readonly same: number;
  /** Told with other prices or another volume. */
  readonly other: number;
  /** In the history alone, and in the session alone. */
  readonly absent: number;
  readonly strange: number;
}

/** A day of one strategy in every mode of trading. */
export interface ParityReport {
  readonly strategy: string;
  readonly about: string;
  readonly day: string;
  readonly instruments: readonly string[];
  readonly synthetic: boolean;
  readonly timeframe: string;
  readonly capitalPaise: number;
  readonly modes: Readonly<Record<'backtest' | 'paper' | 'live', ModeRun>>;
  /** Each mode against the backtest: second minus first. */
  readonly against: readonly {
    readonly mode: 'paper' | 'live';
    readonly bars: BarParity;
    readonly decisions: DecisionParity;
    readonly fills: FillParity;
  }[];
}

/** Whether every mode decided the same on the same bars. */
export function isParity({ against }: Pick<ParityReport, 'against'>): boolean {
  return against.every(({ decisions }) => decisions.differences.length === 0);
}

/** Money is decimal strings. */
export function parityDocument(report: ParityReport) {
  const { strategy, day, instruments, synthetic, timeframe, modes, against, capitalPaise } = report;
  return {
    ...{ strategy, day, instruments, synthetic, timeframe, parity: isParity(report) },
    capital: decimalOf(capitalPaise),
    modes: Object.entries(modes).map(([mode, run]) => ({ mode, ...modeRow(run, capitalPaise) })),
    against: against.map(({ mode, bars, decisions, fills }) => ({
      mode,
      bars,
      decisions: { same: decisions.same, differences: decisions.differences.map(differenceRow) },
      fills: {
        equal: fills.equal,
        difference: decimalOf(fills.differencePaise),
        causes: fills.causes.map(({ cause, trades, paise }) => ({ cause, trades, rupees: decimalOf(paise) })),
        changed: fills.changed.map(({ first, second, causes, netPaise }) => ({
          first: first ? tradeRow(first) : null,
          second: second ? tradeRow(second) : null,
          causes: [...causes].map(([cause, paise]) => ({ cause, rupees: decimalOf(paise) })),
          net: decimalOf(netPaise),
        })),
        unfilled: fills.unfilled.map((row) => ({ ...row, time: isoInstant(row.time), why: row.why ?? null })),
      },
    })),
  };
}
export type ParityDocument = ReturnType<typeof parityDocument>;

/** What a mode came to. */
export function modeRow({ entries, trades, refusals, equityPaise }: ModeRun, capitalPaise: number) {
  const orders = tracedOrders(entries);
  const sum = (of: (trade: (typeof trades)[number]) => number) =>
    trades.reduce((total, trade) => total + of(trade), 0);
  return {
    orders: orders.length,
    filled: orders.filter(({ filled }) => filled > 0).length,
    trades: trades.length,
    refusals: refusals.reduce((total, { count }) => total + count, 0),
    gross: decimalOf(sum(({ grossPaise }) => grossPaise)),
    charges: decimalOf(sum(({ chargesPaise }) => chargesPaise)),
    result: decimalOf(Math.round(equityPaise) - capitalPaise),
  };
}

function differenceRow({ time, wanted, heldFirst, heldSecond, ...row }: DecisionDifference) {
  return {
    ...row,
    time: Number.isNaN(time) ? null : isoInstant(time),
    ...('refusal' in wanted
      ? { role: null, side: null, refusal: wanted.refusal }
      : { ...wanted, refusal: null }),
    held: Number.isNaN(heldFirst) ? null : { first: heldFirst, second: heldSecond },
  };
}
