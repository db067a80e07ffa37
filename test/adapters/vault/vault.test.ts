import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { accountsIn } from '../../../src/adapters/vault/accounts.ts';
import type { Account, Session } from '../../../src/adapters/vault/records.ts';
import { openVault } from '../../../src/adapters/vault/vault.ts';
import { codeOf, messageOf } from '../../../src/domain/errors.ts';

const cost = { logN: 14, r: 8, p: 1 };

function vaultIn(folder: string, passphrase?: string) {
  let asked = 0;
  const vault = openVault({
    folder,
    cost,
    passphrase: async () => {
      asked++;
      return passphrase;
    },
  });
  return { accounts: accountsIn(vault), asked: () => asked };
}

const freshFolder = () => join(mkdtempSync(join(tmpdir(), 'algo-vault-')), 'secrets');

const account = (name: string, sealed = false): Account => ({
  name,
  apiKey: 'key1',
  userId: 'AB1234',
  sealed,
  sandbox: false,
  redirectPort: 8_617,
});

const session: Session = {
  version: 1,
  userId: 'AB1234',
  apiKey: 'key1',
  accessToken: 'token-of-the-day',
  loginTime: 1,
  expiry: 2,
  root: 'https://api.kite.trade',
  wsRoot: 'wss://ws.kite.trade',
  prefix: '',
  sandbox: false,
};

const codeOfFailure = (work: Promise<unknown>) => work.then(() => 'none', codeOf);

describe('accounts', () => {
  test('that several programs add at the same moment are all there', async () => {
    const folder = freshFolder();
    const names = ['one', 'two', 'three', 'four'];
    await Promise.all(
      names.map((name) => vaultIn(folder).accounts.put(account(name), { version: 1, apiSecret: name })),
    );
    const { accounts } = vaultIn(folder);
    const list = await accounts.list();
    expect(list.accounts.map(({ name }) => name)).toEqual([...names].sort());
    expect(names).toContain(list.current);
    expect(await accounts.secret(account('two'))).toMatchObject({ apiSecret: 'two' });
  });

  test('are listed, chosen and removed; the first is current until another is', async () => {
    const folder = freshFolder();
    const { accounts } = vaultIn(folder);
    expect(await accounts.list()).toEqual({ current: null, accounts: [] });
    await accounts.put(account('main'), { version: 1, apiSecret: 's1' });
    await accounts.put(account('second'), { version: 1, apiSecret: 's2' });
    expect((await accounts.find(undefined)).name).toBe('main');
    await accounts.use('second');
    expect((await accounts.find(undefined)).name).toBe('second');
    expect(await accounts.secret(account('main'))).toEqual({ version: 1, apiSecret: 's1' });
    await accounts.remove('second');
    expect(readdirSync(folder).sort()).toEqual(['current.json', 'main.account', 'main.secret']);
    expect(await codeOfFailure(accounts.find(undefined))).toBe('USAGE_ACCOUNT');
  });

  test('an unknown one is answered with the nearest', async () => {
    const { accounts } = vaultIn(freshFolder());
    await expect(accounts.find('mian')).rejects.toThrow('There is no Kite account "mian".');
    await accounts.put(account('main'), undefined);
    await expect(accounts.find('mian')).rejects.toThrow('Did you mean "main"?');
  });

  test('a session is kept, read and ended', async () => {
    const { accounts } = vaultIn(freshFolder());
    expect(await accounts.session(account('main'))).toBeUndefined();
    await accounts.saveSession(account('main'), session);
    expect(await accounts.session(account('main'))).toEqual(session);
    expect(accounts.endSession(account('main'))).toBe(true);
    expect(accounts.endSession(account('main'))).toBe(false);
  });

  test('an encrypted one asks for the passphrase once, and not for the list', async () => {
    const folder = freshFolder();
    const writer = vaultIn(folder, 'correct horse');
    await writer.accounts.put(account('main', true), { version: 1, apiSecret: 'canary-secret' });
    await writer.accounts.saveSession(account('main', true), session);
    expect(writer.asked()).toBe(1);
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name), 'latin1');
      expect(text).not.toContain('canary-secret');
      expect(text).not.toContain('token-of-the-day');
    }
    const reader = vaultIn(folder, 'correct horse');
    await reader.accounts.list();
    expect(reader.asked()).toBe(0);
    expect(await reader.accounts.session(account('main', true))).toEqual(session);
    expect(await codeOfFailure(vaultIn(folder).accounts.session(account('main', true)))).toBe(
      'AUTH_PASSPHRASE_NEEDED',
    );
    expect(await codeOfFailure(vaultIn(folder, 'wrong').accounts.session(account('main', true)))).toBe(
      'AUTH_PASSPHRASE',
    );
    expect(vaultIn(folder).accounts.endSession(account('main', true))).toBe(true);
  });

  test.each([
    ['no JSON', 'canary-secret {'],
    ['another shape', '{"version":1,"apiSecret":7,"canary-secret":1}'],
    ['a version to come', '{"version":2,"apiSecret":"canary-secret"}'],
  ])('a secret that is %s is damaged, and the message quotes nothing of it', async (_what, text) => {
    const folder = freshFolder();
    const { accounts } = vaultIn(folder);
    await accounts.put(account('main'), { version: 1, apiSecret: 's1' });
    writeFileSync(join(folder, 'main.secret'), text);
    const error = await accounts.secret(account('main')).catch((thrown: unknown) => thrown);
    expect(codeOf(error)).toBe('AUTH_VAULT_DAMAGED');
    expect(messageOf(error)).not.toContain('canary-secret');
    expect(Reflect.get(Object(error), 'cause')).toBeUndefined();
  });
});
