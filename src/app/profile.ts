import { type Account, accountNamePattern, accountSchema } from '../adapters/vault/records.ts';
import { redirectPath } from '../adapters/vault/redirect-listener.ts';
import { bytesOfBase32 } from '../adapters/vault/totp.ts';
import { configSchema } from '../config/schema.ts';
import { AuthError, UsageError } from '../domain/errors.ts';
import { isoInstant } from '../domain/time.ts';
import type { AccountRow, ProfileChange, ProfileList } from '../reports/profile-text.ts';
import type { Context } from './context.ts';
import { type AccountsOptions, accountsOf, type Person, personAtTerminal } from './kite-accounts.ts';
import { keepSecret, secretInFile, secretVariable } from './secret-variables.ts';

/** Kite's own test of an app runs on a fixed address, so the port has to be one that is known beforehand. */
export const usualRedirectPort = 8_617;
/** The name under which the sandbox of this computer stands among the accounts. */
export const sandboxAccount = 'sandbox';
const passphraseLengthMin = 8;

/** Every account, without asking anybody for anything: the session of an encrypted one is looked into only where a variable has the passphrase. */
export async function profileList(context: Context, options: AccountsOptions = {}): Promise<ProfileList> {
  const passphrase = async () => secretVariable('ALGO_VAULT_PASSPHRASE');
  const accounts = accountsOf(context, { passphrase, ...options });
  const locked = (await passphrase()) === undefined;
  const { current, accounts: known } = await accounts.list();
  const rows = known.map(async (account): Promise<AccountRow> => {
    const session = account.sealed && locked ? 'unknown' : await accounts.session(account);
    const expiry = typeof session === 'object' ? session.expiry : null;
    return {
      name: account.name,
      current: account.name === current,
      userId: account.userId,
      apiKey: account.apiKey,
      encrypted: account.sealed,
      sandbox: account.sandbox,
      redirectPort: account.redirectPort,
      addresses: addressesOf(account),
      session: stateOf(session, context.clock.now()),
      expiry: expiry === null ? null : isoInstant(expiry),
    };
  });
  return { accounts: await Promise.all(rows) };
}

function stateOf(
  session: 'unknown' | { readonly expiry: number | null } | undefined,
  now: number,
): AccountRow['session'] {
  if (session === 'unknown') return 'unknown';
  if (!session) return 'none';
  return session.expiry === null || now < session.expiry ? 'open' : 'over';
}

function addressesOf({ root, wsRoot, prefix, loginUrl }: Account): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ root, wsRoot, prefix, loginUrl }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

export interface NewAccount {
  readonly name: string;
  readonly apiKey: string;
  readonly userId: string;
  readonly redirectPort?: number | undefined;
  readonly root?: string | undefined;
  readonly wsRoot?: string | undefined;
  readonly prefix?: string | undefined;
  readonly loginUrl?: string | undefined;
  /** File of mode 0600 whose first line is the API secret. */
  readonly secretFile?: string | undefined;
  /** Asks for the authenticator's key too. */
  readonly totp: boolean;
  /** Encrypts even where no variable has a passphrase, by asking for one. */
  readonly encrypt: boolean;
  readonly replace: boolean;
}

/** Stores an account and its secret, which comes from the environment, a file or a question, never from the command line. */
export async function profileAdd(
  context: Context,
  request: NewAccount,
  options: AccountsOptions = {},
): Promise<ProfileChange> {
  const person = options.person ?? personAtTerminal;
  const account = checkedAccount(request);
  const plainly = accountsOf(context, options);
  const replaced = (await plainly.list()).accounts.some(({ name }) => name === request.name);
  if (replaced && !request.replace) {
    throw new UsageError(
      'USAGE_ACCOUNT',
      `There is a Kite account "${request.name}" already.`,
      'Add --replace to overwrite it and end its session here.',
    );
  }
  const apiSecret = await apiSecretOf(request, person);
  const totpSecret = await totpSecretOf(request, person);
  const passphrase = await newPassphrase(request, person);
  const accounts =
    passphrase === undefined
      ? plainly
      : accountsOf(context, { ...options, passphrase: async () => passphrase });
  const stored = { ...account, sealed: passphrase !== undefined };
  accounts.endSession(stored);
  await accounts.put(stored, { version: 1, apiSecret, ...(totpSecret && { totpSecret }) });
  return {
    name: account.name,
    did: replaced ? 'replaced' : 'added',
    encrypted: stored.sealed,
    redirectUrl: redirectUrlOf(account),
    current: (await accounts.list()).current,
  };
}

export async function profileUse(context: Context, name: string): Promise<ProfileChange> {
  const accounts = accountsOf(context);
  await accounts.use(name);
  const { sealed } = await accounts.find(name);
  return { name, did: 'chosen', encrypted: sealed, redirectUrl: null, current: name };
}

