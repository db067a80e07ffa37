import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { BrokerRecord, KiteOrders } from '#src/adapters/kite/broker-parts.ts';
import type { OrderIntent } from '#src/domain/order.ts';
import { dayMs } from '#src/domain/time.ts';
import { type KiteStage, kiteStage } from '../../support/kite-stage.ts';
import { type ScriptedKite, scriptedKite } from '../../support/scripted-kite.ts';

let kite: ScriptedKite;
beforeEach(async () => {
  kite = await scriptedKite();
});
afterEach(() => kite.close());

const stop = { role: 'stop', side: 'SELL', type: 'SL-M', trigger: 95 } as const;
const target = { role: 'target', side: 'SELL', type: 'LIMIT', price: 104 } as const;

async function begun(options: Parameters<typeof kiteStage>[1] = {}) {
  const stage = await kiteStage(kite, options);
  await stage.broker.start();
  return stage;
}

/** The journal as JSON brings it back. */
function journal(records: readonly BrokerRecord[]): BrokerRecord[] {
  return JSON.parse(JSON.stringify(records));
}

/**
 * Another process: it knows the journal, shows its engine what that holds, and begins. `deeds` is what the engine did besides
 * sending, as it does it again.
 */
async function again(before: KiteStage, deeds: (stage: KiteStage) => void = () => undefined) {
  before.broker.stop();
  await kite.quiet();
  const stage = await kiteStage(kite, { past: journal(before.records), nonce: 'N0NCE2' });
  for (const { t, order } of before.records) if (t === 'intent') stage.submit(order as OrderIntent);
  deeds(stage);
  await stage.broker.start();
  return stage;
}

test('what filled while nobody was there is told, what was told before is not', async () => {
  const before = await begun();
  const half = before.submit({ type: 'LIMIT', price: 99 });
  const whole = before.submit({ type: 'LIMIT', price: 98 });
  await kite.quiet();
  kite.print(98.5, 4);
  await kite.forward(6_000);
  expect(before.filled(half)).toBe(4);
  before.broker.stop();
  kite.print(97.5, 1_000);
  const after = await again(before);
  await kite.forward(1_000);
  expect([after.filled(half), after.filled(whole)]).toEqual([6, 10]);
  expect(after.told(half)).toEqual(['filled']);
  expect(kite.posts().length).toBe(2);
});

test('an order whose answer died with the process is found by its tag', async () => {
  kite.faults.set({ name: 'error-after', count: 1, method: 'POST' });
  const before = await begun();
  const id = before.submit({ type: 'LIMIT', price: 99 });
  before.broker.stop();
  const after = await again(before);
  await kite.forward(1_000);
  expect(after.told(id)).toEqual(['accepted']);
  expect(kite.posts().length).toBe(1);
});

test('one that may have left and did not is settled after two minutes, and never sent again', async () => {
  const lost: KiteOrders = { ...kite.client, placeOrder: () => new Promise(() => undefined) };
  const before = await begun({ kite: lost });
  const id = before.submit();
  const after = await again(before);
  await kite.forward(125_000);
  expect(after.told(id)).toEqual(['rejected']);
  expect(after.reason(id)).toContain('never placed');
  expect(kite.posts()).toEqual([]);
});

test('an entry that had not left is dropped, a stop that had not left goes now', async () => {
  const before = await kiteStage(kite);
  const entry = before.submit();
  const guard = before.submit(stop);
  const after = await again(before);
  await kite.forward(1_000);
  expect(after.told(entry)).toEqual(['cancelled']);
  expect(after.told(guard)).toEqual(['accepted']);
  expect(kite.posts().length).toBe(1);
});

test('a cancel that was asked for goes on being asked for', async () => {
  const before = await begun();
  const id = before.submit({ type: 'LIMIT', price: 99 });
  await kite.forward(1_000);
  const after = await again(before, ({ broker }) => broker.cancel(id));
  await kite.forward(7_000);
  expect(after.told(id)).toEqual(['cancelled']);
});

test('a trigger that was moved is where it was moved to', async () => {
  const before = await begun();
  const id = before.submit(stop);
  await kite.forward(1_000);
  before.broker.modify(id, { trigger: 96 });
  await kite.forward(7_000);
  const after = await again(before, ({ broker }) => broker.modify(id, { trigger: 97 }));
  await kite.forward(7_000);
  expect((await kite.client.orders())[0].trigger_price).toBe(97);
  expect(after.told(id)).toEqual(['modified']);
});

