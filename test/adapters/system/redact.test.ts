import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openLog } from '../../../src/adapters/system/logger.ts';
import { plainRecord } from '../../../src/adapters/system/plain-record.ts';
import { redactor } from '../../../src/adapters/system/redact.ts';

/** A value that no other text contains, and that needs escaping in JSON, in URLs and in base64. */
const canary = 'cAnary/7+"x\\Y&z=é9Qq';

function written(details: object, message = 'message'): string {
  const redact = redactor();
  redact.register(canary);
  const file = join(mkdtempSync(join(tmpdir(), 'algo-log-')), 'logs', 'algo.log');
  openLog({ file, level: 'debug', redact }).error(details, message);
  return readFileSync(file, 'utf8');
}

test('a message to a person loses registered values only, and keeps its addresses whole', () => {
  const redact = redactor();
  redact.register(canary);
  const message = `Log in at http://127.0.0.1:8617/x?v=3&api_key=k; checksum=abc; ${canary} ${encodeURIComponent(canary)}`;
  expect(redact.known(message)).toBe(
    'Log in at http://127.0.0.1:8617/x?v=3&api_key=k; checksum=abc; [secret] [secret]',
  );
});

describe('redaction of registered secrets', () => {
  const forms: readonly [string, (secret: string) => string][] = [
    ['plain', (secret) => secret],
    ['JSON', (secret) => JSON.stringify({ note: secret })],
    ['JSON inside JSON', (secret) => JSON.stringify(JSON.stringify({ note: secret }))],
    ['URL', (secret) => `note%3D${encodeURIComponent(secret)}`],
    ['URL twice', (secret) => encodeURIComponent(encodeURIComponent(secret))],
    ['hex', (secret) => Buffer.from(secret).toString('hex')],
    ['base64', (secret) => Buffer.from(secret).toString('base64')],
    ['base64 behind one letter', (secret) => Buffer.from(`k${secret}`).toString('base64')],
    ['base64 behind two letters', (secret) => Buffer.from(`k:${secret}`).toString('base64')],
    ['base64url', (secret) => Buffer.from(`user:${secret}!`).toString('base64url')],
  ];

  test.each(forms)('the %s form is masked', (_name, encode) => {
    const text = written({ note: `before ${encode(canary)} after` });
    const { note } = JSON.parse(text);
    expect(note).toContain('[secret]');
    expect(note).toMatch(/^before .* after$/);
    expect(inner(text)).toEqual([]);
  });

  test('a property: no form of a canary survives in nested objects, keys, causes and messages', () => {
    const encoded = fc.constantFrom(...forms.map(([, encode]) => encode(canary)));
    const leaf = fc.oneof(encoded, fc.string(), fc.integer(), fc.constant(null));
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(fc.string({ minLength: 1 }), encoded), tie('node'), { maxKeys: 3 }),
        fc.tuple(encoded, tie('node')).map(([message, config]) =>
          Object.assign(new Error(message, { cause: new Error(message) }), {
            config,
            response: { config },
          }),
        ),
        tie('node').map((value) => new Map([['key', value]])),
      ),
    })).node;
    fc.assert(
      fc.property(tree, encoded, (value, message) => {
        expect(inner(written({ value, canaryBefore: canary }, message))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('a secret across the place where long text is cut leaves no part behind', () => {
    const cut = 20_000;
    for (const before of [cut - 1, cut - 5, cut - canary.length + 1]) {
      expect(written({ note: `${'.'.repeat(before)}${canary}` })).not.toContain('cA');
    }
  });

  /** Forms of the canary that can still be read in the text. */
  function inner(text: string): string[] {
    const core = Buffer.from(canary).toString('base64').slice(4, 20);
    return [
      canary,
      canary.slice(0, 12),
      encodeURIComponent(canary),
      Buffer.from(canary).toString('hex'),
      core,
    ].filter((form) => text.includes(form));
  }
});

describe('redaction by form', () => {
  const { text } = redactor();
  test.each([
    ['Authorization: token abcd:efgh1234', 'Authorization: [secret]'],
    ['headers {"authorization":"token k:v"}', 'headers {"authorization":"[secret]"}'],
    ['sent token kitekey:dailytoken to it', 'sent token [secret] to it'],
    ['access_token=abc123&x=1', 'access_token=[secret]&x=1'],
    ['{"access_token": "abc"}', '{"access_token": "[secret]"}'],
    ['enctoken=Ab/c+9==; path=/', 'enctoken=[secret]; path=/'],
    ['request_token: r1', 'request_token: [secret]'],
    ['checksum=deadbeef', 'checksum=[secret]'],
    ['api_secret=s3', 'api_secret=[secret]'],
    [
      'GET https://kite.trade/connect/login?v=3&api_key=k failed',
      'GET https://kite.trade/connect/login?… failed',
    ],
    ['wss://ws.kite.trade?api_key=k&access_token=t closed', 'wss://ws.kite.trade?… closed'],
  ])('%s', (line, masked) => {
    expect(text(line)).toBe(masked);
  });

  test.each([
    'Broken token in line 4',
    'The token expired at 06:00',
    'NSE:INFY bought 10 at 1500.05',
    'https://kite.trade/orders',
  ])('ordinary text stays: %s', (line) => {
    expect(text(line)).toBe(line);
  });

  test('a key that holds secrets only is masked whatever its value', () => {
    expect(
      plainRecord(
        { api_secret: 'x', accessToken: 12, X: { Password: { deep: 'y' } }, api_key: 'public' },
        redactor(),
      ),
    ).toEqual({
      api_secret: '[secret]',
      accessToken: '[secret]',
      X: { Password: '[secret]' },
      api_key: 'public',
    });
  });
});

describe('plainRecord', () => {
  test('cycles, throwing getters, buffers and dates become data', () => {
    const cycle: Record<string, unknown> = { at: new Date(0), bytes: new Uint8Array(3), count: 7n };
    cycle.self = cycle;
    Object.defineProperty(cycle, 'broken', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    expect(plainRecord(cycle, redactor())).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      bytes: '[3 bytes]',
      count: '7',
      self: '[circular]',
      broken: '[unreadable]',
    });
  });

  test('an error keeps its name, message, cause and what a library hung on it', () => {
    const error = Object.assign(new Error('outer', { cause: new Error('inner') }), { status: 502 });
    expect(plainRecord(error, redactor())).toMatchObject({
      name: 'Error',
      message: 'outer',
      status: 502,
      cause: { message: 'inner' },
    });
  });
});

describe('openLog', () => {
  test('a line is JSON with level, India time, message and fields', () => {
    const line = JSON.parse(written({ key: 'NSE:INFY' }, 'bars saved'));
    expect(line).toMatchObject({ level: 50, pid: process.pid, key: 'NSE:INFY', msg: 'bars saved' });
    expect(line.time).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}\+05:30$/);
  });

  test('lines below the level are not written', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'algo-log-')), 'algo.log');
    const log = openLog({ file, level: 'warn' });
    log.info({}, 'quiet');
    log.warn({}, 'loud');
    expect(
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).msg),
    ).toEqual(['loud']);
  });
});
