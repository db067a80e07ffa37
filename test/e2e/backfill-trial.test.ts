import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { askSandbox } from '../../src/app/sandbox-control.ts';
import { readNotice } from '../../src/app/sandbox-notice.ts';
import { sessionOrUnknown } from '../../src/domain/missing-days.ts';
import { startOfDay } from '../../src/domain/time.ts';
import type { FaultName } from '../../src/sandbox/faults/fault-names.ts';
import type { ServedRequest } from '../../src/sandbox/http/kite-server.ts';
import { day, future, india } from '../support/india.ts';
import { emptyHome, runAlgo, runJs } from '../support/run-algo.ts';
import { busiest, requestsIn, type SandboxProcess, sandboxProcess } from '../support/sandbox-process.ts';
import {
  checksumsIn,
  historyIn,
  storeTrialMarket,
  trialDays,
  trialFutures,
  trialSymbols,
} from '../support/trial-market.ts';

/** `ALGO_TRIAL=50` is the long run: so many shares, kills to match, and its figures on stderr. */
const long = process.env.ALGO_TRIAL !== undefined;
const shares = Number(process.env.ALGO_TRIAL ?? 2);
const kills = long ? 40 : 2;
const frames = long ? '1m,5m,day' : '1m,day';
const from = long ? '2025-12-01' : trialDays.from;
const timeoutMs = long ? 2_000 : 700;

/** What goes wrong with requests that are answered, or known to be over. */
const trouble: readonly FaultName[] = [
  ...(['too-many', 'reset-before', 'reset-after', 'html-before', 'html-after', 'error-html'] as const),
  ...(['error-json', 'truncate', 'empty'] as const),
];
/**
 * And with those that are not. One that was given up can reach a sandbox that was held up by other work much later, so its limits are
 * looked at while nothing is given up.
 */
const silence: readonly FaultName[] = ['timeout-before', 'timeout-after'];

const home = emptyHome();
const requestLog = join(home, 'requests.ndjson');
let sandbox: SandboxProcess;
/** Requests of stretches in which none was given up. */
const paced: (readonly ServedRequest[])[] = [];

beforeAll(
  async () => {
    await storeTrialMarket(home, shares, from);
    sandbox = sandboxProcess(
      home,
      ...['--date', trialDays.to, '--at', '15:00', '--paused', '--request-log', requestLog],
    );
    await sandbox.started;
    const login = await runAlgo(['login', '--sandbox'], { home });
    expect({ exit: login.exitCode, stderr: login.stderr }).toMatchObject({ exit: 0 });
  },
  long ? 900_000 : 120_000,
);
afterAll(() => {
  sandbox?.child.kill('SIGKILL');
});

const backfill = (history: string) => [
  ...['backfill', ...trialSymbols(shares).map((symbol) => `NSE:${symbol}`), '-i', frames, '--from', from],
  ...['--set', `data.history=data/${history}.duckdb`, '--json'],
];
const impatient = ['--set', `kite.timeoutMs=${timeoutMs}`];

async function faults(body: object): Promise<Readonly<Record<string, number>>> {
  const notice = readNotice({ data: join(home, 'data') });
  if (!notice) throw new Error('no sandbox runs');
  const answer = await askSandbox(notice, '/sandbox/faults', body);
  return Object(answer).struck;
}

/** Whole numbers below `most`; where a kill falls is drawn, and what becomes of it has to be the same everywhere. */
let state = 20_260_604;
function chance(most: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
  return (state >>> 8) % most;
}

/** Starts a backfill and ends it as a power cut would, so many requests and milliseconds later. Answers whether it lived that long. */
async function killed(args: readonly string[], requests: number, ms: number): Promise<boolean> {
  const before = requestsIn(requestLog).length;
  const env = { ...process.env, ALGO_HOME: home, NODE_OPTIONS: '', NO_COLOR: '1' };
  const child = spawn(process.execPath, [runJs, ...args], { env, stdio: 'ignore' });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const pause = (pauseMs: number) => new Promise<void>((wake) => setTimeout(wake, pauseMs));
  while (child.exitCode === null && requestsIn(requestLog).length < before + requests) await pause(15);
  await pause(ms);
  child.kill('SIGKILL');
  await ended;
  return child.signalCode === 'SIGKILL';
}

