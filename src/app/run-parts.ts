import { loadRulebook } from '../config/rulebook.ts';
import type { Config } from '../config/schema.ts';
import type { ChargeModel } from '../domain/charges.ts';
import { ConfigError } from '../domain/errors.ts';
import type { InstrumentKey } from '../domain/instrument.ts';
import { toPaise } from '../domain/money.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { istDayNumber, minuteOfClock } from '../domain/time.ts';
import { parseTimeframe } from '../domain/timeframe.ts';
import type { HistoryStore, SizingRule } from '../engine/ports.ts';
import {
  fixedLots,
  fixedQuantity,
  fixedRupees,
  percentOfEquity,
  riskPerTrade,
  smallerInDrawdown,
  volatilityTarget,
} from '../engine/sizing.ts';
import type { BacktestRequest } from './backtest-request.ts';
import type { BacktestCast, BacktestSeries } from './backtest-run.ts';
import { runSeries } from './backtest-series.ts';
import { chargesFor } from './charges-for.ts';
import { chosenStrategies } from './chosen-strategies.ts';
import type { Context } from './context.ts';
import { entryRulesOf } from './entry-rules-of.ts';
import { isolationOf } from './isolation-of.ts';
import { importedBans } from './market-bans.ts';
import { historyOf } from './open-history.ts';
import { settlementsFrom } from './settlement.ts';
import { resolveUniverse } from './universe.ts';

/**
 * What a run over stored bars is made of, whoever plays it: strategies, bars, rules, charges, sizing.
 *
 * @throws UsageError for flags, ConfigError for parameters, DataError for missing bars and rules
 */
export async function runParts(context: Context, request: BacktestRequest) {
  const { config, folders } = context;
  const { chosen, timeframe } = await chosenFor(context, request);
  const rulebook = loadRulebook(folders.root, folders.home);
  const store = historyOf(context);
  const universe = await resolveUniverse(context, store, rulebook, request.universe);
  const { series, warnings } = await runSeries({
    store,
    rulebook,
    universe,
    chosen,
    timeframe,
    request,
    prices: config.prices,
    detail: config.fill.detail,
  });
  const parts = await castOf(context, { rulebook, store, series });
  return { chosen, rulebook, series, warnings: [...absent(universe.missing), ...warnings], ...parts };
}

/** What the command line names, else the profile: strategies with their parameters, and the timeframe where one is set for all. */
export async function chosenFor(
  { config, folders }: Pick<Context, 'config' | 'folders'>,
  request: Pick<BacktestRequest, 'strategies' | 'timeframe' | 'params'>,
) {
  const named = request.strategies.length > 0 ? request.strategies : config.trading.strategies;
  const frame = request.timeframe ?? config.trading.timeframe;
  return {
    chosen: await chosenStrategies(folders, named, request.params),
    timeframe: frame === 'auto' ? undefined : parseTimeframe(frame),
  };
}

/** Charges, sizing and what else a run over these series is played with. */
export async function castOf(
  context: Context,
  {
    rulebook,
    store,
    series,
  }: {
    readonly rulebook: Rulebook;
    readonly store: HistoryStore;
    readonly series: readonly BacktestSeries[];
  },
) {
  const { config } = context;
  const instruments = [...new Set(series.map(({ instrument }) => instrument))];
  const charges = chargesFor(config.charges, instruments, rulebook);
  const settlements = await settlementsFrom(store, instruments);
  const sizing = sizingOf(config);
  const limits = { ...config.risk, bans: importedBans(context) };
  const cast: BacktestCast = {
    plan: {
      capitalPaise: toPaise(config.capital),
      limits,
      isolation: isolationOf(config, 'backtest'),
      entriesPerBarMax: config.trading.maxEntriesPerBar,
      sizing,
      charges: charges.model,
      rulebook,
      product: config.product,
      squareOff: minuteOrAuto(config.session.squareOff),
      entryCutOff: minuteOrAuto(config.session.entryCutOff),
      entryRules: entryRulesOf(context),
      marks: series.reduce((most, each) => Math.max(most, each.series.length), 0) + 1,
    },
    hookMsMax: config.trading.hookMsMax,
    fill: config.fill,
    series,
    settlement: settlements.priceOf,
  };
  return { charges, settlements, sizing, bans: limits.bans, cast };
}

/** One sentence for all members of lists that are not stored. */
function absent(keys: readonly InstrumentKey[]): readonly string[] {
  if (keys.length === 0) return [];
  const some = keys.slice(0, 5).join(', ');
  return [
    `${keys.length} of the universe ${keys.length === 1 ? 'has' : 'have'} no stored bars and ${keys.length === 1 ? 'is' : 'are'} left out: ${some}${keys.length > 5 ? ', …' : ''}. algo universe show says why.`,
  ];
}

/** @throws ConfigError CONFIG_DRAWDOWN when entries would end shrinking before they begin */
function sizingOf({ sizing }: Config): SizingRule {
  const { drawdownFromPercent: from, drawdownToPercent: to } = sizing;
  const rule = ruleOf(sizing);
  if (from === 'none') return rule;
  if (from < to) return smallerInDrawdown(rule, from, to);
  throw new ConfigError(
    'CONFIG_DRAWDOWN',
    `sizing.drawdownToPercent is ${to}, not above sizing.drawdownFromPercent ${from}.`,
    'Raise drawdownToPercent, or set drawdownFromPercent to none.',
  );
}

function ruleOf(sizing: Config['sizing']): SizingRule {
  switch (sizing.rule) {
    case 'quantity':
      return fixedQuantity(sizing.quantity);
    case 'lots':
      return fixedLots(sizing.lots);
    case 'rupees':
      return fixedRupees(sizing.rupees);
    case 'percent-of-equity':
      return percentOfEquity(sizing.percentOfEquity);
    case 'risk-per-trade':
      return riskPerTrade(sizing.riskPercent);
    case 'volatility':
      return volatilityTarget(sizing.volatilityPercent, sizing.volatilityBars);
    default:
      return sizing.rule satisfies never;
  }
}

function minuteOrAuto(clock: string): number | 'auto' {
  return clock === 'auto' ? 'auto' : minuteOfClock(clock);
}

/** One sentence for all rates of these days whose source is in doubt; `algo charges` shows each of them. */
export function unverifiedCharges(series: readonly BacktestSeries[], model: ChargeModel): readonly string[] {
  const sentences = new Set<string>();
  for (const { instrument, series: bars } of series) {
    const first = istDayNumber(bars.time[0]);
    const last = istDayNumber(bars.time[bars.length - 1]);
    for (const sentence of model.unverified?.(instrument, first, last) ?? []) sentences.add(sentence);
  }
  if (sentences.size === 0) return [];
  const lines = [...new Set([...sentences].map((sentence) => sentence.split(' ')[1]))].join(', ');
  return [
    `Rates of these charges or their dates are marked UNVERIFIED on some of these days: ${lines}. ` +
      'algo charges --date … names them with their sources.',
  ];
}
