import { AuthError, exitCodes, isAlgoError, messageOf } from '../domain/errors.ts';
import { isoInstant } from '../domain/time.ts';
import type { Whoami } from '../reports/login-text.ts';
import type { Context } from './context.ts';
import { type SessionOptions, withKiteSession } from './kite-session.ts';
import type { KiteDoor } from './login.ts';

/** Asks the broker whose session this is. @throws AuthError AUTH_LOGIN, AUTH_TOKEN when there is none that holds */
export function whoami(
  context: Context,
  options: SessionOptions & { readonly kite: KiteDoor },
): Promise<Whoami> {
  return withKiteSession(context, options, async (session) => {
    const stored = {
      account: session.profile,
      userId: session.userId,
      sandbox: session.sandbox,
      root: session.root,
      expiry: session.expiry === null ? null : isoInstant(session.expiry),
    };
    try {
      const { userId, userName, exchanges } = await options.kite.profile(session);
      if (userId.toUpperCase() !== session.userId) {
        throw new AuthError(
          'AUTH_USER',
          `The broker says that this session is ${userId}'s, and account ${session.profile} belongs to ${session.userId}.`,
          'Run: algo logout, then algo login',
        );
      }
      return { ...stored, userName, exchanges, broker: 'confirmed', reason: null, exitCode: exitCodes.ok };
    } catch (error) {
      if (!isAlgoError(error) || error.exitCode !== exitCodes.broker) throw error;
      return {
        ...stored,
        userName: null,
        exchanges: [],
        broker: 'unreachable',
        reason: messageOf(error),
        exitCode: exitCodes.broker,
      };
    }
  });
}
