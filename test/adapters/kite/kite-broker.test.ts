import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KiteOrders } from '#src/adapters/kite/broker-parts.ts';
import { readTag } from '#src/adapters/kite/order-tag.ts';
import { istDayNumber } from '#src/domain/time.ts';
import { kiteStage } from '../../support/kite-stage.ts';
import { type ScriptedKite, scriptedKite } from '../../support/scripted-kite.ts';

let kite: ScriptedKite;
beforeEach(async () => {
  kite = await scriptedKite();
});
afterEach(() => kite.close());

async function begun(options: Parameters<typeof kiteStage>[1] = {}) {
  const stage = await kiteStage(kite, options);
  await stage.broker.start();
  return stage;
}

const rules = () => ({
  instrument: () => kite.infy,
  tick: () => 0.05,
  lastPrice: () => kite.market.quote(kite.infy.key)?.lastPrice,
  marketProtection: -1,
  optionStopPercent: 5,
});
const deletes = () => kite.requests.filter(({ method }) => method === 'DELETE');
const puts = () => kite.requests.filter(({ method }) => method === 'PUT');

describe('an order that leaves', () => {
  test('is written down before its first byte, and carries a tag that says whose it is', async () => {
    const { submit, records, told } = await begun();
    const id = submit({ type: 'LIMIT', price: 99 });
    const sent = records.find(({ t }) => t === 'sent');
    expect(kite.posts().length).toBe(0);
    await kite.forward(1_000);
    expect(told(id)).toEqual(['accepted']);
    const [{ form }] = kite.posts();
    expect(form).toMatchObject({
      ...{ exchange: 'NSE', tradingsymbol: 'INFY', transaction_type: 'BUY', product: 'MIS', validity: 'DAY' },
      ...{ order_type: 'LIMIT', price: '99', quantity: '10', tag: sent?.tag },
    });
    expect(readTag(form.tag)).toMatchObject({ id, leg: 0, dayNumber: istDayNumber(kite.clock.now()) });
  });

  test('at market or as a stop is protected in the band of Kite, or in the one that was asked for', async () => {
    const usual = await begun();
    usual.submit({ type: 'MARKET' });
    const narrow = await begun({ rules: { ...rules(), marketProtection: 0.5 } });
    narrow.submit({ type: 'MARKET', side: 'SELL', role: 'signal' });
    narrow.submit({ role: 'stop', side: 'SELL', type: 'SL-M', trigger: 95 });
    await kite.forward(1_000);
    expect(kite.posts().map(({ form }) => [form.order_type, form.market_protection])).toEqual([
      ['MARKET', '-1'],
      ['MARKET', '0.5'],
      ['SL-M', '0.5'],
    ]);
  });

  test('is refused in the words of the broker, once its tag was looked for in vain', async () => {
    const { submit, told, reason } = await begun();
    const id = submit({ type: 'LIMIT', price: 99.005 });
    await kite.forward(1_750);
    expect(told(id)).toEqual([]);
    await kite.forward(3_000);
    expect(told(id)).toEqual(['rejected']);
    expect(reason(id)).toContain('Tick size');
    expect(kite.posts().length).toBe(1);
  });

  test('may be rejected after it was accepted', async () => {
    kite.faults.set({ name: 'reject-order', count: 1 });
    const { submit, told, reason } = await begun();
    const id = submit();
    await kite.forward(7_000);
    expect(told(id)).toEqual(['accepted', 'rejected']);
    expect(reason(id)).toContain('rejected by the exchange');
  });

  test('is withheld while something stands against entries, which lets exits pass', async () => {
    const { submit, told, reason } = await begun({ withheld: () => 'killed: enough' });
    const entry = submit();
    const exit = submit({ role: 'signal', side: 'SELL' });
    await kite.forward(1_000);
    expect(told(entry)).toEqual(['rejected']);
    expect(reason(entry)).toBe('it never left: killed: enough');
    expect(told(exit)).toEqual(['accepted']);
    expect(kite.posts().map(({ form }) => form.transaction_type)).toEqual(['SELL']);
  });
});

