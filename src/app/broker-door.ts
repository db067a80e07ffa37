import type { KiteClient } from '../adapters/kite/kite-client.ts';
import { type FedSeries, type FeedListener, KiteFeed } from '../adapters/kite/kite-feed.ts';
import type { FrameRecorder } from '../adapters/kite/ticker-line.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { systemWaiting } from '../adapters/system/waiting.ts';
import { codeOf } from '../domain/errors.ts';
import type { InstrumentKey } from '../domain/instrument.ts';
import { secondMs } from '../domain/time.ts';
import type { CandleSource, TimerClock } from '../engine/ports.ts';
import type { BrokerLists, FoundInstrument } from './backfill-instruments.ts';
import { kiteData, todaysLists } from './backfill-kite.ts';
import type { Context } from './context.ts';
import { accountsOf } from './kite-accounts.ts';
import { kiteCandles } from './kite-candles.ts';
import { kiteClientFor } from './kite-client.ts';
import { loginDoors } from './kite-doors.ts';
import { type KiteSession, openKiteSession } from './kite-session.ts';
import { login } from './login.ts';
import { type MarketClock, marketClock } from './market-clock.ts';
import { sandboxAccount } from './profile.ts';
import { sandboxAddress } from './sandbox-notice.ts';
import { sandboxState } from './sandbox-state.ts';

/** How long a bar waits for trades that come late. Milliseconds of the market's time. */
const graceMs = 2 * secondMs;

/** What a session has of its broker. */
export interface BrokerDoor {
  readonly session: () => KiteSession;
  readonly clock: MarketClock;
  /** This computer's time, by which answers are waited for; a rehearsal may hurry. */
  readonly base: TimerClock;
  readonly graceMs: () => number;
  readonly lists: () => Promise<BrokerLists>;
  candles(tokens: ReadonlyMap<InstrumentKey, number>): CandleSource;
  stream(series: readonly FedSeries[], listener: FeedListener, recorder?: FrameRecorder): KiteFeed;
  /** What is traded, where nobody has to be asked. */
  readonly found?: readonly FoundInstrument[];
  /** Kite's client for the session that is in use. */
  client(): KiteClient;
  /** Whether a login has taken the place of the one that was used last. */
  renewed(): Promise<boolean>;
}

/**
 * Kite for the account that is meant, or the sandbox of this home, at which nobody has to log in first.
 *
 * @throws AuthError; BrokerError BROKER_SANDBOX_AWAY when none runs
 */
export async function brokerDoor(
  context: Context,
  { feed, account }: { readonly feed: 'kite' | 'sandbox'; readonly account?: string | undefined },
): Promise<BrokerDoor> {
  const sandbox = feed === 'sandbox';
  const chosen = { account: sandbox ? sandboxAccount : account };
  const clock = await clockOfFeed(context, feed);
  let session = sandbox ? await sandboxSession(context) : await openKiteSession(context, chosen);
  let data = kiteData(context, session);
  // What this computer needs to hear a tick is longer in the time of a market that hurries.
  const patience = () => graceMs * Math.max(1, clock.speed);
  return {
    session: () => session,
    clock,
    base: systemClock,
    client: () => kiteClientFor(context, session),
    graceMs: patience,
    lists: () => todaysLists(context, data, session.sandbox),
    candles: (tokens) => ({
      ...kiteCandles({ ...data, historical: (request) => data.historical(request) }, tokens),
      now: async () => clock.now(),
    }),
    stream(series, listener, recorder) {
      const { wsRoot, apiKey, accessToken } = session;
      const ticker = {
        ...{ wsRoot, apiKey, accessToken, clock: systemClock },
        random: systemWaiting.random,
        recorder,
      };
      const opened = new KiteFeed(
        { ticker, series, clock, graceMs: patience, ordered: session.sandbox },
        listener,
      );
      opened.connect();
      return opened;
    },
    async renewed() {
      try {
        const now = await openKiteSession(context, chosen);
        if (now.accessToken === session.accessToken) return false;
        session = now;
        data = kiteData(context, session);
        return true;
      } catch (error) {
        // Nobody has logged in yet, or the sandbox is away: it is asked again.
        if (['AUTH_LOGIN', 'AUTH_SANDBOX', 'BROKER_UNREACHABLE'].includes(codeOf(error) ?? '')) return false;
        throw error;
      }
    },
  };
}

/** The time by which a feed's market lives: this computer's, or the sandbox's own. @throws BrokerError BROKER_SANDBOX_AWAY */
export async function clockOfFeed(context: Context, feed: 'kite' | 'sandbox'): Promise<MarketClock> {
  if (feed === 'sandbox') return clockOfSandbox(context);
  return { ...systemClock, speed: 1, stop: () => undefined };
}

async function clockOfSandbox(context: Context): Promise<MarketClock> {
  const address = sandboxAddress(context.folders, undefined);
  return marketClock(systemClock, async () => {
    const { now, speed, paused } = await sandboxState(address);
    return { now: Date.parse(now), speed: paused ? 0 : speed };
  });
}

/** A session with the sandbox asks nobody: the one that there is, or a new one. The account that is in use stays in use. */
async function sandboxSession(context: Context): Promise<KiteSession> {
  const accounts = accountsOf(context);
  const { current } = await accounts.list();
  try {
    const session = await openKiteSession(context, { account: sandboxAccount });
    await kiteClientFor(context, session).profile();
    return session;
  } catch (error) {
    if (!noSession.includes(codeOf(error) ?? '')) throw error;
  }
  const request = { sandbox: true, paste: false, open: false };
  await login(context, request, loginDoors(context));
  if (current !== null && current !== sandboxAccount) await accounts.use(current);
  return openKiteSession(context, { account: sandboxAccount });
}

/** There is none, it is dead, or it belongs to a sandbox that is gone. */
const noSession: readonly string[] = ['AUTH_LOGIN', 'AUTH_TOKEN', 'BROKER_UNREACHABLE', 'USAGE_ACCOUNT'];
