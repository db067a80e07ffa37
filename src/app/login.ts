import { randomBytes } from 'node:crypto';
import type { Accounts } from '../adapters/vault/accounts.ts';
import type { Account, Session } from '../adapters/vault/records.ts';
import {
  listenForRedirect,
  nonceName,
  readRedirectQuery,
  redirectWaitMs,
  requestTokenPattern,
} from '../adapters/vault/redirect-listener.ts';
import { AuthError } from '../domain/errors.ts';
import { kiteTokenDeath } from '../domain/kite-token.ts';
import { isoInstant } from '../domain/time.ts';
import type { TimerClock } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { type AccountsOptions, accountsOf, chosenAccount, type Person } from './kite-accounts.ts';
import { redirectUrlOf, sandboxAccount, usualRedirectPort } from './profile.ts';
import { keepSecret } from './secret-variables.ts';

/** Where requests go. */
export interface KiteAddress {
  readonly root: string;
  readonly prefix: string;
}

/** What a login needs of the broker. */
export interface KiteDoor {
  /** Turns a request token into the token of the day. @throws AuthError, BrokerError */
  generateSession(
    request: KiteAddress & {
      readonly apiKey: string;
      readonly apiSecret: string;
      readonly requestToken: string;
    },
  ): Promise<{ readonly userId: string; readonly userName: string; readonly accessToken: string }>;
  logout(session: KiteAddress & { readonly apiKey: string; readonly accessToken: string }): Promise<void>;
  profile(session: KiteAddress & { readonly apiKey: string; readonly accessToken: string }): Promise<{
    readonly userId: string;
    readonly userName: string;
    readonly exchanges: readonly string[];
  }>;
}

/** The sandbox that runs in this home, and one of its accounts. */
export interface RunningSandbox {
  readonly root: string;
  readonly wsRoot: string;
  readonly prefix: string;
  readonly userId: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Logs in as its page would and answers the request token. */
  requestToken(): Promise<string>;
}

export interface LoginDoors extends AccountsOptions {
  readonly person: Person;
  readonly clock: TimerClock;
  readonly kite: KiteDoor;
  /** @throws AuthError AUTH_SANDBOX when none runs */
  sandbox(): Promise<RunningSandbox>;
  /** Gives an address to the desktop's browser; answers whether a program took it. */
  showPage(address: string): Promise<boolean>;
}

export interface LoginRequest {
  readonly account?: string | undefined;
  /** Asks for what the browser ended at instead of listening. */
  readonly paste: boolean;
  readonly sandbox: boolean;
  /** Opens the browser too. */
  readonly open: boolean;
}

export interface Login {
  readonly account: string;
  readonly userId: string;
  readonly userName: string;
  readonly loginTime: string;
  /** Null in the sandbox, whose clock is its own. */
  readonly expiry: string | null;
  readonly sandbox: boolean;
  readonly root: string;
}

/**
 * Logs in for the day, and makes the account the one that is meant where none is named.
 *
 * @throws AuthError AUTH_INTERACTIVE where nobody can log in; AUTH_REDIRECT, AUTH_REQUEST_TOKEN, AUTH_USER, AUTH_SANDBOX
 */
export async function login(context: Context, request: LoginRequest, doors: LoginDoors): Promise<Login> {
  const accounts = accountsOf(context, doors);
  if (request.sandbox) return loginAtSandbox(accounts, doors);
  const account = await chosenAccount(accounts, context, request.account);
  if (account.sandbox) return loginAtSandbox(accounts, doors);
  if (!request.paste && !doors.person.present) {
    throw new AuthError(
      'AUTH_INTERACTIVE',
      "Kite wants a person for each day's login, and this is no terminal.",
      'Run algo login on a terminal before the market opens; or pipe the address the browser ended at into algo login --paste.',
    );
  }
  const secret = await accounts.secret(account);
  if (!secret) {
    throw new AuthError(
      'AUTH_SECRET_NEEDED',
      `Account ${account.name} has no API secret.`,
      `Run: algo profile add ${account.name} --replace …`,
    );
  }
  const address = addressOf(account, context);
  const requestToken = await (request.paste ? pastedToken : redirectedToken)(account, {
    context,
    request,
    doors,
  });
  const given = await doors.kite.generateSession({
    ...address,
    apiKey: account.apiKey,
    apiSecret: secret.apiSecret,
    requestToken: keepSecret(requestToken),
  });
  return saved({ accounts, account, given, address, doors });
}

async function loginAtSandbox(accounts: Accounts, doors: LoginDoors): Promise<Login> {
  const running = await doors.sandbox();
  const account: Account = {
    name: sandboxAccount,
    apiKey: running.apiKey,
    userId: running.userId,
    // Its secret is as invented as its money, and a rehearsal should ask nobody for a passphrase.
    sealed: false,
    sandbox: true,
    redirectPort: usualRedirectPort,
  };
  const { root, wsRoot, prefix } = running;
  const address = { root, wsRoot, prefix };
  const requestToken = keepSecret(await running.requestToken());
  const given = await doors.kite.generateSession({
    ...address,
    apiKey: running.apiKey,
    apiSecret: keepSecret(running.apiSecret),
    requestToken,
  });
  await accounts.put(account, undefined);
  return saved({ accounts, account, given, address, doors });
}

