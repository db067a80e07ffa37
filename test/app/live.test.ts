import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { KiteOrder } from '../../src/adapters/kite/schemas.ts';
import { dataGenerate } from '../../src/app/data-generate.ts';
import { journalStreams } from '../../src/app/journal.ts';
import { engageKill, releaseKill } from '../../src/app/kill.ts';
import { kiteClientFor } from '../../src/app/kite-client.ts';
import type { KiteSession } from '../../src/app/kite-session.ts';
import { type LiveRequest, live, liveLimits } from '../../src/app/live.ts';
import { armLive, liveConsent } from '../../src/app/live-consent.ts';
import { type OpenContext, openContext } from '../../src/app/open-context.ts';
import { historyOf } from '../../src/app/open-history.ts';
import { defaultConfig } from '../../src/config/schema.ts';
import { accounts, type HeldSandbox, heldSandbox } from '../support/held-sandbox.ts';
import { india } from '../support/india.ts';
import { Rehearsal, until } from '../support/stream-rehearsal.ts';
import { sumOf, whyCounts } from '../support/why-counts.ts';

const keys = ['NSE:ZAVORI', 'NSE:KENDRUM'];
const [{ userId, apiKey }] = accounts;
const asked: LiveRequest = {
  universe: keys,
  strategies: ['ema20_50_intraday'],
  params: ['fast=3', 'slow=8'],
  timeframe: '1m',
  feed: 'sandbox',
  speed: '1x',
  warmUpDays: 2,
  stream: 'main',
  confirm: userId,
};

let context: OpenContext;
let stage: Rehearsal;
const open: HeldSandbox[] = [];
beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'algo-live-'));
  context = await openContext({ home, set: ['log.level=silent'], silent: true });
  const market = { seed: 7, from: '2026-09-01', days: 5, symbols: 2, timeframe: '1m' } as const;
  await dataGenerate({ store: historyOf(context), rulebook: india }, market);
});
afterAll(async () => {
  for (const sandbox of open) await sandbox.close();
  rmSync(context.folders.home, { recursive: true, force: true });
});
beforeEach(async () => {
  const sandbox = await heldSandbox(historyOf(context), { minute: 550, overnight: 'run' });
  open.push(sandbox);
  rmSync(join(context.folders.data, 'journal'), { recursive: true, force: true });
  stage = new Rehearsal(context, sandbox, keys);
});

function begun(request: Partial<LiveRequest> = {}) {
  return stage.begin(`live/${userId.toLowerCase()}`, (signal) =>
    live(context, { ...asked, ...request }, signal, stage.door),
  );
}

function client() {
  const { accessToken, sandbox } = stage;
  return kiteClientFor(context, { root: sandbox.url, prefix: '', apiKey, accessToken });
}

/** Every request to place an order has been answered. */
function answered(): boolean {
  const records = stage.records();
  const of = (...kinds: readonly string[]) => records.filter(({ t }) => kinds.includes(t)).length;
  return of('sent') === of('ack', 'refused', 'not_sent', 'unknown');
}

/** Our tag of each order in the broker's book. */
function tagsOf(orders: readonly KiteOrder[]): readonly string[] {
  return orders.map(({ tag }) => tag ?? '');
}

/** Net units by instrument, as the journal's fills add up. */
function journalPositions(): ReadonlyMap<string, number> {
  const intents = new Map<number, { key: string; side: string }>();
  const held = new Map<string, number>();
  for (const { t, order, event } of stage.records()) {
    if (t === 'intent') intents.set(Object(order).id, Object(order));
    const { type, id, quantity } = Object(event);
    const intent = t === 'order' && type === 'filled' ? intents.get(id) : undefined;
    if (intent)
      held.set(intent.key, (held.get(intent.key) ?? 0) + (intent.side === 'BUY' ? quantity : -quantity));
  }
  return held;
}

async function brokerPositions(): Promise<ReadonlyMap<string, number>> {
  const { net } = await client().positions();
  return new Map(
    net.map(({ exchange, tradingsymbol, quantity }) => [`${exchange}:${tradingsymbol}`, quantity]),
  );
}

/** News of fills is on its way for a moment; then both say the same. */
async function agreed(): Promise<void> {
  const text = (held: ReadonlyMap<string, number>) =>
    JSON.stringify([...held].filter(([, units]) => units !== 0).sort());
  while (text(await brokerPositions()) !== text(journalPositions()))
    await new Promise((resolve) => setTimeout(resolve, 100));
}