describe('an answer that does not come', () => {
  test.each(['reset-after', 'error-after', 'html-after', 'empty'] as const)(
    'after the order was placed (%s): it is found by its tag and sent once',
    async (name) => {
      kite.faults.set({ name, count: 1, method: 'POST' });
      const { submit, told, filled } = await begun();
      const id = submit();
      await kite.quiet();
      expect(told(id)).toEqual(['unknown']);
      kite.print(100, 50);
      await kite.forward(5_000);
      expect(told(id)).toEqual(['unknown', 'accepted', 'filled']);
      expect(filled(id)).toBe(10);
      expect(kite.posts().length).toBe(1);
    },
  );

  test.each(['reset-before', 'error-json', 'error-html', 'html-before'] as const)(
    'before it was placed (%s): after two minutes of reading it counts as never placed',
    async (name) => {
      kite.faults.set({ name, count: 1, method: 'POST' });
      const { submit, told, reason, records, broker } = await begun();
      const id = submit();
      await kite.forward(119_000);
      expect(told(id)).toEqual(['unknown']);
      expect(broker.standing).toEqual({ open: 1, unknown: 1, moving: true });
      await kite.forward(4_000);
      expect(told(id)).toEqual(['unknown', 'rejected']);
      expect(reason(id)).toMatch(/^never placed: \d+ order books from .* do not have it$/);
      expect(records.find(({ t }) => t === 'not_placed')).toMatchObject({ id });
      expect(kite.posts().length).toBe(1);
    },
  );

  test('of an order that shows up late: reads without it do not end it too early', async () => {
    kite.faults.set({ name: 'error-after', count: 1, method: 'POST' });
    kite.faults.set({ name: 'late-order', count: 1, value: 90_000 });
    const { submit, told } = await begun();
    const id = submit({ type: 'LIMIT', price: 99 });
    await kite.forward(89_000);
    expect(told(id)).toEqual(['unknown']);
    await kite.forward(3_000);
    expect(told(id)).toEqual(['unknown', 'accepted']);
  });

  test('while the order book cannot be read proves nothing', async () => {
    kite.faults.set({ name: 'error-after', count: 1, method: 'POST' });
    const { submit, told, troubles } = await begun();
    const id = submit();
    await kite.quiet();
    kite.faults.set({ name: 'error-json', method: 'GET' });
    await kite.forward(200_000);
    expect(told(id)).toEqual(['unknown']);
    expect(troubles).toContain('BOOK_UNREADABLE');
    kite.faults.clear();
    kite.print(100, 50);
    await kite.forward(30_000);
    expect(told(id)).toEqual(['unknown', 'accepted', 'filled']);
  });

  test('of an order that shows up when it was settled as never placed: it is cancelled and said', async () => {
    kite.faults.set({ name: 'error-after', count: 1, method: 'POST' });
    kite.faults.set({ name: 'late-order', count: 1, value: 150_000 });
    const { submit, told, troubles } = await begun();
    const id = submit({ type: 'LIMIT', price: 99 });
    await kite.forward(125_000);
    expect(told(id)).toEqual(['unknown', 'rejected']);
    await kite.forward(60_000);
    expect(told(id)).toEqual(['unknown', 'rejected']);
    expect(troubles).toEqual(['MISMATCH']);
    expect((await kite.client.orders()).map(({ status }) => status)).toEqual(['CANCELLED']);
  });

  test('and a cancel meanwhile: it is cancelled as soon as it is found', async () => {
    kite.faults.set({ name: 'error-after', count: 1, method: 'POST' });
    const { broker, submit, told } = await begun();
    const id = submit({ type: 'LIMIT', price: 99 });
    await kite.quiet();
    broker.cancel(id);
    await kite.forward(10_000);
    expect(told(id)).toEqual(['unknown', 'accepted', 'cancelled']);
  });
});

