import type { BarSeries } from '../domain/bar-series.ts';
import type { ChargeModel } from '../domain/charges.ts';
import { assert } from '../domain/errors.ts';
import { type Instrument, isDerivative } from '../domain/instrument.ts';
import type { Paise } from '../domain/money.ts';
import type { ExitReason, Product } from '../domain/order.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import type { ClosedTrade, HeldTrade, OrderUnderWay, RefusalCount } from '../domain/run-result.ts';
import {
  type EpochMs,
  instantOf,
  isoDateOfDay,
  istDayNumber,
  istMinuteOfDay,
  startOfDay,
} from '../domain/time.ts';
import type { Strategy } from '../strategy/define.ts';
import type { ParamShape, ParamValues } from '../strategy/params.ts';
import { Account } from './account.ts';
import { Books } from './books.ts';
import { ContractNotes } from './contract-notes.ts';
import type { EngineContext } from './engine-context.ts';
import type { EntryRulesByStrategy } from './entry-rules.ts';
import { lastSessionDay } from './expiry.ts';
import type { HookRunner } from './hook-runner.ts';
import type { Isolation } from './isolation.ts';
import { OrderDesk } from './order-desk.ts';
import type { Broker, Journal, MarketListener, SizingRule } from './ports.ts';
import { productOf } from './product.ts';
import { AccountBook } from './risk/account-book.ts';
import { Breaker } from './risk/breaker.ts';
import { createGate } from './risk/gate.ts';
import { Halts, type HaltView } from './risk/halts.ts';
import { isSet, type RiskLimits } from './risk/limits.ts';
import { MarkWatch } from './risk/mark-watch.ts';
import { riskRules } from './risk/rules.ts';
import { EquityRecord } from './run-record.ts';
import { Slot } from './slot.ts';
import { StrategyRun } from './strategy-run.ts';
import { Stretch } from './stretch.ts';
import { heldTrade } from './trade-record.ts';
import { type DayExecution, orderUnderWay } from './working-order.ts';

/** Hours of a day bar where no session is looked up: the cash market's. */
const dayOpenMinute = 555;
const dayCloseMinute = 930;

/** What an engine is told before its first bar. */
export interface EnginePlan {
  readonly capitalPaise: Paise;
  readonly limits: RiskLimits;
  readonly sizing: SizingRule;
  readonly charges: ChargeModel;
  readonly rulebook: Rulebook;
  /** `auto` lets instrument and strategy decide. */
  readonly product: Product | 'auto';
  /** Minutes of the day, or `auto` for the dated market rules. */
  readonly squareOff: number | 'auto';
  readonly entryCutOff: number | 'auto';
  /** The last instant of the warm-up, up to which nothing is opened; absent where every bar counts. */
  readonly begins?: EpochMs;
  /** What halts entries, from outside and by a limit of its own; absent where nothing outside does. */
  readonly halts?: Halts;
  /** What single strategies may; absent where all may everything. */
  readonly entryRules?: EntryRulesByStrategy;
  /** What happens to a strategy that fails; absent, the run stops. */
  readonly isolation?: Isolation | undefined;
  /** Entries that a strategy may ask for on one bar before that counts as a failure. */
  readonly entriesPerBarMax?: number;
  /** Marks expected, so that the record of them is allocated once. */
  readonly marks?: number;
  /** Record of an earlier run that nobody reads any more; its memory is used again, since fresh pages cost a third of a run. */
  readonly equity?: EquityRecord;
}

/**
 * Turns market and order events into orders. Synchronous; knows no clock but the events' own times, and cannot tell
 * a replay from a live market. Bars of one instant are told first, then `mark` lets every strategy decide.
 */
export class Engine implements MarketListener {
  readonly account: Account;
  readonly equity: EquityRecord;
  readonly notes: ContractNotes;
  readonly warnings = new Set<string>();
  /** Why nothing is opened at the moment; absent where nothing can halt the run. */
  readonly halts: HaltView | undefined;
  private plan: EnginePlan;
  private readonly context: EngineContext;
  private readonly book: AccountBook;
  private markWatch: MarkWatch | undefined;
  private readonly slots: Slot[] = [];
  private readonly executions = new Map<string, DayExecution[]>();
  private readonly stretch = new Stretch();
  private readonly updated: Slot[] = [];
  private updatedCount = 0;
  private dayEnd = Number.NEGATIVE_INFINITY;

