import { ownSecrets } from '../adapters/system/redact.ts';
import { readPrivateFile } from '../adapters/vault/private-file.ts';
import { AuthError } from '../domain/errors.ts';

/** Variables whose value is a secret. Each may be given as a file of mode 0600 instead: the same name with _FILE. */
export const secretVariables = [
  'ALGO_VAULT_PASSPHRASE',
  'ALGO_KITE_API_SECRET',
  'ALGO_KITE_TOTP_SECRET',
] as const;

export type SecretVariable = (typeof secretVariables)[number];

const taken = new Map<string, string>();

/**
 * Takes the secrets out of the environment before anything else happens, so that no program that is started inherits them and
 * no dump of the environment shows them.
 */
export function takeSecretVariables(env: Record<string, string | undefined>): void {
  for (const name of secretVariables) {
    const value = env[name];
    if (value === undefined) continue;
    delete env[name];
    if (value === '') continue;
    ownSecrets.register(value);
    taken.set(name, value);
  }
}

/**
 * The secret that was given as a variable, or in the file that `<name>_FILE` names: its first line. Undefined when neither was.
 *
 * @throws AuthError AUTH_SECRETS when others can read the file; AUTH_SECRET_FILE when there is none, or it is empty
 */
export function secretVariable(
  name: SecretVariable,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const file = env[`${name}_FILE`];
  return taken.get(name) ?? (file ? secretInFile(file, `${name}_FILE`) : undefined);
}

/** The first line of a file that only its owner can read. `from` is the variable or flag that named it. */
export function secretInFile(file: string, from: string): string {
  const line = readPrivateFile(file)?.toString('utf8').split(/\r?\n/)[0]?.trim();
  if (line) {
    ownSecrets.register(line);
    return line;
  }
  const what = line === undefined ? 'is not there' : 'has an empty first line';
  throw new AuthError(
    'AUTH_SECRET_FILE',
    `${file}, which ${from} names, ${what}.`,
    'Write the secret as its first line, and nothing else.',
  );
}

/** A message without the secrets of this process, whatever put them there. */
export function withoutSecrets(message: string): string {
  return ownSecrets.known(message);
}

/** A secret that was typed, read or received: from now on no log and no message shows it. */
export function keepSecret(secret: string): string {
  ownSecrets.register(secret);
  return secret;
}
