import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Message, Plugin } from 'esbuild';
import { StrategyError } from '../../domain/errors.ts';
import type { StrategyFile } from './find-strategies.ts';

/** A strategy as one ES module, and the files it was made of besides its own, relative to its folder. */
export interface CompiledStrategy {
  readonly code: string;
  readonly parts: readonly string[];
}

/**
 * Turns a strategy file and its relative imports into one module that imports the public door at `door`.
 * The compiler is loaded here and not before, since a strategy that was compiled already does not need it.
 *
 * @throws StrategyError STRATEGY_SYNTAX, STRATEGY_IMPORT with file, line, column and the line itself
 */
export async function compile(file: StrategyFile, door: string): Promise<CompiledStrategy> {
  const { build } = await import('esbuild');
  const folder = dirname(file.path);
  try {
    const result = await build({
      entryPoints: [file.path],
      absWorkingDir: folder,
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
      // The user's folder may hold a tsconfig of another project.
      tsconfigRaw: '{}',
      plugins: [onlyTheDoor(door)],
    });
    const inputs = Object.keys(result.metafile.inputs).map((path) => relative(folder, resolve(folder, path)));
    const own = relative(folder, file.path);
    const [output] = result.outputFiles;
    return { code: output.text, parts: inputs.filter((path) => path !== own).sort() };
  } catch (cause) {
    const [message] = (Reflect.get(Object(cause), 'errors') ?? []) as readonly Message[];
    throw message ? await told(message, file, cause) : cause;
  }
}

const refused = 'imports';

/** A strategy may import the door and its own parts: no clock, file or network reaches it through a package. */
function onlyTheDoor(door: string): Plugin {
  return {
    name: 'only-the-door',
    setup({ onResolve }) {
      onResolve({ filter: /.*/ }, ({ path, kind }) => {
        if (kind === 'entry-point' || /^\.\.?\//.test(path)) return undefined;
        if (path === 'algo/strategy') return { path: pathToFileURL(door).href, external: true };
        return { errors: [{ text: `imports "${path}"`, detail: refused }] };
      });
    },
  };
}

async function told(message: Message, file: StrategyFile, cause: unknown): Promise<StrategyError> {
  const { location, text } = message;
  const path = location ? resolve(dirname(file.path), location.file) : file.path;
  const place = location ? `${path}:${location.line}:${location.column + 1}` : path;
  const line = location ? location.lineText || (await lineOf(path, location.line)) : '';
  const shown = line ? `\n    ${line.trim()}` : '';
  if (message.detail === refused) {
    const fix =
      "A strategy imports 'algo/strategy' and its own files beside it, such as './levels.ts', and nothing else.";
    return new StrategyError(
      'STRATEGY_IMPORT',
      `Strategy ${file.name} ${text} at ${place}${shown}`,
      fix,
      cause,
    );
  }
  return new StrategyError(
    'STRATEGY_SYNTAX',
    `Strategy ${file.name} cannot be read: ${text} at ${place}${shown}`,
    'Correct that line.',
    cause,
  );
}

async function lineOf(path: string, line: number): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n')[line - 1] ?? '';
}
