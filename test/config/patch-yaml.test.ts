import { describe, expect, test } from '@jest/globals';
import { patchedYaml } from '../../src/config/patch-yaml.ts';

const skip = { path: ['strategies', 'ema20_50', 'skipWeekdays'], value: ['monday'] };
const patched = (text: string) => patchedYaml('mine.yaml', text, [skip]);
const rules = 'strategies:\n  ema20_50:\n    skipWeekdays: ["monday"]\n';

describe('settings written into a file', () => {
  test('an empty file, and one of comments alone', () => {
    expect(patched('')).toBe(rules);
    expect(patched('# mine\n')).toBe(`# mine\n\n${rules}`);
  });

  test('comments and other settings stay', () => {
    const mine = '# mine\nrisk:\n  maxOpenPositions: 4 # a few\nuniverse: ["NSE:INFY"]\n';
    expect(patched(mine)).toBe(`${mine}${rules}`);
  });

  test('rules that are there get company, or another value', () => {
    const before = 'strategies:\n  ema20_50:\n    side: long # only\n    skipWeekdays: [friday]\n';
    expect(patched(before)).toBe(before.replace('[friday]', '["monday"]'));
    expect(patched('strategies: {}\n')).toBe(rules);
  });

  test('a file with problems is not written to', () => {
    expect(() => patched('risk: { maxOpenPositions: many }\n')).toThrow('risk.maxOpenPositions');
    expect(() => patched('a: [\n')).toThrow('mine.yaml:');
  });

  test('nor is what the settings do not allow', () => {
    const wrong = { path: ['strategies', 'ema20_50', 'skipWeekdays'], value: ['moonday'] };
    expect(() => patchedYaml('mine.yaml', '', [wrong])).toThrow('strategies.ema20_50.skipWeekdays.0');
  });
});
