import { ConfigError, UsageError } from '../domain/errors.ts';
import type { Strategy } from '../strategy/define.ts';
import type { ParamShape, ParamValues } from '../strategy/params.ts';
import { parseParams, readParamFlags } from '../strategy/parse-params.ts';
import type { Folders } from './context.ts';
import { namedStrategy } from './strategy-folders.ts';

export interface ChosenStrategy {
  readonly strategy: Strategy;
  readonly params: ParamValues<ParamShape>;
  /** SHA-256 of the source. */
  readonly hash: string;
}

/**
 * Strategies by name with their parameters. `fast=10` goes to every strategy that has the parameter, `ema20_50.fast=10` to that one.
 *
 * @throws UsageError for unknown strategies, ConfigError CONFIG_PARAM for parameters that none of them has
 */
export async function chosenStrategies(
  folders: Folders,
  names: readonly string[],
  flags: readonly string[],
): Promise<readonly ChosenStrategy[]> {
  if (names.length === 0) {
    throw new UsageError(
      'USAGE_STRATEGY',
      'No strategy was named.',
      'Add --strategy ema20_50, or set trading.strategies; algo strategies list shows what there is.',
    );
  }
  const loaded = await Promise.all([...new Set(names)].map((name) => namedStrategy(folders, name)));
  const given = readParamFlags(flags);
  const taken = new Set<string>();
  const chosen = loaded.map(({ strategy, hash }) => {
    const own: Record<string, string> = Object.create(null);
    for (const [flag, value] of Object.entries(given)) {
      const [scope, name] = flag.includes('.')
        ? [flag.slice(0, flag.indexOf('.')), flag.slice(flag.indexOf('.') + 1)]
        : [undefined, flag];
      // With a single strategy an unknown name is told by the strategy itself, which knows the nearest one.
      const meant =
        scope === undefined
          ? loaded.length === 1 || Object.hasOwn(strategy.params, name)
          : scope === strategy.name;
      if (!meant) continue;
      own[name] = value;
      taken.add(flag);
    }
    return { strategy, params: parseParams(strategy, own), hash };
  });
  const lost = Object.keys(given).filter((flag) => !taken.has(flag));
  if (lost.length === 0) return chosen;
  throw new ConfigError(
    'CONFIG_PARAM',
    `No strategy of this run takes ${lost.map((flag) => `"${flag}"`).join(', ')}.`,
    `They take ${loaded.map(({ strategy }) => `${strategy.name}: ${Object.keys(strategy.params).join(', ') || 'nothing'}`).join('; ')}.`,
  );
}