/** Keeps the session of the right person; that of anybody else is thrown away, at the broker too. */
async function saved({
  accounts,
  account,
  given,
  address,
  doors: { clock, kite },
}: {
  readonly accounts: Accounts;
  readonly account: Account;
  readonly given: Awaited<ReturnType<KiteDoor['generateSession']>>;
  readonly address: KiteAddress & { readonly wsRoot: string };
  readonly doors: LoginDoors;
}): Promise<Login> {
  const { apiKey, sandbox } = account;
  const accessToken = keepSecret(given.accessToken);
  if (given.userId.toUpperCase() !== account.userId) {
    // Whether it can be ended or not, it is not kept; the mismatch is what has to be told.
    await kite.logout({ ...address, apiKey, accessToken }).catch(() => undefined);
    throw new AuthError(
      'AUTH_USER',
      `${given.userId} logged in, and account ${account.name} belongs to ${account.userId}. Nothing was stored.`,
      'Log out of Kite in the browser and log in as the right client; or set up another account with algo profile add.',
    );
  }
  const loginTime = clock.now();
  const expiry = sandbox ? null : kiteTokenDeath(loginTime);
  const session: Session = {
    version: 1,
    userId: account.userId,
    apiKey,
    accessToken,
    loginTime,
    expiry,
    ...address,
    sandbox,
  };
  await accounts.saveSession(account, session);
  await accounts.use(account.name);
  return {
    account: account.name,
    userId: account.userId,
    userName: given.userName,
    loginTime: isoInstant(loginTime),
    expiry: expiry === null ? null : isoInstant(expiry),
    sandbox,
    root: address.root,
  };
}

interface Asking {
  readonly context: Context;
  readonly request: LoginRequest;
  readonly doors: LoginDoors;
}

/** Waits for the browser to come back. */
async function redirectedToken(account: Account, { context, request, doors }: Asking): Promise<string> {
  const nonce = randomBytes(24).toString('base64url');
  const redirect = await listenForRedirect({ port: account.redirectPort, nonce, clock: doors.clock });
  try {
    const address = loginAddress(account, context, nonce);
    await show(address, request, doors);
    doors.person.tell(
      `Waiting ${Math.round(redirectWaitMs / 1_000)} s for the browser to come back to ${redirectUrlOf(account)}, which has to be the app's redirect URL.`,
    );
    return await redirect.requestToken;
  } finally {
    redirect.close();
  }
}

/** Takes the request token, or the whole address with it, from the person or from a pipe. */
async function pastedToken(account: Account, { context, request, doors }: Asking): Promise<string> {
  const { person } = doors;
  await show(loginAddress(account, context, undefined), request, doors);
  const answer =
    (await person.piped()) ??
    (await person.secret('Paste the address the browser ended at, or its request_token (not shown): '));
  return requestTokenIn(answer?.trim() ?? '');
}

async function show(
  address: string,
  { open }: LoginRequest,
  { person, showPage }: LoginDoors,
): Promise<void> {
  if (open && (await showPage(address))) return;
  person.tell(`Log in at: ${address}`);
}

/** @throws AuthError AUTH_REQUEST_TOKEN, AUTH_REDIRECT */
export function requestTokenIn(answer: string): string {
  if (requestTokenPattern.test(answer)) return answer;
  const query = answer.indexOf('?');
  const reading =
    query < 0
      ? undefined
      : readRedirectQuery(new URLSearchParams(answer.slice(query + 1).replace(/#.*$/, '')), undefined);
  if (reading && 'requestToken' in reading) return reading.requestToken;
  if (reading && 'failure' in reading)
    throw new AuthError('AUTH_REDIRECT', `${reading.failure}.`, 'Run algo login again.');
  throw new AuthError(
    'AUTH_REQUEST_TOKEN',
    answer === '' ? 'No request token was given.' : 'There is no request token in what was given.',
    'Give the whole address that the browser ended at; it holds request_token=… and is good for a few minutes.',
  );
}

function addressOf(account: Account, { config }: Context): KiteAddress & { readonly wsRoot: string } {
  const { root, wsRoot, prefix } = config.kite;
  return { root: account.root ?? root, wsRoot: account.wsRoot ?? wsRoot, prefix: account.prefix ?? prefix };
}

function loginAddress(account: Account, { config }: Context, nonce: string | undefined): string {
  const address = new URL(account.loginUrl ?? config.kite.loginUrl);
  address.searchParams.set('v', '3');
  address.searchParams.set('api_key', account.apiKey);
  // Kite adds these to the redirect address as they are.
  if (nonce !== undefined) address.searchParams.set('redirect_params', `${nonceName}=${nonce}`);
  return address.href;
}
