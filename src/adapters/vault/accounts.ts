import { UsageError } from '../../domain/errors.ts';
import { didYouMean } from '../../domain/nearest.ts';
import {
  type Account,
  type AccountList,
  accountListSchema,
  type Secret,
  type Session,
  secretSchema,
  sessionSchema,
} from './records.ts';
import type { Vault } from './vault.ts';

const listFile = 'accounts.json';
const secretFile = (name: string) => `${name}.secret`;
const sessionFile = (name: string) => `${name}.session`;
const none: AccountList = { version: 1, current: null, accounts: [] };

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
  const list = async () => (await vault.read(listFile, accountListSchema)) ?? none;
  // Nothing in the list is secret, and it has to be readable before anybody is asked for a passphrase.
  const save = (next: AccountList) => vault.write(listFile, next, { sealed: false });

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
      const before = await list();
      // The secret first: an account without its secret would look complete.
      if (secret) await vault.write(secretFile(account.name), secret, { sealed: account.sealed });
      const others = before.accounts.filter(({ name }) => name !== account.name);
      await save({ ...before, current: before.current ?? account.name, accounts: [...others, account] });
    },

    async use(name) {
      await find(name);
      await save({ ...(await list()), current: name });
    },

    async remove(name) {
      await find(name);
      vault.remove(sessionFile(name));
      vault.remove(secretFile(name));
      const { current, accounts } = await list();
      await save({
        version: 1,
        current: current === name ? null : current,
        accounts: accounts.filter((each) => each.name !== name),
      });
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
