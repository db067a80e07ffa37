import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AlgoCommand } from '../../src/commands/base-command.ts';
import { reportedError } from '../../src/commands/reported-error.ts';
import { DataError } from '../../src/domain/errors.ts';
import { emptyHome } from '../support/run-algo.ts';

describe('reportedError', () => {
  const before = process.env.ALGO_HOME;
  const home = emptyHome();
  beforeEach(() => {
    process.env.ALGO_HOME = home;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.ALGO_HOME;
    else process.env.ALGO_HOME = before;
  });

  test('an error of ours is told as it is', async () => {
    const error = new DataError(
      'DATA_MISSING',
      'No bars of NSE:INFY.',
      'Run: algo data import',
      new Error('inner'),
    );
    expect(await reportedError(error, AlgoCommand, [])).toEqual({
      code: 'DATA_MISSING',
      message: 'No bars of NSE:INFY.',
      fix: 'Run: algo data import',
      exitCode: 5,
    });
  });

  test('an error nobody foresaw is one message; its stack and cause are in the log, without secrets', async () => {
    const error = new TypeError('x is not a function', { cause: new Error('access_token=abc123') });
    const log = join(home, 'data', 'logs', 'algo.log');
    expect(await reportedError(error, AlgoCommand, [])).toEqual({
      code: 'UNEXPECTED',
      message: 'Unexpected error: x is not a function',
      fix: `This is a fault in algo; please report it with the last lines of ${log}`,
      exitCode: 1,
    });
    const line = JSON.parse(readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '');
    expect(line.err.stack).toMatch(/^TypeError: x is not a function\n\s+at /);
    expect(line.err.cause.message).toBe('access_token=[secret]');
  });
});
