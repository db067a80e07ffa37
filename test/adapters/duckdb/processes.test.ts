import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openHistory } from '../../../src/adapters/duckdb/history.ts';
import { allTime, barsOf, infy, minuteBars, seriesOf, temporaryHistory } from './history-support.ts';

let home: ReturnType<typeof temporaryHistory>;
const children: ChildProcess[] = [];
beforeEach(() => {
  home = temporaryHistory();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  home.remove();
});

/** Starts a process that does one deed on the same store; resolves with its first line of output, or '' if it ends without. */
async function start(deed: string) {
  const script = fileURLToPath(new URL('child.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', script, deed, home.options.file, home.options.cacheFolder],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } },
  );
  children.push(child);
  const exited = once(child, 'exit');
  const said = await Promise.race([
    once(child.stdout, 'data').then(([data]) => String(data).trim()),
    exited.then(() => ''),
  ]);
  return { child, said, exited };
}

describe('a process that is killed', () => {
  test('half way through a save leaves the store as it was', async () => {
    await home.store.save(infy, seriesOf(minuteBars(30)));
    const before = await home.store.list();
    const { child, said, exited } = await start('save-half');
    expect(said).toBe('half');
    child.kill('SIGKILL');
    await exited;
    expect(await home.reopened().list()).toEqual(before);
    rmSync(home.options.cacheFolder, { recursive: true, force: true });
    expect(barsOf(await home.reopened().load(infy.key, '1m', allTime))).toEqual(minuteBars(30));
    expect(await home.store.save(infy, seriesOf(minuteBars(31)))).toBe(1);
  });

  test('half way through the very first save leaves an empty store', async () => {
    const { child, said, exited } = await start('save-half');
    expect(said).toBe('half');
    child.kill('SIGKILL');
    await exited;
    expect(await home.reopened().list()).toEqual([]);
    expect(await home.store.save(infy, seriesOf(minuteBars(3)))).toBe(3);
  });

  test('after its commit has changed the store, though the catalogue beside it knows nothing of that', async () => {
    await home.store.save(infy, seriesOf(minuteBars(3)));
    const { exited } = await start('commit-and-die');
    await exited;
    expect((await home.store.instruments())[0].tickSize).toBe(7);
    expect((await home.reopened().instruments())[0].tickSize).toBe(7);
  });
});

describe('two processes', () => {
  test('a reader waits for the writer and sees what it saved', async () => {
    const { child, said, exited } = await start('hold');
    expect(said).toBe('holding');
    let waits = 0;
    const sleep = async () => {
      waits++;
      child.stdin?.end();
      await exited;
    };
    const reader = openHistory({ ...home.options, waiting: { sleep, random: () => 0 } });
    expect((await reader.load(infy.key, '1m', allTime)).length).toBe(20);
    expect(waits).toBeGreaterThan(0);
  });

  test('one that waits in vain for ten seconds says who has the store and stops with exit code 75', async () => {
    const { child, said } = await start('hold');
    expect(said).toBe('holding');
    let waitedMs = 0;
    const sleep = async (ms: number) => {
      waitedMs += ms;
    };
    const writer = openHistory({ ...home.options, waiting: { sleep, random: () => 0.5 } });
    await expect(writer.save(infy, seriesOf(minuteBars(1)))).rejects.toMatchObject({
      code: 'DATA_STORE_BUSY',
      exitCode: 75,
      message: expect.stringContaining(`process ${child.pid}`),
    });
    expect(waitedMs).toBeGreaterThanOrEqual(10_000);
    expect(waitedMs).toBeLessThan(10_600);
  });

  test('a reader with a warm cache does not load DuckDB', async () => {
    await home.store.save(infy, seriesOf(minuteBars(40)));
    expect((await start('read')).said).toBe('40 bars with DuckDB');
    expect((await start('read')).said).toBe('40 bars without DuckDB');
  });
});

describe('the column cache', () => {
  const cacheFile = () => join(home.options.cacheFolder, readdirSync(home.options.cacheFolder)[0]);
  const expectBars = async (count: number) =>
    expect(barsOf(await home.reopened().load(infy.key, '1m', allTime))).toEqual(minuteBars(count));

  test('is made again when it was deleted', async () => {
    await home.store.save(infy, seriesOf(minuteBars(100)));
    await expectBars(100);
    const made = readFileSync(cacheFile());
    rmSync(home.options.cacheFolder, { recursive: true });
    await expectBars(100);
    expect(readFileSync(cacheFile()).equals(made)).toBe(true);
  });

  test('is not served when the store has changed since', async () => {
    await home.store.save(infy, seriesOf(minuteBars(100)));
    await expectBars(100);
    await home.store.save(infy, seriesOf(minuteBars(101)));
    await expectBars(101);
  });

  test('is made again when any bit of it has flipped', async () => {
    await home.store.save(infy, seriesOf(minuteBars(100)));
    await expectBars(100);
    const good = readFileSync(cacheFile());
    // An even number of bars leaves no padding, so every bit means something.
    for (let bit = 3; bit < good.length * 8; bit += 1_151) {
      const bad = Buffer.from(good);
      bad[bit >> 3] ^= 1 << (bit & 7);
      writeFileSync(cacheFile(), bad);
      await expectBars(100);
      expect(readFileSync(cacheFile()).equals(good)).toBe(true);
    }
  });

  test('is made again when it was cut short or grew', async () => {
    await home.store.save(infy, seriesOf(minuteBars(100)));
    await expectBars(100);
    const good = readFileSync(cacheFile());
    for (const length of [0, 7, 20, good.length - 1]) {
      truncateSync(cacheFile(), length);
      await expectBars(100);
      expect(readFileSync(cacheFile()).equals(good)).toBe(true);
    }
    writeFileSync(cacheFile(), Buffer.concat([good, Buffer.alloc(8)]));
    await expectBars(100);
  });

  test('and the catalogue are no more than a help: a damaged catalogue changes nothing', async () => {
    await home.store.save(infy, seriesOf(minuteBars(100)));
    const catalogue = `${home.options.file}.catalogue.json`;
    const good = readFileSync(catalogue, 'utf8');
    for (const bad of ['', '{', good.replace('"bars":100', '"bars":101'), good.slice(0, -5)]) {
      writeFileSync(catalogue, bad);
      expect((await home.reopened().list())[0].bars).toBe(100);
      expect(readFileSync(catalogue, 'utf8')).toBe(good);
    }
  });

  test('may lie where nothing can be written', async () => {
    writeFileSync(home.options.cacheFolder, 'a file, not a folder');
    await home.store.save(infy, seriesOf(minuteBars(100)));
    await expectBars(100);
  });
});
