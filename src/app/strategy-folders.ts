import { join, resolve } from 'node:path';
import { strategyFile } from '../adapters/strategy-files/find-strategies.ts';
import { type LoadedStrategy, loadStrategy } from '../adapters/strategy-files/load-strategy.ts';
import { interruptible } from '../adapters/system/interruptible.ts';
import type { Folders } from './context.ts';

/** Where strategies are looked for, the first that has a name wins: the user's, the working folder's, the shipped ones. */
export function strategyFolders(folders: Folders, workingFolder = process.cwd()): readonly string[] {
  const all = [folders.home, workingFolder, folders.root].map((folder) =>
    resolve(join(folder, 'strategies')),
  );
  return [...new Set(all)];
}

/** The module that strategies import as 'algo/strategy': the built one beside a built program, else the source. */
export function strategyDoor(root: string): string {
  return import.meta.url.endsWith('.ts')
    ? join(root, 'src', 'strategy', 'index.ts')
    : join(root, 'dist', 'strategy.js');
}

/**
 * The strategy that people call by this name.
 *
 * @throws UsageError USAGE_STRATEGY when there is none, StrategyError when its file is not a strategy
 */
export function namedStrategy(folders: Folders, name: string): Promise<LoadedStrategy> {
  // What a file does while it loads is the trader's own code, and may never end.
  return interruptible(() =>
    loadStrategy(strategyFile(name, strategyFolders(folders)), {
      door: strategyDoor(folders.root),
      cache: folders.cache,
    }),
  );
}
