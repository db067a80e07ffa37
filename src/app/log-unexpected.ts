import type { Context } from './context.ts';
import { resolveFolders } from './folders.ts';
import { packageRoot } from './package-root.ts';

/**
 * Writes the stack of an error nobody foresaw to the log; before a context is open, to where it lies by default. Answers
 * where it is, in words, or why it could not be written.
 */
export async function logUnexpected(
  error: Error,
  context?: Pick<Context, 'folders' | 'config'>,
): Promise<string> {
  try {
    const { resolve } = await import('node:path');
    const { openLog } = await import('../adapters/system/logger.ts');
    const { home } = context?.folders ?? resolveFolders({ root: packageRoot(), env: process.env });
    const file = resolve(home, context?.config.log.file ?? 'data/logs/algo.log');
    openLog({ file, level: 'error' }).error({ err: error, argv: process.argv.slice(2) }, 'unexpected error');
    return `This is a fault in algo; please report it with the last lines of ${file}`;
  } catch {
    // The error itself is already on the screen; a log that cannot be written must not hide it.
    return 'This is a fault in algo; please report it with the command you ran.';
  }
}
