import { UsageError } from '../domain/errors.ts';
import { type LearnDocument, learnDocument } from '../reports/learn-json.ts';
import type { BeforeAfter } from '../research/learn/before-after.ts';
import { labelsOf } from '../research/learn/conditions.ts';
import { holdingRows } from '../research/learn/holding.ts';
import { type Proposal, patchOf, proposalsOf } from '../research/learn/proposals.ts';
import { type Study, study } from '../research/learn/study.ts';
import { scoreOf } from '../research/learn/trade-score.ts';
import type { Context } from './context.ts';
import { type LearnBook, learnBook } from './learn-book.ts';
import { learnSurroundings } from './learn-surroundings.ts';
import { learnTrial } from './learn-trial.ts';
import { hashOf } from './run-identity.ts';
import { saveStudy } from './studies.ts';

export interface LearnRequest {
  /** Id of a kept run or of a session, the beginning of it, or `last`. */
  readonly run?: string | undefined;
  /** `paper`, `live` or `all`: the journals instead of a kept run. */
  readonly mode?: string | undefined;
  /** Sessions of one stream. */
  readonly stream?: string | undefined;
  readonly strategies: readonly string[];
  readonly seed: number;
  /** Percent of the trades that are not learnt from. */
  readonly heldOutPercent: number;
}

/** Fewest trades a study begins with; with fewer no condition could have days enough. */
const tradesLeast = 60;

/**
 * Scores the trades of a kept run or of sessions, looks for conditions that matter, tries what it proposes, and keeps what was found under
 * an id for `show` and `apply`.
 *
 * @throws UsageError USAGE_RUN, USAGE_STREAM, USAGE_FILTER, USAGE_LEARN when there are too few trades
 */
export async function learn(context: Context, request: LearnRequest): Promise<LearnDocument> {
  const book = await learnBook(context, request);
  const { trades, studied, intraday } = book;
  checkEnough(book, request);
  const { around, market, notes } = await learnSurroundings(context, trades, {
    prices: book.prices,
    synthetic: studied.synthetic,
  });
  const { seed, heldOutPercent } = request;
  const found = study(
    trades.map((trade) => ({ trade, labels: labelsOf(trade, intraday, around(trade), market(trade)) })),
    { seed, heldOutPercent },
  );
  const { findings } = found;
  const proposals = proposalsOf(findings, book.rules);
  const trial = await trialOf(context, book, { proposals, found });
  const strategies = [...request.strategies].sort();
  const document = learnDocument({
    id: hashOf([...book.identity, JSON.stringify({ strategies, seed, heldOutPercent })]).slice(0, 12),
    run: studied,
    trades,
    scores: trades.map((trade) => scoreOf(trade, around(trade)?.dayRange ?? Number.NaN)),
    study: found,
    proposals,
    trial,
    holding: holdingRows(trades),
    notes,
  });
  await saveStudy(context, { format: 1, document, findings });
  return document;
}

function checkEnough({ name, trades, run }: LearnBook, { strategies }: LearnRequest): void {
  if (trades.length >= tradesLeast) return;
  throw new UsageError(
    'USAGE_LEARN',
    `${name} has ${trades.length} trades${strategies.length > 0 ? ' of these strategies' : ''}, and nothing can be learnt from fewer than ${tradesLeast}.`,
    run
      ? 'Run it over more days or instruments, or name another run; algo backtest list shows them.'
      : 'Let more sessions pass, or learn from a backtest of the same strategies: algo learn run',
  );
}

/** What is proposed, tried by running the backtest again. What sessions would have done otherwise nobody can say. */
async function trialOf(
  context: Context,
  { run }: LearnBook,
  { proposals, found }: { readonly proposals: readonly Proposal[]; readonly found: Study },
): Promise<BeforeAfter | undefined> {
  if (run === undefined || proposals.length === 0) return undefined;
  return learnTrial(context, run, patchOf(proposals), { from: found.split, seed: found.seed });
}
