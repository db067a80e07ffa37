import type { Account } from './account.ts';
import type { EquityRecord } from './run-record.ts';
import type { Slot } from './slot.ts';

/**
 * What the account is worth along bars during which it cannot change but by the price of the one slot it may hold. Taken down
 * before the first of them; the values are those that `Account.mark` would have found bar by bar.
 */
export class Stretch {
  private slot: Slot | undefined;
  private cashPaise = Number.NaN;
  private quantity = Number.NaN;
  private costPaise = Number.NaN;
  private exposed: 0 | 1 = 0;

  begin(slot: Slot, account: Account): void {
    this.slot = slot;
    this.cashPaise = account.cashPaise;
    this.quantity = slot.netQuantity;
    this.costPaise = slot.costPaise;
    this.exposed = account.held.length > 0 ? 1 : 0;
  }

  /** Writes the marks of rows `from` to `to - 1`. */
  write(equity: EquityRecord, from: number, to: number): void {
    if (this.slot === undefined || from >= to) return;
    const { series, barMs } = this.slot;
    const at = equity.extend(to - from, this.exposed);
    const { time, equityPaise } = equity;
    const { time: opened, close } = series;
    const { cashPaise, quantity, costPaise } = this;
    const shift = at - from;
    for (let row = from; row < to; row++) time[row + shift] = opened[row] + barMs;
    if (this.exposed === 0) equityPaise.fill(cashPaise, at, at + to - from);
    else
      for (let row = from; row < to; row++)
        equityPaise[row + shift] = Math.round(cashPaise + (close[row] * quantity * 100 - costPaise));
  }
}
