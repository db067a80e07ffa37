import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openLog } from '../../src/adapters/system/logger.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { followLog, type LogsRequest, logPage } from '../../src/app/logs.ts';
import { type OpenContext, openContext } from '../../src/app/open-context.ts';
import { logLine } from '../../src/reports/log-text.ts';

let context: OpenContext;
let file: string;
beforeAll(async () => {
  context = await openContext({ home: mkdtempSync(join(tmpdir(), 'algo-logs-')), silent: true });
  file = join(context.folders.data, 'logs', 'algo.log');
});
afterAll(() => rmSync(context.folders.home, { recursive: true, force: true }));

const everything: LogsRequest = { level: 'debug', last: 1_000 };
const shown = (request: Partial<LogsRequest> = {}) =>
  logPage(context, { ...everything, ...request }).lines.map(({ msg }) => msg);

test('lines are shown oldest first from all files, by stream, command, level, age and number', () => {
  expect(shown()).toEqual([]);
  const log = openLog({ file, level: 'debug', bytesMax: 250, keep: 3 });
  log.info({ command: 'paper', stream: 'fno' }, 'one');
  log.warn({ command: 'paper', stream: 'equity' }, 'two');
  log.debug({ command: 'sandbox up', ms: 4 }, 'three');
  log.error({ err: new Error('access_token=topsecretvalue') }, 'four');
  appendFileSync(file, '{"level":30,"ti');
  expect(shown()).toEqual(['one', 'two', 'three', 'four']);
  expect(shown({ last: 2 })).toEqual(['three', 'four']);
  expect(shown({ stream: 'fno' })).toEqual(['one']);
  expect(shown({ command: 'sandbox' })).toEqual(['three']);
  expect(shown({ level: 'warn' })).toEqual(['two', 'four']);
  expect(shown({ since: '1h' })).toEqual(['one', 'two', 'three', 'four']);
  expect(
    logPage(
      { ...context, clock: { now: () => systemClock.now() + 7_200_000 } },
      { ...everything, since: '1h' },
    ).lines,
  ).toEqual([]);
  expect(() => shown({ since: 'yesterday' })).toThrow('is not a duration');
  const [, , third, fourth] = logPage(context, everything).lines.map(logLine);
  expect(third).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d DEBUG sandbox up: three {2}ms=4$/);
  expect(fourth).not.toContain('topsecretvalue');
});

test('a log is followed across rotations, each line once, and half a line waits for its end', async () => {
  appendFileSync(file, 'me":"","msg":""}\n');
  const told: string[] = [];
  const stop = new AbortController();
  let look = () => {};
  const clock = {
    now: () => systemClock.now(),
    at(_time: number, wake: () => void) {
      look = wake;
      return () => undefined;
    },
  };
  const next = async () => {
    look();
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const followed = followLog(
    { ...context, clock },
    { ...everything, last: 1 },
    {
      show: (lines) => told.push(...lines.map(({ msg }) => msg)),
      signal: stop.signal,
    },
  );
  const line = (msg: string) => `${JSON.stringify({ level: 30, time: '2026-10-06T09:15:00+05:30', msg })}\n`;
  appendFileSync(file, line('five') + line('six').slice(0, 20));
  await next();
  expect(told).toEqual(['', 'five']);
  appendFileSync(file, line('six').slice(20) + line('seven'));
  renameSync(`${file}.1`, `${file}.9`);
  renameSync(file, `${file}.2`);
  mkdirSync(join(context.folders.data, 'logs'), { recursive: true });
  appendFileSync(`${file}.1`, line('eight'));
  appendFileSync(file, line('nine'));
  await next();
  expect(told).toEqual(['', 'five', 'six', 'seven', 'eight', 'nine']);
  stop.abort();
  await followed;
});
