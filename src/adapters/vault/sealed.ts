import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { AuthError } from '../../domain/errors.ts';

/*
 * A secret encrypted under a passphrase.
 *
 *   0   10  "algo-vault"
 *  10    1  version, 1
 *  11    3  scrypt: log2 of N, r, p
 *  14   16  salt
 *  30   12  nonce
 *  42   32  HMAC-SHA256 of bytes 0 to 41 under the second half of the derived key: tells a wrong passphrase
 *  74    n  AES-256-GCM under the first half, with bytes 0 to 73 and the secret's name as associated data
 *  74+n 16  GCM tag
 *  90+n 32  SHA-256 of all before: tells a damaged file before a passphrase is asked for
 *
 * A file that was altered on purpose, checksum included, or put in the place of another fails at the tag.
 */

const magic = Buffer.from('algo-vault', 'latin1');
const version = 1;
const fieldsLength = 42;
const headerLength = 74;
const tagLength = 16;
const checksumLength = 32;

/** What a guess costs. Memory is 128 · r · 2^logN bytes. */
export interface SealCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** OWASP Password Storage Cheat Sheet, as of 2026: N = 2^17, r = 8, p = 1. 128 MB and about a third of a second. */
export const usualCost: SealCost = { logN: 17, r: 8, p: 1 };

/** What is accepted from a file: enough to be worth guessing against, and no more memory than a small computer has. */
const bounds = { logNMin: 14, logNMax: 20, rMax: 16, pMax: 4, memoryMax: 512 * 1_024 * 1_024 };

/** True of a file that needs a passphrase. */
export function isSealed(bytes: Uint8Array): boolean {
  return bytes.length >= magic.length && magic.equals(bytes.subarray(0, magic.length));
}

/** Encrypts under a passphrase. `name` is where it will be kept; it opens under no other name. */
export async function seal(
  plain: Uint8Array,
  {
    name,
    passphrase,
    cost = usualCost,
  }: { readonly name: string; readonly passphrase: string; readonly cost?: SealCost },
): Promise<Buffer> {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const fields = Buffer.concat([magic, Buffer.from([version, cost.logN, cost.r, cost.p]), salt, nonce]);
  const keys = await keysOf(passphrase, salt, cost);
  const header = Buffer.concat([fields, createHmac('sha256', keys.check).update(fields).digest()]);
  const cipher = createCipheriv('aes-256-gcm', keys.cipher, nonce);
  cipher.setAAD(Buffer.concat([header, Buffer.from(name, 'utf8')]));
  const sealed = Buffer.concat([header, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return Buffer.concat([sealed, sha256(sealed)]);
}

/**
 * Decrypts. `path` is for messages.
 *
 * @throws AuthError AUTH_PASSPHRASE when the passphrase is wrong, AUTH_VAULT_DAMAGED when the file is not what was written
 */
export async function unseal(
  bytes: Buffer,
  { name, path, passphrase }: { readonly name: string; readonly path: string; readonly passphrase: string },
): Promise<Buffer> {
  const cost = checkSealed(bytes, path);
  const sealed = bytes.subarray(0, bytes.length - checksumLength);
  const header = sealed.subarray(0, headerLength);
  const fields = header.subarray(0, fieldsLength);
  const keys = await keysOf(passphrase, fields.subarray(14, 30), cost);
  const check = createHmac('sha256', keys.check).update(fields).digest();
  if (!timingSafeEqual(check, header.subarray(fieldsLength))) {
    throw new AuthError(
      'AUTH_PASSPHRASE',
      `The passphrase does not open ${path}.`,
      'Check ALGO_VAULT_PASSPHRASE, or the file of ALGO_VAULT_PASSPHRASE_FILE.',
    );
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', keys.cipher, fields.subarray(30, 42));
    decipher.setAAD(Buffer.concat([header, Buffer.from(name, 'utf8')]));
    decipher.setAuthTag(sealed.subarray(sealed.length - tagLength));
    return Buffer.concat([
      decipher.update(sealed.subarray(headerLength, sealed.length - tagLength)),
      decipher.final(),
    ]);
  } catch (cause) {
    throw damaged(path, 'it was altered, or stood under another name', cause);
  }
}

/** Looks at everything that can be seen without the passphrase. @throws AuthError AUTH_VAULT_DAMAGED */
export function checkSealed(bytes: Buffer, path: string): SealCost {
  if (bytes.length < headerLength + tagLength + checksumLength) throw damaged(path, 'it is too short');
  const sealed = bytes.subarray(0, bytes.length - checksumLength);
  if (!sha256(sealed).equals(bytes.subarray(sealed.length))) throw damaged(path, 'its checksum is wrong');
  if (bytes[10] !== version)
    throw damaged(path, `its version is ${bytes[10]}, and this program knows ${version}`);
  const cost = { logN: bytes[11], r: bytes[12], p: bytes[13] };
  const memory = 128 * cost.r * 2 ** cost.logN;
  const bounded =
    cost.logN >= bounds.logNMin &&
    cost.logN <= bounds.logNMax &&
    cost.r >= 1 &&
    cost.r <= bounds.rMax &&
    cost.p >= 1 &&
    cost.p <= bounds.pMax &&
    memory <= bounds.memoryMax;
  if (!bounded)
    throw damaged(
      path,
      `its key derivation (${cost.logN}, ${cost.r}, ${cost.p}) is outside what is accepted`,
    );
  return cost;
}

function damaged(path: string, why: string, cause?: unknown): AuthError {
  return new AuthError(
    'AUTH_VAULT_DAMAGED',
    `${path} is damaged: ${why}.`,
    'Restore it from a backup, or remove the account with algo profile remove and add it again.',
    cause,
  );
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** One passphrase typed on two keyboards is the same passphrase, so it is taken in its composed form (NFKC). */
function keysOf(
  passphrase: string,
  salt: Uint8Array,
  cost: SealCost,
): Promise<{ readonly cipher: Buffer; readonly check: Buffer }> {
  const { logN, r, p } = cost;
  return new Promise((resolve, reject) => {
    const options = { N: 2 ** logN, r, p, maxmem: 2 * 128 * r * 2 ** logN };
    scrypt(passphrase.normalize('NFKC'), salt, 64, options, (error, key) => {
      if (error) reject(error);
      else resolve({ cipher: key.subarray(0, 32), check: key.subarray(32) });
    });
  });
}
