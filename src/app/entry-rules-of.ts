import { findStrategies } from '../adapters/strategy-files/find-strategies.ts';
import { ConfigError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';
import { minuteOfClock, weekdayNames } from '../domain/time.ts';
import type { EntryRulesByStrategy } from '../engine/entry-rules.ts';
import type { Context } from './context.ts';
import { strategyFolders } from './strategy-folders.ts';

/**
 * The rules of the configuration for single strategies.
 *
 * @throws ConfigError CONFIG_STRATEGY for a name that no strategy has, whose rules would never apply
 */
export function entryRulesOf({ config, folders }: Pick<Context, 'config' | 'folders'>): EntryRulesByStrategy {
  const named = Object.entries(config.strategies);
  if (named.length > 0) {
    const known = findStrategies(strategyFolders(folders)).map(({ name }) => name);
    for (const [name] of named) if (!known.includes(name)) throw unknown(name, known);
  }
  return new Map(
    named.map(([name, { entryWindows, skipWeekdays, side, weight }]) => [
      name,
      {
        windows: entryWindows.map((text) => ({
          from: minuteOfClock(text.slice(0, 5)),
          to: minuteOfClock(text.slice(6)),
        })),
        skipWeekdays: weekdayNames.flatMap((day, place) =>
          skipWeekdays.some((skipped) => skipped === day.toLowerCase()) ? [place] : [],
        ),
        side,
        weight,
      },
    ]),
  );
}

function unknown(name: string, known: readonly string[]): ConfigError {
  return new ConfigError(
    'CONFIG_STRATEGY',
    `strategies.${name} is set, and there is no strategy of that name.${didYouMean(name, known)}`,
    'algo strategies list shows what there is.',
  );
}
