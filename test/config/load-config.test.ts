import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';
import { defaultConfig } from '../../src/config/schema.ts';

/** A package folder and a home with the given files, for example `root/configs/default.yaml`. */
function place(files: Readonly<Record<string, string>>): {
  root: string;
  home: string;
  path: (name: string) => string;
} {
  const base = mkdtempSync(join(tmpdir(), 'algo-config-'));
  for (const folder of ['root', 'home']) mkdirSync(join(base, folder));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, name)), { recursive: true });
    writeFileSync(join(base, name), text);
  }
  return { root: join(base, 'root'), home: join(base, 'home'), path: (name) => join(base, name) };
}

/** The message of the error, without the machine's temporary folder. */
async function messageOf(folders: { root: string; home: string }, more: object = {}): Promise<string> {
  const outcome = await loadConfig({ root: folders.root, home: folders.home, env: {}, ...more }).then(
    () => 'no error',
    (error: Error) => error.message,
  );
  return outcome.replaceAll(dirname(folders.root), '');
}

describe('loadConfig', () => {
  test('without any file it is the built-in defaults', async () => {
    const { root, home } = place({});
    const { config, origins } = await loadConfig({ root, home, env: {} });
    expect(config).toEqual(defaultConfig());
    expect(origins.size).toBe(0);
  });

  test('each layer wins over the one below it', async () => {
    const { root, home, path } = place({
      'root/configs/default.yaml': 'risk: { maxOpenPositions: 1, maxDailyLossPercent: 1 }\ncapital: 1\n',
      'home/configs/default.yaml': 'risk: { maxOpenPositions: 2 }\ncapital: 2\n',
      'root/configs/equity.yaml': 'capital: 3\n',
      'home/configs/equity.yaml': 'capital: 4\n',
      'root/configs/default.prod.yaml': 'capital: 5\n',
      'root/configs/equity.prod.yaml': 'capital: 6\n',
      'one.yaml': 'capital: 8\n',
      'two.yaml': 'capital: 9\n',
    });
    const capital = async (more: object): Promise<number> =>
      (await loadConfig({ root, home, env: {}, ...more })).config.capital;
    const env = { ALGO_ENV: 'prod', ALGO__CAPITAL: '7' };
    const files = [path('one.yaml'), path('two.yaml')];
    expect(await capital({})).toBe(2);
    expect(await capital({ profile: 'equity' })).toBe(4);
    expect(await capital({ env: { ALGO_ENV: 'prod' } })).toBe(5);
    expect(await capital({ profile: 'equity', env: { ALGO_ENV: 'prod' } })).toBe(6);
    expect(await capital({ profile: 'equity', env })).toBe(7);
    expect(await capital({ profile: 'equity', env, files: files.slice(0, 1) })).toBe(8);
    expect(await capital({ profile: 'equity', env, files })).toBe(9);
    expect(await capital({ profile: 'equity', env, files, set: ['capital=10'] })).toBe(10);
    expect(
      await capital({ profile: 'equity', env, files, set: ['capital=10'], settings: { capital: 11 } }),
    ).toBe(11);
  });

  test('groups merge key by key and lists are replaced', async () => {
    const { root, home } = place({
      'root/configs/default.yaml': 'universe: [NSE:A, NSE:B]\nrisk: { maxOpenPositions: 1 }\n',
      'home/configs/default.yaml': 'universe: [NSE:C]\nrisk: { maxDailyLossPercent: 2 }\n',
    });
    const { config } = await loadConfig({ root, home, env: {} });
    expect(config.universe).toEqual(['NSE:C']);
    expect(config.risk).toMatchObject({ maxOpenPositions: 1, maxDailyLossPercent: 2 });
  });

  test('each value knows the file and line it came from', async () => {
    const { root, home } = place({ 'home/configs/default.yaml': '# mine\nrisk:\n  maxOpenPositions: 4\n' });
    const { origins } = await loadConfig({
      root,
      home,
      env: { ALGO__FILL__LIMIT_TOUCH: 'true' },
      set: ['capital=5'],
    });
    expect(origins.get('risk.maxOpenPositions')).toBe('configs/default.yaml:3');
    expect(origins.get('fill.limitTouch')).toBe('ALGO__FILL__LIMIT_TOUCH');
    expect(origins.get('capital')).toBe('--set');
  });

  test('every problem of every source is told at once', async () => {
    const folders = place({
      'home/configs/default.yaml': 'risk:\n  maxDailyLos: 3\n  maxOpenPositions: many\ncapital: -5\nlog:\n',
    });
    const message = await messageOf(folders, {
      profile: 'equty',
      files: ['/nowhere.yaml'],
      set: ['foo', 'sizing.rule=all'],
      env: { ALGO__FILL__SLIPAGE: '1' },
    });
    expect(message.split('\n')).toEqual([
      'Configuration has 9 problems:',
      '  --profile: unknown profile "equty". Known: default.',
      '  --config: /nowhere.yaml does not exist',
      '  --set: "foo" is not an assignment; expected key.path=value, such as risk.maxDailyLossPercent=2',
      '  configs/default.yaml:4: capital was -5; allowed: more than 0',
      '  ALGO__FILL__SLIPAGE: unknown key fill.slipage. Did you mean "slippage"?',
      '  --set: sizing.rule was "all"; allowed: "quantity", "lots", "rupees", "percent-of-equity", "risk-per-trade", "volatility"',
      '  configs/default.yaml:3: risk.maxOpenPositions was "many"; allowed: a number',
      '  configs/default.yaml:2: unknown key risk.maxDailyLos. Did you mean "maxDailyLossPercent"?',
      '  configs/default.yaml:5: log was empty; allowed: settings as "key: value"',
    ]);
  });

  test('a key at the wrong level is told where it belongs', async () => {
    expect(await messageOf(place({}), { set: ['maxOpenPositions=3'] })).toBe(
      'Configuration: --set: unknown key maxOpenPositions. Did you mean "risk.maxOpenPositions"?',
    );
  });

  test.each([
    [
      'the same key twice',
      'capital: 1\ncapital: 2\n',
      'configs/default.yaml:2: the same key stands here a second time',
    ],
    [
      'a key into the prototype',
      'risk:\n  __proto__: { x: 1 }\n',
      'configs/default.yaml:2: the key "__proto__" is not allowed',
    ],
    ['a constructor key', 'constructor: 1\n', 'configs/default.yaml:1: the key "constructor" is not allowed'],
    ['a list', '- 1\n', 'configs/default.yaml: is a list; expected settings as "key: value"'],
    ['a bare word', 'hello\n', 'configs/default.yaml: is a single value; expected settings as "key: value"'],
    ['deep nesting', `a: ${'['.repeat(5_000)}\n`, 'configs/default.yaml:1: nested more than 32 levels deep'],
    [
      'more than a megabyte',
      `# ${'x'.repeat(1_048_576)}\n`,
      'configs/default.yaml: is 1048579 bytes long; allowed: at most 1048576',
    ],
  ])('a file with %s is refused', async (_name, text, expected) => {
    expect(await messageOf(place({ 'home/configs/default.yaml': text }))).toBe(`Configuration: ${expected}`);
  });

  test('an alias bomb is refused', async () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'l0: &l0 [x, x, x, x, x, x, x, x, x]'
        : `l${level}: &l${level} [${Array(9)
            .fill(`*l${level - 1}`)
            .join(', ')}]`,
    );
    const message = await messageOf(place({ 'home/configs/default.yaml': `${levels.join('\n')}\n` }));
    expect(message).toBe(
      'Configuration: configs/default.yaml: Excessive alias count indicates a resource exhaustion attack',
    );
  });

  test('a tag that would build an object is refused', async () => {
    const message = await messageOf(
      place({ 'home/configs/default.yaml': 'capital: !!js/function "() => 1"\n' }),
    );
    expect(message).toMatch(/^Configuration: configs\/default\.yaml:1: Unresolved tag: .*js\/function/);
  });

  test('a profile cannot leave the configs folder', async () => {
    const folders = place({ 'home/secret.yaml': 'capital: 5\n' });
    expect(await messageOf(folders, { profile: '../secret' })).toBe(
      'Configuration: --profile: unknown profile "../secret".',
    );
  });

  test('an environment without a file is an error that names the nearest', async () => {
    const folders = place({ 'root/configs/default.prod.yaml': 'capital: 5\n' });
    expect(await messageOf(folders, { env: { ALGO_ENV: 'prdo' } })).toBe(
      'Configuration: ALGO_ENV: unknown environment "prdo" (no configs/*.prdo.yaml). Did you mean "prod"?',
    );
  });

  test('--set cannot reach a prototype', async () => {
    expect(await messageOf(place({}), { set: ['__proto__.polluted=1'] })).toMatch(/is not an assignment/);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});
