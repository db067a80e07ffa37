import type { TradingCalendar } from '../domain/rulebook.ts';
import type { Account } from './account.ts';
import type { Books } from './books.ts';
import type { EntryRulesByStrategy } from './entry-rules.ts';
import type { HookRunner } from './hook-runner.ts';
import type { Isolation } from './isolation.ts';
import type { OrderDesk } from './order-desk.ts';
import type { SizingRule } from './ports.ts';
import type { StrategyRun } from './strategy-run.ts';

/** What the parts of one engine share. */
export interface EngineContext {
  readonly account: Account;
  readonly desk: OrderDesk;
  readonly books: Books;
  readonly sizing: SizingRule;
  readonly entryRules: EntryRulesByStrategy | undefined;
  readonly calendar: TradingCalendar;
  /** Absent: a strategy that fails stops the run. */
  readonly isolation: Isolation | undefined;
  /** Absent: hooks are called directly. */
  readonly hooks: HookRunner | undefined;
  /** Every strategy on every instrument. */
  readonly runs: readonly StrategyRun[];
  /** Entries that a strategy may ask for on one bar. */
  readonly entriesPerBarMax: number;
  readonly warnings: Set<string>;
}
