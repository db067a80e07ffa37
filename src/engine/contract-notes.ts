import { type ChargeModel, chargeLines } from '../domain/charges.ts';
import type { Account } from './account.ts';
import type { Slot } from './slot.ts';
import type { WorkingOrder } from './working-order.ts';

const lines = chargeLines.length;

/**
 * Posts charges as they arise and settles them at the end of each day as the contract note does. An order's own estimate
 * counts at once; the note, which rounds per instrument and day, then corrects it to the paisa.
 */
export class ContractNotes {
  /** Paise by charge line over the whole run, in the order of `chargeLines`. */
  readonly totals = new Float64Array(lines);
  /** Traded value and executed orders over the whole run. */
  turnoverPaise = 0;
  executedOrders = 0;
  private readonly model: ChargeModel;
  private readonly account: Account;
  private readonly slots: Slot[] = [];
  private rows = new Float64Array(lines * 16);

  constructor(model: ChargeModel, account: Account) {
    this.model = model;
    this.account = account;
  }

  /** Books the charges of one fill. `valuePaise` is its traded value. */
  fill(slot: Slot, order: WorkingOrder, dayNumber: number, quantity: number, valuePaise: number): void {
    let { day } = order;
    if (day === undefined) {
      day = order.openDay();
      if (slot.executions.length === 0) this.slots.push(slot);
      slot.executions.push(day);
    }
    day.quantity += quantity;
    day.valuePaise += valuePaise;
    this.turnoverPaise += valuePaise;
    const estimate = this.model.estimate(slot.instrument, dayNumber, day);
    this.post(order, estimate - day.estimatePaise);
    day.estimatePaise = estimate;
  }

  /** Replaces the day's estimates by its contract notes. */
  settle(dayNumber: number): void {
    const { slots } = this;
    for (let i = 0; i < slots.length; i++) this.settleSlot(slots[i], dayNumber);
    while (slots.length > 0) slots.pop();
  }

  private settleSlot(slot: Slot, dayNumber: number): void {
    const executions = slot.executions;
    const size = executions.length * lines;
    if (this.rows.length < size) this.rows = new Float64Array(size * 2);
    const rows = this.rows;
    // For a handful of numbers a loop is quicker than the built-in.
    for (let i = 0; i < size; i++) rows[i] = 0;
    this.model.settle(slot.instrument, dayNumber, executions, rows);
    for (let i = 0; i < executions.length; i++) {
      const day = executions[i];
      let total = 0;
      for (let line = 0; line < lines; line++) {
        const paise = rows[i * lines + line];
        total += paise;
        this.totals[line] += paise;
      }
      this.post(day.order, total - day.estimatePaise);
      day.order.day = undefined;
      this.executedOrders += 1;
    }
    // Popped rather than cut off, since a new length gives the memory back.
    while (executions.length > 0) executions.pop();
  }

  private post(order: WorkingOrder, paise: number): void {
    order.trade.chargesPaise += paise;
    this.account.chargesPaise += paise;
  }
}
