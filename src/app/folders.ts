import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { ConfigError } from '../domain/errors.ts';
import type { Folders } from './context.ts';

export interface FolderRequest {
  readonly root: string;
  /** Value of --home. */
  readonly home?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Home is --home, else ALGO_HOME, else the checkout the program runs from, else `~/.algo` for an installed package.
 * Nothing is created here; folders appear when something is written to them.
 *
 * @throws ConfigError CONFIG_HOME when home is a file or cannot be written to
 */
export function resolveFolders({ root, home, env }: FolderRequest): Folders {
  const installed = root.split(sep).includes('node_modules');
  const chosen = resolve(home || env.ALGO_HOME || (installed ? join(homedir(), '.algo') : root));
  refuseUnusable(chosen);
  const data = join(chosen, 'data');
  return { root, home: chosen, data, cache: join(data, 'cache') };
}

/** proc and sysfs, where a folder cannot be made and Node tries for ever. Numbers of Linux's statfs(2). */
const kernelFileSystems = new Set([0x9fa0, 0x62656572]);

function refuseUnusable(home: string): void {
  const fix = 'Name another folder with --home or ALGO_HOME.';
  const existing = nearestExisting(home);
  if (!statSync(existing).isDirectory()) {
    throw new ConfigError('CONFIG_HOME', `Home folder ${home} cannot be used: ${existing} is a file.`, fix);
  }
  if (existing !== home && kernelFileSystems.has(statfsSync(existing).type)) {
    throw new ConfigError(
      'CONFIG_HOME',
      `Home folder ${home} cannot be used: ${existing} belongs to the system's kernel.`,
      fix,
    );
  }
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new ConfigError(
      'CONFIG_HOME',
      `Home folder ${home} cannot be used: ${existing} cannot be written to.`,
      fix,
      cause,
    );
  }
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}
