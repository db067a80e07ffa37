import { loadRulebook } from '../config/rulebook.ts';
import { configSchema } from '../config/schema.ts';
import { codeOf, UsageError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';
import type { ClosedTrade } from '../domain/run-result.ts';
import { istDayNumber, startOfDay } from '../domain/time.ts';
import { isIntraday } from '../domain/timeframe.ts';
import { type LearnDocument, learnDocument } from '../reports/learn-json.ts';
import { labelsOf } from '../research/learn/conditions.ts';
import { holdingRows } from '../research/learn/holding.ts';
import { proposalsOf, type StrategySettings } from '../research/learn/proposals.ts';
import { study } from '../research/learn/study.ts';
import { type Surroundings, surroundingsOf } from '../research/learn/surroundings.ts';
import { scoreOf } from '../research/learn/trade-score.ts';
import type { Context } from './context.ts';
import { loadBars, storedInstrument } from './history.ts';
import { type OpenedRun, openRun } from './kept-runs.ts';
import { historyOf } from './open-history.ts';
import { hashOf } from './run-identity.ts';
import { saveStudy } from './studies.ts';

export interface LearnRequest {
  /** Id of a kept run, the beginning of it, or `last`. */
  readonly run: string;
  readonly strategies: readonly string[];
  readonly seed: number;
  /** Percent of the trades that are not learnt from. */
  readonly heldOutPercent: number;
}

/** Fewest trades a study begins with; with fewer no condition could have days enough. */
const tradesLeast = 60;

/**
 * Scores the trades of a kept run, looks for conditions that matter, and keeps what was found under an id for `show` and `apply`.
 *
 * @throws UsageError USAGE_RUN, USAGE_FILTER, USAGE_LEARN when there are too few trades
 */
export async function learn(context: Context, request: LearnRequest): Promise<LearnDocument> {
  const run = openRun(context, request.run);
  const trades = chosenTrades(run, request.strategies);
  if (trades.length < tradesLeast)
    throw new UsageError(
      'USAGE_LEARN',
      `Run ${run.id} has ${trades.length} trades${request.strategies.length > 0 ? ' of these strategies' : ''}, and nothing can be learnt from fewer than ${tradesLeast}.`,
      'Run it over more days or instruments, or name another run; algo backtest list shows them.',
    );
  const { around, notes } = await surroundings(context, run, trades);
  const intraday = run.outcome.header.series.every(({ timeframe }) => isIntraday(timeframe));
  const studied = trades.map((trade) => ({ trade, labels: labelsOf(trade, intraday, around(trade)) }));
  const { seed, heldOutPercent } = request;
  const found = study(studied, { seed, heldOutPercent });
  const { findings } = found;
  const strategies = [...request.strategies].sort();
  const document = learnDocument({
    id: hashOf([
      run.id,
      run.outcome.header.hashes.result,
      JSON.stringify({ strategies, seed, heldOutPercent }),
    ]).slice(0, 12),
    run: { id: run.id, savedAt: run.saved.savedAt, synthetic: run.saved.document.run.synthetic },
    trades,
    scores: trades.map((trade) => scoreOf(trade, around(trade)?.dayRange ?? Number.NaN)),
    study: found,
    proposals: proposalsOf(findings, rulesOf(run)),
    holding: holdingRows(trades),
    notes,
  });
  await saveStudy(context, { format: 1, document, findings });
  return document;
}

function chosenTrades(
  { id, outcome: { trades } }: OpenedRun,
  strategies: readonly string[],
): readonly ClosedTrade[] {
  const traded = new Set(trades.map(({ strategy }) => strategy));
  for (const name of strategies) {
    if (traded.has(name)) continue;
    throw new UsageError(
      'USAGE_FILTER',
      `Run ${id} has no trade of the strategy "${name}".${didYouMean(name, traded)}`,
      `It traded: ${[...traded].join(', ') || 'nothing'}.`,
    );
  }
  return strategies.length === 0 ? trades : trades.filter(({ strategy }) => strategies.includes(strategy));
}

/** Rules for strategies that the run had. */
function rulesOf({ saved }: OpenedRun): Readonly<Record<string, StrategySettings>> {
  const read = configSchema.safeParse(saved.settings);
  return read.success ? read.data.strategies : {};
}

/** What each trade's instrument was like at its entry, from day bars as they are stored now. */
async function surroundings(context: Context, run: OpenedRun, trades: readonly ClosedTrade[]) {
  const { root, home } = context.folders;
  const { calendar } = loadRulebook(root, home);
  const store = historyOf(context);
  const last = Math.max(...trades.map(({ exitTime }) => exitTime));
  const byKey = new Map<string, (trade: ClosedTrade) => Surroundings | undefined>();
  const without: string[] = [];
  const prices = run.saved.settings.prices === 'raw' ? 'raw' : 'adjusted';
  for (const key of new Set(trades.map((trade) => trade.key))) {
    try {
      const instrument = await storedInstrument(store, key);
      const span = { from: Number.NEGATIVE_INFINITY, to: startOfDay(istDayNumber(last) + 1) };
      const { series } = await loadBars(store, calendar, { instrument, timeframe: 'day', span, prices });
      byKey.set(key, surroundingsOf(series));
    } catch (error) {
      // Hours and weekdays can still be learnt from; what is missing is told.
      if (!codeOf(error).startsWith('DATA_')) throw error;
      without.push(key);
    }
  }
  const notes =
    without.length === 0
      ? []
      : [
          `No bars of ${without.slice(0, 5).join(', ')}${without.length > 5 ? ' …' : ''} are stored any more: trend, volatility, gap and distance of these trades are not known.`,
        ];
  return { around: (trade: ClosedTrade) => byKey.get(trade.key)?.(trade), notes };
}
