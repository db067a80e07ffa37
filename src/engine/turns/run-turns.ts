import type { BarSeries } from '../../domain/bar-series.ts';
import { assert } from '../../domain/errors.ts';
import type { OrderEvent, OrderId, OrderIntent } from '../../domain/order.ts';
import { type EpochMs, istDayNumber } from '../../domain/time.ts';
import type { StrategyTurns, Turn, TurnStep } from '../../domain/turn.ts';
import type { Series } from '../../indicators/series.ts';
import type { HaltView } from '../risk/halts.ts';
import type { StrategyRun } from '../strategy-run.ts';
import { type EntryFate, reasonBetweenBars, reasonOfEntries, reasonWithoutEntry } from './turn-reason.ts';
import type { WantedBar } from './turn-watch.ts';

/** An order and the bar that sent it. */
interface SentOrder {
  readonly order: OrderIntent;
  readonly row: number;
  filled: number;
  end: EntryFate['end'];
}

/** A turn as it is written; entries decide its reason once the run is over. */
interface OpenTurn extends Omit<Turn, 'reason' | 'lines' | 'halts'> {
  decided: EpochMs;
  quantity: number;
  entering: boolean;
  lines: Turn['lines'];
  halts: Turn['halts'];
  readonly during: TurnStep[];
  readonly decision: TurnStep[];
  readonly later: TurnStep[];
}

/** How the bars of one strategy on one instrument ended: exactly one reason a bar. */
export class RunTurns implements StrategyTurns {
  readonly run: StrategyRun;
  readonly #wanted: WantedBar;
  readonly #begins: EpochMs;
  readonly #halts: HaltView | undefined;
  readonly #haltedBars = new Map<string, number>();
  readonly #lines: readonly { readonly name: string; readonly series: Series }[];
  /** Lines that have had no value so far. */
  #cold: readonly Series[];
  /** Reason by row; that of a row with entries comes from them. */
  readonly #reasons: string[] = [];
  readonly #entries = new Map<number, SentOrder[]>();
  readonly #orders = new Map<OrderId, SentOrder>();
  readonly #kept = new Map<number, OpenTurn>();
  #turn: OpenTurn | undefined;
  #phase: 'during' | 'decision' | 'later' = 'during';

  constructor(
    run: StrategyRun,
    {
      wanted,
      begins,
      halts,
    }: { readonly wanted: WantedBar; readonly begins: EpochMs; readonly halts: HaltView | undefined },
  ) {
    this.run = run;
    this.#wanted = wanted;
    this.#begins = begins;
    this.#halts = halts;
    this.#lines = run.indicators.lines;
    this.#cold = this.#lines.map(({ series }) => series);
    run.refusals.heard = (code, why) => this.#refused(code, why);
  }

  get strategy(): string {
    return this.run.name;
  }

  get series(): BarSeries {
    return this.run.slot.series;
  }

  get length(): number {
    return this.#reasons.length;
  }

  get halted(): ReadonlyMap<string, number> {
    return this.#haltedBars;
  }

  reasonAt(row: number): string {
    const entries = this.#entries.get(row);
    return entries
      ? reasonOfEntries(entries.map(({ order: { quantity }, filled, end }) => ({ quantity, filled, end })))
      : this.#reasons[row];
  }

  /** Everything about a bar that was wanted. */
  turnAt(row: number): Turn | undefined {
    const kept = this.#kept.get(row);
    return kept && { ...kept, reason: this.reasonAt(row) };
  }

  barClosed(row: number): void {
    const time = this.run.slot.series.time[row];
    this.#turn = {
      ...{ row, time, decided: Number.NaN, quantity: 0, entering: false, lines: [] },
      ...{ halts: [], during: [], decision: [], later: [] },
    };
    this.#phase = 'during';
    if (this.#wanted(this.run, row)) this.#kept.set(row, this.#turn);
  }

  turnBegins(time: EpochMs): void {
    const turn = this.#open();
    const { quantity, entering } = this.run.context.position;
    turn.decided = time;
    turn.quantity = quantity;
    turn.entering = entering;
    this.#phase = 'decision';
  }

  turnEnds(): void {
    const turn = this.#open();
    if (this.#halts?.any) this.#stood(turn, this.#halts);
    if (this.#cold.length > 0) this.#cold = this.#cold.filter((line) => Number.isNaN(line.now));
    if (this.#kept.has(turn.row))
      turn.lines = this.#lines.map(({ name, series }) => ({ name, value: series.now }));
    assert(turn.row === this.#reasons.length, 'every bar has one turn');
    this.#reasons.push(
      reasonWithoutEntry(this.run, [...turn.during, ...turn.decision], {
        decided: turn.decided,
        begins: this.#begins,
        warm: this.#cold.length === 0,
      }),
    );
    this.#phase = 'later';
  }

  #stood(turn: OpenTurn, halts: HaltView): void {
    turn.halts = halts.reasons();
    if (turn.decided <= this.#begins) return;
    for (const { code } of turn.halts) this.#haltedBars.set(code, (this.#haltedBars.get(code) ?? 0) + 1);
  }

  sent(order: OrderIntent): void {
    const { row } = this.#open();
    const sent: SentOrder = { order, row, filled: 0, end: 'none' };
    this.#orders.set(order.id, sent);
    if (order.role === 'entry') this.#entries.set(row, [...(this.#entries.get(row) ?? []), sent]);
    this.#step({ type: 'order', order });
  }

  told(event: OrderEvent): void {
    const sent = this.#orders.get(event.id);
    assert(sent !== undefined, 'news is of orders that were sent');
    if (event.type === 'filled') sent.filled += event.quantity;
    else if (event.type === 'cancelled') sent.end = this.#ranOut(sent.order) ? 'expired' : 'cancelled';
    else if (event.type === 'rejected' || event.type === 'unknown') sent.end = event.type;
    const step: TurnStep = { type: 'event', order: sent.order, event };
    this.#step(step);
    if (sent.row !== this.#turn?.row) this.#kept.get(sent.row)?.later.push(step);
  }

  /** An entry that nobody called off: its session is over, which the next day's first bar tells, or its bars are used up. */
  #ranOut({ id, time }: OrderIntent): boolean {
    if (this.#phase === 'during' && istDayNumber(this.#open().time) > istDayNumber(time - 1)) return true;
    for (const { orders } of this.run.trades)
      for (const order of orders) if (order.intent.id === id) return order.barsLeft <= 0;
    return false;
  }

  #refused(code: string, why: () => string): void {
    // The broker's refusal of an order that was sent belongs to the bar that sent it.
    if (code === 'ORDER_REJECTED') return;
    // What halted is known by its own name; the rule that asks is the same for all halts.
    const [halt] = code === 'RISK_HALTED' ? (this.#halts?.reasons() ?? []) : [];
    this.#step({ type: 'refused', code: halt?.code ?? code, why: why() });
  }

  #step(step: TurnStep): void {
    const turn = this.#open();
    turn[this.#phase].push(step);
    if (this.#phase === 'later') this.#reasons[turn.row] = reasonBetweenBars(this.#reasons[turn.row], step);
  }

  #open(): OpenTurn {
    assert(this.#turn !== undefined, 'nothing happens before the first bar');
    return this.#turn;
  }
}