/** Forgets an account with its secret and its session. The session stays valid at the broker until it runs out. */
export async function profileRemove(context: Context, name: string): Promise<ProfileChange> {
  const accounts = accountsOf(context);
  const { sealed } = await accounts.find(name);
  await accounts.remove(name);
  return {
    name,
    did: 'removed',
    encrypted: sealed,
    redirectUrl: null,
    current: (await accounts.list()).current,
  };
}

export function redirectUrlOf({ redirectPort }: Pick<Account, 'redirectPort'>): string {
  return `http://127.0.0.1:${redirectPort}${redirectPath}`;
}

function checkedAccount(request: NewAccount): Account {
  const problems: string[] = [];
  if (!accountNamePattern.test(request.name))
    problems.push(
      `The name was "${request.name}"; expected lower-case letters, digits, - and _, beginning with a letter, at most 32.`,
    );
  if (request.name === sandboxAccount) problems.push('The name sandbox is kept for algo login --sandbox.');
  const addresses = {
    root: request.root,
    wsRoot: request.wsRoot,
    prefix: request.prefix,
    loginUrl: request.loginUrl,
  };
  const given = Object.fromEntries(Object.entries(addresses).filter(([, value]) => value !== undefined));
  const settings = configSchema.shape.kite.safeParse(given);
  for (const { path, message } of settings.error?.issues ?? [])
    problems.push(
      `--${dashed(String(path[0]))} was "${String(Reflect.get(given, String(path[0])))}"; expected ${message}.`,
    );
  const userId = request.userId.toUpperCase();
  const account = accountSchema.safeParse({
    name: request.name,
    apiKey: request.apiKey,
    userId,
    sealed: false,
    sandbox: false,
    redirectPort: request.redirectPort ?? usualRedirectPort,
    ...given,
  });
  const wanted: Readonly<Record<string, string>> = {
    apiKey: `--api-key was "${request.apiKey}"; expected letters and digits.`,
    userId: `--user was "${request.userId}"; expected Zerodha's client id, such as AB1234.`,
    redirectPort: `--port was ${request.redirectPort}; expected 1024 to 65535.`,
  };
  for (const { path } of account.error?.issues ?? []) {
    const sentence = wanted[String(path[0])];
    if (sentence) problems.push(sentence);
  }
  if (problems.length > 0 || !account.data)
    throw new UsageError('USAGE_ACCOUNT', problems.join('\n'), 'See: algo profile add --help');
  return account.data;
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

async function apiSecretOf({ secretFile }: NewAccount, person: Person): Promise<string> {
  const given =
    (secretFile === undefined ? undefined : secretInFile(secretFile, '--secret-file')) ??
    secretVariable('ALGO_KITE_API_SECRET') ??
    (await person.secret('API secret of the Kite app (not shown): '))?.trim();
  if (given) return keepSecret(given);
  throw new AuthError(
    'AUTH_SECRET_NEEDED',
    'No API secret was given.',
    'Run it on a terminal, or set ALGO_KITE_API_SECRET_FILE or --secret-file to a file of mode 0600. It is never taken from the command line.',
  );
}

async function totpSecretOf({ totp }: NewAccount, person: Person): Promise<string | undefined> {
  const variable = secretVariable('ALGO_KITE_TOTP_SECRET');
  const given =
    variable ?? (totp ? (await person.secret("The authenticator's key (not shown): "))?.trim() : undefined);
  if (!given) {
    if (!totp) return undefined;
    throw new AuthError(
      'AUTH_SECRET_NEEDED',
      'No TOTP secret was given.',
      'Run it on a terminal, or set ALGO_KITE_TOTP_SECRET_FILE to a file of mode 0600.',
    );
  }
  keepSecret(given);
  bytesOfBase32(given);
  return given;
}

/** Undefined leaves the secret unencrypted: neither a variable has a passphrase nor was encryption asked for. */
async function newPassphrase({ encrypt }: NewAccount, person: Person): Promise<string | undefined> {
  const variable = secretVariable('ALGO_VAULT_PASSPHRASE');
  if (variable === undefined && !encrypt) return undefined;
  const given =
    variable ??
    (await person.secret(`New passphrase, at least ${passphraseLengthMin} characters (not shown): `));
  if (!given)
    throw new AuthError(
      'AUTH_PASSPHRASE_NEEDED',
      'No passphrase was given.',
      'Run it on a terminal, or set ALGO_VAULT_PASSPHRASE_FILE to a file of mode 0600.',
    );
  if ([...given].length < passphraseLengthMin) {
    throw new UsageError(
      'USAGE_PASSPHRASE',
      `The passphrase has ${[...given].length} characters; at least ${passphraseLengthMin} are needed.`,
      'A few random words are easy to keep and hard to guess.',
    );
  }
  if (variable === undefined && (await person.secret('The same again: ')) !== given) {
    throw new UsageError(
      'USAGE_PASSPHRASE',
      'The two passphrases differ.',
      'Nothing was stored; run it again.',
    );
  }
  return keepSecret(given);
}
