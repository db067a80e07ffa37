import type { Account } from './account.ts';
import type { EquityRecord } from './run-record.ts';
import type { Slot } from './slot.ts';

/**
 * What the account is worth along bars during which it cannot change but by the price of the one slot it may hold. Taken down
 * before the first of them; the values are those that `Account.mark` would have found bar by bar.
 */
export class Stretch {
  private cashPaise = Number.NaN;
  private quantity = Number.NaN;
  private costPaise = Number.NaN;
  private exposed: 0 | 1 = 0;

  begin(slot: Slot, account: Account): void {
    this.cashPaise = account.cashPaise;
    this.quantity = slot.netQuantity;
    this.costPaise = slot.costPaise;
    this.exposed = account.held.length > 0 ? 1 : 0;
  }

  /** Writes the marks of the slot's rows `from` to `to - 1`. */
  write(equity: EquityRecord, { series, barMs }: Slot, from: number, to: number): void {
    if (from >= to) return;
    const at = equity.extend(to - from);
    const { time, equityPaise, exposed } = equity;
    const { time: opened, close } = series;
    const { cashPaise, quantity, costPaise } = this;
    const shift = at - from;
    if (this.exposed === 0) {
      for (let row = from; row < to; row++) {
        time[row + shift] = opened[row] + barMs;
        equityPaise[row + shift] = cashPaise;
        exposed[row + shift] = 0;
      }
      return;
    }
    for (let row = from; row < to; row++) {
      time[row + shift] = opened[row] + barMs;
      equityPaise[row + shift] = Math.round(cashPaise + (close[row] * quantity * 100 - costPaise));
      exposed[row + shift] = 1;
    }
  }
}
