import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openHistory } from '../../src/adapters/duckdb/history.ts';
import { type CandleServer, candleServer, evening } from '../support/candle-server.ts';
import { emptyHome, runAlgo, runJs } from '../support/run-algo.ts';

const waiting = { sleep: () => new Promise<void>((wake) => setImmediate(wake)), random: () => 0.5 };
let server: CandleServer;
let onRequest: (number: number) => void = () => undefined;

beforeAll(async () => {
  const answering = (number: number) => onRequest(number);
  server = await candleServer({ now: () => evening, answering });
});
afterAll(() => server.close());

const args = (root: string) => [
  ...['backfill', 'NSE:INFY', 'NSE:TCS', '-i', '1m', '--from', '2026-09-03'],
  ...['--source', 'yahoo', '--set', `yahoo.root=${root}`],
];

async function checksums(home: string) {
  const file = join(home, 'data', 'history.duckdb');
  const list = await openHistory({ file, cacheFolder: join(home, 'check'), waiting }).list();
  return list.map(({ key, timeframe, bars, checksum }) => `${key} ${timeframe} ${bars} ${checksum}`);
}

describe('algo backfill', () => {
  test('killed again and again at any request ends with the bars of an undisturbed run', async () => {
    const calm = emptyHome();
    const whole = await runAlgo([...args(server.root), '--json'], { home: calm });
    expect({ exit: whole.exitCode, error: whole.stderr }).toEqual({ exit: 0, error: '' });
    const page = JSON.parse(whole.stdout);
    expect(page.requests).toBe(8);
    expect(page.added).toBeGreaterThan(5_000);

    const home = emptyHome();
    for (const after of [1, 2, 3, 2]) await killed(home, after);
    const end = await runAlgo([...args(server.root), '--json'], { home });
    expect(end.exitCode).toBe(0);
    expect(await checksums(home)).toEqual(await checksums(calm));
    expect((await checksums(home)).length).toBe(2);
    const again = await runAlgo(args(server.root), { home });
    expect(again.stdout).toContain('skipped: all of it is here');
  });

  test('says when the source cannot be reached', async () => {
    const result = await runAlgo(args('http://127.0.0.1:1'));
    expect(result.exitCode).toBe(6);
    expect(result.stderr).toContain('Fix: Check the network');
  });

  test('says what to do without a session', async () => {
    const result = await runAlgo(['backfill', 'NSE:INFY']);
    expect(result.exitCode).toBe(4);
    expect(result.stderr).toContain('algo login');
  });
});

/** Starts the program and ends it as a power cut would, while its n-th request waits for an answer or its bars are written. */
async function killed(home: string, after: number): Promise<void> {
  const env = { ...process.env, ALGO_HOME: home, NO_COLOR: '1' };
  const child: ChildProcess = spawn(process.execPath, [runJs, ...args(server.root)], {
    env,
    stdio: 'ignore',
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  let seen = 0;
  onRequest = () => {
    seen++;
    // Odd moments fall before the answer is sent, even ones while it is read and saved.
    if (seen === after) {
      if (after % 2 === 1) child.kill('SIGKILL');
      else setImmediate(() => setImmediate(() => child.kill('SIGKILL')));
    }
  };
  await ended;
  onRequest = () => undefined;
}
