import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { backfillFrom, knownInstruments } from '../../src/app/backfill.ts';
import { kiteData } from '../../src/app/backfill-kite.ts';
import { dataGenerate } from '../../src/app/data-generate.ts';
import { kiteCandles } from '../../src/app/kite-candles.ts';
import { kiteClientFor } from '../../src/app/kite-client.ts';
import { type OpenContext, openContext } from '../../src/app/open-context.ts';
import { historyOf } from '../../src/app/open-history.ts';
import { type PaperRequest, paper } from '../../src/app/paper.ts';
import { paperOnStream } from '../../src/app/paper-on-stream.ts';
import { instantOf, minuteMs } from '../../src/domain/time.ts';
import type { SessionReport } from '../../src/reports/session-text.ts';
import { accounts, type HeldSandbox, heldSandbox, playedDay } from '../support/held-sandbox.ts';
import { day, india } from '../support/india.ts';
import { Rehearsal } from '../support/stream-rehearsal.ts';
import { sumOf, whyCounts } from '../support/why-counts.ts';

const played = day(playedDay);
const keys = ['NSE:ZAVORI', 'NSE:KENDRUM'];
const asked: PaperRequest = {
  universe: keys,
  strategies: ['ema20_50_intraday', 'vwap_filter'],
  params: ['fast=3', 'slow=8'],
  timeframe: '1m',
  feed: 'sandbox',
  speed: 'max',
  warmUpDays: 2,
  stream: 'main',
};
let context: OpenContext;
const open: HeldSandbox[] = [];
beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'algo-stream-'));
  context = await openContext({ home, set: ['log.level=silent'], silent: true });
  const market = { seed: 7, from: '2026-09-01', days: 5, symbols: 2, timeframe: '1m' } as const;
  await dataGenerate({ store: historyOf(context), rulebook: india }, market);
});
afterAll(async () => {
  for (const sandbox of open) await sandbox.close();
  rmSync(context.folders.home, { recursive: true, force: true });
});

/** Nothing is waited for. */
const atOnce = {
  now: () => systemClock.now(),
  at(_time: number, wake: () => void) {
    const timer = setImmediate(wake);
    return () => clearImmediate(timer);
  },
};

async function rehearsal(minute = 550): Promise<Rehearsal> {
  const sandbox = await heldSandbox(historyOf(context), { minute: 550, overnight: 'run' });
  sandbox.market.clock.step(instantOf(played, minute) - sandbox.market.clock.now());
  open.push(sandbox);
  return new Rehearsal(context, sandbox, keys);
}

function begun(stage: Rehearsal, stream: string) {
  return stage.begin(`paper/${stream}`, (signal) =>
    paperOnStream(context, { ...asked, stream, feed: 'sandbox' }, signal, stage.door),
  );
}

/** What a replay of the same bars makes of the day. */
async function replayed({ context, sandbox, accessToken, tokens }: Rehearsal): Promise<SessionReport> {
  const { apiKey } = accounts[0];
  const data = kiteData(context, { root: sandbox.url, prefix: '', apiKey, accessToken } as never);
  const store = historyOf(context);
  const known = await knownInstruments(store);
  const request = { timeframe: '1m', from: '2026-09-01', to: playedDay };
  await backfillFrom(
    context,
    { ...request, words: keys, continuous: false, dryRun: false, force: false },
    {
      ...{ store, calendar: india.calendar, keys, source: kiteCandles(data, tokens) },
      find: async (key) => {
        const listed = sandbox.market.byKey(key)?.instrument ?? known.get(key);
        if (!listed) throw new Error(key);
        return { ...listed, synthetic: true };
      },
    },
  );
  return paper(
    { ...context, clock: systemClock },
    { ...asked, feed: `replay:${playedDay}`, stream: 'replayed' },
    new AbortController().signal,
  );
}

