import { createHash } from 'node:crypto';
import { afterAll, expect, test } from '@jest/globals';
import { BarSeries } from '#src/domain/bar-series.ts';
import type { Instrument } from '#src/domain/instrument.ts';
import { instantOf } from '#src/domain/time.ts';
import { temporaryHistory } from '../../adapters/duckdb/history-support.ts';
import { accounts, heldSandbox } from '../../support/held-sandbox.ts';
import { day, future } from '../../support/india.ts';

const home = temporaryHistory();

afterAll(() => home.remove());

const monday = day('2026-06-01');

function contract(month: string, expiry: string): Instrument {
  const tradingsymbol = `NIFTY26${month}FUT`;
  return future('NIFTY', expiry, { key: `NFO:${tradingsymbol}`, tradingsymbol, lotSize: 75 });
}

/** One minute at the opening of each day. */
async function store(instrument: Instrument, days: readonly number[], close: number): Promise<void> {
  const series = new BarSeries(instrument.key, '1m');
  for (const each of days) series.append(instantOf(each, 555), close, close + 1, close - 1, close, 75);
  await home.store.save(instrument, series);
}

test('continuous day candles are those of the contract next to its expiry, each day', async () => {
  const far = contract('JUL', '2026-07-28');
  await store(contract('JUN', '2026-06-02'), [monday, monday + 1], 100);
  await store(far, [monday, monday + 1, monday + 2], 200);
  const sandbox = await heldSandbox(home.store, { dayNumber: monday + 2 });
  try {
    const { url, market } = sandbox;
    market.clock.step(60_000);
    const { apiKey, apiSecret } = accounts[0];
    const requestToken = sandbox.accounts.approve(apiKey);
    const checksum = createHash('sha256')
      .update(apiKey + requestToken + apiSecret)
      .digest('hex');
    const { accessToken } = sandbox.accounts.open({ apiKey, requestToken, checksum });
    const headers = { 'X-Kite-Version': '3', Authorization: `token ${apiKey}:${accessToken}` };
    const token = market.byKey(far.key)?.listing.token;
    const candles = async (continuous: number): Promise<unknown> => {
      const query = `from=2026-05-01&to=2026-06-30&continuous=${continuous}`;
      const answer = await fetch(`${url}/instruments/historical/${token}/day?${query}`, { headers });
      return Object(await answer.json()).data.candles.map((candle: unknown[]) => [candle[0], candle[4]]);
    };
    const stamp = (date: string) => `${date}T00:00:00+0530`;
    expect(await candles(1)).toEqual([
      [stamp('2026-06-01'), 100],
      [stamp('2026-06-02'), 100],
      [stamp('2026-06-03'), 200],
    ]);
    expect(await candles(0)).toEqual([
      [stamp('2026-06-01'), 200],
      [stamp('2026-06-02'), 200],
      [stamp('2026-06-03'), 200],
    ]);
  } finally {
    await sandbox.close();
  }
});
