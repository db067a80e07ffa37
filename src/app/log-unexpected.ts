import type { Log } from '../adapters/system/logger.ts';
import { resolveFolders } from './folders.ts';
import { packageRoot } from './package-root.ts';

/** Writes the stack of an error nobody foresaw to the log. Answers where it is, in words, or why it could not be written. */
export async function logUnexpected(error: Error): Promise<string> {
  try {
    const { join } = await import('node:path');
    const { openLog } = await import('../adapters/system/logger.ts');
    const { home } = resolveFolders({ root: packageRoot(), env: process.env });
    const file = join(home, 'data', 'logs', 'algo.log');
    const log: Log = openLog({ file, level: 'error' });
    log.error({ err: error, argv: process.argv.slice(2) }, 'unexpected error');
    return `This is a fault in algo; please report it with the last lines of ${file}`;
  } catch {
    // The error itself is already on the screen; a log that cannot be written must not hide it.
    return 'This is a fault in algo; please report it with the command you ran.';
  }
}
