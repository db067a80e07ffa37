import { totpAt } from '../adapters/vault/totp.ts';
import { AuthError } from '../domain/errors.ts';
import type { Context } from './context.ts';
import { type AccountsOptions, accountsOf, chosenAccount } from './kite-accounts.ts';

export interface Totp {
  readonly account: string;
  readonly code: string;
  readonly secondsLeft: number;
}

/** The authenticator's code of this moment, for a person to type. @throws AuthError AUTH_SECRET_NEEDED when its key is not stored */
export async function totp(
  context: Context,
  { account: named, ...options }: AccountsOptions & { readonly account?: string | undefined },
): Promise<Totp> {
  const accounts = accountsOf(context, options);
  const account = await chosenAccount(accounts, context, named);
  const key = (await accounts.secret(account))?.totpSecret;
  if (!key) {
    throw new AuthError(
      'AUTH_SECRET_NEEDED',
      `No authenticator key is stored for account ${account.name}.`,
      `Run: algo profile add ${account.name} --replace --totp …`,
    );
  }
  return { account: account.name, ...totpAt(key, context.clock.now()) };
}
