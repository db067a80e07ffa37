import { join } from 'node:path';
import { askOnTerminal, askSecretOnTerminal, pipedLine, tellOnTerminal } from '../adapters/system/ask.ts';
import { type Accounts, accountsIn } from '../adapters/vault/accounts.ts';
import type { Account } from '../adapters/vault/records.ts';
import type { SealCost } from '../adapters/vault/sealed.ts';
import { openVault } from '../adapters/vault/vault.ts';
import type { Context } from './context.ts';
import { keepSecret, secretVariable } from './secret-variables.ts';

/** The person at the terminal; every answer is undefined where nobody sits there. */
export interface Person {
  line(question: string): Promise<string | undefined>;
  /** Not shown while it is typed. */
  secret(question: string): Promise<string | undefined>;
  /** The first line that was piped in; undefined at a terminal. */
  piped(): Promise<string | undefined>;
  /** Said on stderr, also under --json and --quiet. */
  tell(line: string): void;
  /** True where somebody sits in front of it. */
  readonly present: boolean;
}

export const personAtTerminal: Person = {
  line: askOnTerminal,
  secret: askSecretOnTerminal,
  piped: pipedLine,
  tell: tellOnTerminal,
  present: process.stdin.isTTY === true && process.stderr.isTTY === true,
};

export interface AccountsOptions {
  readonly person?: Person;
  /** Of what is newly encrypted. */
  readonly cost?: SealCost;
  /** Where the passphrase comes from; the variable, its file, or a question when not given. */
  readonly passphrase?: () => Promise<string | undefined>;
}

/** Kite's accounts of this home. Whatever secret is read from them no log and no message shows any more. */
export function accountsOf(
  { folders }: Pick<Context, 'folders'>,
  { person = personAtTerminal, cost, passphrase = () => passphraseOf(person) }: AccountsOptions = {},
): Accounts {
  const vault = openVault({ folder: secretsFolder({ folders }), passphrase, ...(cost && { cost }) });
  const accounts = accountsIn(vault);
  return {
    ...accounts,
    async secret(account) {
      const secret = await accounts.secret(account);
      if (secret) for (const each of [secret.apiSecret, secret.totpSecret]) if (each) keepSecret(each);
      return secret;
    },
    async session(account) {
      const session = await accounts.session(account);
      if (session) keepSecret(session.accessToken);
      return session;
    },
  };
}

/** The account that a flag, the setting `kite.account` or the last `algo profile use` means, in this order. */
export function chosenAccount(
  accounts: Accounts,
  { config }: Pick<Context, 'config'>,
  named: string | undefined,
): Promise<Account> {
  const { account } = config.kite;
  return accounts.find(named ?? (account === 'auto' ? undefined : account));
}

export function secretsFolder({ folders }: Pick<Context, 'folders'>): string {
  return join(folders.home, 'secrets');
}

async function passphraseOf(person: Person): Promise<string | undefined> {
  const given =
    secretVariable('ALGO_VAULT_PASSPHRASE') ?? (await person.secret('Passphrase of the secrets: '));
  return given ? keepSecret(given) : undefined;
}