describe('what never left', () => {
  /** A client whose first so many orders find no way out. */
  function unsent(times: number): KiteOrders {
    let left = times;
    return {
      ...kite.client,
      placeOrder: (...order) =>
        left-- > 0
          ? Promise.resolve({ kind: 'not-sent', why: 'connection refused' })
          : kite.client.placeOrder(...order),
    };
  }

  test('ends an entry', async () => {
    const { submit, told, reason } = await begun({ kite: unsent(1) });
    const id = submit();
    await kite.forward(1_000);
    expect(told(id)).toEqual(['rejected']);
    expect(reason(id)).toBe('it never left: connection refused');
  });

  test('is sent again when it is an exit, and given up with a shout after a minute', async () => {
    const { submit, told, troubles } = await begun({ kite: unsent(3) });
    const id = submit({ role: 'stop', side: 'SELL', type: 'SL-M', trigger: 95 });
    await kite.forward(4_000);
    expect(told(id)).toEqual(['accepted']);
    expect(kite.posts().length).toBe(1);
    expect(troubles).toEqual([]);
    const hopeless = await begun({ kite: unsent(1_000), stream: 'other' });
    const other = hopeless.submit({ role: 'stop', side: 'SELL', type: 'SL-M', trigger: 95 });
    await kite.forward(62_000);
    expect(hopeless.told(other)).toEqual(['rejected']);
    expect(hopeless.troubles).toEqual(['UNPROTECTED']);
  });

  test('for asking too often ends an entry, and an exit goes again', async () => {
    kite.faults.set({ name: 'too-many', count: 2, method: 'POST' });
    const { submit, told } = await begun();
    const entry = submit();
    const exit = submit({ role: 'signal', side: 'SELL' });
    await kite.forward(8_000);
    expect(told(entry)).toEqual(['rejected']);
    expect(told(exit)[0]).toBe('accepted');
    expect(kite.posts().length).toBe(3);
  });
});

describe('frames and snapshots', () => {
  test('that come twice, late or in another order change nothing', async () => {
    kite.faults.set({ name: 'unsorted-orders' });
    kite.faults.set({ name: 'split-fill', value: 3 });
    const { broker, submit, told, filled } = await begun();
    const ids = [1, 2, 3].map(() => submit({ quantity: 9 }));
    for (let round = 0; round < 4; round++) {
      broker.hint();
      broker.hint();
      kite.print(100, 5);
      await kite.forward(1_000);
    }
    kite.print(100, 100);
    await kite.forward(7_000);
    for (const id of ids) {
      expect(filled(id)).toBe(9);
      expect(told(id).filter((type) => type === 'accepted').length).toBe(1);
    }
  });

  test('that are stale take no fill back and open nothing that has ended', async () => {
    const books: Awaited<ReturnType<KiteOrders['orders']>>[] = [];
    let stale = false;
    const orders = async () => {
      const rows = await kite.client.orders();
      books.push(rows);
      return stale ? books[1] : rows;
    };
    const { broker, submit, told, filled } = await begun({ kite: { ...kite.client, orders } });
    const id = submit({ type: 'LIMIT', price: 99 });
    await kite.forward(6_000);
    kite.print(98.5, 4);
    await kite.forward(6_000);
    broker.cancel(id);
    stale = true;
    await kite.forward(6_000);
    expect(told(id)).toEqual(['accepted', 'filled']);
    stale = false;
    await kite.forward(6_000);
    stale = true;
    await kite.forward(40_000);
    expect(told(id)).toEqual(['accepted', 'filled', 'cancelled']);
    expect(filled(id)).toBe(4);
  });

  test('lead to one read each, not to a storm of them', async () => {
    const { broker, submit } = await begun();
    submit({ type: 'LIMIT', price: 99 });
    await kite.forward(1_000);
    const before = kite.requests.length;
    for (let frame = 0; frame < 100; frame++) broker.hint();
    await kite.forward(1_000);
    expect(kite.requests.length - before).toBeLessThanOrEqual(2);
  });

  test('an order that ended in the book waits for its trades', async () => {
    let hidden = true;
    const trades = async () => (hidden ? [] : kite.client.trades());
    const { broker, submit, told } = await begun({ kite: { ...kite.client, trades } });
    const id = submit({ type: 'LIMIT', price: 99 });
    await kite.quiet();
    kite.print(98.5, 4);
    await kite.forward(6_000);
    broker.cancel(id);
    await kite.forward(6_000);
    expect(told(id)).toEqual(['accepted']);
    hidden = false;
    await kite.forward(2_000);
    expect(told(id)).toEqual(['accepted', 'filled', 'cancelled']);
  });
});

