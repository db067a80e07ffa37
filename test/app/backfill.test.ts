import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openHistory } from '../../src/adapters/duckdb/history.ts';
import { createKiteClient } from '../../src/adapters/kite/kite-client.ts';
import { createWire } from '../../src/adapters/kite/send-request.ts';
import { runBackfill } from '../../src/app/backfill-run.ts';
import type { WantedSeries } from '../../src/app/backfill-series.ts';
import { kiteCandles } from '../../src/app/kite-candles.ts';
import { BarSeries } from '../../src/domain/bar-series.ts';
import { instantOf, isoDateOfDay, istDayNumber, startOfDay } from '../../src/domain/time.ts';
import type { Timeframe } from '../../src/domain/timeframe.ts';
import {
  type CandleServer,
  type CandleServerOptions,
  candleServer,
  evening,
  tokensOf,
} from '../support/candle-server.ts';
import { day, india, share } from '../support/india.ts';

let folder: string;
let server: CandleServer | undefined;
let wire: ReturnType<typeof createWire>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'algo-backfill-'));
  wire = createWire();
});
afterEach(async () => {
  wire.close();
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const waiting = { sleep: () => new Promise<void>((wake) => setImmediate(wake)), random: () => 0.5 };
const silent = { progress: () => ({ step: () => undefined, done: () => undefined }), warn: () => undefined };
const everything = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

function storeIn(name = 'history') {
  return openHistory({ file: join(folder, `${name}.duckdb`), cacheFolder: join(folder, name), waiting });
}

async function serve(options: Partial<CandleServerOptions> = {}) {
  server = await candleServer({ now: () => evening, ...options });
  return server;
}

interface Asked {
  readonly store?: ReturnType<typeof storeIn>;
  readonly symbols?: readonly string[];
  readonly timeframe?: Timeframe;
  readonly from?: string;
  readonly to?: string;
  readonly now?: number;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly clock?: { now(): number };
  readonly sleep?: (ms: number) => Promise<void>;
  readonly said?: string[];
  readonly synthetic?: boolean;
}

/** A run against the server through Kite's client; time passes only when the client waits. */
function backfill(from: CandleServer, asked: Asked = {}) {
  let time = 0;
  const passing = (ms: number) => {
    time += ms;
    return waiting.sleep();
  };
  const sleep = asked.sleep ?? passing;
  const client = createKiteClient({
    ...{ root: from.root, apiKey: 'key', accessToken: 'token', wire, timeoutMs: 5_000 },
    ...{ clock: asked.clock ?? { now: () => time }, waiting: { ...waiting, sleep } },
  });
  const data = {
    now: async () => asked.now ?? evening,
    historical: client.historical,
    instruments: async () => (await client.instruments()).csv,
  };
  const tokens = new Map(Object.entries(tokensOf).map(([symbol, token]) => [`NSE:${symbol}`, token]));
  const wanted: WantedSeries[] = (asked.symbols ?? ['INFY']).map((symbol) => ({
    instrument: {
      ...share,
      key: `NSE:${symbol}`,
      tradingsymbol: symbol,
      ...(asked.synthetic && { synthetic: true }),
    },
    timeframe: asked.timeframe ?? 'day',
    days: { from: day(asked.from ?? '2026-09-01'), to: day(asked.to ?? '2026-09-30') },
    continuous: false,
  }));
  const { said = [] } = asked;
  return runBackfill(
    {
      ...{ store: asked.store ?? storeIn(), source: kiteCandles(data, tokens), calendar: india.calendar },
      ...{
        now: asked.now ?? evening,
        force: asked.force ?? false,
        dryRun: asked.dryRun ?? false,
        sleep: waiting.sleep,
      },
      output: { ...silent, note: (message) => said.push(message) },
    },
    wanted,
    [],
  );
}

const checksums = async (store: ReturnType<typeof storeIn>) =>
  (await store.list()).map(({ key, timeframe, bars, checksum }) => `${key} ${timeframe} ${bars} ${checksum}`);

describe('what is fetched', () => {
  test('is every session once, and the same command again asks for nothing', async () => {
    const kite = await serve();
    const page = await backfill(kite);
    // 22 weekdays; 2026-09-14 is a holiday.
    const [series] = await storeIn().list();
    expect(page).toMatchObject({ requests: 1, added: series.bars, failed: 0, exitCode: 0 });
    expect(series.bars).toBeGreaterThan(18);
    expect(await backfill(kite)).toMatchObject({ requests: 0, added: 0, exitCode: 0 });
    expect(kite.log.length).toBe(1);
  });

  test('keeps to the days of a request, and reads an overlap before new days', async () => {
    const kite = await serve();
    await backfill(kite, { timeframe: '1m', from: '2026-06-01', to: '2026-09-15' });
    expect(kite.log.length).toBe(2);
    const page = await backfill(kite, { timeframe: '1m', from: '2026-06-01', to: '2026-09-18' });
    expect(kite.log.length).toBe(3);
    expect(kite.log[2].path).toContain('from=2026-09-15');
    expect(page.unchanged).toBeGreaterThan(300);
    expect(page.updated).toBe(0);
  });

  test('days without a bar are asked for once', async () => {
    const kite = await serve({ idle: (_symbol, each) => each === day('2026-09-10') });
    expect((await backfill(kite, { timeframe: '1m' })).series[0]).toMatchObject({ emptySessions: 1 });
    expect(await backfill(kite, { timeframe: '1m' })).toMatchObject({ requests: 0 });
  });

  test('a stretch that was passed over is fetched with the days around it, which is one request', async () => {
    const kite = await serve();
    const store = storeIn();
    await backfill(kite, { to: '2026-09-07' });
    expect(await backfill(kite, { from: '2026-09-21' })).toMatchObject({ requests: 1 });
    expect(await backfill(kite)).toMatchObject({ requests: 0 });
    const whole = storeIn('whole');
    await backfill(kite, { store: whole });
    expect(await checksums(store)).toEqual(await checksums(whole));
  });

  test('--force asks again, --dry-run asks for nothing and says how much it is', async () => {
    const kite = await serve();
    await backfill(kite);
    expect(await backfill(kite, { force: true, dryRun: true })).toMatchObject({
      requests: 1,
      seconds: 1,
      added: 0,
    });
    expect(kite.log.length).toBe(1);
    expect(await backfill(kite, { force: true })).toMatchObject({ requests: 1, added: 0, updated: 0 });
  });
});

describe('the running candle', () => {
  const monday = day('2026-09-28');
  test.each([
    ['10:00:00', 600, 0, 45],
    ['10:00:59', 600, 59, 45],
    ['10:01:00', 601, 0, 46],
  ])('is not stored: at %s the last closed minute is a minute old', async (_at, minute, second, minutes) => {
    const now = instantOf(monday, minute) + second * 1_000;
    const kite = await serve({ now: () => now });
    await backfill(kite, { timeframe: '1m', from: '2026-09-28', now });
    const bars = await storeIn().load('NSE:INFY', '1m', everything);
    // The candle that opened at 09:15 is the first; one minute after its end a candle counts as closed.
    expect(bars.time[bars.length - 1]).toBeLessThanOrEqual(instantOf(monday, 555 + minutes - 2));
    expect(bars.time[bars.length - 1]).toBeGreaterThan(instantOf(monday, 555 + minutes - 5));
  });

  test('is taken once it has closed, and the day is not asked for again after that', async () => {
    let now = instantOf(monday, 600);
    const kite = await serve({ now: () => now });
    await backfill(kite, { from: '2026-09-22', now });
    expect((await storeIn().list())[0].last).toBe(startOfDay(day('2026-09-25')));
    now = evening;
    await backfill(kite, { from: '2026-09-22', to: '2026-09-28' });
    expect((await storeIn().list())[0].last).toBe(startOfDay(monday));
    expect(await backfill(kite, { from: '2026-09-22', to: '2026-09-28' })).toMatchObject({ requests: 0 });
  });
});

describe('an adjustment since the bars were stored', () => {
  const split = (factor: () => number) => (_symbol: string, each: number) =>
    200 * factor() + (each % 10) * factor();

  test('makes the whole series be fetched again, and is told', async () => {
    let factor = 1;
    const kite = await serve({ price: split(() => factor) });
    await backfill(kite, { from: '2026-08-03', to: '2026-09-15' });
    factor = 0.5;
    const said: string[] = [];
    const page = await backfill(kite, { from: '2026-08-03', said });
    expect(page.series[0].adjustment).toBeCloseTo(0.5, 1);
    expect(said.join()).toContain('The whole series is fetched again');
    const whole = storeIn('whole');
    await backfill(kite, { store: whole, from: '2026-08-03' });
    expect(await checksums(storeIn())).toEqual(await checksums(whole));
  });

  test('is refused where the source no longer has all of it, unless forced', async () => {
    let factor = 1;
    const kite = await serve({ price: split(() => factor) });
    const store = storeIn();
    const old = new BarSeries('NSE:INFY', 'day');
    old.append(startOfDay(day('1989-12-01')), 200, 201, 199, 200, 1);
    await store.save(share, old);
    await backfill(kite, { to: '2026-09-15' });
    factor = 0.5;
    const before = await checksums(store);
    const page = await backfill(kite);
    expect(page).toMatchObject({ failed: 1, exitCode: 5 });
    expect(page.series[0].error?.code).toBe('DATA_ADJUSTMENT');
    expect(await checksums(store)).toEqual(before);
    expect(await backfill(kite, { force: true })).toMatchObject({ failed: 0 });
  });

  test('that is recorded here is not applied twice', async () => {
    const kite = await serve();
    const store = storeIn();
    await backfill(kite, { from: '2026-09-15' });
    await store.saveActions([{ key: 'NSE:INFY', exDay: day('2026-09-20'), kind: 'split', factor: 0.5 }]);
    const page = await backfill(kite);
    expect(page.series[0].error?.code).toBe('DATA_ADJUSTED');
  });
});

/** Trades on one day in seven, so that many requests bring few bars. */
const idle: CandleServerOptions['idle'] = (_symbol, each) => each % 7 !== 4;

describe('trouble', () => {
  const symbols = ['INFY', 'TCS', 'SBIN'];

  test('that passes changes nothing in what is stored', async () => {
    const kinds = ['busy', 'reset', 'html', 'cut', 'down'] as const;
    const troubled = await serve({
      idle,
      trouble: (number) => (number % 3 === 0 ? 'ok' : kinds[number % 5]),
    });
    expect(await backfill(troubled, { symbols, timeframe: '1m', from: '2026-06-01' })).toMatchObject({
      failed: 0,
      exitCode: 0,
    });
    await troubled.close();
    const calm = await serve({ idle });
    const whole = storeIn('whole');
    await backfill(calm, { symbols, timeframe: '1m', from: '2026-06-01', store: whole });
    expect(await checksums(storeIn())).toEqual(await checksums(whole));
  });

  test('that stays fails one series; the others go on, exit 6', async () => {
    const kite = await serve({
      trouble: (_number, url) => (url.pathname.includes(String(tokensOf.TCS)) ? 'down' : 'ok'),
    });
    const page = await backfill(kite, { symbols });
    expect(page).toMatchObject({ failed: 1, exitCode: 6 });
    expect(page.series.map(({ error }) => error?.code ?? 'ok')).toEqual(['ok', 'BROKER_AWAY', 'ok']);
    expect((await storeIn().list()).map(({ key }) => key)).toEqual(['NSE:INFY', 'NSE:SBIN']);
  });

  test('of a source that is down ends with the fifth series in a row; the next run goes on', async () => {
    const many = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 'INFY' : 'TCS'));
    const asked = { symbols: ['SBIN', ...many], timeframe: '1m' as const, from: '2026-07-01', said: [] };
    let down = false;
    const kite = await serve({ idle, trouble: () => (down ? 'down' : 'ok') });
    await backfill(kite, { ...asked, symbols: ['SBIN'] });
    const kept = await checksums(storeIn());
    down = true;
    const said: string[] = [];
    await expect(backfill(kite, { ...asked, said })).rejects.toMatchObject({
      code: 'BROKER_DOWN',
      exitCode: 6,
      message: expect.stringMatching(/failed on 5 series in a row, and 1[0-9] were not asked for/),
    });
    expect(said.join()).toContain('the same command goes on from there');
    // Five tries each, and what was on its way when the fifth had failed.
    expect(kite.log.length).toBeLessThanOrEqual(2 + 5 * (5 + 3));
    expect(await checksums(storeIn())).toEqual(kept);
    down = false;
    expect(await backfill(kite, { ...asked, symbols: ['INFY', 'TCS'] })).toMatchObject({
      failed: 0,
      exitCode: 0,
    });
  });

  test('of every second series is not taken for a source that is down', async () => {
    const kite = await serve({
      trouble: (_number, url) => (url.pathname.includes(String(tokensOf.SBIN)) ? 'ok' : 'down'),
    });
    const alternating = Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? 'INFY' : 'SBIN'));
    expect(await backfill(kite, { symbols: alternating, force: true })).toMatchObject({
      failed: 6,
      exitCode: 6,
    });
  });

  test('a dead session stops everything at once; what was fetched is kept', async () => {
    const kite = await serve({ idle, trouble: (number) => (number >= 5 ? 'dead-token' : 'ok') });
    const asked = { symbols, timeframe: '1m' as const, from: '2026-04-01' };
    await expect(backfill(kite, asked)).rejects.toMatchObject({ code: 'AUTH_TOKEN', exitCode: 4 });
    expect(kite.log.length).toBeLessThanOrEqual(8);
    const kept = await storeIn().list();
    expect(kept.reduce((sum, { bars }) => sum + bars, 0)).toBeGreaterThan(500);
    await kite.close();
    await backfill(await serve({ idle }), asked);
    const whole = storeIn('whole');
    await backfill(server ?? kite, { ...asked, store: whole });
    expect(await checksums(storeIn())).toEqual(await checksums(whole));
  });

  test('no calendar second sees more than three requests', async () => {
    const kite = await serve({ idle, trouble: (number) => (number === 4 ? 'busy' : 'ok') });
    const real = {
      clock: { now: () => Date.now() },
      sleep: (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms)),
    };
    await backfill(kite, { symbols, timeframe: '1m', from: '2026-03-01', ...real });
    expect(kite.log.length).toBeGreaterThan(8);
    expect(kite.busiestSecond()).toBeLessThanOrEqual(3);
  });
});

test('invented and real bars of one name are never mixed', async () => {
  const kite = await serve();
  await backfill(kite, { synthetic: true, to: '2026-09-10' });
  const page = await backfill(kite);
  expect(page.series[0].error).toMatchObject({ code: 'DATA_SYNTHETIC_MIX', exitCode: 5 });
  const [{ last }] = await storeIn().list();
  expect(isoDateOfDay(istDayNumber(last))).toBe('2026-09-10');
});
