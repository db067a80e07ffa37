import { confined } from '../adapters/system/confined.ts';
import { interruptible } from '../adapters/system/interruptible.ts';
import { type Config, configSchema } from '../config/schema.ts';
import { DataError } from '../domain/errors.ts';
import { closesOf, sessionsOf } from '../domain/resample.ts';
import type { EpochMs } from '../domain/time.ts';
import type { JournalEntry } from '../engine/journal-entry.ts';
import { TurnWatch, type WantedBar } from '../engine/turns/turn-watch.ts';
import type { RunHeader } from '../research/backtest-outcome.ts';
import type { StrategySettings } from '../research/learn/proposals.ts';
import type { BacktestRequest } from './backtest-request.ts';
import { type BacktestCast, runBacktest } from './backtest-run.ts';
import type { Context } from './context.ts';
import { entryRulesOf } from './entry-rules-of.ts';
import { isolationOf } from './isolation-of.ts';
import { runHeader } from './run-header.ts';
import { resultHash } from './run-identity.ts';
import { runParts } from './run-parts.ts';

/** What a run was asked for, and the settings it had. */
export interface RecordedInputs {
  /** As a person would name it: `Run 3f9c0d…`, `Session 3f9c0d… of stream default`. */
  readonly name: string;
  readonly request: BacktestRequest;
  readonly settings: Readonly<Record<string, unknown>>;
  /** What to do when it cannot be played again. */
  readonly fix: string;
}

/** What was written down of a run when it was made: enough to play it again and to know that it is the same. */
export interface RecordedRun extends RecordedInputs {
  readonly hashes: Omit<RunHeader['hashes'], 'result'>;
  /** The last instant of a warm-up. */
  readonly begins?: EpochMs;
  /** Bars that close later were not played. */
  readonly until?: EpochMs;
}

/** A run that was played again, bar by bar. */
export interface ReplayedRun {
  readonly watch: TurnWatch;
  readonly cast: BacktestCast;
  readonly synthetic: boolean;
  readonly entries: readonly JournalEntry[];
  readonly result: string;
}

/**
 * Plays a recorded run again, under the settings it had, with somebody watching every bar.
 *
 * @throws DataError DATA_REPLAY when bars, rules, strategies, settings or the program have changed since
 */
export async function replayRun(
  context: Context,
  recorded: RecordedRun,
  wanted: WantedBar,
): Promise<ReplayedRun> {
  const { cast: same, config, synthetic } = await sameRun(context, recorded);
  const watch = new TurnWatch(wanted, recorded.begins);
  const { begins, until } = recorded;
  const whole: BacktestCast = {
    ...same,
    plan: {
      ...same.plan,
      ...(begins !== undefined && { begins, isolation: isolationOf(config, 'session') }),
    },
    watch,
  };
  const cast = until === undefined ? whole : cutAt(whole, until);
  const { engine, entries } = interruptible(() => confined(() => runBacktest(cast)));
  return { watch, cast, synthetic, entries, result: resultHash(entries, engine.trades()) };
}

/**
 * The cast of a recorded run, under the settings it had; `rules` come on top of those that its strategies had.
 *
 * @throws DataError DATA_REPLAY when it would not be the same any more
 */
export async function sameRun(
  context: Context,
  recorded: RecordedRun,
  rules: Readonly<Record<string, StrategySettings>> = {},
): Promise<{ readonly cast: BacktestCast; readonly config: Config; readonly synthetic: boolean }> {
  const config = settingsOf(recorded, context.config);
  const before = { ...context, config };
  const { request } = recorded;
  const parts = await runParts(before, request);
  const header = runHeader({
    ...parts,
    context: before,
    request,
    charges: parts.charges.model.name,
    sizing: parts.sizing.name,
    warnings: [],
    started: context.clock.now(),
    result: '',
  });
  checkSame(recorded, header.hashes);
  const { cast } = parts;
  const strategies = { ...config.strategies };
  for (const [name, rule] of Object.entries(rules))
    Object.assign(strategies, { [name]: { ...strategies[name], ...rule } });
  const changed = settingsOf({ ...recorded, settings: { ...config, strategies } }, context.config);
  const entryRules = entryRulesOf({ ...before, config: changed });
  return {
    cast: { ...cast, plan: { ...cast.plan, entryRules } },
    config,
    synthetic: header.instruments.some(({ synthetic }) => synthetic),
  };
}

/** Inputs in the order in which a person would look for what changed. */
const inputs = [
  ['data', 'the bars it went over have'],
  ['strategy', 'the source of a strategy or its parameters have'],
  ['rulebook', 'the rules of the market have'],
  ['config', 'settings or their defaults have'],
] as const;

function checkSame(recorded: RecordedRun, now: RecordedRun['hashes']): void {
  const { hashes } = recorded;
  const changed = inputs.map(([input]) => input).filter((input) => hashes[input] !== now[input]);
  if (changed.length > 0) throw changedSince(recorded, changed);
}

/** The error of a run whose inputs are not what they were. */
export function changedSince(
  { name, fix }: Pick<RecordedInputs, 'name' | 'fix'>,
  changed: readonly (typeof inputs)[number][0][],
): DataError {
  const what = inputs.filter(([input]) => changed.includes(input)).map(([, words]) => words);
  return new DataError(
    'DATA_REPLAY',
    `${name} cannot be looked into bar by bar: ${what.join(', ')} changed since.`,
    fix,
  );
}

/** The error of a run whose inputs are the same and whose outcome is not. */
export function tookAnotherWay({ name, fix }: Pick<RecordedInputs, 'name' | 'fix'>): DataError {
  return new DataError(
    'DATA_REPLAY',
    `${name} cannot be looked into bar by bar: with the same inputs this algo does something else than was recorded, so the program has changed since.`,
    fix,
  );
}

/** The settings of then, with the paths of this computer. */
export function settingsOf({ name, settings, fix }: RecordedInputs, now: Config): Config {
  const read = configSchema.safeParse(settings);
  if (read.success) return { ...read.data, data: now.data, log: now.log };
  throw new DataError(
    'DATA_REPLAY',
    `${name} cannot be looked into bar by bar: this algo does not know all of its settings any more.`,
    fix,
  );
}

/** Without the bars that close after an instant, and without an end: what is open then stays open. */
function cutAt(cast: BacktestCast, until: EpochMs): BacktestCast {
  const { calendar } = cast.plan.rulebook;
  const series = cast.series.map((each) => {
    const { instrument, series: bars } = each;
    const rows = closesOf(bars, sessionsOf(calendar, instrument)).filter((close) => close <= until).length;
    return { ...each, series: bars.slice(0, rows) };
  });
  return { ...cast, series, endless: true };
}
