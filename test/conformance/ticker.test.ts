import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createFaultPlan } from '#src/sandbox/faults/fault-plan.ts';
import type { Quote } from '#src/sandbox/market/market.ts';
import { createTickerServer, type TickerServer } from '#src/sandbox/ticker/ticker-server.ts';
import { depth, HeldClock, ScriptedMarket } from '../support/scripted-market.ts';
import { type OfficialTick, OfficialTicker } from './official-ticker.ts';

/*
 * The official KiteTicker 5.3.0 reads the packets of the sandbox: every field in every mode, from a market whose quotes
 * are written down here. The rest of the suite runs against the whole sandbox.
 */

const traded: Partial<Quote> = {
  lastPrice: 1573.15,
  lastQuantity: 12,
  averagePrice: 1570.33,
  volume: 1_175_986,
  buyQuantity: 256_511,
  sellQuantity: 360_503,
  open: 1569.15,
  high: 1575,
  low: 1561.05,
  previousClose: 1567.8,
  openInterest: 2_500,
  openInterestHigh: 2_600,
  openInterestLow: 2_400,
  bids: depth([
    [5, 1573.1, 1],
    [6, 1573.05, 2],
    [7, 1573, 3],
    [8, 1572.95, 4],
    [9, 1572.9, 5],
  ]),
  asks: depth([
    [172, 1573.2, 3],
    [44, 1573.25, 2],
  ]),
};

const market = new ScriptedMarket();
const infosys = market.list('NSE', 'INFY', 408065);
const nifty = market.list('NSE', 'NIFTY 50', 256265, 'INDICES');
const dollar = market.list('CDS', 'USDINR26NOVFUT', 256 * 4_000 + 3);
const euro = market.list('BCD', 'EURINR26NOVFUT', 256 * 4_000 + 6);
const large = market.list('NSE', 'LARGE', 256 * 9_000 + 1);
const beat = new HeldClock();
let server: Server;
let ticks: TickerServer;
let official: OfficialTicker;

beforeAll(async () => {
  market.print(infosys, traded);
  market.print(nifty, {
    lastPrice: 23_406.85,
    high: 23_441.95,
    low: 23_295.95,
    open: 23_344.45,
    previousClose: 23_264.85,
  });
  market.print(dollar, { lastPrice: 84.2575 });
  market.print(euro, { lastPrice: 91.1025 });
  market.print(large, { volume: 3_000_000_000 });
  ticks = createTickerServer({
    market,
    faults: createFaultPlan({ seed: 1, clock: market.clock }),
    beat,
    authenticate: (apiKey, token) =>
      apiKey === 'key' && token === 'token' ? { userId: 'AB0001' } : undefined,
    app: () => ({ appId: 7, apiSecret: 'made-up' }),
  });
  server = createServer().on('upgrade', (request, socket, head) => ticks.upgrade(request, socket, head));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  official = new OfficialTicker({ root: rootOf(server), apiKey: 'key', accessToken: 'token' });
  await official.hear('connect');
});

afterAll(async () => {
  await official.close();
  ticks.close();
  await new Promise((done) => server.close(done));
});

function rootOf(listening: Server): string {
  return `ws://127.0.0.1:${(listening.address() as AddressInfo).port}/`;
}

/** The packet that a change of mode brings. */
async function inMode(mode: string, token: number): Promise<OfficialTick> {
  official.call('subscribe', [token]);
  official.call('setMode', mode, [token]);
  return official.tick(token, mode);
}

