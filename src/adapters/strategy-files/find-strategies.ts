import { readdirSync } from 'node:fs';
import { join, parse } from 'node:path';
import { codeOf, UsageError } from '../../domain/errors.ts';
import { didYouMean } from '../../domain/nearest.ts';
import { strategyName } from '../../strategy/define.ts';

/** A file that by its name is a strategy. */
export interface StrategyFile {
  /** The file's name without its ending: what people type. */
  readonly name: string;
  readonly path: string;
}

// A .ts file wins over a .js beside it: the latter is most likely its compiled leftover.
const endings = ['.ts', '.mjs', '.js'];

/**
 * Strategies of the folders, sorted by name; where a name occurs in several, the first folder wins. Folders that do not
 * exist hold none. Files whose names are not snake_case, such as `my-helper.ts`, are parts of strategies and left out.
 */
export function findStrategies(folders: readonly string[]): readonly StrategyFile[] {
  const found = new Map<string, StrategyFile>();
  for (const folder of folders) {
    const files = filesOf(folder);
    for (const ending of endings) {
      for (const file of files) {
        const { name, ext } = parse(file);
        if (ext === ending && strategyName.test(name) && !found.has(name)) {
          found.set(name, { name, path: join(folder, file) });
        }
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The file of a strategy by name. @throws UsageError USAGE_STRATEGY naming the nearest */
export function strategyFile(name: string, folders: readonly string[]): StrategyFile {
  const files = findStrategies(folders);
  const file = files.find((each) => each.name === name);
  if (file) return file;
  const names = files.map((each) => each.name);
  const hint = didYouMean(name, names);
  throw new UsageError(
    'USAGE_STRATEGY',
    `Unknown strategy "${name}".${hint}`,
    `Strategies here: ${names.join(', ') || 'none'}. A new one: algo strategies new my_idea`,
  );
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw cause;
  }
}
