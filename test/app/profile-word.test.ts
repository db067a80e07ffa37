import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { profileWord } from '../../src/app/profile-word.ts';
import { emptyHome } from '../support/run-algo.ts';

const home = emptyHome();
mkdirSync(join(home, 'configs'), { recursive: true });
writeFileSync(join(home, 'configs', 'mine.yaml'), 'capital: 100000\n');

test.each([
  [['fno'], { profile: 'fno', words: [] }],
  [['mine', 'NSE:INFY'], { profile: 'mine', words: ['NSE:INFY'] }],
  [['NSE:INFY', 'fno'], { profile: undefined, words: ['NSE:INFY', 'fno'] }],
  [['default'], { profile: undefined, words: ['default'] }],
  [['scans'], { profile: undefined, words: ['scans'] }],
  [[], { profile: undefined, words: [] }],
])('of the words %j the first may be a profile', (words, expected) => {
  expect(profileWord({ home }, words)).toEqual(expected);
});

test('with --profile every word is an instrument or a universe', () => {
  expect(profileWord({ home, profile: 'equity' }, ['fno'])).toEqual({ profile: 'equity', words: ['fno'] });
});