describe('the official ticker', () => {
  test('is refused with a bad token', async () => {
    const other = new OfficialTicker({ root: rootOf(server), apiKey: 'key', accessToken: 'stale' });
    expect(await other.hear('error')).toContain('403');
    await other.close();
  });

  test('gets the last tick in quote mode for a bare subscription', async () => {
    official.call('subscribe', [408065]);
    expect(await official.tick(408065)).toMatchObject({ mode: 'quote', last_price: 1573.15 });
  });

  test('reads every field of mode ltp', async () => {
    expect(await inMode('ltp', 408065)).toEqual({
      mode: 'ltp',
      tradable: true,
      instrument_token: 408065,
      last_price: 1573.15,
    });
  });

  test('reads every field of mode quote', async () => {
    const tick = await inMode('quote', 408065);
    expect(tick).toEqual({
      mode: 'quote',
      tradable: true,
      instrument_token: 408065,
      last_price: 1573.15,
      last_traded_quantity: 12,
      average_traded_price: 1570.33,
      volume_traded: 1_175_986,
      total_buy_quantity: 256_511,
      total_sell_quantity: 360_503,
      ohlc: { open: 1569.15, high: 1575, low: 1561.05, close: 1567.8 },
      change: expect.any(Number),
    });
    expect(tick.change).toBeCloseTo(((1573.15 - 1567.8) * 100) / 1567.8, 9);
  });

  test('reads times and open interest of mode full', async () => {
    const now = new Date(market.clock.now()).toISOString();
    expect(await inMode('full', 408065)).toMatchObject({
      mode: 'full',
      last_trade_time: now,
      exchange_timestamp: now,
      oi: 2_500,
      oi_day_high: 2_600,
      oi_day_low: 2_400,
    });
  });

  test('reads five levels each side of mode full, missing ones as zeros', async () => {
    const { depth: book } = await inMode('full', 408065);
    expect(book?.buy).toEqual(traded.bids);
    expect(book?.sell).toEqual([
      { quantity: 172, price: 1573.2, orders: 3 },
      { quantity: 44, price: 1573.25, orders: 2 },
      ...Array.from({ length: 3 }, () => ({ quantity: 0, price: 0, orders: 0 })),
    ]);
  });

  test('reads an index in quote mode, which is not tradable', async () => {
    expect(await inMode('quote', 256265)).toEqual({
      mode: 'quote',
      tradable: false,
      instrument_token: 256265,
      last_price: 23_406.85,
      ohlc: { high: 23_441.95, low: 23_295.95, open: 23_344.45, close: 23_264.85 },
      change: expect.any(Number),
    });
  });

  test('reads the time of an index in full mode', async () => {
    expect(await inMode('full', 256265)).toMatchObject({
      mode: 'full',
      exchange_timestamp: new Date(market.clock.now()).toISOString(),
    });
  });

  test('reads an index in ltp mode', async () => {
    expect(await inMode('ltp', 256265)).toMatchObject({ tradable: false, last_price: 23_406.85 });
  });

  test('reads seven decimals of a currency of NSE', async () => {
    expect((await inMode('ltp', dollar.listing.token)).last_price).toBe(84.2575);
  });

  test('reads four decimals of a currency of BSE', async () => {
    expect((await inMode('ltp', euro.listing.token)).last_price).toBe(91.1025);
  });

  // The official client shifts bytes as signed numbers, so figures from 2^31 turn negative there. Ours must not.
  test('turns a volume above 2^31 negative, which is its own fault', async () => {
    expect((await inMode('quote', large.listing.token)).volume_traded).toBe(3_000_000_000 - 2 ** 32);
  });

  test('reads several packets of one frame', async () => {
    official.call('setMode', 'ltp', [408065, 256265]);
    await official.hear('ticks');
    market.clock.step(1_000);
    market.print(infosys, { lastPrice: 1574 });
    market.print(nifty, { lastPrice: 23_410 });
    for (;;) {
      const heard = (await official.hear('ticks')) as readonly OfficialTick[];
      if (heard.length < 2) continue;
      if (heard[0]?.last_price !== 1574) continue;
      expect(heard.map((tick) => tick.last_price)).toEqual([1574, 23_410]);
      break;
    }
  });

  test('hears nothing more of what it unsubscribed', async () => {
    official.call('unsubscribe', [408065]);
    await official.hear('done');
    // The answer to this subscription shows that the server has read the line before it.
    official.call('subscribe', [euro.listing.token]);
    await official.tick(euro.listing.token);
    market.clock.step(1_000);
    market.print(infosys, { lastPrice: 1575 });
    market.print(nifty, { lastPrice: 23_420 });
    const heard = (await official.hear('ticks')) as readonly OfficialTick[];
    expect(heard.map((tick) => tick.instrument_token)).toEqual([256265]);
  });

  test('takes a heartbeat of one byte for no tick', async () => {
    beat.step(2_000);
    expect(await official.hear('message')).toBe(1);
  });

  test('hands out order updates', async () => {
    ticks.orderUpdate('AB0001', {
      order_id: '261125000000001',
      order_timestamp: '2026-11-25 10:00:00',
      pending_quantity: 0,
    });
    expect(await official.hear('order_update')).toMatchObject({
      order_id: '261125000000001',
      user_id: 'AB0001',
      unfilled_quantity: 0,
    });
  });
});
