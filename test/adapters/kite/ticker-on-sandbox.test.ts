import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Ticker } from '#src/adapters/kite/ticker.ts';
import { createFaultPlan } from '#src/sandbox/faults/fault-plan.ts';
import type { Listed } from '#src/sandbox/market/market.ts';
import { createTickerServer, type TickerServer } from '#src/sandbox/ticker/ticker-server.ts';
import { HeldClock, ScriptedMarket } from '../../support/scripted-market.ts';

/*
 * Our ticker on the sandbox's: what joins at run time is heard, what leaves is not, each in its mode, also after a loss.
 */

let market: ScriptedMarket;
let infosys: Listed;
let nifty: Listed;
let clock: HeldClock;
let server: Server;
let exchange: TickerServer;
let ticker: Ticker;
let ups: number;
let wake: () => void;

beforeEach(async () => {
  market = new ScriptedMarket();
  infosys = market.list('NSE', 'INFY', 408_065);
  nifty = market.list('NSE', 'NIFTY 50', 256_265, 'INDICES');
  print(infosys, 1500);
  print(nifty, 24_000);
  clock = new HeldClock();
  ups = 0;
  wake = () => undefined;
  exchange = createTickerServer({
    market,
    faults: createFaultPlan({ seed: 1, clock: market.clock }),
    beat: new HeldClock(),
    authenticate: (apiKey, token) =>
      apiKey === 'k' && token === 't' ? { userId: 'AB0001', apiKey } : undefined,
    app: () => ({ appId: 7, apiSecret: 'made-up' }),
  });
  server = createServer();
  server.on('upgrade', (request, socket, head) => exchange.upgrade(request, socket, head));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  ticker = new Ticker(
    { wsRoot: `ws://127.0.0.1:${port}`, apiKey: 'k', accessToken: 't', clock, random: () => 0 },
    [408_065],
    'quote',
    {
      tick: () => wake(),
      connections: (_standing, _wanted, loss) => {
        if (loss === undefined) ups += 1;
        wake();
      },
    },
  );
  ticker.connect();
});

afterEach(async () => {
  ticker.close();
  exchange.close();
  await new Promise((done) => server.close(done));
});

async function until(fact: () => boolean): Promise<void> {
  while (!fact()) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

/** With a range of the day that holds it, or the ticker would leave it out. */
function print(listed: Listed, lastPrice: number): void {
  market.print(listed, { lastPrice, high: lastPrice, low: lastPrice });
}

function slot(token: number): number {
  return ticker.columns.slotOf(token);
}

test('instruments that join are heard in their mode, and silent once they have left', async () => {
  const { columns, counts } = ticker;
  await until(() => columns.packetBytes[slot(408_065)] === 44);
  ticker.subscribe([256_265], 'full');
  await until(() => columns.packetBytes[slot(256_265)] === 32);
  expect(columns.lastPrice[slot(256_265)]).toBe(24_000);
  ticker.setMode([408_065], 'full');
  await until(() => columns.packetBytes[slot(408_065)] === 184);
  ticker.unsubscribe([408_065]);
  // The index's answer comes after the share's, had the share still been watched.
  ticker.setMode([256_265], 'ltp');
  await until(() => columns.packetBytes[slot(256_265)] === 8);
  print(infosys, 1501);
  print(nifty, 24_010);
  await until(() => columns.lastPrice[slot(256_265)] === 24_010);
  expect([slot(408_065), counts.strangers]).toEqual([-1, 0]);
});

test('after a loss the sandbox is asked for what is watched now', async () => {
  const { columns } = ticker;
  await until(() => columns.packetBytes[slot(408_065)] === 44);
  ticker.subscribe([256_265], 'ltp');
  await until(() => columns.packetBytes[slot(256_265)] === 8);
  // Mute for the ticker's clock, so it gives the connection up and comes back.
  clock.step(3_000);
  await until(() => ups === 2);
  print(infosys, 1502);
  print(nifty, 24_020);
  await until(() => columns.lastPrice[slot(408_065)] === 1502 && columns.lastPrice[slot(256_265)] === 24_020);
  expect([columns.packetBytes[slot(408_065)], columns.packetBytes[slot(256_265)]]).toEqual([44, 8]);
});
