import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Version of the installed program, as its package states it. */
export function programVersion(root: string): string {
  return String(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
}

/** Hash of the program's sources, written in by the build; undefined when the sources themselves run. */
export function programBuild(): string | undefined {
  return process.env.ALGO_SOURCES;
}
