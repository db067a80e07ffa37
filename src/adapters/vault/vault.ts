import { join } from 'node:path';
import type { ZodType } from 'zod';
import { AuthError } from '../../domain/errors.ts';
import {
  privateFileNames,
  privateFolder,
  readPrivateFile,
  removePrivateFile,
  writePrivateFile,
} from './private-file.ts';
import { checkSealed, isSealed, type SealCost, seal, unseal, usualCost } from './sealed.ts';

export interface VaultOptions {
  /** `<home>/secrets`; made with the first file. */
  readonly folder: string;
  /** Asked at most once, and only when a file needs it. Undefined where there is none and nobody to ask. */
  readonly passphrase: () => Promise<string | undefined>;
  readonly cost?: SealCost;
}

/** Small documents for their owner's eyes, plain or encrypted under one passphrase. */
export interface Vault {
  readonly folder: string;
  /** Undefined when there is none. @throws AuthError AUTH_SECRETS, AUTH_PASSPHRASE, AUTH_PASSPHRASE_NEEDED, AUTH_VAULT_DAMAGED */
  read<T>(name: string, schema: ZodType<T>): Promise<T | undefined>;
  /** @throws AuthError AUTH_SECRETS, AUTH_PASSPHRASE_NEEDED when it is to be sealed and there is no passphrase */
  write(name: string, document: object, options: { readonly sealed: boolean }): Promise<void>;
  /** Names of all documents. */
  names(): readonly string[];
  /** True when there was one. Needs no passphrase and looks at no rights, so that a secret can always be thrown away. */
  remove(name: string): boolean;
}

export function openVault({ folder, passphrase, cost = usualCost }: VaultOptions): Vault {
  let asked: Promise<string | undefined> | undefined;
  const opening = async (path: string): Promise<string> => {
    asked ??= passphrase();
    const words = await asked;
    if (words) return words;
    throw new AuthError(
      'AUTH_PASSPHRASE_NEEDED',
      `${path} is encrypted, and no passphrase was given.`,
      'Set ALGO_VAULT_PASSPHRASE_FILE to a file of mode 0600 (or ALGO_VAULT_PASSPHRASE), or run the command on a terminal.',
    );
  };

  return {
    folder,

    async read(name, schema) {
      const path = join(folder, name);
      const bytes = readPrivateFile(path);
      if (!bytes) return undefined;
      privateFolder(folder);
      let plain = bytes;
      if (isSealed(bytes)) {
        checkSealed(bytes, path);
        plain = await unseal(bytes, { name, path, passphrase: await opening(path) });
      }
      return parsed(path, plain, schema);
    },

    async write(name, document, { sealed }) {
      const path = join(folder, name);
      const plain = Buffer.from(`${JSON.stringify(document, null, 2)}\n`, 'utf8');
      writePrivateFile(
        path,
        sealed ? await seal(plain, { name, passphrase: await opening(path), cost }) : plain,
      );
    },

    names: () => privateFileNames(folder),
    remove: (name) => removePrivateFile(join(folder, name)),
  };
}

/** The document, or an error that quotes nothing of it. */
function parsed<T>(path: string, plain: Buffer, schema: ZodType<T>): T {
  let document: unknown;
  try {
    document = JSON.parse(plain.toString('utf8'));
  } catch {
    throw unusable(path, 'it is not JSON');
  }
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path: at }) => at.join('.') || 'the whole').join(', ');
  throw unusable(path, `not as algo writes it: ${fields}`);
}

// Without a cause: the parser's own message quotes the text it stumbled over.
function unusable(path: string, why: string): AuthError {
  return new AuthError(
    'AUTH_VAULT_DAMAGED',
    `${path} is damaged: ${why}.`,
    'Restore it from a backup, or remove the account with algo profile remove and add it again.',
  );
}
