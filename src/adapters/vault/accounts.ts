import { UsageError } from '../../domain/errors.ts';
import { didYouMean } from '../../domain/nearest.ts';
import {
  type Account,
  type AccountList,
  accountNamePattern,
  accountSchema,
  currentSchema,
  type Secret,
  type Session,
  secretSchema,
  sessionSchema,
} from './records.ts';
import type { Vault } from './vault.ts';

/** Each account has a file of its own, so that two that are added at the same moment are both there. */
const accountEnding = '.account';
const accountFile = (name: string) => `${name}${accountEnding}`;
const currentFile = 'current.json';
const secretFile = (name: string) => `${name}.secret`;
const sessionFile = (name: string) => `${name}.session`;

/** The Kite accounts of this home, each with its secret and at most one session. */
export interface Accounts {
  list(): Promise<AccountList>;
  /** The named account, or the current one. @throws UsageError USAGE_ACCOUNT when it is unknown, or none is current */
  find(name: string | undefined): Promise<Account>;
  /** Stores the account with its secret, which may be absent where none is needed. Takes the place of one of the same name. */
  put(account: Account, secret: Secret | undefined): Promise<void>;
  use(name: string): Promise<void>;
  /** Removes the account, its secret and its session. */
  remove(name: string): Promise<void>;
  secret(account: Account): Promise<Secret | undefined>;
  session(account: Account): Promise<Session | undefined>;
  saveSession(account: Account, session: Session): Promise<void>;
  /** True when there was one. */
  endSession(account: Account): boolean;
}

export function accountsIn(vault: Vault): Accounts {
  async function list(): Promise<AccountList> {
    const names = vault
      .names()
      .filter((file) => file.endsWith(accountEnding))
      .map((file) => file.slice(0, -accountEnding.length))
      .filter((name) => accountNamePattern.test(name))
      .sort();
    const found = await Promise.all(names.map((name) => vault.read(accountFile(name), accountSchema)));
    // One may have been removed meanwhile.
    const accounts = found.filter((account) => account !== undefined);
    const chosen = (await vault.read(currentFile, currentSchema))?.current;
    return { current: accounts.find(({ name }) => name === chosen)?.name ?? null, accounts };
  }

  // Nothing in these is secret, and they have to be readable before anybody is asked for a passphrase.
  const save = (account: Account) => vault.write(accountFile(account.name), account, { sealed: false });
  const choose = (current: string) => vault.write(currentFile, { version: 1, current }, { sealed: false });

  const find = async (name: string | undefined): Promise<Account> => {
    const { current, accounts } = await list();
    const wanted = name ?? current;
    const account = accounts.find((each) => each.name === wanted);
    if (account) return account;
    throw unknownAccount(wanted, accounts);
  };

  return {
    list,
    find,

    async put(account, secret) {
      const { current } = await list();
      // The secret first: an account without its secret would look complete.
      if (secret) await vault.write(secretFile(account.name), secret, { sealed: account.sealed });
      await save(account);
      if (current === null) await choose(account.name);
    },

    async use(name) {
      await find(name);
      await choose(name);
    },

    async remove(name) {
      await find(name);
      vault.remove(sessionFile(name));
      vault.remove(secretFile(name));
      vault.remove(accountFile(name));
    },

    secret: ({ name }) => vault.read(secretFile(name), secretSchema),
    session: ({ name }) => vault.read(sessionFile(name), sessionSchema),
    saveSession: ({ name, sealed }, session) => vault.write(sessionFile(name), session, { sealed }),
    endSession: ({ name }) => vault.remove(sessionFile(name)),
  };
}

function unknownAccount(wanted: string | null | undefined, accounts: readonly Account[]): UsageError {
  const names = accounts.map(({ name }) => name);
  if (names.length === 0) {
    return new UsageError(
      'USAGE_ACCOUNT',
      wanted ? `There is no Kite account "${wanted}".` : 'No Kite account is set up.',
      'Run: algo profile add main --api-key <key> --user <client id>; or algo login --sandbox to rehearse without one.',
    );
  }
  return wanted
    ? new UsageError(
        'USAGE_ACCOUNT',
        `There is no Kite account "${wanted}".${didYouMean(wanted, names)}`,
        `Known: ${names.join(', ')}. Run: algo profile list`,
      )
    : new UsageError('USAGE_ACCOUNT', 'No Kite account is chosen.', `Run: algo profile use ${names[0]}`);
}
