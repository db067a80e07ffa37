import type { AddressInfo } from 'node:net';
import type { Rulebook } from '../domain/rulebook.ts';
import { instantOf } from '../domain/time.ts';
import type { TimerClock } from '../engine/ports.ts';
import { createControl } from './control.ts';
import type { FaultPlan } from './faults/fault-plan.ts';
import { createFaultPlan } from './faults/fault-plan.ts';
import type { FaultRule } from './faults/fault-rule.ts';
import { type Account, type Accounts, createAccounts } from './http/accounts.ts';
import { fundRoutes } from './http/fund-routes.ts';
import { historicalRoutes } from './http/historical-routes.ts';
import { instrumentRoutes } from './http/instrument-routes.ts';
import { createKiteServer, isOwnName, type ServedRequest } from './http/kite-server.ts';
import { createLimits } from './http/limits.ts';
import { quoteRoutes } from './http/quote-routes.ts';
import { profileRoutes, sessionRoutes } from './http/session-routes.ts';
import type { DaySource } from './market/day-tape.ts';
import { createSandboxClock } from './market/sandbox-clock.ts';
import { firstTape, type PlayedMarket, playMarket } from './market/sandbox-market.ts';
import { createOrders, type Orders, type OrdersOptions } from './orders/orders.ts';
import { createPostbacks } from './postbacks/postbacks.ts';
import type { OrderRow } from './ticker/order-frames.ts';
import { createTickerServer } from './ticker/ticker-server.ts';

/** Loopback only: nothing outside this computer reaches the sandbox. */
const host = '127.0.0.1';

export interface SandboxOptions {
  /** Real time; a clock that is moved by hand in tests. */
  readonly base: TimerClock;
  readonly days: DaySource;
  readonly rulebook: Rulebook;
  /** Whole number; the same seed gives the same prints and the same faults. */
  readonly seed: number;
  /** First day that is played, or the first stored one after it. */
  readonly dayNumber: number;
  /** Minute of that day at which the clock begins, India time; the opening when left out. */
  readonly minute?: number | undefined;
  /** Sandbox seconds in a second. */
  readonly speed: number;
  readonly paused?: boolean | undefined;
  /** 0 takes a free one. */
  readonly port: number;
  /** Stands before every path, such as `/oms`. */
  readonly prefix?: string | undefined;
  readonly accounts: readonly Account[];
  /** Off for programs that are not to be held up by limits. */
  readonly limits?: boolean | undefined;
  /** Refuses orders as if this computer were not on the app's list. */
  readonly staticIpRefused?: boolean | undefined;
  readonly autoLogin?: boolean | undefined;
  /** Nights between stored days are leapt over unless they run. */
  readonly overnight?: 'leap' | 'run' | undefined;
  readonly faults?: readonly FaultRule[] | undefined;
  /** What a client has to know to steer the sandbox; nothing when left out. */
  readonly secret?: string | undefined;
  /** Called when a client asks the sandbox to come down; closing is the owner's to do. */
  readonly onDown?: (() => void) | undefined;
  /** Cash, holdings, auctions and ways of the broker; usual ones when left out. */
  readonly broker?: Omit<OrdersOptions, 'market' | 'rulebook' | 'verdictOf'> | undefined;
  /** Told of failures inside, which a client only sees as status 500. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
  /** Told of every request to Kite once it is over. */
  readonly onRequest?: ((request: ServedRequest) => void) | undefined;
}

export interface Sandbox {
  /** `http://127.0.0.1:…`, the root URL of a Kite client. */
  readonly url: string;
  /** `ws://127.0.0.1:…`, the root of its ticker. */
  readonly wsUrl: string;
  readonly port: number;
  readonly market: PlayedMarket;
  readonly accounts: Accounts;
  readonly faults: FaultPlan;
  /** Tells an update of an order to the sockets of its user and to the account's postback URL. */
  orderUpdate(userId: string, row: OrderRow & { readonly status: string }): void;
  /** Its changes go to the sockets of the order's user and to the account's postback URL. */
  readonly orders: Orders;
  close(): Promise<void>;
}

/**
 * An exchange and a broker on this computer that speak Kite's protocol and play a stored day. Resolves when it can be reached.
 *
 * @throws DataError DATA_MISSING when nothing is stored on or after the day
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { base, days, rulebook, seed, speed, paused = false } = options;
  const tape = await firstTape(days, options.dayNumber);
  const start = options.minute === undefined ? tape.open : instantOf(tape.dayNumber, options.minute);
  const clock = createSandboxClock({ base, start: Math.min(start, tape.open), speed: 0 });
  const { overnight = 'leap' } = options;
  const market = playMarket({ clock, days, tape, seed, overnight, entered: start });
  const accounts = createAccounts({ accounts: options.accounts, clock, base });
  const faults = createFaultPlan({ seed, clock, rules: options.faults ?? [] });
  const appOf = (userId: string) => {
    const account = accounts.byUser(userId);
    return account && { appId: 1, apiSecret: account.apiSecret, postbackUrl: account.postbackUrl };
  };
  const ticker = createTickerServer({
    market,
    faults,
    beat: base,
    authenticate(apiKey, accessToken) {
      const session = accounts.session(apiKey, accessToken);
      return session && { userId: session.account.userId };
    },
    app: appOf,
  });
  const postbacks = createPostbacks({ clock, faults, app: appOf });
  const orders = createOrders({
    ...options.broker,
    market,
    rulebook,
    verdictOf: (userId) => faults.order(userId),
  });
  const orderUpdate: Sandbox['orderUpdate'] = (userId, row) => {
    ticker.orderUpdate(userId, row);
    postbacks.orderUpdate(userId, row);
  };
  orders.onOrder(orderUpdate);
  const staticIp = { refused: options.staticIpRefused ?? false };
  const count = createLimits({ base, dayNumber: () => market.dayNumber });
  const server = createKiteServer({
    routes: [
      ...profileRoutes(accounts),
      ...quoteRoutes(market),
      ...instrumentRoutes(market),
      ...fundRoutes(),
      ...historicalRoutes({ market, days, calendar: rulebook.calendar }),
      ...orders.routes,
    ],
    openRoutes: sessionRoutes(accounts),
    accounts,
    faults,
    clock,
    prefix: options.prefix ?? '',
    count: options.limits === false ? () => undefined : count,
    staticIpRefused: () => staticIp.refused,
    autoLogin: options.autoLogin ?? false,
    control: createControl({
      ...{ market, accounts, faults, speed, staticIp },
      sockets: () => ticker.connections,
      down: () => options.onDown?.(),
    }),
    secret: options.secret,
    onFailure: options.onFailure ?? (() => undefined),
    base,
    onRequest: options.onRequest ?? (() => undefined),
  });
  server.on('upgrade', (request, socket, head) => {
    if (!isOwnName(request.headers.host)) socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
    else ticker.upgrade(request, socket, head);
  });
  // Everything is told from the first print on; a day that is entered late has had its morning.
  clock.step(Math.max(0, start - clock.now()));
  if (!paused) clock.setSpeed(speed);
  const port = await listening(server, options.port);

  return {
    url: `http://${host}:${port}`,
    wsUrl: `ws://${host}:${port}`,
    port,
    market,
    accounts,
    faults,
    orders,
    orderUpdate,
    async close() {
      clock.setSpeed(0);
      orders.close();
      market.close();
      ticker.close();
      await postbacks.close();
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
    },
  };
}

function listening(server: ReturnType<typeof createKiteServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
