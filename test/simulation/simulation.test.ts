import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { projectRoot } from '../support/project-root.ts';

/** `ALGO_SEEDS=2000` is the long run, which plays the seeds that once failed as well. */
const { ALGO_SEEDS } = process.env;

function simulate(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly text: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(projectRoot, 'test', 'simulation', 'run.js'), ...args]);
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part) => {
        text += part;
      });
    child.on('close', (code) => resolve({ code, text }));
  });
}

describe('the simulation', () => {
  test('plays whole days of a live session through faults, and no promise of the program is broken', async () => {
    const many = ALGO_SEEDS === undefined ? ['--fresh', '--seeds', '1'] : ['--seeds', ALGO_SEEDS];
    const { code, text } = await simulate(...many, '--twice');
    expect(text).toMatch(/ 0 failed: .* orders, [1-9]\d* trades/);
    expect(text).not.toContain('it was not the same');
    expect(code).toBe(0);
  });

  test('finds faults that are planted into the program', async () => {
    const only = ['--only', 'sent-not-durable,restart-forgets-orders'];
    const { code, text } = await simulate('--bugs', ...only, '--seeds', '5');
    expect(text).toContain('2 of 2 planted faults were found');
    expect(code).toBe(0);
  });

  test('says so when the text of a planted fault is no more', async () => {
    const { code, text } = await simulate('--mutant', 'nothing-of-that-name');
    expect(text).toContain('There is no mutant nothing-of-that-name');
    expect(code).not.toBe(0);
  });
});