describe('orders of others', () => {
  test('are written down once a state and never touched', async () => {
    const form = {
      ...{ exchange: 'NSE', tradingsymbol: 'INFY', transaction_type: 'BUY', quantity: 3, product: 'MIS' },
      ...{ order_type: 'LIMIT', price: 99, validity: 'DAY' },
    };
    await kite.client.placeOrder('regular', form);
    const { records, events } = await begun({ stream: 'equity' });
    const other = await begun({ stream: 'fno' });
    other.submit({ type: 'LIMIT', price: 98 });
    await kite.forward(90_000);
    const external = records.filter(({ t }) => t === 'external');
    expect(external.map(({ origin }) => origin)).toEqual(['foreign', 'other-stream']);
    expect(events).toEqual([]);
    expect([...deletes(), ...puts()]).toEqual([]);
  });
});

describe('a dead session', () => {
  test('refuses the entry, is said once, and the next session goes on', async () => {
    const { broker, submit, told, troubles } = await begun();
    const standing = submit({ type: 'LIMIT', price: 99 });
    await kite.forward(1_000);
    kite.accounts.kill();
    const entry = submit();
    const stop = submit({ role: 'stop', side: 'SELL', type: 'SL-M', trigger: 95 });
    await kite.forward(60_000);
    expect(told(entry)).toEqual(['rejected']);
    expect(told(stop)).toEqual([]);
    expect(troubles).toEqual(['TOKEN_DEAD']);
    const asked = kite.requests.length;
    await kite.forward(60_000);
    expect(kite.requests.length).toBe(asked);
    kite.print(98.5, 50);
    broker.renewed(kite.login());
    await kite.forward(2_000);
    expect(told(standing)).toEqual(['accepted', 'filled']);
    expect(told(stop)).toEqual(['accepted']);
  });
});

describe('an exit at market that rests because the market ran away', () => {
  const exit = { role: 'signal', side: 'SELL', type: 'MARKET' } as const;

  test('is moved to the newest price, each step in the journal first, until it is filled', async () => {
    const { submit, records, filled, troubles } = await begun();
    const out = submit(exit);
    await kite.forward(1_000);
    kite.print(97);
    await kite.forward(3_000);
    kite.print(95);
    await kite.forward(6_000);
    kite.print(95);
    await kite.forward(3_000);
    expect(filled(out)).toBe(10);
    expect(records.filter(({ t }) => t === 'chase')).toMatchObject([
      { id: out, step: 1, from: 99, price: 95.1, last: 97 },
      { id: out, step: 2, from: 95.1, price: 93.1, last: 95 },
    ]);
    expect(puts().map(({ form }) => [form.order_type, form.price])).toEqual([
      ['LIMIT', '95.1'],
      ['LIMIT', '93.1'],
    ]);
    expect(troubles).toEqual([]);
  });

  test('is left alone where the market may still come to it, and where its limit was chosen', async () => {
    const { submit, records } = await begun();
    submit({ ...exit, type: 'LIMIT', price: 103 });
    submit({ role: 'target', side: 'SELL', type: 'LIMIT', price: 104 });
    submit({ ...exit, quantity: 10 });
    await kite.forward(20_000);
    kite.print(95, 1);
    expect(records.filter(({ t }) => t === 'chase')).toEqual([]);
  });

  test('is said when it was moved eight times and still rests', async () => {
    let last = 100;
    const falling = { ...rules(), lastPrice: () => last, marketProtection: 0.5 };
    const { submit, troubles } = await begun({ rules: falling });
    submit(exit);
    for (let step = 0; step < 12; step++) {
      await kite.forward(7_000);
      last -= 1;
    }
    expect(puts().length).toBe(8);
    expect(troubles).toEqual(['UNPROTECTED']);
  });

  test('goes on being moved by the next process, which counts what was moved before', async () => {
    const before = await begun();
    const out = before.submit(exit);
    await kite.forward(1_000);
    kite.print(97);
    await kite.forward(3_000);
    await before.broker.stop();
    const after = await kiteStage(kite, {
      past: JSON.parse(JSON.stringify(before.records)),
      nonce: 'N0NCE2',
    });
    after.submit({ ...exit, id: out });
    await after.broker.start();
    kite.print(94);
    await kite.forward(8_000);
    expect(after.records.filter(({ t }) => t === 'chase')).toMatchObject([
      { step: 1 },
      { step: 2, last: 94 },
    ]);
  });
});

