import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../support/project-root.ts';
import { emptyHome, runAlgo } from '../support/run-algo.ts';

test("the README's result is what its first command prints", async () => {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const shown = readme.slice(readme.indexOf('Backtest of ema20_50 on'));
  const { stdout, stderr, exitCode } = await runAlgo(['backtest', '--strategy', 'ema20_50', '--no-save'], {
    home: emptyHome(),
  });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const printed = stdout.replaceAll(/\s+/g, ' ');
  const lines = shown.slice(0, shown.indexOf('```')).split('\n');
  const facts = lines.flatMap((line) => line.split(/\s{3,}(?=[A-Z])/)).filter((fact) => fact.trim() !== '');
  expect(facts.length).toBeGreaterThan(12);
  expect(facts.filter((fact) => !printed.includes(fact.trim().replaceAll(/\s+/g, ' ')))).toEqual([]);
});