describe('a live session', () => {
  test('places each of its orders once, and holds what the broker says it holds', async () => {
    const { stop, report } = begun();
    await stage.listening();
    await stage.playTo(600, answered);
    await agreed();
    stop.abort();
    expect(await report).toMatchObject({ mode: 'live', synthetic: true });
    const placed = stage.records().filter(({ t }) => t === 'ack');
    expect(placed.length).toBeGreaterThan(10);
    const tags = tagsOf(await client().orders());
    expect([...tags].sort()).toEqual(placed.map(({ tag }) => String(tag)).sort());
    expect(new Set(tags).size).toBe(tags.length);
    const counts = await whyCounts(context, userId.toLowerCase(), keys);
    const entries = stage
      .records()
      .filter(({ t, order }) => t === 'intent' && Object(order).role === 'entry');
    expect(sumOf(counts, 'ENTRY_')).toBe(entries.length);
    expect(counts.ENTRY_FILLED).toBeGreaterThan(0);
    expect(journalStreams(context)).toMatchObject([
      { mode: 'live', stream: userId.toLowerCase(), faults: [] },
    ]);
  });

  test('that was interrupted goes on with its orders and positions, and sends none twice', async () => {
    const first = begun();
    await stage.listening();
    await stage.playTo(580, answered);
    first.stop.abort();
    await first.report;
    const before = tagsOf(await client().orders());
    const second = begun();
    await stage.listening();
    await stage.playTo(620, answered);
    await agreed();
    second.stop.abort();
    expect((await second.report)?.resumed).toBeGreaterThan(0);
    const after = tagsOf(await client().orders());
    expect(after).toEqual(expect.arrayContaining([...before]));
    expect(new Set(after).size).toBe(after.length);
    expect(after.length).toBeGreaterThan(before.length);
  });

  test('closes everything and opens nothing more once it is killed, until it is released', async () => {
    const { stop, report } = begun();
    await stage.listening();
    await stage.playTo(590, answered);
    await until(() => [...journalPositions().values()].some((quantity) => quantity !== 0));
    engageKill(context, { reason: 'a test', cancel: true, flatten: true });
    await until(() => stage.records().some(({ t, deed }) => t === 'operator' && deed === 'flatten'));
    await stage.playTo(600, answered);
    await until(() => [...journalPositions().values()].every((quantity) => quantity === 0));
    const killedAt = stage.records().findIndex(({ t, code }) => t === 'halt' && code === 'HALT_KILL');
    await stage.playTo(620, answered);
    const entries = stage
      .records()
      .filter(({ t, order }, place) => place > killedAt && t === 'intent' && Object(order).role === 'entry');
    expect(entries).toEqual([]);
    expect([...(await brokerPositions()).values()].every((quantity) => quantity === 0)).toBe(true);
    releaseKill(context, 'the test is over');
    await until(() =>
      stage.records().some(({ t, code, why }) => t === 'halt' && code === 'HALT_KILL' && why === null),
    );
    stop.abort();
    await report;
    const counts = await whyCounts(context, userId.toLowerCase(), keys);
    // Whether the bar before shows it depends on what that bar had decided itself.
    const closing = stage.records().filter(({ t, order }) => t === 'intent' && Object(order).role === 'kill');
    expect(closing.length).toBeGreaterThan(0);
    expect(counts.HALT_KILL).toBeGreaterThan(0);
  });

  test('that only observes sends nothing', async () => {
    const { stop, report } = begun({ observe: true });
    await stage.listening();
    await stage.playTo(600);
    stop.abort();
    const done = await report;
    expect(done?.refusals.find(({ code }) => code === 'RISK_HALTED')?.count).toBeGreaterThan(0);
    expect(await client().orders()).toEqual([]);
    const counts = await whyCounts(context, userId.toLowerCase(), keys);
    const refused = done?.refusals.filter(({ code }) => code === 'RISK_HALTED') ?? [];
    expect(sumOf(counts, 'HALT_')).toBe(refused.reduce((sum, { count }) => sum + count, 0));
    expect(counts.HALT_OBSERVE).toBeGreaterThan(0);
  });
});

describe('real money', () => {
  test('is not traded without a breaker and a limit of the day, and a profile may set its own', () => {
    const { risk } = defaultConfig();
    expect(liveLimits(risk)).toMatchObject({ breakerRejections: 5, lossKillPercent: 2 });
    const own = { ...risk, breakerRejections: 3, lossKillPercent: 7 };
    expect(liveLimits(own)).toMatchObject({ breakerRejections: 3, lossKillPercent: 7 });
  });

  const session = { userId: 'AB1234', sandbox: false } as KiteSession;
  const inMode = (mode: 'paper' | 'live') => ({ ...context, config: { ...context.config, mode } });

  test.each([
    ['paper', 'AB1234', true, 'CONFIG_MODE'],
    ['live', undefined, true, 'USAGE_CONFIRM'],
    ['live', 'CD5678', true, 'USAGE_CONFIRM'],
    ['live', 'AB1234', false, 'RISK_NOT_ARMED'],
  ] as const)('is refused with mode %s, confirmed by %s, armed %s', (mode, confirm, armed, code) => {
    rmSync(join(context.folders.data, 'armed-ab1234.json'), { force: true });
    if (armed) armLive(context, session, 'AB1234');
    expect(() => liveConsent(inMode(mode), session, { confirm })).toThrow(expect.objectContaining({ code }));
  });

  test('moves when all three say so, on the day for which it was armed', () => {
    armLive(context, session, 'AB1234');
    expect(liveConsent(inMode('live'), session, { confirm: 'ab1234' })).toEqual({ userId: 'AB1234' });
    const tomorrow = { now: () => context.clock.now() + 86_400_000 };
    expect(() => liveConsent({ ...inMode('live'), clock: tomorrow }, session, { confirm: 'AB1234' })).toThrow(
      expect.objectContaining({ code: 'RISK_NOT_ARMED' }),
    );
  });
});
