import { exitCodes, messageOf } from '../domain/errors.ts';
import type { Context } from './context.ts';
import { type AccountsOptions, accountsOf, chosenAccount } from './kite-accounts.ts';
import type { KiteDoor } from './login.ts';

export interface Logout {
  readonly account: string;
  /** `ended` at the broker, `unreachable` when it could not be told, `none` when there was no session. */
  readonly broker: 'ended' | 'unreachable' | 'none';
  /** What the broker or the network said, where it could not be told. */
  readonly reason: string | null;
  readonly exitCode: number;
}

/**
 * Ends the session at the broker and deletes it here. What can be deleted is deleted, whatever else fails.
 *
 * @throws AuthError AUTH_SECRETS, AUTH_PASSPHRASE… when the session cannot be read; it is deleted all the same
 */
export async function logout(
  context: Context,
  { account: named }: { readonly account?: string | undefined },
  { kite, ...options }: AccountsOptions & { readonly kite: KiteDoor },
): Promise<Logout> {
  const accounts = accountsOf(context, options);
  const account = await chosenAccount(accounts, context, named);
  const session = await accounts.session(account).catch((error: unknown) => {
    if (accounts.endSession(account)) {
      context.output.warn(
        'The session was deleted here without being read; it stays valid at the broker until 06:00.',
      );
    }
    throw error;
  });
  if (!session) return { account: account.name, broker: 'none', reason: null, exitCode: exitCodes.ok };
  accounts.endSession(account);
  try {
    await kite.logout(session);
    return { account: account.name, broker: 'ended', reason: null, exitCode: exitCodes.ok };
  } catch (error) {
    // A token that the broker does not know any more is as ended as one can be.
    if (Reflect.get(Object(error), 'exitCode') === exitCodes.auth) {
      return { account: account.name, broker: 'ended', reason: null, exitCode: exitCodes.ok };
    }
    return {
      account: account.name,
      broker: 'unreachable',
      reason: messageOf(error),
      exitCode: exitCodes.broker,
    };
  }
}
