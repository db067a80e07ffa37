import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { emptyHome, runAlgo, runJs } from '../support/run-algo.ts';

const home = emptyHome();
const market = ['--set', 'synthetic.days=40', '--set', 'synthetic.symbols=4'];
const asked = ['-s', 'ema20_50_intraday', '--feed', 'replay:2025-11-20..2025-11-26', ...market];
const paper = (stream: string, ...args: string[]) =>
  runAlgo(['paper', ...asked, '--stream', stream, '--json', ...args], { home });
/** Records after which a session is killed; ALGO_KILLS=2,5,9,40,90 for the long version. */
const killedAfter = (process.env.ALGO_KILLS ?? '9,60').split(',').map(Number);
const journal = (stream: string) => join(home, 'data', 'journal', 'paper', stream, '000001.ndjson');

function started(stream: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [runJs, 'paper', ...asked, '--stream', stream, ...args], {
    env: { ...process.env, ALGO_HOME: home, NO_COLOR: '1' },
    stdio: 'ignore',
  });
}

/** Resolves once the stream's journal holds so many records. */
async function recorded(stream: string, records: number, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null)
      throw new Error(`the session ended with ${child.exitCode} before it was to be stopped`);
    const there = statSync(journal(stream), { throwIfNoEntry: false });
    if (there && readFileSync(journal(stream), 'utf8').split('\n').length > records) return;
    await new Promise((wake) => setTimeout(wake, 5));
  }
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = await exit;
  return code;
}

interface Session {
  readonly hash: string;
  readonly net: string;
  readonly resumedEntries: number;
  readonly ended: boolean;
  readonly trades: readonly object[];
}

let undisturbed: Session;
beforeAll(async () => {
  const done = await paper('undisturbed');
  expect({ exitCode: done.exitCode, stderr: done.stderr.replace(/^Making.*\n/m, '') }).toMatchObject({
    exitCode: 0,
  });
  undisturbed = JSON.parse(done.stdout);
});

describe('a paper session', () => {
  test('trades, and says the same when it is run again', async () => {
    expect(undisturbed.trades.length).toBeGreaterThan(5);
    const again = JSON.parse((await paper('again')).stdout);
    expect(again.hash).toBe(undisturbed.hash);
  });

  test('that was killed at any moment goes on to the same result, with nothing twice', async () => {
    let resumed = 0;
    for (const records of killedAfter) {
      const stream = `killed_${records}`;
      // Slow enough that the kill comes first.
      const child = started(stream, '--speed', '6000x');
      await recorded(stream, records, child);
      expect(await stopped(child, 'SIGKILL')).toBeNull();
      const { stdout, stderr, exitCode } = await paper(stream);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      const session: Session = JSON.parse(stdout);
      expect(session.hash).toBe(undisturbed.hash);
      resumed += session.resumedEntries;
      const text = readFileSync(journal(stream), 'utf8');
      const intents = text
        .split('\n')
        .flatMap((line) => (line.includes('"t":"intent"') ? [JSON.parse(line).order.id] : []));
      expect(new Set(intents).size).toBe(intents.length);
    }
    expect(resumed).toBeGreaterThan(0);
    expect((await runAlgo(['journal', 'verify'], { home })).exitCode).toBe(0);
  });

  test('that is told to stop ends between two bars and can be gone on with', async () => {
    const child = started('stopped', '--speed', '6000x');
    await recorded('stopped', 30, child);
    expect(await stopped(child, 'SIGTERM')).toBe(130);
    expect(JSON.parse((await paper('stopped')).stdout).hash).toBe(undisturbed.hash);
  });

  test('has its stream to itself', async () => {
    const child = started('busy', '--speed', '600x');
    await recorded('busy', 3, child);
    const second = await paper('busy');
    expect(second.exitCode).toBe(75);
    expect(second.stdout).toContain('is already running');
    await stopped(child, 'SIGKILL');
  });

  test('does not go on with other inputs than it began with', async () => {
    const child = started('other', '--speed', '6000x');
    await recorded('other', 20, child);
    await stopped(child, 'SIGKILL');
    const other = await paper('other', '--param', 'fast=10');
    expect(other.exitCode).toBe(8);
    expect(JSON.parse(other.stdout).error).toMatchObject({ code: 'CHECK_SESSION' });
    const reset = await runAlgo(['paper', 'reset', '--stream', 'other', '--json'], { home });
    expect(JSON.parse(reset.stdout).abandoned).toMatch(/^[0-9a-f]{12}$/);
    expect((await paper('other', '--param', 'fast=10')).exitCode).toBe(0);
  });

  test.each([
    [['--feed', 'replay:2025-11-22'], 5, /No instrument has a bar on the days of replay:2025-11-22/],
    [['--feed', 'tape'], 2, /--feed received "tape"/],
    [['--feed', 'kite'], 4, /Not logged in/],
    [['--feed', 'sandbox'], 6, /No sandbox runs in this home/],
    [['--feed', 'replay:2025-11-20', '--speed', 'fast'], 2, /--speed received "fast"/],
    [['--feed', 'replay:2025-11-20', '--stream', '../x'], 2, /--stream received "\.\.\/x"/],
  ])('refuses %j', async (args, exitCode, message) => {
    const done = await runAlgo(['paper', '-s', 'ema20_50_intraday', ...market, ...args], { home });
    expect(done.exitCode).toBe(exitCode);
    expect(done.stderr).toMatch(message);
  });
});