describe('changes', () => {
  test('go out one at a time, the newest wish last', async () => {
    const { broker, submit } = await begun();
    const stop = submit({ role: 'stop', side: 'SELL', type: 'SL-M', trigger: 95 });
    await kite.forward(1_000);
    for (const trigger of [95.5, 96, 96.5, 97]) broker.modify(stop, { trigger });
    await kite.forward(20_000);
    expect(puts().map(({ form }) => form.trigger_price)).toEqual(['95.5', '97']);
    expect((await kite.client.orders())[0].trigger_price).toBe(97);
  });

  test('beyond twenty make room for a fresh order', async () => {
    const { broker, submit, records, told } = await begun();
    const stop = submit({ role: 'stop', side: 'SELL', type: 'SL-M', trigger: 90 });
    await kite.forward(1_000);
    for (let step = 1; step <= 22; step++) {
      broker.modify(stop, { trigger: 90 + step * 0.1 });
      await kite.forward(6_000);
    }
    expect(puts().length).toBe(21);
    expect(records.filter(({ t }) => t === 'modifications_spent').length).toBe(1);
    expect(told(stop).filter((type) => type !== 'modified')).toEqual(['accepted']);
    const rows = await kite.client.orders();
    expect(rows.map(({ status }) => status).sort()).toEqual(['CANCELLED', 'TRIGGER PENDING']);
    expect(rows.find(({ status }) => status === 'TRIGGER PENDING')?.trigger_price).toBeCloseTo(92.2);
  });

  test('that Kite refuses are not asked for again', async () => {
    const { broker, submit } = await begun();
    const stop = submit({ role: 'stop', side: 'SELL', type: 'SL-M', trigger: 95 });
    await kite.forward(1_000);
    broker.modify(stop, { trigger: 96.005 });
    await kite.forward(60_000);
    expect(puts().length).toBe(1);
  });

  test('a cancel whose answer is lost is asked for again until the order has ended', async () => {
    kite.faults.set({ name: 'reset-before', count: 3, method: 'DELETE' });
    const { broker, submit, told } = await begun();
    const id = submit({ type: 'LIMIT', price: 99 });
    await kite.forward(1_000);
    broker.cancel(id);
    await kite.forward(20_000);
    expect(told(id)).toEqual(['accepted', 'cancelled']);
    expect(deletes().length).toBe(4);
  });
});

