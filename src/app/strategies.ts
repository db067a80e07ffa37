import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findStrategies } from '../adapters/strategy-files/find-strategies.ts';
import { type LoadedStrategy, loadStrategy } from '../adapters/strategy-files/load-strategy.ts';
import { codeOf, isAlgoError, UsageError } from '../domain/errors.ts';
import type {
  BrokenStrategy,
  NewStrategyPage,
  StrategiesPage,
  StrategyPage,
} from '../reports/strategies-text.ts';
import { strategyName } from '../strategy/define.ts';
import { textOf } from '../strategy/param-text.ts';
import type { Context } from './context.ts';
import { strategyDoor, strategyFolders } from './strategy-folders.ts';
import { strategyTemplate } from './strategy-template.ts';

/** Every strategy that can be called by name. A file that cannot be loaded is told beside them and does not hide the others. */
export async function listStrategies({ folders }: Pick<Context, 'folders'>): Promise<StrategiesPage> {
  const options = { door: strategyDoor(folders.root), cache: folders.cache };
  const strategies: StrategyPage[] = [];
  const broken: BrokenStrategy[] = [];
  for (const file of findStrategies(strategyFolders(folders))) {
    try {
      strategies.push(strategyPage(await loadStrategy(file, options)));
    } catch (cause) {
      if (!isAlgoError(cause)) throw cause;
      broken.push({ ...file, code: cause.code, message: cause.message });
    }
  }
  return { strategies, broken };
}

/** Characters; a name is also a file, a folder of a kept run and a column of tables. */
const longestName = 64;

/**
 * Writes a strategy that runs as it is into the user's strategies.
 *
 * @throws UsageError USAGE_STRATEGY_NAME for a name that is not snake_case or is taken; nothing is overwritten
 */
export async function newStrategy(
  { folders }: Pick<Context, 'folders'>,
  name: string,
): Promise<NewStrategyPage> {
  if (!strategyName.test(name) || name.length > longestName) {
    const better = snakeCase(name);
    const example = better === '' || better.length > longestName ? 'my_idea' : better;
    const fix = `Use lower case with underscores, for example ${example}.`;
    throw new UsageError('USAGE_STRATEGY_NAME', `"${name}" cannot be the name of a strategy.`, fix);
  }
  const taken = findStrategies(strategyFolders(folders)).find((file) => file.name === name);
  if (taken) throw nameTaken(name, taken.path);
  const folder = join(folders.home, 'strategies');
  const path = join(folder, `${name}.ts`);
  await mkdir(folder, { recursive: true });
  await writeFile(path, strategyTemplate(name), { flag: 'wx' }).catch((cause) => {
    throw codeOf(cause) === 'EEXIST' ? nameTaken(name, path) : cause;
  });
  return { name, path };
}

/** A loaded strategy as lists and JSON show it. */
export function strategyPage({ file, strategy, hash }: LoadedStrategy): StrategyPage {
  const { name, about, timeframe, intraday, product, tags } = strategy;
  const params = Object.entries(strategy.params).map(([key, param]) => ({
    name: key,
    kind: param.kind,
    default: textOf(param),
    expects: param.expects,
    ...(param.about !== undefined && { about: param.about }),
  }));
  return { name, about, timeframe, intraday, product: product ?? null, tags, params, path: file.path, hash };
}

function nameTaken(name: string, path: string): UsageError {
  return new UsageError(
    'USAGE_STRATEGY_NAME',
    `There is a strategy "${name}" already: ${path}. Nothing was written.`,
    'Choose another name.',
  );
}

function snakeCase(name: string): string {
  const word = name
    .replace(/\.\w+$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '');
  return strategyName.test(word) ? word : '';
}