  constructor(
    plan: EnginePlan,
    { hooks, ...parts }: { broker: Broker; journal: Journal; hooks?: HookRunner | undefined },
  ) {
    this.plan = plan;
    this.account = new Account(plan.capitalPaise);
    this.equity = plan.equity ?? new EquityRecord(plan.marks);
    this.equity.length = 0;
    this.notes = new ContractNotes(plan.charges, this.account);
    const { limits } = plan;
    const halts = plan.halts ?? (haltsItself(plan) ? new Halts() : undefined);
    this.halts = halts;
    this.book = new AccountBook(limits);
    this.markWatch = halts && looksAtMarks(plan) ? new MarkWatch(limits, this.account, halts) : undefined;
    const desk = new OrderDesk({
      ...parts,
      book: this.book,
      breaker:
        halts && isSet(limits.breakerRejections) ? new Breaker(limits.breakerRejections, halts) : undefined,
      gate: createGate(riskRules(limits, { ...plan, halts })),
      account: this.account,
      charges: plan.charges,
      contracts: plan.rulebook.contracts,
    });
    const books = new Books(this.account, this.notes, desk.marginOf.bind(desk));
    const { sizing, entryRules } = plan;
    const { calendar } = plan.rulebook;
    const { isolation, entriesPerBarMax = Number.POSITIVE_INFINITY } = plan;
    this.context = {
      isolation,
      hooks,
      runs: this.book.runs,
      entriesPerBarMax,
      warnings: this.warnings,
      account: this.account,
      desk,
      books,
      sizing,
      entryRules,
      calendar,
    };
  }

  /** Registers a series before the run; strategies are added to the slot it answers. */
  watch(instrument: Instrument, series: BarSeries): Slot {
    const known = this.slots.find((slot) => slot.series === series);
    if (known) return known;
    const executions = this.executions.get(instrument.key) ?? [];
    this.executions.set(instrument.key, executions);
    const slot = new Slot(instrument, series, this.plan.rulebook.contracts.lotSize(instrument), executions);
    slot.lastDay = lastSessionDay(instrument, this.plan.rulebook);
    series.slot = this.slots.length;
    this.slots.push(slot);
    return slot;
  }

  /** Puts a strategy on a watched series. */
  run(strategy: Strategy, params: ParamValues<ParamShape>, slot: Slot): StrategyRun {
    const product = productOf(this.plan.product, strategy, slot.instrument);
    const run = new StrategyRun(strategy, params, slot, product, this.context);
    slot.runs.push(run);
    this.book.runs.push(run);
    return run;
  }

  barClosed(series: BarSeries, row: number): void {
    this.updated[this.updatedCount++] = this.reach(series, row);
  }

  mark(time: EpochMs): void {
    this.beginMark(time);
    const { fills } = this.account;
    for (let i = 0; i < this.updatedCount; i++) this.decide(this.updated[i], time);
    this.updatedCount = 0;
    this.endMark(time, fills);
  }

  barsClosed(series: BarSeries, from: number, to: number): number {
    const slot = this.reach(series, from);
    const { account } = this;
    const time = series.time[from] + slot.barMs;
    this.beginMark(time);
    const { fills } = account;
    const calm = this.calmUntil(slot, from, to);
    if (calm === from) {
      this.decide(slot, time);
      this.endMark(time, fills);
      return from + 1;
    }
    // Nothing but the strategy can move the account before `calm`, so the marks it passed are written in one go.
    this.stretch.begin(slot, account);
    const next = slot.runs[0].barsClosed(from, calm);
    const last = next - 1;
    this.stretch.write(this.equity, slot, from, last);
    if (account.fills === fills) account.mark();
    this.endMark(series.time[last] + slot.barMs, fills);
    return next;
  }

  /** First row from `from` on at which more may happen than the strategy's own turn: `from` itself where that is so already. */
  private calmUntil(slot: Slot, from: number, to: number): number {
    const { held } = this.account;
    if (slot.runs.length !== 1 || slot.lastSession || this.markWatch !== undefined) return from;
    if (held.length > 1 || (held.length === 1 && held[0] !== slot)) return from;
    return slot.runs[0].calmUntil(from, to);
  }

  /** Brings a slot to its newest bar. */
  private reach(series: BarSeries, row: number): Slot {
    const slot = this.slots[series.slot];
    slot.row = row;
    if (row >= slot.dayEndRow) this.lookAtDay(slot, row);
    slot.close = series.close[row];
    return slot;
  }

