import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createKiteClient } from '#src/adapters/kite/kite-client.ts';
import { createWire } from '#src/adapters/kite/send-request.ts';
import { Ticker } from '#src/adapters/kite/ticker.ts';
import type { Account } from '#src/sandbox/http/accounts.ts';
import { accounts, type HeldSandbox, heldSandbox, inventedHistory } from '../../support/held-sandbox.ts';
import { HeldClock } from '../../support/scripted-market.ts';

/*
 * Two people in one process, each with a client, a budget, a session and a socket; what becomes of one is nothing to the other.
 */

const infosys = 408_065;
let history: Awaited<ReturnType<typeof inventedHistory>>;
let sandbox: HeldSandbox;
let people: ReturnType<typeof person>[];
let wake: () => void;

beforeAll(async () => {
  history = await inventedHistory();
});
afterAll(() => history.remove());
beforeEach(async () => {
  wake = () => undefined;
  sandbox = await heldSandbox(history.store);
  people = accounts.map(person);
  for (const { ticker } of people) ticker.connect();
  await until(() => people.every(({ ticker }) => ticker.standing === 1));
});
afterEach(async () => {
  for (const { ticker, wire } of people) {
    ticker.close();
    wire.close();
  }
  await sandbox.close();
});

async function until(fact: () => boolean): Promise<void> {
  while (!fact()) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

/** One of them, logged in, on a clock of his own. */
function person({ userId, apiKey, apiSecret }: Account) {
  const requestToken = sandbox.accounts.approve(apiKey);
  const checksum = createHash('sha256')
    .update(apiKey + requestToken + apiSecret)
    .digest('hex');
  const { accessToken } = sandbox.accounts.open({ apiKey, requestToken, checksum });
  const clock = new HeldClock();
  const wire = createWire();
  const sleep = (ms: number) => new Promise<void>((resolve) => clock.at(clock.now() + ms, resolve));
  const client = createKiteClient({
    ...{ root: sandbox.url, apiKey, accessToken, wire, clock, timeoutMs: 5_000 },
    waiting: { sleep, random: () => 0.5 },
  });
  const events: string[] = [];
  const note = (event: string) => {
    events.push(event);
    wake();
  };
  const ticker = new Ticker(
    { wsRoot: sandbox.wsUrl, apiKey, accessToken, clock, random: () => 0.5 },
    [infosys],
    'full',
    {
      tick: () => wake(),
      order: ({ order_id }) => note(`order ${order_id}`),
      connections: (standing, _wanted, loss) => note(`${standing} ${loss ?? 'up'}`),
      tokenDead: () => note('token dead'),
    },
  );
  return { userId, client, ticker, clock, wire, events };
}

const order = {
  ...{ exchange: 'NSE', tradingsymbol: 'INFY', transaction_type: 'BUY', quantity: 1, product: 'MIS' },
  ...{ order_type: 'MARKET', validity: 'DAY' },
};

/** A minute of the day, and what was printed in it has been heard. */
async function minute(hearers: readonly ReturnType<typeof person>[]): Promise<void> {
  const before = hearers.map(({ ticker }) => ticker.counts.ticks);
  sandbox.market.clock.step(60_000);
  await until(() => hearers.every(({ ticker }, at) => ticker.counts.ticks > before[at]));
}

describe('two accounts in one process', () => {
  test('hear the same prices, and only their own orders', async () => {
    await minute(people);
    const [one, other] = people;
    const placed = await one.client.placeOrder('regular', order);
    if (placed.kind !== 'acknowledged') throw new Error(`the order is ${placed.kind}`);
    await minute(people);
    await until(() => one.events.includes(`order ${placed.orderId}`));
    expect((await one.client.orders()).map(({ order_id }) => order_id)).toEqual([placed.orderId]);
    expect(await other.client.orders()).toEqual([]);
    expect((await other.client.positions()).net).toEqual([]);
    expect(other.events).toEqual(['1 up']);
  });

  test('have a budget and a pace each: one that waits for his turn does not hold the other up', async () => {
    await minute(people);
    const [one, other] = people;
    const outcomes: string[] = [];
    // Four entries a second are let through, and one more request for an exit.
    const placing = Array.from({ length: 5 }, async () => {
      outcomes.push((await one.client.placeOrder('regular', order)).kind);
      wake();
    });
    await until(() => outcomes.length === 4);
    await one.client.quote(['NSE:INFY']);
    const asking = one.client.quote(['NSE:INFY']);
    expect((await other.client.placeOrder('regular', order)).kind).toBe('acknowledged');
    expect((await other.client.quote(['NSE:INFY'])).size).toBe(1);
    expect(await other.client.orders()).toHaveLength(1);
    expect(await one.client.orders()).toHaveLength(4);
    one.clock.step(1_100);
    await Promise.all(placing);
    await asking;
    expect(await one.client.orders()).toHaveLength(5);
  });

  test('die each by himself: the stream of a dead session goes on, and ends for good when it is cut', async () => {
    const [one, other] = people;
    expect(sandbox.accounts.kill(one.userId)).toBe(1);
    await expect(one.client.profile()).rejects.toMatchObject({
      code: 'AUTH_TOKEN',
      exitCode: 4,
      fix: 'Run: algo login',
    });
    // As at Kite, which leaves the sockets of a dead session open.
    await minute(people);
    sandbox.faults.set({ name: 'socket-close', user: one.userId, count: 1 });
    sandbox.market.clock.step(60_000);
    await until(() => one.events.includes('0 closed'));
    one.clock.step(250);
    await until(() => one.events.includes('token dead'));
    one.clock.step(600_000);
    await minute([other]);
    expect(one.events).toEqual(['1 up', '0 closed', 'token dead']);
    expect(one.ticker.standing).toBe(0);
    expect((await other.client.profile()).user_id).toBe(other.userId);
    expect(other.events).toEqual(['1 up']);
  });

  test('notice a mute socket each by himself, within three seconds, and come back', async () => {
    const [one, other] = people;
    await minute(people);
    sandbox.faults.set({ name: 'socket-mute', user: other.userId });
    const heard = other.ticker.counts.ticks;
    await minute([one]);
    other.clock.step(2_999);
    expect(other.events).toEqual(['1 up']);
    other.clock.step(1);
    expect(other.events).toEqual(['1 up', '0 mute']);
    expect(other.ticker.counts.ticks).toBe(heard);
    sandbox.faults.clear();
    other.clock.step(250);
    await until(() => other.events.includes('1 up') && other.ticker.standing === 1);
    await minute(people);
    expect(one.events).toEqual(['1 up']);
  });
});
