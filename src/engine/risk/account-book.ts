import { underlyingOf } from '../../domain/instrument.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { OpenTrade } from '../open-trade.ts';
import type { AccountBookView } from '../ports.ts';
import type { StrategyRun } from '../strategy-run.ts';
import { isSet, type Limit, type RiskLimits } from './limits.ts';
import { RecentTimes } from './recent-times.ts';

/**
 * Sums over everything that runs on the account. They are made when a rule asks, which is once an entry, so that a run without such
 * a rule pays nothing. The trade whose order is asked about is left out, since its first slices may have gone already.
 */
export class AccountBook implements AccountBookView {
  readonly runs: StrategyRun[] = [];
  about: OpenTrade | undefined = undefined;
  #entries: RecentTimes | undefined;
  #stops: RecentTimes | undefined;

  constructor(limits: RiskLimits) {
    this.limit(limits);
  }

  /** What is counted from now on; a limit that was off counts from nothing. */
  limit({ maxEntriesPerMinute, stopGuardStops }: RiskLimits): void {
    this.#entries = counted(maxEntriesPerMinute, this.#entries);
    this.#stops = counted(stopGuardStops, this.#stops);
  }

  entered(time: EpochMs): void {
    this.#entries?.push(time);
  }

  stopped(time: EpochMs): void {
    this.#stops?.push(time);
  }

  get crowdedSince(): EpochMs {
    return this.#entries?.oldest ?? Number.NEGATIVE_INFINITY;
  }

  get stoppedSince(): EpochMs {
    return this.#stops?.oldest ?? Number.NEGATIVE_INFINITY;
  }

  openEntries(): number {
    let count = 0;
    for (const { trades } of this.runs) {
      for (const trade of trades)
        if (trade !== this.about && (trade.open > 0 || trade.isWorking('entry'))) count += 1;
    }
    return count;
  }

  entriesOn(dayNumber: number, of: { readonly strategy?: string; readonly key?: string } = {}): number {
    let count = 0;
    for (const { name, slot, history } of this.runs) {
      if (of.strategy !== undefined && of.strategy !== name) continue;
      if (of.key !== undefined && of.key !== slot.instrument.key) continue;
      count += history.entriesOn(dayNumber);
    }
    return count;
  }

  strategyPaise(name: string): number {
    return this.#worth((run) => run.name === name);
  }

  underlyingPaise(underlying: string): number {
    return this.#worth(({ slot }) => underlyingOf(slot.instrument) === underlying);
  }

  /** At the newest closes; long and short both count, and so does what is still being entered. */
  #worth(counts: (run: StrategyRun) => boolean): number {
    let paise = 0;
    for (const run of this.runs) {
      if (!counts(run)) continue;
      let units = 0;
      for (const trade of run.trades) {
        if (trade === this.about) continue;
        units += trade.open;
        for (const order of trade.orders)
          if (order.purpose === 'entry' && order.isWorking) units += order.left;
      }
      if (units > 0) paise += units * run.slot.close * 100;
    }
    return paise;
  }
}

function counted(limit: Limit | undefined, before: RecentTimes | undefined): RecentTimes | undefined {
  if (!isSet(limit)) return undefined;
  return before?.resized(limit) ?? new RecentTimes(limit);
}
