import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openLog } from '../../../src/adapters/system/logger.ts';

test('a log makes nothing before its first line', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'algo-log-')), 'logs', 'algo.log');
  const log = openLog({ file, level: 'info' });
  log.debug({}, 'below the level');
  expect(existsSync(dirname(file))).toBe(false);
  log.info({}, 'first');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ level: 30, msg: 'first' });
});

test('a full log starts afresh, and as many earlier files stay as are to be kept', () => {
  const folder = mkdtempSync(join(tmpdir(), 'algo-log-'));
  const file = join(folder, 'algo.log');
  const log = openLog({ file, level: 'info', bytesMax: 10 });
  for (const message of ['one', 'two', 'three', 'four']) log.info({}, message);
  expect(readdirSync(folder).sort()).toEqual(['algo.log', 'algo.log.1', 'algo.log.2']);
  const message = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')).msg;
  expect([message('algo.log'), message('algo.log.1'), message('algo.log.2')]).toEqual([
    'four',
    'three',
    'two',
  ]);
});
