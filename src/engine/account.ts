import type { Paise } from '../domain/money.ts';
import type { AccountView } from './ports.ts';
import type { Slot } from './slot.ts';

/** The money of one account, in paise: capital, what trading earned and cost, and what is tied up. */
export class Account implements AccountView {
  readonly capitalPaise: Paise;
  realisedPaise = Number.NaN;
  chargesPaise = Number.NaN;
  /** Margin of open positions, entries under way, and the margin that exits under way will free. */
  blockedPaise = Number.NaN;
  reservedPaise = Number.NaN;
  releasingPaise = Number.NaN;
  equityPaise = Number.NaN;
  dayStartEquityPaise = Number.NaN;
  peakEquityPaise = Number.NaN;
  dayPeakEquityPaise = Number.NaN;
  /** Fills so far, so that whoever has valued the account knows whether it still stands. */
  fills = 0;
  openPositions = 0;
  /** Slots that hold something. */
  readonly held: Slot[] = [];

  constructor(capitalPaise: Paise) {
    this.capitalPaise = capitalPaise;
    // Fields that begin as NaN are kept as doubles; whole numbers would be checked for being small at every step.
    this.realisedPaise = 0;
    this.chargesPaise = 0;
    this.blockedPaise = 0;
    this.reservedPaise = 0;
    this.releasingPaise = 0;
    this.equityPaise = capitalPaise;
    this.dayStartEquityPaise = capitalPaise;
    this.peakEquityPaise = capitalPaise;
    this.dayPeakEquityPaise = capitalPaise;
  }

  get deployedPaise(): number {
    return this.blockedPaise + this.reservedPaise;
  }

  /** Delivery shares are paid for, so only leveraged positions move what is available as prices move. */
  get availablePaise(): number {
    let free =
      this.capitalPaise +
      this.realisedPaise -
      this.chargesPaise -
      this.blockedPaise -
      this.reservedPaise +
      this.releasingPaise;
    for (const slot of this.held) {
      if (slot.leveragedQuantity !== 0)
        free += slot.close * slot.leveragedQuantity * 100 - slot.leveragedCostPaise;
    }
    return free;
  }

  /** What the account is worth without its open positions' gains and losses. */
  get cashPaise(): number {
    return this.capitalPaise + this.realisedPaise - this.chargesPaise;
  }

  /** Values every open position at its newest close. Answers the account's value in paise. */
  mark(): number {
    const held = this.held;
    let value = this.cashPaise;
    if (held.length > 0) {
      for (let i = 0; i < held.length; i++) {
        const slot = held[i];
        value += slot.close * slot.netQuantity * 100 - slot.costPaise;
      }
      value = Math.round(value);
    }
    this.equityPaise = value;
    return value;
  }
}
