import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file that is safe to lose: readers see the old content or the new one, never half. A folder that cannot be written
 * to is no failure, since everything kept this way can be made again from the database.
 */
export function writeDisposable(path: string, parts: readonly Uint8Array[]): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    try {
      writeFileSync(draft, parts.length === 1 ? parts[0] : Buffer.concat(parts));
      renameSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  } catch {
    // The next reader asks the database instead, which is slower and equally right.
  }
}