  /** Rows up to the end of the day are known to be its own; beyond what is stored, each new row is looked at. */
  private lookAtDay(slot: Slot, row: number): void {
    const { series } = slot;
    if (series.time[row] >= slot.dayEnd) this.enterDay(slot, row);
    slot.dayEndRow = Math.max(row + 1, series.rowAt(slot.dayEnd, row));
  }

  private beginMark(time: EpochMs): void {
    if (time > this.dayEnd) this.beginDay(time);
    // Sizes and the day's loss go by what the account is worth now, not a bar ago.
    this.account.mark();
    if (this.markWatch !== undefined) this.look(this.markWatch, time);
  }

  /** A loss that halts calls off what is being entered, and closes what is open where the profile says so. */
  private look(watch: MarkWatch, time: EpochMs): void {
    if (!watch.look()) return;
    if (this.plan.limits.lossKillFlatten) this.flatten(time);
    else this.cancelEntries();
  }

  private decide(slot: Slot, time: EpochMs): void {
    const { runs } = slot;
    for (let i = 0; i < runs.length; i++) runs[i].barClosed(time);
    if (slot.lastSession && time >= slot.sessionClose) this.leaveAll(slot, 'expiry');
  }

  private endMark(time: EpochMs, fillsBefore: number): void {
    const { account } = this;
    if (account.fills !== fillsBefore) account.mark();
    this.equity.push(time, account.equityPaise, account.held.length > 0 ? 1 : 0);
  }

  /** A new day for the account: yesterday's notes are settled and the day's loss is counted from here. */
  private beginDay(time: EpochMs): void {
    // A mark at midnight closes the day that ends there.
    const dayNumber = istDayNumber(time - 1);
    this.dayEnd = startOfDay(dayNumber + 1);
    this.context.books.beginDay(dayNumber);
    // A contract without a bar in its last session ends all the same.
    for (const slot of [...this.account.held]) if (slot.lastDay < dayNumber) this.leaveAll(slot, 'expiry');
    this.account.dayStartEquityPaise = this.account.equityPaise;
    this.markWatch?.newDay();
  }

  /** A new day for one series: session hours, yesterday's close, cut-off, freeze quantity, expiry. */
  private enterDay(slot: Slot, row: number): void {
    const { contracts } = this.plan.rulebook;
    const { instrument, series } = slot;
    const dayNumber = istDayNumber(series.time[row]);
    slot.previousClose = row > 0 ? series.close[row - 1] : Number.NaN;
    slot.dayNumber = dayNumber;
    slot.dayEnd = startOfDay(dayNumber + 1);
    slot.sessionRow = row;
    slot.sessionOpen = instantOf(dayNumber, instrument.rules === 'none' ? 0 : dayOpenMinute);
    slot.sessionClose =
      slot.intraday || instrument.rules === 'none' ? slot.dayEnd : instantOf(dayNumber, dayCloseMinute);
    slot.squareOffMark = slot.sessionClose;
    slot.cutOffMinute = Number.POSITIVE_INFINITY;
    if (slot.intraday && instrument.rules !== 'none') this.enterSession(slot, dayNumber);
    if (isDerivative(instrument)) {
      slot.freezeQuantity = contracts.freezeQuantity(instrument, dayNumber) ?? Number.POSITIVE_INFINITY;
      slot.lastSession = dayNumber >= slot.lastDay;
    }
    for (const run of slot.runs) run.newSession();
  }

  private enterSession(slot: Slot, dayNumber: number): void {
    const { calendar } = this.plan.rulebook;
    const session = calendar.session(slot.instrument, dayNumber);
    if (!session) {
      this.warnings.add(
        `${slot.instrument.key} has bars on ${isoDateOfDay(dayNumber)}, when its market was closed.`,
      );
      return;
    }
    slot.sessionOpen = session.open;
    slot.sessionClose = session.close;
    const { squareOff, entryCutOff } = this.plan;
    const squareOffMinute =
      squareOff === 'auto' ? calendar.squareOffMinute(slot.instrument, dayNumber) : squareOff;
    const at = Math.min(instantOf(dayNumber, squareOffMinute), session.close);
    // The last close on the bar grid after which another bar still opens in time.
    slot.squareOffMark = session.open + Math.floor((at - session.open) / slot.barMs) * slot.barMs;
    const cutOff =
      entryCutOff === 'auto'
        ? slot.squareOffMark
        : Math.min(slot.squareOffMark, instantOf(dayNumber, entryCutOff));
    slot.cutOffMinute = istMinuteOfDay(cutOff);
  }

