import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { writeDisposable } from './atomic-file.ts';
import type { Contents } from './tables.ts';

/*
 * What the database holds besides bars, as a file beside it, so that a run with a warm cache never loads DuckDB. It counts
 * only while the database is the very file it was made from: same size, same time of change, nothing waiting in a log.
 */

const version = 4;

/** Identity of the database file's present state; undefined when there is none or when a commit waits in its log. */
export function stampOf(file: string): string | undefined {
  // Only asking about the file: opening it here would drop this process's lock on it.
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  if (!stat || existsSync(`${file}.wal`)) return undefined;
  return `${stat.ino}-${stat.size}-${stat.mtimeNs}`;
}

function pathOf(file: string): string {
  return `${file}.catalogue.json`;
}

/** The contents as of `stamp`, or nothing when the catalogue is absent, stale or damaged. */
export function readCatalogue(file: string, stamp: string): Contents | undefined {
  try {
    const text = readFileSync(pathOf(file), 'utf8');
    const lineEnd = text.indexOf('\n');
    const body = text.slice(lineEnd + 1);
    if (text.slice(0, lineEnd) !== digestOf(body)) return undefined;
    const { version: written, stamp: taken, contents } = JSON.parse(body);
    return written === version && taken === stamp ? contents : undefined;
  } catch {
    // Absent or unreadable: the database knows the same.
    return undefined;
  }
}

/** To be called while the database is locked, so that nobody changes it between the stamp and the writing. */
export function writeCatalogue(file: string, stamp: string, contents: Contents): void {
  const body = JSON.stringify({ version, stamp, contents });
  writeDisposable(pathOf(file), [Buffer.from(`${digestOf(body)}\n${body}`)]);
}

function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
