import type { InstrumentKey } from '../domain/instrument.ts';
import type { Paise } from '../domain/money.ts';
import type { ClosedTrade, EquityCurve, RefusalCount } from '../domain/run-result.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { Period, PeriodRow } from './breakdown.ts';
import type { Picture } from './picture.ts';
import type { Summary } from './summary.ts';

export interface StrategyRun {
  readonly name: string;
  /** Every parameter as it was used, defaults included. */
  readonly params: Readonly<Record<string, number | string | boolean>>;
  /** Of the strategy's source and what it imports. */
  readonly sourceHash: string;
}

export interface InstrumentRun {
  readonly key: InstrumentKey;
  readonly bars: number;
  /** Opening instants of the first and last bar; undefined without bars. */
  readonly from: EpochMs | undefined;
  readonly to: EpochMs | undefined;
  /** Its prices are invented. */
  readonly synthetic: boolean;
}

/** The bars of one series that a run went over. */
export interface SeriesRun {
  readonly key: InstrumentKey;
  readonly timeframe: Timeframe;
  readonly bars: number;
  /** Opening instants of the first and last bar. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Of the bars, and of the finer ones that settled what happened inside them. */
  readonly checksum: string;
  readonly detailChecksum?: string;
}

/** What a run was: everything that someone needs to run it again and get the same. */
export interface RunHeader {
  readonly runId: string;
  /** Of the program. */
  readonly version: string;
  /** Of its code, which in a checkout changes without the version; undefined when running from the sources. */
  readonly build: string | undefined;
  readonly strategies: readonly StrategyRun[];
  readonly timeframe: Timeframe;
  /** Opening instants of the first and last bar that were used; undefined without bars. */
  readonly from: EpochMs | undefined;
  readonly to: EpochMs | undefined;
  readonly instruments: readonly InstrumentRun[];
  readonly series: readonly SeriesRun[];
  /** Bars of all instruments. */
  readonly bars: number;
  /** How long the run took. The only part of a report that differs between two runs of the same inputs. */
  readonly wallMs: number;
  readonly hashes: {
    readonly data: string;
    readonly config: string;
    readonly rulebook: string;
    readonly strategy: string;
    readonly result: string;
  };
  /** Whole sentences. */
  readonly warnings: readonly string[];
  /** Of the synthetic market, where prices are invented. */
  readonly seed?: number;
  /** `next-open`, `same-close`. */
  readonly fillRule: string;
  /** `zerodha`, `none`, `flat:0.1%`. */
  readonly charges: string;
  /** As used: `CNC`, or several such as `CNC, MIS`. */
  readonly product: string;
  readonly capitalPaise: Paise;
  /** How orders were sized, in words: `20 % of equity`. */
  readonly sizing: string;
}

/** A finished backtest: what it was, what happened, what it comes to. Every report reads this value and nothing else. */
export interface BacktestOutcome {
  readonly header: RunHeader;
  readonly trades: readonly ClosedTrade[];
  readonly equity: EquityCurve;
  readonly refusals: readonly RefusalCount[];
  readonly summary: Summary;
  /** Present when it was asked for. */
  readonly breakdown?: { readonly period: Period; readonly rows: readonly PeriodRow[] };
  /** What price charts are drawn from, present when it was asked for. */
  readonly pictures?: Pictures;
}

export interface Pictures {
  readonly drawn: readonly Picture[];
  /** Series of the run that have none, because a page holds only so many. */
  readonly left: number;
}
