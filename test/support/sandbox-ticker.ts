import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFaultPlan } from '#src/sandbox/faults/fault-plan.ts';
import type { Listed } from '#src/sandbox/market/market.ts';
import { createTickerServer } from '#src/sandbox/ticker/ticker-server.ts';
import { HeldClock, ScriptedMarket } from './scripted-market.ts';

/** The sandbox's ticker on loopback with a share and an index, whose prints the test makes. It takes key `k` with token `t`. */
export async function sandboxTicker() {
  const market = new ScriptedMarket();
  const infosys = market.list('NSE', 'INFY', 408_065);
  const nifty = market.list('NSE', 'NIFTY 50', 256_265, 'INDICES');
  /** With a range of the day that holds it, or a reader would leave it out. */
  const print = (listed: Listed, lastPrice: number): void =>
    market.print(listed, { lastPrice, high: lastPrice, low: lastPrice });
  print(infosys, 1500);
  print(nifty, 24_000);
  const ticker = createTickerServer({
    market,
    faults: createFaultPlan({ seed: 1, clock: market.clock }),
    beat: new HeldClock(),
    authenticate: (apiKey, token) =>
      apiKey === 'k' && token === 't' ? { userId: 'AB0001', apiKey } : undefined,
    app: () => ({ appId: 7, apiSecret: 'made-up' }),
  });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => ticker.upgrade(request, socket, head));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    wsRoot: `ws://127.0.0.1:${port}`,
    market,
    infosys,
    nifty,
    print,
    async close(): Promise<void> {
      ticker.close();
      await new Promise((done) => server.close(done));
    },
  };
}
