import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvariantError } from '../domain/errors.ts';

/** Folder of the installed package or checkout, found upwards from this code: the same answer in the sources and in the bundle. */
export function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'bin', 'run.js'))) return folder;
    if (folder === dirname(folder)) {
      throw new InvariantError(
        'BUG_PACKAGE_ROOT',
        `No bin/run.js above ${fileURLToPath(import.meta.url)}`,
        'Install algo again.',
      );
    }
  }
}
