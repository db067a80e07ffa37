import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isAlgoError, messageOf, StrategyError } from '../../domain/errors.ts';
import { didYouMean } from '../../domain/nearest.ts';
import { isStrategy, type Strategy } from '../../strategy/define.ts';
import { compile } from './compile.ts';
import type { StrategyFile } from './find-strategies.ts';

export interface LoadOptions {
  /** Absolute path of the module that strategies know as 'algo/strategy'. */
  readonly door: string;
  /** Folder for compiled strategies, made when needed; safe to delete. */
  readonly cache: string;
}

export interface LoadedStrategy {
  readonly file: StrategyFile;
  readonly strategy: Strategy;
  /** SHA-256 of the source, its relative imports included: the same on every machine. */
  readonly hash: string;
}

/** Changes when compiled strategies of before must not be used any more. */
const cacheFormat = 2;

/**
 * Loads one strategy file. It is compiled once and after that taken from the cache for as long as neither it nor a file
 * it imports has changed.
 *
 * @throws StrategyError STRATEGY_SYNTAX, STRATEGY_IMPORT, STRATEGY_LOAD, STRATEGY_EXPORT, STRATEGY_NAME,
 *   and what `defineStrategy` refuses
 */
export async function loadStrategy(file: StrategyFile, options: LoadOptions): Promise<LoadedStrategy> {
  const source = await readFile(file.path);
  const key = sha256(`${cacheFormat}\n${options.door}\n${file.path}\n${sha256(source)}`).slice(0, 16);
  const module = join(options.cache, 'strategies', `${file.name}-${key}.mjs`);
  const parts = (await freshParts(module, file)) ?? (await compiled(file, module, options.door));
  const hash =
    parts.length === 0
      ? sha256(source)
      : sha256([sha256(source), ...parts.map(([, each]) => each)].join('\n'));
  // Node keeps modules by address, so a part that changed within this process needs another one.
  const address = pathToFileURL(module);
  if (parts.length > 0) address.search = hash.slice(0, 16);
  return { file, strategy: await strategyIn(address.href, file, options.door), hash };
}

/** A file that a strategy imports, relative to the strategy's folder, and its content's SHA-256. */
type Part = readonly [path: string, hash: string];

const partsMark = '// parts ';

/** The first line of a cached module: what it was made of, and the hash of all that follows the line. */
interface CacheHead {
  readonly parts: readonly Part[];
  readonly code: string;
}

/**
 * The parts a cached module was made of; undefined when there is no such module, it is damaged, or a part has changed
 * since. A damaged one must not run: it may still be a program, and another strategy than the file.
 */
async function freshParts(module: string, file: StrategyFile): Promise<readonly Part[] | undefined> {
  const text = await readFile(module, 'utf8').catch(() => '');
  if (!text.startsWith(partsMark)) return undefined;
  const end = text.indexOf('\n');
  const recorded = headIn(text.slice(partsMark.length, end));
  if (recorded?.code !== sha256(text.slice(end + 1))) return undefined;
  const present = await partsOf(
    recorded.parts.map(([path]) => path),
    file,
  ).catch(() => undefined);
  return JSON.stringify(present) === JSON.stringify(recorded.parts) ? recorded.parts : undefined;
}

function headIn(line: string): CacheHead | undefined {
  try {
    return JSON.parse(line) as CacheHead;
  } catch {
    // Damaged, and so compiled again.
    return undefined;
  }
}

async function compiled(file: StrategyFile, module: string, door: string): Promise<readonly Part[]> {
  const { code, parts: paths } = await compile(file, door);
  const parts = await partsOf(paths, file);
  await mkdir(dirname(module), { recursive: true });
  // Two processes may compile the same strategy at once: each writes its own file, and the last rename wins.
  const work = `${module}.${process.pid}.tmp`;
  const head: CacheHead = { parts, code: sha256(code) };
  await writeFile(work, `${partsMark}${JSON.stringify(head)}\n${code}`);
  await rename(work, module);
  return parts;
}

async function partsOf(paths: readonly string[], file: StrategyFile): Promise<readonly Part[]> {
  const folder = dirname(file.path);
  return Promise.all(
    paths.map(async (path): Promise<Part> => [path, sha256(await readFile(resolve(folder, path)))]),
  );
}

async function strategyIn(address: string, file: StrategyFile, door: string): Promise<Strategy> {
  const value = await defaultExport(address, file, door);
  if (value === undefined) {
    throw notAStrategy(file, 'has no default export');
  }
  if (!isStrategy(value))
    throw notAStrategy(file, `exports ${kindOf(value)} that defineStrategy did not make`);
  if (value.name !== file.name) {
    throw new StrategyError(
      'STRATEGY_NAME',
      `${file.path} defines strategy "${value.name}", but its file is named ${file.name}.`,
      `Name the strategy ${file.name}, or rename the file.`,
    );
  }
  return value;
}

async function defaultExport(address: string, file: StrategyFile, door: string): Promise<unknown> {
  try {
    const module: Record<string, unknown> = await import(address);
    return module.default;
  } catch (cause) {
    if (isAlgoError(cause)) throw cause;
    const words = messageOf(cause);
    const [, absent] = /export named '([^']+)'/.exec(words) ?? [];
    throw absent ? await noSuchWord(absent, file, door, cause) : failed(file, words, cause);
  }
}

function notAStrategy(file: StrategyFile, what: string): StrategyError {
  return new StrategyError(
    'STRATEGY_EXPORT',
    `${file.path} ${what}.`,
    'Write: export default defineStrategy({ … })',
  );
}

async function noSuchWord(
  word: string,
  file: StrategyFile,
  door: string,
  cause: unknown,
): Promise<StrategyError> {
  const names = Object.keys(await import(pathToFileURL(door).href));
  const hint = didYouMean(word, names);
  return new StrategyError(
    'STRATEGY_IMPORT',
    `Strategy ${file.name} imports "${word}", which 'algo/strategy' does not have.${hint}`,
    `'algo/strategy' offers ${names.join(', ')}.`,
    cause,
  );
}

function failed(file: StrategyFile, words: string, cause: unknown): StrategyError {
  return new StrategyError(
    'STRATEGY_LOAD',
    `Strategy ${file.name} could not be loaded: ${words}`,
    `Correct ${file.path}.`,
    cause,
  );
}

function kindOf(value: unknown): string {
  return typeof value === 'object' ? 'a value' : `a ${typeof value}`;
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