describe('a paper session on a stream', () => {
  test('ends flat with the day, and has done what a replay of its bars does, to the last digit', async () => {
    const stage = await rehearsal();
    const { report } = begun(stage, 'day');
    await stage.listening();
    await stage.playTo(931);
    stage.clock.step(15 * minuteMs);
    const done = await report;
    expect(done).toMatchObject({ ended: true, overnight: false, synthetic: true, resumed: 0 });
    expect(done?.trades.length).toBeGreaterThan(5);
    const { apiKey } = accounts[0];
    const asked = { root: stage.sandbox.url, prefix: '', apiKey, accessToken: stage.accessToken };
    expect(await kiteClientFor(context, asked).orders()).toEqual([]);
    const again = await replayed(stage);
    expect(done?.trades).toEqual(again.trades);
    expect(done?.hash).toBe(again.hash);
  });

  test('of one pass after the other comes to what one long session of the same bars comes to', async () => {
    const stage = await rehearsal();
    const pass = async (minute: number) => {
      const { market } = stage.sandbox;
      market.clock.step(instantOf(played, minute) - market.clock.now());
      stage.clock.step(market.clock.now() - stage.clock.now());
      const door = async () => ({ ...(await stage.door()), base: atOnce });
      const stop = new AbortController();
      return paperOnStream(
        context,
        { ...asked, stream: 'passes', feed: 'sandbox', once: true },
        stop.signal,
        door,
      );
    };
    const passes: (SessionReport | undefined)[] = [];
    for (const minute of [552, 600, 600, 667, 810, 945]) passes.push(await pass(minute));
    expect(passes.map((report) => [report?.ended, report?.passed])).toEqual([
      ...Array(5).fill([false, true]),
      [true, false],
    ]);
    const trades = passes.map((report) => report?.trades.length ?? 0);
    expect([trades[1], trades[2]]).toEqual([trades[2], trades[1]]);
    expect(trades[1]).toBeLessThan(trades[4]);
    expect(passes.at(-1)?.hash).toBe((await replayed(stage)).hash);
  });

  test('that stops and goes on takes what it missed from history, and opens nothing on it', async () => {
    const stage = await rehearsal();
    const first = begun(stage, 'twice');
    await stage.listening();
    await stage.playTo(640);
    const running = await whyCounts(context, 'twice', keys);
    first.stop.abort();
    expect(await first.report).toMatchObject({ ended: false, overnight: false });
    // What is asked of a running session is asked without its lock, and an interrupted one is where it was.
    expect(await whyCounts(context, 'twice', keys)).toEqual(running);
    const { market } = stage.sandbox;
    market.clock.step(40 * minuteMs);
    stage.clock.step(40 * minuteMs);
    const second = begun(stage, 'twice');
    await stage.listening();
    await stage.playTo(931);
    stage.clock.step(15 * minuteMs);
    expect(await second.report).toMatchObject({ ended: true });
    const records = stage.records();
    const told = records.filter(({ t }) => t === 'bars').map(({ time }) => Number(time));
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
    expect(told.length).toBe(360);
    const away = { from: instantOf(played, 641), to: instantOf(played, 679) };
    const orders = records.filter(({ t }) => t === 'intent').map(({ order }) => Object(order));
    const entries = orders.filter(({ role }) => role === 'entry');
    expect(entries.length).toBeGreaterThan(5);
    expect(entries.filter(({ time }) => time >= away.from && time <= away.to)).toEqual([]);
    expect(new Set(orders.map(({ id }) => id)).size).toBe(orders.length);
    expect(records.some(({ t, code }) => t === 'halt' && code === 'HALT_START')).toBe(true);
    const counts = await whyCounts(context, 'twice', keys);
    const places = new Set(entries.map(({ strategy, key, time }) => `${strategy} ${key} ${time}`));
    expect(sumOf(counts, 'ENTRY_')).toBe(places.size);
    expect(counts.HALT_START).toBeGreaterThan(0);
    expect(counts.RISK_HALTED).toBeUndefined();
    const warm = counts.NOT_BEGUN + counts.RISK_WARM_UP;
    expect(sumOf(counts, '') - warm).toBe(360 * keys.length * asked.strategies.length);
    const folder = join(context.folders.data, 'journal', 'paper', 'twice');
    rmSync(join(folder, `warm-up-${records.find(({ t }) => t === 'session')?.id}.bars`));
    await expect(whyCounts(context, 'twice', keys)).rejects.toMatchObject({ code: 'DATA_JOURNAL' });
  });
});
