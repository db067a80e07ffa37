import { createHash } from 'node:crypto';
import { createKiteClient, type KiteClient } from '../adapters/kite/kite-client.ts';
import { KiteFeed } from '../adapters/kite/kite-feed.ts';
import { createWire } from '../adapters/kite/send-request.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { systemWaiting } from '../adapters/system/waiting.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Account } from '../sandbox/http/accounts.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { BrokerLists } from './backfill-instruments.ts';
import type { BrokerDoor } from './broker-door.ts';
import { kiteCandles } from './kite-candles.ts';
import { hurried, type SteppedClock } from './stepped-clock.ts';

/** Waiting for the broker is so many times as short: limits and polls would take longer than the day. */
const hurry = 20;
/** No clock of a rehearsal runs while ticks are on their way, so a bar waits for none. */
const graceMs = () => 0;

/** A session's way to the market of a rehearsal, and what has passed through it. */
export interface RehearsalDoor extends BrokerDoor {
  readonly heard: {
    /** Everything that was asked for is heard. */
    hearing: boolean;
    /** The newest instant whose bars the stream gave. */
    closedUntil: EpochMs;
    /** The newest tick of an instrument; undefined for one that is not asked for. */
    newest(token: number): { readonly time: EpochMs; readonly volume: number } | undefined;
  };
  /** Requests that have not been answered. */
  readonly underWay: () => number;
}

/** A door at the sandbox for one of its accounts, whose session is new. */
export function rehearsalDoor(
  sandbox: Sandbox,
  {
    account,
    clock,
    lists,
  }: {
    readonly account: Account;
    readonly clock: SteppedClock;
    readonly lists: (client: KiteClient) => Promise<BrokerLists>;
  },
): RehearsalDoor {
  const { apiKey, userId } = account;
  const { accessToken } = login(sandbox, account);
  const session = {
    ...{ profile: 'rehearsal', apiKey, userId, accessToken, root: sandbox.url, wsRoot: sandbox.wsUrl },
    ...{ prefix: '', sandbox: true, expiry: null },
  };
  let underWay = 0;
  const waiting = { ...systemWaiting, sleep: (ms: number) => systemWaiting.sleep(ms / hurry) };
  const base = hurried(systemClock, hurry);
  const client = counted(
    createKiteClient({ ...session, wire: createWire({}), clock: base, waiting }),
    (change) => {
      underWay += change;
    },
  );
  const heard: RehearsalDoor['heard'] = {
    hearing: false,
    closedUntil: Number.NEGATIVE_INFINITY,
    newest: () => undefined,
  };
  return {
    ...{ heard, clock, base, graceMs },
    underWay: () => underWay,
    session: () => session,
    client: () => client,
    lists: () => lists(client),
    candles: (tokens) =>
      kiteCandles(
        {
          now: async () => clock.now(),
          historical: (request) => client.historical(request),
          instruments: async () => (await client.instruments()).csv,
        },
        tokens,
      ),
    stream(series, listener) {
      const ticker = {
        ...{ wsRoot: sandbox.wsUrl, apiKey, accessToken, clock: systemClock },
        random: systemWaiting.random,
      };
      const feed = new KiteFeed(
        { ticker, series, clock, graceMs, ordered: true },
        {
          ...listener,
          closed(time, bars) {
            heard.closedUntil = time;
            listener.closed(time, bars);
          },
          hearing(hearing, loss) {
            heard.hearing = hearing;
            listener.hearing(hearing, loss);
          },
        },
      );
      const places = new Map(series.map(({ token }, place) => [token, place]));
      heard.newest = (token) => {
        const place = places.get(token);
        return place === undefined ? undefined : { time: feed.tickTime(place), volume: feed.volume(place) };
      };
      feed.connect();
      return feed;
    },
    renewed: async () => false,
  };
}

function login({ accounts }: Sandbox, { apiKey, apiSecret }: Account) {
  const requestToken = accounts.approve(apiKey);
  const checksum = createHash('sha256')
    .update(apiKey + requestToken + apiSecret)
    .digest('hex');
  return accounts.open({ apiKey, requestToken, checksum });
}

/** The same client, with each call told when it begins (+1) and when it is over (-1). */
function counted(client: KiteClient, tell: (change: 1 | -1) => void): KiteClient {
  return new Proxy(client, {
    get(target, name) {
      const deed: unknown = Reflect.get(target, name);
      if (typeof deed !== 'function') return deed;
      return async (...given: readonly unknown[]) => {
        tell(1);
        try {
          return await deed.apply(target, given);
        } finally {
          tell(-1);
        }
      };
    },
  });
}
