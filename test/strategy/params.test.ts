import { describe, expect, test } from '@jest/globals';
import { defineStrategy } from '../../src/strategy/define.ts';
import { textOf } from '../../src/strategy/param-text.ts';
import { choice, clock, flag, int, number, percent } from '../../src/strategy/params.ts';
import { parseParams, readParamFlags } from '../../src/strategy/parse-params.ts';

const strategy = defineStrategy({
  name: 'ema20_50',
  about: 'Tries every kind of parameter.',
  timeframe: '15m',
  params: {
    fast: int(20, { min: 2, max: 200 }),
    stopLoss: percent(1.5),
    factor: number(-0.5),
    side: choice('both', ['long', 'short', 'both']),
    tight: flag(false),
    until: clock('14:30'),
  },
  setup: () => ({ onBar: () => undefined }),
});

describe('parameters', () => {
  test('have their defaults when nothing is given', () => {
    expect(parseParams(strategy)).toEqual({
      fast: 20,
      stopLoss: 1.5,
      factor: -0.5,
      side: 'both',
      tight: false,
      until: 870,
    });
  });

  test('are read from the text of --param', () => {
    const flags = ['fast=10', 'stopLoss=0.8%', 'factor=1e-2', 'side=long', 'tight=yes', 'until=09:45'];
    expect(parseParams(strategy, readParamFlags(flags))).toEqual({
      fast: 10,
      stopLoss: 0.8,
      factor: 0.01,
      side: 'long',
      tight: true,
      until: 585,
    });
  });

  test('are taken as typed values too', () => {
    expect(parseParams(strategy, { fast: 10, tight: true, until: 585 })).toMatchObject({
      fast: 10,
      tight: true,
      until: 585,
    });
  });

  test('cannot be changed afterwards', () => {
    expect(Object.isFrozen(parseParams(strategy))).toBe(true);
  });

  test('an unknown one names the nearest', () => {
    expect(() => parseParams(strategy, { fats: '10' })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_PARAM',
        exitCode: 3,
        message: 'Unknown parameter "fats" of strategy ema20_50. Did you mean "fast"?',
        fix: 'Parameters and defaults: fast (20), stopLoss (1.5), factor (-0.5), side (both), tight (false), until (14:30).',
      }),
    );
  });

  test('all problems are told at once', () => {
    const given = {
      speed: '1',
      fast: '1',
      stopLoss: '120',
      factor: 'big',
      side: 'up',
      tight: 'maybe',
      until: '25:00',
    };
    expect(() => parseParams(strategy, given)).toThrow(
      [
        'Unknown parameter "speed" of strategy ema20_50.',
        'Parameter fast of strategy ema20_50 was "1", expected a whole number from 2 to 200.',
        'Parameter stopLoss of strategy ema20_50 was "120", expected a percentage from 0 to 100.',
        'Parameter factor of strategy ema20_50 was "big", expected a number.',
        'Parameter side of strategy ema20_50 was "up", expected one of long, short, both.',
        'Parameter tight of strategy ema20_50 was "maybe", expected true or false.',
        'Parameter until of strategy ema20_50 was "25:00", expected a time of day such as 14:30.',
      ].join('\n'),
    );
  });

  test.each(['2.5', '', ' ', '0x10', '1e999', 'NaN', 'Infinity', '10 bars'])(
    '"%s" is not a whole number',
    (fast) => {
      expect(() => parseParams(strategy, { fast })).toThrow(
        expect.objectContaining({ code: 'CONFIG_PARAM' }),
      );
    },
  );

  test.each(['fast', '=10', ''])('--param "%s" is not name=value', (text) => {
    expect(() => readParamFlags([text])).toThrow(
      expect.objectContaining({
        code: 'USAGE_PARAM',
        message: `--param received "${text}", expected name=value.`,
      }),
    );
  });

  test.each(['__proto__', 'constructor'])('--param %s=1 is an unknown parameter like any other', (name) => {
    expect(() => parseParams(strategy, readParamFlags([`${name}=1`]))).toThrow(
      expect.objectContaining({
        code: 'CONFIG_PARAM',
        message: `Unknown parameter "${name}" of strategy ema20_50.`,
      }),
    );
  });

  test('--param twice for one name is refused with both values', () => {
    expect(() => readParamFlags(['fast=1', 'fast=2'])).toThrow('--param fast was given twice: "1" and "2".');
  });

  test('a default outside its own limits is refused', () => {
    expect(() => int(1, { min: 2 })).toThrow(
      expect.objectContaining({
        code: 'STRATEGY_PARAM',
        message: 'The default of a int parameter was 1, expected a whole number of 2 or more.',
      }),
    );
    expect(() => clock('9.15')).toThrow(
      'The default of a clock parameter was "9.15", expected a time of day such as 14:30.',
    );
  });

  test('a clock is shown as it is written', () => {
    expect(textOf(clock('09:05'))).toBe('09:05');
  });
});