describe('a backfill from the sandbox', () => {
  test(
    'that meets every trouble and is killed at any moment ends with the bars of an undisturbed run',
    async () => {
      const calm = await runAlgo(backfill('calm'), { home });
      expect({ exit: calm.exitCode, error: calm.stderr }).toMatchObject({ exit: 0 });
      const { requests, added } = JSON.parse(calm.stdout);
      expect(added).toBeGreaterThan(1_000 * shares);

      paced.push(requestsIn(requestLog));

      const odds = long ? { probability: 0.04 } : { probability: 0.4, count: 1 };
      const path = long ? 'instruments' : 'historical';
      const moment = () => [1 + chance(long ? 24 : 7), chance(80)] as const;
      let died = 0;
      for (const name of silence) await faults({ action: 'set', name, path, ...odds });
      for (let kill = 0; kill < kills / 2; kill++)
        if (await killed([...backfill('troubled'), ...impatient], ...moment())) died++;
      for (const name of silence) await faults({ action: 'clear', name });
      for (const name of trouble) await faults({ action: 'set', name, path, ...odds });
      for (let kill = kills / 2; kill < kills; kill++)
        if (await killed(backfill('troubled'), ...moment())) died++;
      const ends: (number | null)[] = [];
      while (ends.at(-1) !== 0 && ends.length < 12) {
        const before = requestsIn(requestLog).length;
        const { exitCode } = await runAlgo(backfill('troubled'), { home });
        ends.push(exitCode);
        paced.push(requestsIn(requestLog).slice(before));
      }
      // A series that met five troubles in a row is told with 6, and the next run goes on with it.
      expect(ends.filter((code) => code !== 6)).toEqual([0]);
      const struck = await faults({ action: 'clear' });
      expect(died).toBeGreaterThanOrEqual(kills - 1);
      expect(Object.keys(struck).length).toBeGreaterThanOrEqual(long ? trouble.length + silence.length : 5);

      const wanted = await checksumsIn(home, 'calm');
      expect(wanted.length).toBe(shares * frames.split(',').length);
      expect(await checksumsIn(home, 'troubled')).toEqual(wanted);
      if (long) tell({ bars: added, requests, died, ends, struck, asked: requestsIn(requestLog).length });
    },
    long ? 7_200_000 : 120_000,
  );

  test('never asks more often than the broker allows, whichever second is looked at', () => {
    // Each run by itself: of those that were killed, one may have begun in the second in which the other ended.
    expect(paced.length).toBeGreaterThan(1);
    for (const [run, asked] of paced.entries()) {
      const times = (wanted: boolean) =>
        asked
          .filter(({ path }) => path.startsWith('/instruments/historical/') === wanted)
          .map(({ at }) => at);
      const [candles, others] = [times(true), times(false)];
      if (run === 0) expect(candles.length).toBeGreaterThan(shares);
      if (run === 0) expect(others.length).toBeGreaterThan(1);
      expect(busiest(candles, 1_000)).toBeLessThanOrEqual(3);
      expect(busiest(others, 1_000)).toBeLessThanOrEqual(10);
      if (long)
        tell({ candles: candles.length, others: others.length, mostInASecond: busiest(candles, 1_000) });
    }
  });

  test('chains the day candles of all futures, each day of the one next to its expiry', async () => {
    const chained = ['backfill', 'NFO:TRIAL', '-i', 'day', '--from', from, '--continuous', '--json'];
    const set = ['--set', 'data.history=data/chained.duckdb'];
    const page = await runAlgo([...chained, ...set], { home });
    expect({ exit: page.exitCode, error: page.stderr }).toMatchObject({ exit: 0 });
    expect(JSON.parse(page.stdout).series).toMatchObject([{ key: 'NFO:TRIAL-CONTINUOUS', requests: 1 }]);

    const store = historyIn(home, 'chained');
    const everything = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
    const bars = await store.load('NFO:TRIAL-CONTINUOUS', 'day', everything);
    await store.close();
    const contract = future('TRIAL', '2026-06-30');
    const expected: [number, number][] = [];
    for (let each = day(from); each < day(trialDays.to); each++) {
      const next = trialFutures.find(({ expiry }) => each <= day(expiry));
      const session = sessionOrUnknown(india.calendar, contract, each);
      if (next && typeof session === 'object') expected.push([startOfDay(each), next.close + (each % 2)]);
    }
    expect(Array.from({ length: bars.length }, (_, row) => [bars.time[row], bars.close[row]])).toEqual(
      expected,
    );
    expect(new Set(expected.map(([, close]) => Math.floor(close / 100)))).toEqual(new Set([1, 2, 3]));
  });
});

function tell(figures: object): void {
  process.stderr.write(`${JSON.stringify(figures)}\n`);
}
