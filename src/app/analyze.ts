import { UsageError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';
import { type Analysis, analyse } from '../research/analysis/analysis.ts';
import { type Dimension, dimensions } from '../research/analysis/attribution.ts';
import type { Context } from './context.ts';
import { type OpenedRun, openRun } from './kept-runs.ts';
import { spanOf } from './run-span.ts';

export interface AnalyzeRequest {
  /** Id of a kept run, the beginning of it, or `last`. */
  readonly run: string;
  /** Dimensions; none takes those that say something of most books. */
  readonly by: readonly string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly strategies: readonly string[];
  readonly symbols: readonly string[];
}

export interface AnalyzedRun {
  readonly run: OpenedRun;
  readonly analysis: Analysis;
}

const usualDimensions: readonly Dimension[] = ['strategy', 'symbol', 'exit', 'hour', 'weekday', 'month'];

/**
 * What a kept run earned and where it came from.
 *
 * @throws UsageError USAGE_RUN for a run that is not kept, USAGE_DIMENSION, USAGE_FILTER for a strategy or symbol the run did not trade
 */
export function analyze(context: Context, request: AnalyzeRequest): AnalyzedRun {
  const by =
    request.by.length === 0
      ? usualDimensions
      : request.by.flatMap((text) => text.split(',')).map(dimensionOf);
  const span = spanOf(request);
  const run = openRun(context, request.run);
  const { trades } = run.outcome;
  const symbols = request.symbols.map((symbol) => symbol.toUpperCase());
  checkKnown('strategy', request.strategies, new Set(trades.map(({ strategy }) => strategy)));
  checkKnown('symbol', symbols, new Set(trades.flatMap(({ key }) => [key, key.slice(key.indexOf(':') + 1)])));
  const filter = { ...span, strategies: request.strategies, symbols };
  return { run, analysis: analyse(run.outcome, filter, [...new Set(by)]) };
}

function dimensionOf(text: string): Dimension {
  const known = dimensions.find((dimension) => dimension === text.trim());
  if (known) return known;
  throw new UsageError(
    'USAGE_DIMENSION',
    `--by received "${text}".${didYouMean(text, dimensions)}`,
    `Use any of ${dimensions.join(', ')}.`,
  );
}

function checkKnown(what: string, asked: readonly string[], traded: ReadonlySet<string>): void {
  for (const each of asked) {
    if (traded.has(each)) continue;
    throw new UsageError(
      'USAGE_FILTER',
      `The run has no trade of the ${what} "${each}".${didYouMean(each, traded)}`,
      `It traded: ${[...traded].slice(0, 10).join(', ') || 'nothing'}.`,
    );
  }
}
