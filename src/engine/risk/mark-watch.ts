import { rupeesOf } from '../../domain/money.ts';
import type { Account } from '../account.ts';
import type { Halts } from './halts.ts';
import { isSet, type RiskLimits } from './limits.ts';

/**
 * Looks at the account's value at every mark: keeps its peaks, and halts with HALT_LOSS once the day has lost a share of the capital.
 * The halt stands over the days until it is released; from then on the loss counts from what the account is worth at that moment.
 */
export class MarkWatch {
  readonly #account: Account;
  readonly #halts: Halts;
  #percent = Number.POSITIVE_INFINITY;
  #mostPaise = Number.POSITIVE_INFINITY;
  #fromPaise: number;
  #fired = false;

  constructor(limits: RiskLimits, account: Account, halts: Halts) {
    this.#account = account;
    this.#halts = halts;
    this.#fromPaise = account.dayStartEquityPaise;
    // One that begins within a day knows of no mark before.
    account.dayPeakEquityPaise = Math.max(account.dayStartEquityPaise, account.equityPaise);
    account.peakEquityPaise = Math.max(account.peakEquityPaise, account.equityPaise);
    this.limit(limits);
  }

  /** Another loss that halts from now on. */
  limit({ lossKillPercent }: RiskLimits): void {
    this.#percent = isSet(lossKillPercent) ? lossKillPercent : Number.POSITIVE_INFINITY;
    this.#mostPaise = (this.#account.capitalPaise * this.#percent) / 100;
  }

  /** Only a run with such a limit looks at all. */
  static wanted({ lossKillPercent, dailyTargetPercent, maxDrawdownPercent }: RiskLimits): boolean {
    return isSet(lossKillPercent) || isSet(dailyTargetPercent) || isSet(maxDrawdownPercent);
  }

  newDay(): void {
    this.#account.dayPeakEquityPaise = this.#account.equityPaise;
    this.#fromPaise = this.#account.equityPaise;
  }

  /** Answers whether the loss has just halted the run. */
  look(): boolean {
    const { equityPaise } = this.#account;
    if (equityPaise > this.#account.peakEquityPaise) this.#account.peakEquityPaise = equityPaise;
    if (equityPaise > this.#account.dayPeakEquityPaise) this.#account.dayPeakEquityPaise = equityPaise;
    if (this.#fired) {
      if (this.#halts.has('HALT_LOSS')) return false;
      this.#fired = false;
      this.#fromPaise = equityPaise;
    }
    const lost = this.#fromPaise - equityPaise;
    if (lost < this.#mostPaise) return false;
    this.#fired = true;
    return this.#halts.set(
      'HALT_LOSS',
      `${rupeesOf(Math.round(lost))} were lost since the day or the last release, and risk.lossKillPercent allows ` +
        `${this.#percent} % of ${rupeesOf(this.#account.capitalPaise)}`,
    );
  }
}
