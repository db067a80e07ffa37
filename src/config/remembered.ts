import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ConfigFiles } from './files.ts';
import type { ConfigRequest, LoadedConfig } from './load.ts';

/*
 * Reading YAML and checking it costs a command more than the rest of its start (65 of 110 ms, measured), and the answer
 * is the same until a file, a variable or a flag changes. So the answer is kept under the hash of everything it came from.
 * Only valid configurations are kept; the folder may be deleted at any time.
 */

/** Two kilobytes each; beyond this many the folder starts afresh. */
const answersMax = 200;

/** Names the answer by all that it depends on; undefined when running from the sources, where the schema itself changes. */
export function rememberedPath(request: ConfigRequest, files: ConfigFiles): string | undefined {
  const build = process.env.ALGO_BUILD;
  if (!build || !request.cache) return undefined;
  // Only what shapes a configuration: a hash over a passphrase would let it be guessed from the file's name.
  const variables = Object.entries(request.env).filter(
    ([name]) => name.startsWith('ALGO__') || name === 'ALGO_ENV',
  );
  const sources = [build, files, variables.sort(), request.profile, request.set, request.settings];
  const key = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 32);
  return join(request.cache, 'config', `${key}.json`);
}

export function recall(path: string): LoadedConfig | undefined {
  try {
    const { config, origins } = JSON.parse(readFileSync(path, 'utf8'));
    return { config, origins: new Map(origins) };
  } catch {
    // Absent or damaged: the files are read again, which is always right.
    return undefined;
  }
}

export function remember(path: string, { config, origins }: LoadedConfig): void {
  try {
    const folder = dirname(path);
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length >= answersMax) rmSync(folder, { recursive: true });
    mkdirSync(folder, { recursive: true });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, JSON.stringify({ config, origins: [...origins] }));
    renameSync(draft, path);
  } catch {
    // A home that cannot be written to costs time at the next start and nothing else.
  }
}
