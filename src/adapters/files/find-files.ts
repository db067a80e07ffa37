import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { UsageError } from '../../domain/errors.ts';
import { nearest } from '../../domain/nearest.ts';

/** A file to import and how to call it in messages. */
export interface FoundFile {
  readonly path: string;
  readonly name: string;
}

export interface FoundFiles {
  readonly files: readonly FoundFile[];
  /** Names inside folders that are no data by their extension, such as README.md. */
  readonly passedOver: readonly string[];
}

/** Inside a folder only these are looked at; a file named on the command line is read whatever it is called. */
const dataName = /\.(csv|txt|tsv|dat|json|gz|zip|parquet|pq)$/i;

/**
 * Every file behind the given paths: files as named, folders with all below them in name order.
 * @throws UsageError USAGE_PATH for a path that does not exist (naming the nearest that does) or a folder without data
 */
export function findFiles(paths: readonly string[]): FoundFiles {
  const files: FoundFile[] = [];
  const passedOver: string[] = [];
  for (const given of paths) {
    const path = resolve(given);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) throw missing(given, path);
    if (!stat.isDirectory()) {
      files.push({ path, name: basename(path) });
      continue;
    }
    const before = files.length;
    walk(path, path);
    if (files.length === before) {
      throw new UsageError(
        'USAGE_PATH',
        `Folder ${given} holds no data files.`,
        'Put csv, txt, json, gz, zip or parquet files into it.',
      );
    }
  }
  return { files, passedOver };

  function walk(folder: string, root: string): void {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      const stat = entry.isSymbolicLink() ? statSync(path, { throwIfNoEntry: false }) : entry;
      // A link to a folder may lead back up; only links to files are followed.
      if (entry.isDirectory()) walk(path, root);
      else if (stat?.isFile() && dataName.test(entry.name)) files.push({ path, name: relative(root, path) });
      else if (stat?.isFile()) passedOver.push(relative(root, path));
    }
  }
}

function missing(given: string, path: string): UsageError {
  const folder = dirname(path);
  const stat = statSync(folder, { throwIfNoEntry: false });
  const guess = stat?.isDirectory() ? nearest(basename(path), readdirSync(folder)) : undefined;
  return new UsageError(
    'USAGE_PATH',
    `${given} does not exist.${guess ? ` Did you mean "${join(dirname(given), guess)}"?` : ''}`,
    'Give the path of a file or a folder.',
  );
}
