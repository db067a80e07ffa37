import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { checkStrategy } from '../../src/app/check-strategy.ts';
import { listStrategies, newStrategy } from '../../src/app/strategies.ts';
import { projectRoot } from '../support/project-root.ts';

const base = mkdtempSync(join(tmpdir(), 'algo-home-'));
let turn = 0;
let home = '';

beforeEach(() => {
  turn += 1;
  home = join(base, String(turn));
  mkdirSync(join(home, 'strategies'), { recursive: true });
});
afterAll(() => rmSync(base, { recursive: true }));

const context = () => ({
  folders: { root: projectRoot, home, data: join(home, 'data'), cache: join(home, 'data', 'cache') },
});
const write = (name: string, text: string) => writeFileSync(join(home, 'strategies', `${name}.ts`), text);

describe('strategies list', () => {
  test('shows the shipped strategies with their parameters', async () => {
    const { strategies, broken } = await listStrategies(context());
    expect(broken).toEqual([]);
    expect(strategies.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['ema20_50', 'opening_range_breakout', 'rsi_pullback']),
    );
    expect(strategies.find(({ name }) => name === 'ema20_50')).toMatchObject({
      about: 'Long when the 20-bar EMA crosses above the 50-bar EMA; out when it crosses back below.',
      timeframe: '15m',
      intraday: false,
      product: null,
      params: [
        { name: 'fast', kind: 'int', default: '20' },
        { name: 'slow', kind: 'int', default: '50' },
        { name: 'stopLoss', kind: 'percent', default: '1.5' },
      ],
    });
  });

  test("the user's strategy wins over a shipped one of that name, and a broken one hides no other", async () => {
    const shipped = readFileSync(join(projectRoot, 'strategies', 'ema20_50.ts'), 'utf8');
    write('ema20_50', shipped.replace("'15m'", "'5m'"));
    write('broken_idea', 'export default');
    const { strategies, broken } = await listStrategies(context());
    expect(strategies.find(({ name }) => name === 'ema20_50')?.timeframe).toBe('5m');
    expect(strategies.map(({ name }) => name)).toContain('rsi_pullback');
    expect(broken).toMatchObject([{ name: 'broken_idea', code: 'STRATEGY_SYNTAX' }]);
  });
});

describe('strategies new', () => {
  test('writes a strategy that passes its check', async () => {
    const { path } = await newStrategy(context(), 'my_idea');
    expect(path).toBe(join(home, 'strategies', 'my_idea.ts'));
    expect((await checkStrategy(context(), 'my_idea')).strategy).toMatchObject({ name: 'my_idea', path });
  });

  test('never overwrites', async () => {
    write('my_idea', 'mine');
    await expect(newStrategy(context(), 'my_idea')).rejects.toMatchObject({
      code: 'USAGE_STRATEGY_NAME',
      exitCode: 2,
    });
    expect(readFileSync(join(home, 'strategies', 'my_idea.ts'), 'utf8')).toBe('mine');
    await expect(newStrategy(context(), 'ema20_50')).rejects.toMatchObject({ code: 'USAGE_STRATEGY_NAME' });
  });

  test.each([
    ['My-Idea', 'my_idea'],
    ['myIdea.ts', 'my_idea'],
    ['../escape', 'escape'],
    ['9', 'my_idea'],
    ['x'.repeat(65), 'my_idea'],
  ])('"%s" is not a name, %s is', async (name, better) => {
    await expect(newStrategy(context(), name)).rejects.toMatchObject({
      message: `"${name}" cannot be the name of a strategy.`,
      fix: `Use lower case with underscores, for example ${better}.`,
    });
  });
});

describe('strategies check', () => {
  const idea = (setup: string) => `import { defineStrategy } from 'algo/strategy';
export default defineStrategy({
  name: 'my_idea', about: 'Tries something.', timeframe: '5m',
  setup(market) { ${setup} },
});`;

  test.each(['ema20_50', 'opening_range_breakout', 'rsi_pullback'])('%s passes', async (name) => {
    expect((await checkStrategy(context(), name)).checks).toContain(
      'setup runs with the defaults and answers with onBar',
    );
  });

  test('an unknown indicator is told in words', async () => {
    write('my_idea', idea('market.higest(market.close, 3); return { onBar() {} };'));
    await expect(checkStrategy(context(), 'my_idea')).rejects.toMatchObject({
      code: 'STRATEGY_INDICATOR',
      message: 'The market has no "higest". Did you mean "highest"?',
    });
  });

  test('a clock or chance in the code is named by its line, in a comment it is not', async () => {
    write('my_idea', idea('// Date.now\n    if (Math.random() > 2) return {};\n    return { onBar() {} };'));
    await expect(checkStrategy(context(), 'my_idea')).rejects.toMatchObject({
      code: 'CHECK_STRATEGY',
      exitCode: 8,
      message: expect.stringContaining('  line 5: if (Math.random() > 2) return {};'),
    });
  });
});
