import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FaultRule } from '#src/sandbox/faults/fault-rule.ts';
import { accounts, heldSandbox, inventedHistory } from '../../support/held-sandbox.ts';

let history: Awaited<ReturnType<typeof inventedHistory>>;

beforeAll(async () => {
  history = await inventedHistory({ days: 3 });
});
afterAll(() => history.remove());

const rules: readonly FaultRule[] = [
  { name: 'too-many', probability: 0.1 },
  { name: 'error-html', probability: 0.1, path: 'quote' },
  { name: 'html-after', probability: 0.1 },
  { name: 'truncate', probability: 0.2, value: 30 },
  { name: 'reset-after', probability: 0.05 },
  { name: 'empty', probability: 0.05 },
];

/** What a client heard on a day of 120 requests, one after the other. */
async function heard(seed: number, more: readonly FaultRule[] = []): Promise<readonly string[]> {
  const sandbox = await heldSandbox(history.store, { seed, faults: [...rules, ...more] });
  try {
    const { apiKey, apiSecret } = accounts[0];
    const requestToken = sandbox.accounts.approve(apiKey);
    const checksum = createHash('sha256').update(`${apiKey}${requestToken}${apiSecret}`).digest('hex');
    const { accessToken } = sandbox.accounts.open({ apiKey, requestToken, checksum });
    const headers = { 'X-Kite-Version': '3', Authorization: `token ${apiKey}:${accessToken}` };
    const day: string[] = [];
    for (let request = 0; request < 120; request++) {
      sandbox.market.clock.step(1_000);
      const path = request % 2 === 0 ? '/quote/ltp?i=NSE:INFY' : '/user/profile';
      day.push(await outcome(`${sandbox.url}${path}`, headers));
    }
    return day;
  } finally {
    await sandbox.close();
  }
}

async function outcome(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  try {
    const response = await fetch(url, { headers });
    const text = await response.text();
    return `${response.status} ${response.headers.get('content-type')} ${text.length}`;
  } catch {
    // A reset and an answer that breaks off have neither a status nor a whole body.
    return 'broken';
  }
}

describe('a day of faults', () => {
  test('is the same for the same seed, answer by answer, and another for another seed', async () => {
    const day = await heard(5);
    expect(await heard(5)).toEqual(day);
    expect(await heard(6)).not.toEqual(day);
    expect(new Set(day).size).toBeGreaterThan(4);
  });

  test('keeps its broken answers when another fault joins', async () => {
    const broken = (day: readonly string[]) => day.flatMap((answer, at) => (answer === 'broken' ? [at] : []));
    const calm = broken(await heard(5));
    const joined = broken(await heard(5, [{ name: 'unsorted-orders' }]));
    expect(calm.length).toBeGreaterThan(5);
    expect(joined).toEqual(calm);
  });
});
