import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createKiteClient } from '#src/adapters/kite/kite-client.ts';
import { orderBudget } from '#src/adapters/kite/order-budget.ts';
import { createWire, type Wire } from '#src/adapters/kite/send-request.ts';
import type { Instrument } from '#src/domain/instrument.ts';
import { createFaultPlan } from '#src/sandbox/faults/fault-plan.ts';
import { accountOf, createAccounts } from '#src/sandbox/http/accounts.ts';
import { createKiteServer } from '#src/sandbox/http/kite-server.ts';
import { sessionRoutes } from '#src/sandbox/http/session-routes.ts';
import type { KiteOrderRow } from '#src/sandbox/orders/order-row.ts';
import { createOrders } from '#src/sandbox/orders/orders.ts';
import { india } from './india.ts';
import { depth, ScriptedMarket } from './scripted-market.ts';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
}

/**
 * The sandbox's Kite on loopback over a market whose prints the test makes, and a client of it. Both live by one held clock: nothing
 * happens but by `forward`, which lets every request that is on its way be answered.
 */
export async function scriptedKite(options: { readonly perSecond?: number } = {}) {
  const market = new ScriptedMarket();
  const { clock } = market;
  const infy = market.list('NSE', 'INFY', 408_065);
  const account = accountOf('AB1234', 'http://127.0.0.1:5999/');
  const accounts = createAccounts({ accounts: [account], clock, base: clock });
  const faults = createFaultPlan({ seed: 7, clock });
  const orders = createOrders({ market, rulebook: india, verdictOf: (user) => faults.order(user) });
  const frames: KiteOrderRow[] = [];
  orders.onOrder((_user, row) => frames.push(row));
  const server = createKiteServer({
    routes: orders.routes,
    openRoutes: sessionRoutes(accounts),
    accounts,
    faults,
    clock: { now: () => clock.now(), at: (time, wake) => clock.at(time, wake), catchUp: () => undefined },
    prefix: '',
    count: () => undefined,
    staticIpRefused: () => false,
    autoLogin: true,
    control: () => ({}),
    secret: undefined,
    base: clock,
    onRequest: () => undefined,
    onFailure: (error) => {
      throw error;
    },
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const wire = createWire({});
  const requests: Request[] = [];
  let underWay = 0;
  const counted: Wire = {
    async send(request) {
      underWay += 1;
      requests.push({
        method: request.method,
        path: request.url.pathname,
        form: Object.fromEntries(new URLSearchParams(String(request.body ?? ''))),
      });
      try {
        return await wire.send(request);
      } finally {
        underWay -= 1;
      }
    },
    close: () => wire.close(),
  };
  const waiting = {
    sleep: (ms: number) =>
      new Promise<void>((wake) => {
        clock.at(clock.now() + ms, wake);
      }),
    random: () => 0.5,
  };

  /** A client of a fresh session. */
  function login() {
    const requestToken = accounts.approve(account.apiKey);
    const checksum = createHash('sha256')
      .update(account.apiKey + requestToken + account.apiSecret)
      .digest('hex');
    const { accessToken } = accounts.open({ apiKey: account.apiKey, requestToken, checksum });
    return createKiteClient({
      root: `http://127.0.0.1:${port}`,
      apiKey: account.apiKey,
      accessToken,
      wire: counted,
      clock,
      waiting,
      budget: orderBudget({ clock, waiting, perSecond: options.perSecond ?? 10 }),
    });
  }

  function print(price: number, quantity = 1_000, book: readonly [number, number] = [0, 0]): void {
    const [bid, ask] = book;
    market.print(infy, {
      lastPrice: price,
      lastQuantity: quantity,
      lowerCircuit: 80,
      upperCircuit: 120,
      bids: bid > 0 ? depth([[bid, price - 0.05, 1]]) : [],
      asks: ask > 0 ? depth([[ask, price + 0.05, 1]]) : [],
    });
  }
  print(100);

  /** Resolves when no request is under way and nothing has followed from its answer. */
  async function quiet(): Promise<void> {
    for (let calm = 0; calm < 3; calm++) {
      await new Promise((turn) => setImmediate(turn));
      if (underWay > 0) calm = -1;
    }
  }

  return {
    market,
    clock,
    infy: infy.instrument satisfies Instrument,
    accounts,
    faults,
    frames,
    requests,
    login,
    client: login(),
    print,
    quiet,
    /** Goes forward by steps, since what is answered in between may set timers of its own. */
    async forward(ms: number, stepMs = 250): Promise<void> {
      await quiet();
      for (let left = ms; left > 0; left -= stepMs) {
        clock.step(Math.min(left, stepMs));
        await quiet();
      }
    },
    posts: () => requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/orders/')),
    async close(): Promise<void> {
      orders.close();
      counted.close();
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
    },
  };
}

export type ScriptedKite = Awaited<ReturnType<typeof scriptedKite>>;
