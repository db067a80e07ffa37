import { exitCodes, StrategyError } from '../../domain/errors.ts';

/**
 * Runs work that calls a trader's own code, which could otherwise make two runs differ or end the program without a word:
 * chance is refused for its duration, and a `process.exit` from within is told and counts as a failed strategy.
 */
export function confined<T>(work: () => T): T {
  const chance = Math.random;
  Math.random = () => {
    throw new StrategyError(
      'STRATEGY_RANDOM',
      'The strategy asked for Math.random, with which no two runs would agree.',
      'Decide on prices, time and parameters only.',
    );
  };
  const tellOfExit = () => {
    process.stderr.write(
      'The strategy ended the program with process.exit().\nFix: Take it out of the strategy file.\n',
    );
    process.exitCode = exitCodes.strategy;
  };
  process.once('exit', tellOfExit);
  try {
    return work();
  } finally {
    Math.random = chance;
    process.removeListener('exit', tellOfExit);
  }
}
