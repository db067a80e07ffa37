import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { findStrategies, strategyFile } from '../../../src/adapters/strategy-files/find-strategies.ts';
import { loadStrategy } from '../../../src/adapters/strategy-files/load-strategy.ts';
import { projectRoot } from '../../support/project-root.ts';

const base = mkdtempSync(join(tmpdir(), 'algo-strategies-'));
const door = join(projectRoot, 'src', 'strategy', 'index.ts');
let turn = 0;
let folder = '';
let cache = '';

beforeEach(() => {
  turn += 1;
  folder = join(base, String(turn), 'strategies');
  cache = join(base, String(turn), 'cache');
  mkdirSync(folder, { recursive: true });
});
afterAll(() => rmSync(base, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const load = (name: string) => loadStrategy(strategyFile(name, [folder]), { door, cache });
const source = (name: string, extra = '') => `import { defineStrategy, int } from 'algo/strategy';
${extra}
export default defineStrategy({
  name: '${name}', about: 'Does nothing.', timeframe: '5m', params: { period: int(20) },
  setup() { return { onBar() {} }; },
});
`;

describe('finding strategies', () => {
  test('the first folder that has a name wins, and a .ts file over a .js file', () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    write('b_idea.js', '');
    write('b_idea.ts', '');
    writeFileSync(join(other, 'b_idea.ts'), '');
    writeFileSync(join(other, 'a_idea.mjs'), '');
    expect(findStrategies([folder, other, join(folder, 'absent')])).toEqual([
      { name: 'a_idea', path: join(other, 'a_idea.mjs') },
      { name: 'b_idea', path: join(folder, 'b_idea.ts') },
    ]);
  });

  test('parts, notes and declarations are not strategies', () => {
    for (const name of ['my-helper.ts', 'README.md', 'x.d.ts', 'Levels.ts']) write(name, '');
    expect(findStrategies([folder])).toEqual([]);
  });

  test('an unknown name names the nearest', () => {
    write('ema20_50.ts', '');
    expect(() => strategyFile('ema20_51', [folder])).toThrow(
      expect.objectContaining({
        code: 'USAGE_STRATEGY',
        exitCode: 2,
        message: 'Unknown strategy "ema20_51". Did you mean "ema20_50"?',
      }),
    );
  });
});

describe('loading a strategy', () => {
  test('a TypeScript file becomes a strategy without a build step', async () => {
    write('my_idea.ts', source('my_idea', 'const typed: number = 1; void typed;'));
    const { strategy, hash } = await load('my_idea');
    expect(strategy.name).toBe('my_idea');
    expect(strategy.params.period?.default).toBe(20);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('an unchanged strategy comes from the cache', async () => {
    write('my_idea.ts', source('my_idea'));
    const first = await load('my_idea');
    const [module] = readdirSync(join(cache, 'strategies'));
    const { ino } = statSync(join(cache, 'strategies', module));
    const second = await load('my_idea');
    expect(second.hash).toBe(first.hash);
    expect(readdirSync(join(cache, 'strategies'))).toEqual([module]);
    // A compilation is written beside the old one and renamed, so it would be another file.
    expect(statSync(join(cache, 'strategies', module)).ino).toBe(ino);
  });

  test.each([
    ['another program', (text: string) => text.replace('Does nothing.', 'Buys it all.')],
    ['no head', (text: string) => text.replace('{', '')],
    ['an end cut off', (text: string) => text.slice(0, -20)],
  ])('a cached module with %s is compiled again', async (_damage, damaged) => {
    write('my_idea.ts', source('my_idea'));
    await load('my_idea');
    const [module] = readdirSync(join(cache, 'strategies'));
    const path = join(cache, 'strategies', module);
    const sound = readFileSync(path, 'utf8');
    writeFileSync(path, damaged(sound));
    expect(readFileSync(path, 'utf8')).not.toBe(sound);
    await load('my_idea');
    expect(readFileSync(path, 'utf8')).toBe(sound);
  });

  test('a changed strategy, and a changed file it imports, are compiled anew', async () => {
    write('levels.ts', 'export const level = 1;');
    write('my_idea.ts', source('my_idea', "import { level } from './levels.ts'; export { level };"));
    const first = await load('my_idea');
    write('levels.ts', 'export const level = 2;');
    const second = await load('my_idea');
    write('my_idea.ts', source('my_idea').replace('int(20)', 'int(30)'));
    const third = await load('my_idea');
    expect(new Set([first.hash, second.hash, third.hash]).size).toBe(3);
    expect(third.strategy.params.period?.default).toBe(30);
  });

  test('the hash is the same in another folder', async () => {
    write('my_idea.ts', source('my_idea'));
    const first = await load('my_idea');
    folder = join(base, `${turn}-moved`);
    mkdirSync(folder);
    write('my_idea.ts', source('my_idea'));
    expect((await load('my_idea')).hash).toBe(first.hash);
  });

  test('a mistake in the language is told with file, line, column and the line', async () => {
    write('my_idea.ts', "import { int } from 'algo/strategy';\nconst a = (1 + ;\n");
    await expect(load('my_idea')).rejects.toMatchObject({
      code: 'STRATEGY_SYNTAX',
      exitCode: 9,
      message: `Strategy my_idea cannot be read: Unexpected ";" at ${join(folder, 'my_idea.ts')}:2:16\n    const a = (1 + ;`,
    });
  });

  test.each(['node:fs', 'lodash', '/etc/hosts', 'https://example.com/x.js'])(
    'an import of %s is refused',
    async (path) => {
      write('my_idea.ts', source('my_idea', `import '${path}';`));
      await expect(load('my_idea')).rejects.toMatchObject({
        code: 'STRATEGY_IMPORT',
        message: `Strategy my_idea imports "${path}" at ${join(folder, 'my_idea.ts')}:2:8\n    import '${path}';`,
      });
    },
  );

  test.each([
    ['export const a = 1;', 'has no default export'],
    ['export default {};', 'exports a value that defineStrategy did not make'],
    ['export default () => 1;', 'exports a function that defineStrategy did not make'],
  ])('%s is not a strategy', async (text, problem) => {
    write('my_idea.ts', text);
    await expect(load('my_idea')).rejects.toMatchObject({
      code: 'STRATEGY_EXPORT',
      message: expect.stringContaining(problem),
    });
  });

  test('a strategy named otherwise than its file is refused', async () => {
    write('my_idea.ts', source('your_idea'));
    await expect(load('my_idea')).rejects.toMatchObject({
      code: 'STRATEGY_NAME',
      message: `${join(folder, 'my_idea.ts')} defines strategy "your_idea", but its file is named my_idea.`,
    });
  });

  test('what defineStrategy refuses comes through unchanged', async () => {
    write('my_idea.ts', source('my_idea').replace("'5m'", "'7m'"));
    await expect(load('my_idea')).rejects.toMatchObject({ code: 'STRATEGY_DEFINITION' });
  });

  test('an error while loading names the strategy', async () => {
    write('my_idea.ts', source('my_idea', "throw new Error('no luck');"));
    await expect(load('my_idea')).rejects.toMatchObject({
      code: 'STRATEGY_LOAD',
      message: 'Strategy my_idea could not be loaded: no luck',
    });
  });
});
