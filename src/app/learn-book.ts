import { configSchema } from '../config/schema.ts';
import { UsageError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';
import type { ClosedTrade } from '../domain/run-result.ts';
import { isoInstant } from '../domain/time.ts';
import { isIntraday, parseTimeframe } from '../domain/timeframe.ts';
import type { StudiedRun } from '../reports/learn-json.ts';
import type { StrategySettings } from '../research/learn/proposals.ts';
import type { Context } from './context.ts';
import { journalBook, sessionsText } from './journal-book.ts';
import { type OpenedRun, openRun } from './kept-runs.ts';
import type { LearnRequest } from './learn.ts';

/** Trades that can be learnt from, and under which rules they were made. */
export interface LearnBook {
  readonly studied: StudiedRun;
  /** As a sentence begins with it. */
  readonly name: string;
  /** What the study follows from beside its own settings. */
  readonly identity: readonly string[];
  readonly trades: readonly ClosedTrade[];
  /** All were decided on bars shorter than a day. */
  readonly intraday: boolean;
  readonly prices: 'raw' | 'adjusted';
  readonly rules: Readonly<Record<string, StrategySettings>>;
  /** Present for a kept backtest, which can be played again. */
  readonly run?: OpenedRun;
}

/**
 * Trades of a kept backtest, or of the sessions of journals where a mode or a stream is named.
 *
 * @throws UsageError USAGE_RUN, USAGE_STREAM, USAGE_FILTER
 */
export async function learnBook(
  context: Context,
  request: Pick<LearnRequest, 'run' | 'mode' | 'stream' | 'strategies'>,
): Promise<LearnBook> {
  const { mode, stream, run, strategies } = request;
  const book =
    mode === undefined && stream === undefined
      ? bookOfRun(openRun(context, run ?? 'last'))
      : await bookOfSessions(context, request);
  return { ...book, trades: chosenTrades(book, strategies) };
}

function bookOfRun(run: OpenedRun): LearnBook {
  const { id, saved, outcome } = run;
  const read = configSchema.safeParse(saved.settings);
  return {
    studied: { id, savedAt: saved.savedAt, synthetic: saved.document.run.synthetic },
    name: `Run ${id}`,
    identity: [id, outcome.header.hashes.result],
    trades: outcome.trades,
    intraday: outcome.header.series.every(({ timeframe }) => isIntraday(timeframe)),
    prices: saved.settings.prices === 'raw' ? 'raw' : 'adjusted',
    rules: read.success ? read.data.strategies : {},
    run,
  };
}

/** Sessions may have had other settings each; what is proposed is on top of those in force now. */
async function bookOfSessions(
  context: Context,
  request: Pick<LearnRequest, 'run' | 'mode' | 'stream'>,
): Promise<LearnBook> {
  const { record, sessions, synthetic, faults } = await journalBook(context, request);
  for (const fault of faults) context.output.warn(fault);
  const id = [...new Set(sessions.map(({ mode, stream }) => `${mode}/${stream}`))].join(' ');
  const { trades } = record;
  const last = Math.max(0, ...sessions.map(({ until }) => until ?? 0));
  return {
    studied: { id, savedAt: isoInstant(last), synthetic, sessions: sessionsText(sessions) },
    name: `The journal ${id}`,
    identity: [
      id,
      ...trades.map(({ name, exitTime, chargesPaise }) => `${name} ${exitTime} ${chargesPaise}`),
    ],
    trades,
    intraday: sessions.every(({ timeframe }) => timeframe !== '' && isIntraday(parseTimeframe(timeframe))),
    // A session trades at the prices of its day.
    prices: 'raw',
    rules: context.config.strategies,
  };
}

function chosenTrades({ name, trades }: LearnBook, strategies: readonly string[]): readonly ClosedTrade[] {
  const traded = new Set(trades.map(({ strategy }) => strategy));
  for (const each of strategies) {
    if (traded.has(each)) continue;
    throw new UsageError(
      'USAGE_FILTER',
      `${name} has no trade of the strategy "${each}".${didYouMean(each, traded)}`,
      `It traded: ${[...traded].join(', ') || 'nothing'}.`,
    );
  }
  return strategies.length === 0 ? trades : trades.filter(({ strategy }) => strategies.includes(strategy));
}