  private leaveAll(slot: Slot, reason: ExitReason): void {
    slot.over = true;
    for (const run of slot.runs) run.exitAll(reason, undefined, true);
  }

  /** Other limits from now on, in a run that can be halted; what was counted today counts towards them. */
  limit(limits: RiskLimits): void {
    const { halts } = this.plan;
    assert(halts !== undefined, 'limits change in a run that can be halted');
    this.plan = { ...this.plan, limits };
    this.book.limit(limits);
    this.context.desk.limit(createGate(riskRules(limits, this.plan)), limits, halts);
    if (this.markWatch !== undefined) this.markWatch.limit(limits);
    else if (looksAtMarks(this.plan)) this.markWatch = new MarkWatch(limits, this.account, halts);
  }

  /** Calls off every entry under way. What is open keeps its stops and targets. */
  cancelEntries(): void {
    for (const slot of this.slots) for (const run of slot.runs) run.cancelEntries();
  }

  /** Calls off every entry under way and closes every position at market, at the next price there is after `time`. */
  flatten(time: EpochMs): void {
    for (const slot of this.slots) {
      for (const run of slot.runs) {
        run.time = time;
        run.exitAll('kill');
      }
    }
  }

  /** Ends the run: entries are cancelled, open trades valued at the last close, the last notes settled. */
  finish(): void {
    const last = this.equity.length > 0 ? this.equity.time[this.equity.length - 1] : Number.NEGATIVE_INFINITY;
    for (const slot of this.slots) {
      const expired = last >= instantOf(slot.lastDay, dayCloseMinute);
      this.leaveAll(slot, expired ? 'expiry' : 'end-of-data');
    }
    this.context.books.settle();
    this.account.mark();
    if (this.equity.length > 0) this.equity.equityPaise[this.equity.length - 1] = this.account.equityPaise;
    if (this.halts?.any) {
      const standing = this.halts.reasons().map(({ code, why }) => `${code}, ${why}`);
      this.warnings.add(`Trading was halted to the end: ${standing.join('; ')}.`);
    }
    assert(this.account.held.length === 0, 'no position is left after the end of a run');
  }

  /** Whether any entry is under way. */
  get entering(): boolean {
    return this.runs().some(({ context }) => context.position.entering);
  }

  /** Round trips in the order of their entries. */
  trades(): readonly ClosedTrade[] {
    return this.context.books.finished.trades();
  }

  /** Trades that were settled after so many others, in the order of their entries. */
  settledSince(count: number): readonly ClosedTrade[] {
    return this.context.books.finished.trades(count);
  }

  /** Trades that ended today. Their charges are the orders' own estimates until the evening's notes are settled. */
  endedToday(): readonly ClosedTrade[] {
    return this.context.books.today().trades();
  }

  /** Round trips under way. */
  heldTrades(): readonly HeldTrade[] {
    return this.runs().flatMap(({ trades }) => trades.filter(({ open }) => open > 0).map(heldTrade));
  }

  /** Orders that were sent and have not ended, the oldest first. */
  ordersUnderWay(): readonly OrderUnderWay[] {
    const working = this.runs().flatMap(({ trades }) =>
      trades.flatMap(({ orders }) => orders.filter(({ isWorking }) => isWorking)),
    );
    return working.map(orderUnderWay).sort((a, b) => a.id - b.id);
  }

  /** Entries of the day that the account is in. */
  get entriesToday(): number {
    return Number.isFinite(this.dayEnd) ? this.book.entriesOn(istDayNumber(this.dayEnd - 1)) : 0;
  }

  /** Entries open or under way. */
  get openEntries(): number {
    return this.book.openEntries();
  }

  get tradeCount(): number {
    return this.context.books.finished.length;
  }

  refusals(): readonly RefusalCount[] {
    return this.runs().flatMap((run) => run.refusals.list(run.name, run.slot.instrument.key));
  }

  get signals(): number {
    return this.runs().reduce((sum, run) => sum + run.signals, 0);
  }

  get orderCount(): number {
    return this.context.desk.orderCount;
  }

  private runs(): readonly StrategyRun[] {
    return this.slots.flatMap((slot) => slot.runs);
  }
}

/** Limits that need halts where nobody gave any. */
function haltsItself(plan: EnginePlan): boolean {
  return looksAtMarks(plan) || isSet(plan.limits.breakerRejections);
}

function looksAtMarks({ limits, sizing }: EnginePlan): boolean {
  return MarkWatch.wanted(limits) || sizing.needsPeak === true;
}
