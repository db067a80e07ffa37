import { confined } from '../adapters/system/confined.ts';
import { interruptible } from '../adapters/system/interruptible.ts';
import { type ChargeTotals, chargeLines } from '../domain/charges.ts';
import { isDerivative } from '../domain/instrument.ts';
import type { Engine } from '../engine/engine.ts';
import type { BacktestOutcome, Pictures } from '../research/backtest-outcome.ts';
import { breakdown } from '../research/breakdown.ts';
import { periodsPerYear, type SummaryInput, summarise } from '../research/summary.ts';
import type { BacktestRequest } from './backtest-request.ts';
import { type BacktestSeries, runBacktest } from './backtest-run.ts';
import type { Context } from './context.ts';
import type { PictureInput } from './pictures.ts';
import { runHeader } from './run-header.ts';
import { resultHash } from './run-identity.ts';
import { runParts, unverifiedCharges } from './run-parts.ts';

/**
 * Runs strategies over stored bars and measures the result.
 *
 * @throws UsageError for flags, ConfigError for parameters, DataError for missing bars and rules, StrategyError when a strategy fails
 */
export async function backtest(context: Context, request: BacktestRequest): Promise<BacktestOutcome> {
  const { output, clock } = context;
  const started = clock.now();
  const parts = await runParts(context, request);
  const { chosen, rulebook, series, warnings, charges, sizing, settlements } = parts;
  const bars = series.reduce((sum, each) => sum + each.series.length, 0);
  const progress = output.progress('backtest', bars);

  const run = () => runBacktest({ ...parts.cast, progress: (done) => progress.step(done) });
  const { engine, entries } = interruptible(() => confined(run));
  progress.done();

  const trades = engine.trades();
  const header = runHeader({
    context,
    request,
    rulebook,
    chosen,
    series,
    charges: charges.model.name,
    sizing: sizing.name,
    warnings: [
      ...warnings,
      ...charges.warnings,
      ...settlements.warnings,
      ...engine.warnings,
      ...unverifiedCharges(series, charges.model),
    ],
    started,
    result: resultHash(entries, trades),
    bans: parts.bans,
  });
  return {
    header,
    trades,
    equity: engine.equity,
    refusals: engine.refusals(),
    summary: summarise({
      capitalPaise: header.capitalPaise,
      equity: engine.equity,
      trades,
      charges: chargeTotals(engine),
      benchmark: benchmarkOf(series),
      periodsPerYear: periodsPerYear(header.timeframe),
    }),
    ...(request.breakdown && {
      breakdown: {
        period: request.breakdown,
        rows: breakdown({
          equity: engine.equity,
          trades,
          capitalPaise: header.capitalPaise,
          period: request.breakdown,
        }),
      },
    }),
    ...(request.pictures && {
      pictures: await drawn({ series, trades, entries, calendar: rulebook.calendar }),
    }),
  };
}

/** Loaded when it is asked for: most runs draw nothing. */
async function drawn(input: PictureInput): Promise<Pictures> {
  const { picturesOf } = await import('./pictures.ts');
  return picturesOf(input);
}

/** Closes to hold for comparison: one series of each instrument. */
function benchmarkOf(all: readonly BacktestSeries[]): SummaryInput['benchmark'] {
  if (all.some(({ instrument }) => isDerivative(instrument)))
    return { unavailable: 'contracts that expire cannot be held' };
  const one = new Map(all.map(({ series }) => [series.key, series]));
  return [...one.values()].map(({ key, close, length }) => ({ key, close, length }));
}

function chargeTotals({ notes }: Engine): ChargeTotals {
  return Object.fromEntries(chargeLines.map((line, place) => [line, notes.totals[place]])) as ChargeTotals;
}