test('of a stop and a target, the one that rested rests on', async () => {
  const before = await begun();
  before.submit(stop);
  before.submit(target);
  await kite.forward(1_000);
  before.broker.touch(kite.infy.key, 104);
  await kite.forward(3_000);
  const after = await again(before);
  await kite.forward(7_000);
  const resting = async () =>
    (await kite.client.orders()).filter(({ status }) => status !== 'CANCELLED').map(({ status }) => status);
  expect(await resting()).toEqual(['OPEN']);
  after.broker.touch(kite.infy.key, 97);
  await kite.forward(3_000);
  expect(await resting()).toEqual(['TRIGGER PENDING']);
  expect(after.records.filter(({ t }) => t === 'external')).toEqual([]);
});

/** A night later, with a book in which nothing of the day before stands. */
async function nextMorning(options: Parameters<typeof kiteStage>[1]) {
  const before = await begun();
  const entry = before.submit({ type: 'LIMIT', price: 99 });
  const guard = before.submit(stop);
  await kite.forward(1_000);
  before.broker.stop();
  await kite.quiet();
  kite.clock.step(dayMs);
  const fresh = kite.login();
  const first = new Set((await fresh.orders()).map(({ order_id }) => order_id));
  const client = {
    ...fresh,
    orders: async () => (await fresh.orders()).filter(({ order_id }) => !first.has(order_id)),
  };
  const past = journal(before.records);
  const stage = await kiteStage(kite, { past, nonce: 'N0NCE2', kite: client, ...options });
  for (const { t, order } of past) if (t === 'intent') stage.submit(order as OrderIntent);
  kite.requests.length = 0;
  await stage.broker.start();
  await kite.forward(1_000);
  return { stage, entry, guard };
}

test('the stop of a position that was carried over night is placed again at once, the entry is not', async () => {
  const { stage, entry, guard } = await nextMorning({});
  expect(kite.posts().map(({ form }) => [form.order_type, form.trigger_price])).toEqual([['SL-M', '95']]);
  expect(stage.told(entry)).toEqual(['cancelled']);
  expect(stage.told(guard)).toEqual([]);
  expect(stage.records.filter(({ t }) => t === 'rearm')).toMatchObject([
    { id: guard, units: 10, trigger: 95 },
  ]);
  expect(stage.troubles).toEqual([]);
});

test('a stop that the broker ended with the day stays an order of ours, and its target is not sent instead', async () => {
  const { broker, records, submit, told, troubles } = await begun({ dayOver: () => true });
  const guard = submit(stop);
  const aim = submit(target);
  await kite.forward(1_000);
  const [{ order_id: resting }] = await kite.client.orders();
  await kite.client.cancelOrder('regular', resting);
  kite.requests.length = 0;
  await kite.forward(10_000);
  expect(records.filter(({ t }) => t === 'lapsed')).toMatchObject([{ id: guard }]);
  expect(kite.posts()).toEqual([]);
  expect([told(guard), told(aim)].flat()).not.toContain('cancelled');
  expect(troubles).toEqual([]);
  expect(broker.standing).toMatchObject({ open: 2, moving: false });
});

test('a stop is placed again no earlier than the market takes it', async () => {
  const from = kite.clock.now() + dayMs + 60_000;
  await nextMorning({ rearmFrom: () => from });
  expect(kite.posts()).toEqual([]);
  await kite.forward(60_000);
  expect(kite.posts().length).toBe(1);
});

test('a stop of what the account no longer holds is ended and said, since it would open a position', async () => {
  const { stage, guard } = await nextMorning({ rearmFrom: () => undefined });
  expect(kite.posts()).toEqual([]);
  expect(stage.told(guard)).toEqual(['cancelled']);
  expect(stage.troubles).toEqual(['UNPROTECTED']);
});

test('orders of the session before it are known for what they are', async () => {
  const before = await begun();
  before.submit({ type: 'LIMIT', price: 99 });
  await kite.forward(1_000);
  before.broker.stop();
  const past = [...journal(before.records), { t: 'session_end' }, { t: 'session' }];
  const after = await begun({ past, nonce: 'N0NCE2' });
  after.submit({ type: 'LIMIT', price: 98 });
  await kite.forward(7_000);
  expect(after.records.filter(({ t }) => t === 'external')).toMatchObject([{ origin: 'earlier-session' }]);
});

test('another machine on the same stream is noticed', async () => {
  const here = await begun();
  const there = await begun({ nonce: 'N0NCE2' });
  there.submit({ type: 'LIMIT', price: 99 });
  await kite.forward(40_000);
  expect(here.records.filter(({ t }) => t === 'external')).toMatchObject([{ origin: 'unrecorded' }]);
  expect(here.troubles).toEqual(['MISMATCH']);
});
