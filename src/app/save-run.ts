import { gzipSync } from 'node:zlib';
import { type RunFolder, runFolder } from '../adapters/runs/run-folder.ts';
import { InvariantError, messageOf } from '../domain/errors.ts';
import { isoInstant } from '../domain/time.ts';
import { equityCsv } from '../reports/equity-csv.ts';
import { readSavedRun, type SavedRun, savedParts } from '../reports/saved-run.ts';
import type { BacktestOutcome, RunHeader } from '../research/backtest-outcome.ts';
import type { BacktestRequest } from './backtest-request.ts';
import type { Context } from './context.ts';
import { runsFolder } from './runs-folder.ts';

/**
 * Keeps a finished run under its id, in place of the one with the same inputs. A disk that is full or may not be written to
 * is a warning: the report matters more. Where the program has changed since, the earlier result stays as `<id>~old`.
 *
 * @throws InvariantError BUG_NOT_DETERMINISTIC when the same program made another result of the same inputs
 */
export function saveRun(context: Context, outcome: BacktestOutcome, request: BacktestRequest): void {
  const { config, output, clock } = context;
  const { header } = outcome;
  const folder = runFolder(runsFolder(context));
  let differs: RunHeader | undefined;
  try {
    const earlier = earlierHeader(folder, header.runId);
    if (earlier && earlier.hashes.result !== header.hashes.result) differs = earlier;
    const broken = differs !== undefined && sameProgram(differs, header);
    if (differs && !broken) folder.rename(header.runId, `${header.runId}~old`);
    const now = clock.now();
    const { run, trades } = savedParts(outcome, {
      savedAt: isoInstant(now),
      request: { ...request },
      settings: config,
    });
    folder.save(broken ? `${header.runId}~again` : header.runId, labelOf(header), {
      'trades.csv': trades,
      // Level 1: a third larger than the best and a quarter of its time.
      'equity.csv.gz': gzipSync(equityCsv(outcome.equity), { level: 1 }),
      'run.json': run,
    });
    folder.prune(config.runs.keep, now);
  } catch (error) {
    output.warn(`the run was not saved: ${messageOf(error)}`);
    return;
  }
  if (differs && sameProgram(differs, header)) throw notDeterministic(header, differs);
  if (differs) {
    output.warn(
      `algo ${differs.version} made another result of the same inputs. It is kept; see the difference with: ` +
        `algo backtest compare ${header.runId}~old ${header.runId}`,
    );
  }
}

function earlierHeader(folder: RunFolder, id: string): RunHeader | undefined {
  const text = folder.main(id);
  if (text === undefined) return undefined;
  try {
    const saved: SavedRun = readSavedRun(id, text);
    return saved.exact.header;
  } catch {
    // A damaged run has nothing to compare with, and the new one takes its place.
    return undefined;
  }
}

// Code that is run from the sources may change between two runs without anything saying so.
function sameProgram(one: RunHeader, other: RunHeader): boolean {
  return one.version === other.version && one.build !== undefined && one.build === other.build;
}

function labelOf({ strategies }: RunHeader): string {
  return strategies
    .map(({ name }) => name)
    .join('+')
    .slice(0, 80);
}

function notDeterministic({ runId, hashes }: RunHeader, earlier: RunHeader): InvariantError {
  return new InvariantError(
    'BUG_NOT_DETERMINISTIC',
    `Run ${runId} gave result ${hashes.result.slice(0, 8)}, and ${earlier.hashes.result.slice(0, 8)} before, from the same inputs and the same program. Trust neither.`,
    `Both are kept; see the difference with: algo backtest compare ${runId} ${runId}~again. Does the strategy use a clock, chance or a file? If not, please report this.`,
  );
}
