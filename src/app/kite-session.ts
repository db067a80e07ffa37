import type { Accounts } from '../adapters/vault/accounts.ts';
import type { Account, Session } from '../adapters/vault/records.ts';
import { AuthError, BrokerError, codeOf, messageOf } from '../domain/errors.ts';
import { isoInstant } from '../domain/time.ts';
import type { Context } from './context.ts';
import { type AccountsOptions, accountsOf, chosenAccount } from './kite-accounts.ts';

/** A login that holds. The token is the power to trade for the rest of the day: never print it, never keep it elsewhere. */
export interface KiteSession {
  /** Name of the account, as algo profile list has it. */
  readonly profile: string;
  readonly apiKey: string;
  readonly accessToken: string;
  readonly userId: string;
  readonly root: string;
  readonly wsRoot: string;
  readonly prefix: string;
  /** Nothing that comes through it is real. */
  readonly sandbox: boolean;
  /** Epoch ms; null in the sandbox, whose clock is its own. */
  readonly expiry: number | null;
}

export interface SessionOptions extends AccountsOptions {
  /** Value of --account; the setting `kite.account` and the account in use when not given. */
  readonly account?: string | undefined;
}

/**
 * The session of the chosen Kite account. One that has run out is deleted here.
 *
 * @throws AuthError AUTH_LOGIN when there is none, or yesterday's; AUTH_SECRETS, AUTH_PASSPHRASE… when it cannot be read
 */
export async function openKiteSession(context: Context, options: SessionOptions = {}): Promise<KiteSession> {
  return (await opened(context, options)).session;
}

/**
 * Does something with the session, and deletes it when the broker says that it holds no longer, so that the next command says so
 * without asking.
 *
 * @throws what `openKiteSession` and `work` throw
 */
export async function withKiteSession<T>(
  context: Context,
  options: SessionOptions,
  work: (session: KiteSession) => Promise<T>,
): Promise<T> {
  const { accounts, account, session } = await opened(context, options);
  try {
    return await work(session);
  } catch (error) {
    if (session.sandbox && codeOf(error) === 'BROKER_UNREACHABLE') throw sandboxAway(error);
    if (codeOf(error) !== 'AUTH_TOKEN') throw error;
    await forget(accounts, account, session.accessToken);
    throw new AuthError(
      'AUTH_TOKEN',
      `The broker no longer takes the session of account ${session.profile}: it ran out, was ended, or another login took its place.`,
      loginCommand(account),
      error,
    );
  }
}

/** A sandbox that was started anew listens elsewhere and knows no session of the one before. */
function sandboxAway(error: unknown): BrokerError {
  return new BrokerError(
    'BROKER_UNREACHABLE',
    `The sandbox of this session does not answer. ${messageOf(error)}`,
    'Run: algo sandbox up, then algo login --sandbox',
    error,
  );
}

async function opened(context: Context, options: SessionOptions) {
  const accounts = accountsOf(context, options);
  const account = await accountOrLogin(accounts, context, options.account);
  const stored = await sessionOf(accounts, account, context);
  const { apiKey, accessToken, userId, root, wsRoot, prefix, sandbox, expiry } = stored;
  const session: KiteSession = {
    profile: account.name,
    apiKey,
    accessToken,
    userId,
    root,
    wsRoot,
    prefix,
    sandbox,
    expiry,
  };
  return { accounts, account, session };
}

/** Deletes this session, and no newer one that has taken its place meanwhile. */
async function forget(accounts: Accounts, account: Account, accessToken: string): Promise<void> {
  if ((await accounts.session(account))?.accessToken === accessToken) accounts.endSession(account);
}

export function loginCommand({ sandbox, name }: Pick<Account, 'sandbox' | 'name'>): string {
  return sandbox ? 'Run: algo login --sandbox' : `Run: algo login --account ${name}`;
}

/** Having no account at all is, for whoever needs a session, the same as not being logged in. */
async function accountOrLogin(
  accounts: Accounts,
  context: Context,
  named: string | undefined,
): Promise<Account> {
  const { accounts: known } = await accounts.list();
  if (known.length > 0 || named !== undefined) return chosenAccount(accounts, context, named);
  throw new AuthError(
    'AUTH_LOGIN',
    'Not logged in: no Kite account is set up.',
    'Run: algo profile add main --api-key <key> --user <client id>, then algo login; or algo login --sandbox to rehearse without one.',
  );
}

async function sessionOf(accounts: Accounts, account: Account, { clock }: Context): Promise<Session> {
  const fix = loginCommand(account);
  const session = await accounts.session(account);
  if (!session) throw new AuthError('AUTH_LOGIN', `Account ${account.name} is not logged in.`, fix);
  if (session.expiry !== null && clock.now() >= session.expiry) {
    await forget(accounts, account, session.accessToken);
    throw new AuthError(
      'AUTH_LOGIN',
      `The session of account ${account.name} ran out at ${isoInstant(session.expiry)}.`,
      fix,
    );
  }
  if (session.apiKey !== account.apiKey || session.userId !== account.userId) {
    throw new AuthError(
      'AUTH_LOGIN',
      `The session of account ${account.name} was made for ${session.userId} and another API key.`,
      fix,
    );
  }
  return session;
}
