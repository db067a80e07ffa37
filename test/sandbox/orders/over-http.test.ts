import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { accounts, type HeldSandbox, heldSandbox, inventedHistory } from '../../support/held-sandbox.ts';

let history: Awaited<ReturnType<typeof inventedHistory>>;
beforeAll(async () => {
  history = await inventedHistory();
});
afterAll(() => history.remove());

const minute = 60_000;

// biome-ignore lint/suspicious/noExplicitAny: a test reads what any route answers
async function jsonOf(response: Response): Promise<any> {
  return response.json();
}

async function login({ url }: HeldSandbox) {
  const [{ apiKey, apiSecret }] = accounts;
  const page = await fetch(`${url}/connect/login?v=3&auto=1&api_key=${apiKey}`, { redirect: 'manual' });
  const token = new URL(page.headers.get('location') ?? '').searchParams.get('request_token') ?? '';
  const checksum = createHash('sha256')
    .update(apiKey + token + apiSecret)
    .digest('hex');
  const session = await fetch(`${url}/session/token`, {
    method: 'POST',
    headers: { 'X-Kite-Version': '3' },
    body: new URLSearchParams({ api_key: apiKey, request_token: token, checksum }),
  });
  const { data } = await jsonOf(session);
  const headers = { 'X-Kite-Version': '3', authorization: `token ${apiKey}:${data.access_token}` };
  return async (method: string, path: string, form?: Record<string, string>) => {
    const body = form && new URLSearchParams(form);
    const answer = await fetch(url + path, { method, headers, ...(body ? { body } : {}) });
    return jsonOf(answer);
  };
}

/** A morning of buying and selling one share at the market; everything that a client can read of it. */
async function morning(): Promise<unknown> {
  const sandbox = await heldSandbox(history.store, { autoLogin: true });
  const updates: string[] = [];
  sandbox.orders.onOrder((userId, row) => updates.push(`${userId} ${row.order_id} ${row.status}`));
  try {
    const ask = await login(sandbox);
    sandbox.market.clock.step(10 * minute);
    const form = {
      ...{ exchange: 'NSE', tradingsymbol: 'INFY', quantity: '5', product: 'MIS' },
      ...{ order_type: 'MARKET', market_protection: '-1', transaction_type: 'BUY' },
    };
    const bought = await ask('POST', '/orders/regular', form);
    expect(bought).toMatchObject({ status: 'success' });
    sandbox.market.clock.step(10 * minute);
    expect((await ask('GET', `/orders/${bought.data.order_id}`)).data.at(-1)).toMatchObject({
      status: 'COMPLETE',
      filled_quantity: 5,
    });
    await ask('POST', '/orders/regular', { ...form, transaction_type: 'SELL' });
    sandbox.market.clock.step(10 * minute);
    expect(await ask('POST', '/orders/regular', { ...form, market_protection: '0' })).toMatchObject({
      status: 'error',
      error_type: 'InputException',
    });
    const read = async (path: string) => (await ask('GET', path)).data;
    const positions = await read('/portfolio/positions');
    expect(positions.net).toMatchObject([{ quantity: 0, buy_quantity: 5, sell_quantity: 5 }]);
    const paths = ['/orders', '/trades', '/user/margins'];
    return [updates, positions, await Promise.all(paths.map(read))];
  } finally {
    await sandbox.close();
  }
}

test('a played morning fills orders over HTTP, and the same requests at the same times give the same day', async () => {
  const first = await morning();
  expect(await morning()).toEqual(first);
});

test('a night over stored days carries the account and leaves the book empty', async () => {
  const sandbox = await heldSandbox(history.store, { autoLogin: true });
  try {
    const ask = await login(sandbox);
    sandbox.market.clock.step(10 * minute);
    await ask('POST', '/orders/regular', {
      ...{ exchange: 'NSE', tradingsymbol: 'INFY', quantity: '5', product: 'CNC' },
      ...{ order_type: 'MARKET', market_protection: '-1', transaction_type: 'BUY' },
    });
    const today = sandbox.market.dayNumber;
    for (let hour = 0; hour < 30 && sandbox.market.dayNumber === today; hour++) {
      sandbox.market.clock.step(60 * minute);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sandbox.market.dayNumber).toBe(today + 1);
    const again = await login(sandbox);
    expect((await again('GET', '/orders')).data).toEqual([]);
    expect((await again('GET', '/portfolio/holdings')).data).toMatchObject([
      { tradingsymbol: 'INFY', t1_quantity: 5 },
    ]);
  } finally {
    await sandbox.close();
  }
});
