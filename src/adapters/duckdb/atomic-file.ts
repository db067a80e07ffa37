import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from '../../domain/errors.ts';

/**
 * Writes a file that is safe to lose: readers see the old content or the new one, never half. A folder that cannot be written
 * to is no failure, since everything kept this way can be made again from the database.
 */
export function writeDisposable(path: string, parts: readonly Uint8Array[]): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    try {
      writeParts(draft, parts);
      renameSync(draft, path);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  } catch {
    // The next reader asks the database instead, which is slower and equally right.
  }
}

function writeParts(path: string, parts: readonly Uint8Array[]): void {
  const handle = opened(path);
  try {
    // One after the other: putting them together first would copy them all.
    for (const part of parts) for (let at = 0; at < part.length; ) at += writeSync(handle, part, at);
  } finally {
    closeSync(handle);
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'w');
  }
}
