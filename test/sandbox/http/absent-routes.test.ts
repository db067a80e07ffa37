import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { accounts, type HeldSandbox, heldSandbox, inventedHistory } from '../../support/held-sandbox.ts';

/*
 * What Kite has and the sandbox does not: a program is told so in Kite's own envelope. Routes: Kite Connect v3, Alerts and Mutual
 * funds, as of 2026-07.
 */

let history: Awaited<ReturnType<typeof inventedHistory>>;
let sandbox: HeldSandbox;
let headers: Record<string, string>;

beforeAll(async () => {
  history = await inventedHistory({ days: 3 });
  sandbox = await heldSandbox(history.store);
  const [{ apiKey, apiSecret }] = accounts;
  const requestToken = sandbox.accounts.approve(apiKey);
  const checksum = createHash('sha256')
    .update(apiKey + requestToken + apiSecret)
    .digest('hex');
  const { accessToken } = sandbox.accounts.open({ apiKey, requestToken, checksum });
  headers = { 'X-Kite-Version': '3', Authorization: `token ${apiKey}:${accessToken}` };
});
afterAll(async () => {
  await sandbox.close();
  await history.remove();
});

const alert = {
  ...{ name: 'NIFTY above 27,000', type: 'simple', lhs_exchange: 'INDICES', lhs_tradingsymbol: 'NIFTY 50' },
  ...{ lhs_attribute: 'LastTradedPrice', operator: '>=', rhs_type: 'constant', rhs_constant: '27000' },
};
const uuid = '550e8400-e29b-41d4-a716-446655440000';

async function asked(method: string, path: string, form?: Record<string, string>) {
  const answer = await fetch(`${sandbox.url}${path}`, {
    ...{ method, headers },
    ...(form && { body: new URLSearchParams(form) }),
  });
  return { status: answer.status, text: await answer.text() };
}

test.each([
  ['POST', '/alerts', alert],
  ['GET', '/alerts?status=enabled&page=1&page_size=20', undefined],
  ['GET', `/alerts/${uuid}`, undefined],
  ['PUT', `/alerts/${uuid}`, alert],
  ['DELETE', `/alerts?uuid=${uuid}&uuid=${uuid}`, undefined],
  ['GET', `/alerts/${uuid}/history`, undefined],
])('%s %s says that there are no alerts', async (method, path, form) => {
  const { status, text } = await asked(method, path, form);
  expect([status, JSON.parse(text)]).toEqual([
    501,
    {
      ...{ status: 'error', message: 'Alerts are not supported by the sandbox.', data: null },
      error_type: 'GeneralException',
    },
  ]);
});

test.each([
  ['POST', '/mf/orders', { tradingsymbol: 'INF179K01VY8', transaction_type: 'BUY', amount: '1000' }],
  ['DELETE', '/mf/orders/271989e0-a64e-4cf3-b4e4-afb8f38dd203', undefined],
  ['POST', '/mf/sips', { tradingsymbol: 'INF179K01VY8', amount: '1000', frequency: 'monthly' }],
  ['PUT', '/mf/sips/846479755969168', { status: 'paused' }],
  ['DELETE', '/mf/sips/846479755969168', undefined],
])('%s %s says that funds are not traded', async (method, path, form) => {
  const { status, text } = await asked(method, path, form);
  expect([status, JSON.parse(text)]).toMatchObject([
    501,
    { message: 'Mutual funds are not traded in the sandbox.', error_type: 'GeneralException' },
  ]);
});

test.each(['/mf/orders', '/mf/sips', '/mf/holdings'])('%s is an empty list', async (path) => {
  const { status, text } = await asked('GET', path);
  expect([status, JSON.parse(text)]).toEqual([200, { status: 'success', data: [] }]);
});

test('a fund order or plan that is asked for by its number is unknown', async () => {
  for (const path of ['/mf/orders/1', '/mf/sips/1'])
    expect(await asked('GET', path)).toMatchObject({
      status: 400,
      text: expect.stringContaining('no mutual funds'),
    });
});

test('the list of funds has its header and no rows', async () => {
  const { status, text } = await asked('GET', '/mf/instruments');
  expect([status, text.split('\n').length, text.split(',').length]).toEqual([200, 2, 16]);
});
