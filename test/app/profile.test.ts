import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Context } from '../../src/app/context.ts';
import { accountsOf, type Person } from '../../src/app/kite-accounts.ts';
import {
  type NewAccount,
  profileAdd,
  profileList,
  profileRemove,
  profileUse,
} from '../../src/app/profile.ts';
import { takeSecretVariables } from '../../src/app/secret-variables.ts';
import { defaultConfig } from '../../src/config/schema.ts';

const cost = { logN: 14, r: 8, p: 1 };

function contextIn(home = mkdtempSync(join(tmpdir(), 'algo-profile-'))): Context {
  const silent = () => undefined;
  return {
    folders: { root: home, home, data: join(home, 'data'), cache: join(home, 'cache') },
    config: defaultConfig(),
    output: { progress: () => ({ step: silent, done: silent }), warn: silent, note: silent },
    clock: { now: () => Date.UTC(2026, 10, 25, 4, 0) },
    log: { error: silent, warn: silent, info: silent, debug: silent, flush: async () => undefined },
  };
}

/** Answers secrets in order; undefined when there are none left, as where there is no terminal. */
function person(...answers: readonly string[]): Person {
  const left = [...answers];
  return {
    line: async () => undefined,
    secret: async () => left.shift(),
    piped: async () => undefined,
    tell: () => undefined,
    present: false,
  };
}

const request: NewAccount = {
  name: 'main',
  apiKey: 'abcd1234',
  userId: 'ab1234',
  totp: false,
  encrypt: false,
  replace: false,
};

describe('algo profile', () => {
  test('add stores the secret that was typed, plainly when no passphrase is wanted', async () => {
    const context = contextIn();
    const change = await profileAdd(context, request, { person: person('canary-api-secret') });
    expect(change).toEqual({
      name: 'main',
      did: 'added',
      encrypted: false,
      redirectUrl: 'http://127.0.0.1:8617/kite/redirect',
      current: 'main',
    });
    const folder = join(context.folders.home, 'secrets');
    expect(readdirSync(folder).sort()).toEqual(['current.json', 'main.account', 'main.secret']);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'main.account'), 'utf8')).not.toContain('canary');
    expect((await profileList(context)).accounts).toEqual([
      expect.objectContaining({
        name: 'main',
        userId: 'AB1234',
        current: true,
        session: 'none',
        encrypted: false,
      }),
    ]);
  });

  test('add encrypts under a passphrase that is typed twice', async () => {
    const context = contextIn();
    const typed = person('canary-api-secret', 'correct horse', 'correct horse');
    expect(await profileAdd(context, { ...request, encrypt: true }, { person: typed, cost })).toMatchObject({
      encrypted: true,
    });
    expect(readFileSync(join(context.folders.home, 'secrets', 'main.secret'), 'latin1')).not.toContain(
      'canary',
    );
    const accounts = accountsOf(context, { person: person('correct horse'), cost });
    expect(await accounts.secret(await accounts.find('main'))).toMatchObject({
      apiSecret: 'canary-api-secret',
    });
    // Listing asks for no passphrase.
    expect((await profileList(context)).accounts[0]).toMatchObject({ session: 'unknown' });
  });

  test.each([
    ['differ', ['api-secret', 'correct horse', 'correct hors'], 'USAGE_PASSPHRASE'],
    ['are too short', ['api-secret', 'short', 'short'], 'USAGE_PASSPHRASE'],
    ['are absent', ['api-secret'], 'AUTH_PASSPHRASE_NEEDED'],
  ])('add stores nothing when the passphrases %s', async (_what, answers, code) => {
    const context = contextIn();
    const adding = profileAdd(context, { ...request, encrypt: true }, { person: person(...answers), cost });
    await expect(adding).rejects.toMatchObject({ code });
    expect((await profileList(context)).accounts).toEqual([]);
  });

  test('add takes the secret from a file that only its owner can read', async () => {
    const context = contextIn();
    const secretFile = join(context.folders.home, 'kite.secret');
    writeFileSync(secretFile, 'canary-api-secret\n', { mode: 0o644 });
    await expect(profileAdd(context, { ...request, secretFile })).rejects.toMatchObject({
      code: 'AUTH_SECRETS',
    });
    writeFileSync(join(context.folders.home, 'two'), 'canary-api-secret\n', { mode: 0o600 });
    await profileAdd(context, { ...request, secretFile: join(context.folders.home, 'two') });
    const accounts = accountsOf(context);
    expect(await accounts.secret(await accounts.find('main'))).toMatchObject({
      apiSecret: 'canary-api-secret',
    });
  });

  test('add without a secret and without a terminal says where one may come from', async () => {
    await expect(profileAdd(contextIn(), request, { person: person() })).rejects.toMatchObject({
      code: 'AUTH_SECRET_NEEDED',
      exitCode: 4,
      fix: expect.stringContaining('ALGO_KITE_API_SECRET_FILE'),
    });
  });

  test('add tells every mistake at once', async () => {
    const wrong = {
      ...request,
      name: 'Main',
      apiKey: '?',
      userId: 'x',
      redirectPort: 80,
      root: 'http://api.kite.trade',
    };
    await expect(profileAdd(contextIn(), wrong)).rejects.toMatchObject({
      code: 'USAGE_ACCOUNT',
      message: expect.stringMatching(
        /The name was "Main"[\s\S]*--root was "http:\/\/api.kite.trade"[\s\S]*--api-key was[\s\S]*--user was[\s\S]*--port was 80/,
      ),
    });
    await expect(profileAdd(contextIn(), { ...request, name: 'sandbox' })).rejects.toThrow(
      'kept for algo login --sandbox',
    );
  });

  test('add overwrites only when told to, and ends the session', async () => {
    const context = contextIn();
    await profileAdd(context, request, { person: person('one') });
    await expect(profileAdd(context, request, { person: person('two') })).rejects.toMatchObject({
      code: 'USAGE_ACCOUNT',
    });
    expect(await profileAdd(context, { ...request, replace: true }, { person: person('two') })).toMatchObject(
      { did: 'replaced' },
    );
    expect((await profileList(context)).accounts).toHaveLength(1);
  });

  test('use chooses, remove forgets', async () => {
    const context = contextIn();
    await profileAdd(context, request, { person: person('one') });
    await profileAdd(context, { ...request, name: 'second' }, { person: person('two') });
    expect(await profileUse(context, 'second')).toMatchObject({ did: 'chosen', current: 'second' });
    expect(await profileRemove(context, 'second')).toMatchObject({ did: 'removed', current: null });
    await expect(profileUse(context, 'second')).rejects.toThrow('There is no Kite account "second".');
  });

  test('a secret variable is gone from the environment before anything is started', () => {
    const env: Record<string, string | undefined> = { ALGO_KITE_TOTP_SECRET: 'GEZDGNBV', PATH: '/bin' };
    takeSecretVariables(env);
    expect(env).toEqual({ PATH: '/bin' });
  });
});
