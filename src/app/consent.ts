import { UsageError } from '../domain/errors.ts';
import type { KiteSession } from './kite-session.ts';

/**
 * Whether what was asked for may be sent: only when --confirm names the client id of the session, in the sandbox too, so that a
 * rehearsal types what the real thing will want. @throws UsageError USAGE_CONFIRM when it names another
 */
export function consented({ userId }: Pick<KiteSession, 'userId'>, confirm: string | undefined): boolean {
  if (confirm === undefined) return false;
  if (confirm.toUpperCase() === userId.toUpperCase()) return true;
  throw new UsageError(
    'USAGE_CONFIRM',
    `--confirm received "${confirm}", and this session is of ${userId}.`,
    `Nothing was sent. Choose the account with --account, or confirm with --confirm ${userId}.`,
  );
}