describe('the journal', () => {
  test('lists sessions with their state', async () => {
    const { stdout } = await runAlgo(['journal', 'list', '--json'], { home });
    const streams: { stream: string; sessions: { state: string; intents: number; fills: number }[] }[] =
      JSON.parse(stdout).streams;
    const session = streams.find(({ stream }) => stream === 'undisturbed')?.sessions[0];
    expect(session?.state).toBe('ended');
    expect(session?.fills).toBeGreaterThan(0);
    expect((await runAlgo(['journal', 'show', 'undisturbed', '--last', '1'], { home })).stdout).toContain(
      '"t":"session_end"',
    );
  });

  test('that was changed is found out, and no session runs on it', async () => {
    const path = journal('again');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"quantity":(\d)/, '"quantity":9$1'));
    const verify = await runAlgo(['journal', 'verify', 'again', '--json'], { home });
    expect(verify.exitCode).toBe(8);
    expect(JSON.parse(verify.stdout).streams[0].faults[0].fault).toMatch(
      /holds a damaged record after number \d+/,
    );
    const next = await paper('again');
    expect(next.exitCode).toBe(5);
    expect(JSON.parse(next.stdout).error).toMatchObject({ code: 'DATA_JOURNAL' });
  });
});

test('every shipped strategy does on paper what it did in the backtest, to the last digit', async () => {
  const all: { name: string }[] = JSON.parse(
    (await runAlgo(['strategies', 'list', '--json'], { home })).stdout,
  ).strategies;
  expect(all.length).toBeGreaterThanOrEqual(12);
  const strategies = all.flatMap(({ name }) => ['-s', name]);
  const span = ['--from', '2025-10-01', '--to', '2025-11-26'];
  const tested = JSON.parse(
    (await runAlgo(['backtest', ...strategies, ...span, ...market, '--json'], { home })).stdout,
  );
  const feed = ['--feed', 'replay:2025-10-01..2025-11-26', '--warm-up', '0', '--stream', 'parity'];
  const papered = JSON.parse(
    (await runAlgo(['paper', ...strategies, ...feed, ...market, '--json'], { home })).stdout,
  );
  expect(tested.summary.trades).toBeGreaterThan(50);
  expect(papered.trades.length).toBe(tested.summary.trades);
  expect(papered.net).toBe(tested.summary.net);
  expect(papered.hash).toBe(tested.run.hashes.result);
});
