import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { emptyHome, runAlgo } from '../support/run-algo.ts';

const home = emptyHome();
mkdirSync(join(home, 'strategies'));

/** Runs a strategy whose onBar is the given code on a few made bars. */
async function ranWith(name: string, onBar: string) {
  const code = `import { defineStrategy } from 'algo/strategy';
export default defineStrategy({ name: '${name}', about: 'Misbehaves.', timeframe: '15m', setup: () => ({ onBar({ buy }) { ${onBar} } }) });
`;
  writeFileSync(join(home, 'strategies', `${name}.ts`), code);
  const small = ['--set', 'synthetic.days=3', '--set', 'synthetic.symbols=1', '--no-save'];
  return runAlgo(['backtest', '-s', name, ...small], { home });
}

test('a strategy that rolls dice fails with exit code 9', async () => {
  const { exitCode, stderr } = await ranWith('dice', 'if (Math.random() > 2) buy();');
  expect(exitCode).toBe(9);
  expect(stderr).toContain('The strategy asked for Math.random, with which no two runs would agree.');
});

test('a strategy that ends the program is told, and the exit code is 9', async () => {
  const { exitCode, stderr, stdout } = await ranWith('quitter', 'process.exit(0);');
  expect({ exitCode, stdout }).toEqual({ exitCode: 9, stdout: '' });
  expect(stderr).toContain('The strategy ended the program with process.exit().');
});
