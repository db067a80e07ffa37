import { describe, expect, test } from '@jest/globals';
import type { AlgoError } from '../../src/domain/errors.ts';
import { play, type Tape } from '../support/tape.ts';

const bars = Array.from({ length: 3 }, () => [100, 101, 99, 100] as const);

function failureOf(picture: Partial<Tape>): Pick<AlgoError, 'code' | 'exitCode' | 'message' | 'fix'> {
  try {
    play({ bars, timeframe: '15m', from: '2026-06-01 09:15', ...picture });
  } catch (error) {
    const { code, exitCode, message, fix } = error as AlgoError;
    return { code, exitCode, message, fix };
  }
  throw new Error('the strategy ran to its end');
}

const broken = () => {
  throw new TypeError('nothing to read here');
};
// User files are not type-checked, so a hook may answer with anything.
const promised = (() => Promise.resolve()) as unknown as () => void;

describe('a hook that fails stops the run with exit code 9', () => {
  test('onBar names strategy, instrument and bar', () => {
    expect(failureOf({ deeds: { 1: broken } })).toEqual({
      code: 'STRATEGY_FAILED',
      exitCode: 9,
      message:
        'Strategy tape on TEST:TAPE failed in onBar at the bar of 2026-06-01 09:30: nothing to read here',
      fix: 'Look at onBar in strategies/tape.ts.',
    });
  });

  test('at: and onFill name themselves', () => {
    expect(failureOf({ at: { '09:45': broken } }).message).toBe(
      'Strategy tape on TEST:TAPE failed in its at: hook at the bar of 2026-06-01 09:30: nothing to read here',
    );
    expect(failureOf({ buyAtCloseOf: 0, onFill: broken }).message).toMatch(/failed in onFill at the bar of/);
  });

  test.each([
    ['at', { at: { '09:30': promised } }],
    ['onFill', { buyAtCloseOf: 0, onFill: promised }],
  ] as const)('%s that answers with a promise is told to answer at once', (hook, picture) => {
    expect(failureOf(picture)).toMatchObject({
      exitCode: 9,
      message: expect.stringContaining(`${hook} of tape returned a promise.`),
      fix: 'Hooks return nothing and never await: call buy, sell or exit instead.',
    });
  });

  test.each([
    ['a limit of NaN', { limit: Number.NaN }, /price of NaN/],
    ['a negative trigger', { trigger: -1 }, /price of -1/],
    ['a stop distance below 0', { stopLoss: -2 }, /distance of -2/],
    ['a life of no bars', { limit: 99, bars: 0 }, /number of bars of 0/],
    // User files are not type-checked, so an entry may ask for anything.
    ['a misspelt stop', { stoploss: 2 } as object, /no option "stoploss"\. Did you mean "stopLoss"\?/],
    [
      'a quantity in quotes',
      { quantity: '7' } as object,
      /quantity of an entry was "7", expected a whole number/,
    ],
    [
      'a quantity without end',
      { quantity: Number.POSITIVE_INFINITY },
      /quantity of an entry was Infinity, expected a whole number/,
    ],
  ])('%s is nonsense and says so', (_what, entry, words) => {
    const { exitCode, message } = failureOf({ buyAtCloseOf: 0, entry });
    expect(exitCode).toBe(9);
    expect(message).toMatch(words);
  });
});