describe('the exits of a position', () => {
  const exit = { side: 'SELL' } as const;
  const stopAt = (trigger: number) => ({ ...exit, role: 'stop', type: 'SL-M', trigger }) as const;
  const targetAt = (price: number) => ({ ...exit, role: 'target', type: 'LIMIT', price }) as const;
  const working = async () =>
    (await kite.client.orders())
      .filter(({ status }) => status === 'OPEN' || status === 'TRIGGER PENDING')
      .map(({ order_type: type }) => type);

  test('the target is held here until the price touches it, and comes when the stop has gone', async () => {
    const { broker, submit, told, filled } = await begun();
    const stop = submit(stopAt(95));
    const target = submit(targetAt(104));
    await kite.forward(6_000);
    expect(kite.posts().length).toBe(1);
    broker.touch(kite.infy.key, 103.95);
    await kite.forward(1_000);
    expect(await working()).toEqual(['SL']);
    kite.print(104);
    broker.touch(kite.infy.key, 104);
    await kite.forward(3_000);
    expect(await working()).toEqual(['LIMIT']);
    expect(told(stop)).toEqual(['accepted']);
    kite.print(104.1);
    await kite.forward(6_000);
    expect(filled(target)).toBe(10);
    broker.cancel(stop);
    await kite.forward(1_000);
    expect(told(stop)).toEqual(['accepted', 'cancelled']);
    expect(await working()).toEqual([]);
  });

  test('the target does not come while the stop may still stand', async () => {
    kite.faults.set({ name: 'reset-before', count: 2, method: 'DELETE' });
    const { broker, submit } = await begun();
    submit(stopAt(95));
    submit(targetAt(104));
    await kite.forward(1_000);
    broker.touch(kite.infy.key, 104);
    await kite.forward(3_000);
    expect(kite.posts().length).toBe(1);
    await kite.forward(7_000);
    expect(await working()).toEqual(['LIMIT']);
    expect(kite.posts().length).toBe(2);
  });

  test('the stop comes back when the price has gone half of the way back', async () => {
    const { broker, submit, told } = await begun();
    const stop = submit(stopAt(96));
    const target = submit(targetAt(104));
    await kite.forward(1_000);
    broker.touch(kite.infy.key, 104);
    await kite.forward(3_000);
    broker.touch(kite.infy.key, 100);
    await kite.forward(1_000);
    expect(await working()).toEqual(['LIMIT']);
    broker.touch(kite.infy.key, 99.95);
    await kite.forward(3_000);
    expect(await working()).toEqual(['SL']);
    expect([told(stop), told(target)]).toEqual([['accepted'], ['accepted']]);
    expect(kite.posts().map(({ form }) => readTag(form.tag)?.leg)).toEqual([0, 0, 1]);
  });

  test('a stop whose trigger the price has passed leaves at market', async () => {
    const { broker, submit, filled } = await begun();
    const stop = submit(stopAt(96));
    submit(targetAt(104));
    await kite.forward(1_000);
    broker.touch(kite.infy.key, 104);
    await kite.forward(3_000);
    kite.print(95);
    broker.touch(kite.infy.key, 95);
    await kite.forward(3_000);
    kite.print(95, 100);
    await kite.forward(6_000);
    expect(filled(stop)).toBe(10);
  });

  test('a stop that is refused because the price has just passed its trigger leaves at market', async () => {
    let known = 100;
    const { submit, filled, troubles } = await begun({ rules: { ...rules(), lastPrice: () => known } });
    kite.print(94);
    const stop = submit(stopAt(95));
    await kite.quiet();
    known = 94;
    await kite.forward(6_000);
    kite.print(94, 100);
    await kite.forward(6_000);
    expect(filled(stop)).toBe(10);
    expect(kite.posts().map(({ form }) => form.order_type)).toEqual(['SL-M', 'MARKET']);
    expect(troubles).toEqual([]);
  });

  test('an exit waits until the stop has gone', async () => {
    kite.faults.set({ name: 'reset-before', count: 1, method: 'DELETE' });
    const { broker, submit, told } = await begun();
    const stop = submit(stopAt(95));
    await kite.forward(1_000);
    broker.cancel(stop);
    const out = submit({ ...exit, role: 'signal' });
    await kite.forward(1_000);
    expect(kite.posts().length).toBe(1);
    await kite.forward(6_000);
    expect(told(stop)).toEqual(['accepted', 'cancelled']);
    expect(told(out)).toEqual(['accepted']);
  });

  test.each([
    [10, []],
    [4, ['6']],
  ])('a stop that fills by %i while it is cancelled leaves the exit the rest', async (units, sent) => {
    kite.faults.set({ name: 'reset-before', count: 1, method: 'DELETE' });
    const { broker, submit, filled, told } = await begun();
    const stop = submit(stopAt(95));
    await kite.forward(1_000);
    broker.cancel(stop);
    const out = submit({ ...exit, role: 'signal' });
    await kite.quiet();
    kite.print(95, units);
    await kite.forward(7_000);
    kite.print(95, 100);
    await kite.forward(7_000);
    expect(filled(stop)).toBe(units);
    expect(filled(out)).toBe(10 - units);
    expect(
      kite
        .posts()
        .slice(1)
        .map(({ form }) => form.quantity),
    ).toEqual(sent);
    expect(told(out).at(-1)).toBe('cancelled');
  });

  test('one that a person cancels is said', async () => {
    const { submit, told, reason, troubles } = await begun();
    const stop = submit(stopAt(95));
    await kite.forward(1_000);
    const [row] = await kite.client.orders();
    await kite.client.cancelOrder('regular', row.order_id);
    await kite.forward(6_000);
    expect(told(stop)).toEqual(['accepted', 'cancelled']);
    expect(reason(stop)).toContain('cancelled at the broker');
    expect(troubles).toEqual(['UNPROTECTED']);
  });
});
