import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { checkSealed, isSealed, seal, unseal } from '../../../src/adapters/vault/sealed.ts';
import { codeOf } from '../../../src/domain/errors.ts';

const cost = { logN: 14, r: 8, p: 1 };
const passphrase = 'correct horse';
const plain = Buffer.from('{"apiSecret":"canary"}');
const opening = { name: 'main.secret', path: '/home/secrets/main.secret', passphrase };

let sealed: Buffer;
beforeAll(async () => {
  sealed = await seal(plain, { name: 'main.secret', passphrase, cost });
});

const codeOfOpening = (bytes: Buffer, changed: Partial<typeof opening> = {}) =>
  unseal(bytes, { ...opening, ...changed }).then(
    () => 'opened',
    (error) => codeOf(error),
  );

/** With the checksum that somebody who alters the file on purpose would write. */
function altered(at: number, change: (byte: number) => number): Buffer {
  const body = Buffer.from(sealed.subarray(0, -32));
  body[at] = change(body[at]);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

describe('a sealed secret', () => {
  test('opens under its passphrase and shows nothing of itself', async () => {
    expect(await unseal(sealed, opening)).toEqual(plain);
    expect(isSealed(sealed)).toBe(true);
    expect(isSealed(plain)).toBe(false);
    expect(sealed.includes('canary')).toBe(false);
    expect(sealed.includes(passphrase)).toBe(false);
  });

  test('is different every time', async () => {
    const again = await seal(plain, { name: 'main.secret', passphrase, cost });
    expect(again.equals(sealed)).toBe(false);
    expect(again.length).toBe(sealed.length);
  });

  test('opens under a passphrase typed in decomposed letters', async () => {
    const typed = await seal(plain, { name: 'main.secret', passphrase: 'Zürich caf\u00e9', cost });
    expect(await unseal(typed, { ...opening, passphrase: 'Zu\u0308rich cafe\u0301' })).toEqual(plain);
  });

  test('tells a wrong passphrase from a damaged file', async () => {
    expect(await codeOfOpening(sealed, { passphrase: 'correct horsf' })).toBe('AUTH_PASSPHRASE');
    expect(await codeOfOpening(sealed, { passphrase: '' })).toBe('AUTH_PASSPHRASE');
    for (const bits of [0, 7]) {
      for (let at = 10; at < sealed.length; at++) {
        const damaged = Buffer.from(sealed);
        damaged[at] ^= 1 << bits;
        expect(() => checkSealed(damaged, 'x')).toThrow('damaged');
      }
    }
    for (let length = 10; length < sealed.length; length++) {
      expect(() => checkSealed(sealed.subarray(0, length), 'x')).toThrow('damaged');
    }
  });

  test('opens neither altered on purpose nor under another name', async () => {
    expect(await codeOfOpening(altered(80, (byte) => byte ^ 1))).toBe('AUTH_VAULT_DAMAGED');
    expect(await codeOfOpening(altered(sealed.length - 40, (byte) => byte ^ 1))).toBe('AUTH_VAULT_DAMAGED');
    expect(await codeOfOpening(sealed, { name: 'other.secret' })).toBe('AUTH_VAULT_DAMAGED');
    // Nonce and salt are under the check value, which the passphrase makes.
    expect(await codeOfOpening(altered(35, (byte) => byte ^ 1))).toBe('AUTH_PASSPHRASE');
  });

  test.each([
    ['a version to come', 10, 2],
    ['too cheap a derivation', 11, 10],
    ['one that takes a gigabyte', 11, 21],
    ['no block size', 12, 0],
    ['a block size of 255', 12, 255],
    ['no lanes', 13, 0],
    ['255 lanes', 13, 255],
  ])('with %s is refused before anything is derived', (_what, at, value) => {
    expect(() =>
      checkSealed(
        altered(at, () => value),
        'x',
      ),
    ).toThrow('damaged');
  });
});
