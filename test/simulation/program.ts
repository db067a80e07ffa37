import { createKiteClient } from '#src/adapters/kite/kite-client.ts';
import { KiteFeed } from '#src/adapters/kite/kite-feed.ts';
import { systemClock } from '#src/adapters/system/system-clock.ts';
import { systemWaiting } from '#src/adapters/system/waiting.ts';
import type { BrokerDoor } from '#src/app/broker-door.ts';
import type { Context } from '#src/app/context.ts';
import { kiteCandles } from '#src/app/kite-candles.ts';
import { live } from '#src/app/live.ts';
import { armLive } from '#src/app/live-consent.ts';
import { codeOf, messageOf } from '#src/domain/errors.ts';
import type { SessionReport } from '#src/reports/session-text.ts';
import type { Plan } from './plan.ts';
import { simulatedRoot } from './simulated-disk.ts';
import type { SimulatedKite } from './simulated-kite.ts';
import { type RestFaults, type SentRequest, SimulatedWire } from './simulated-wire.ts';
import { ProcessDied, type World } from './world.ts';

const secondMs = 1_000;
export const userId = 'AB1234';
export const streamName = userId.toLowerCase();
export const journalFolder = `${simulatedRoot}/data/journal/live/${streamName}`;

/** How a life of the program ended by itself. */
export interface Ending {
  readonly report: SessionReport | undefined;
  readonly error: unknown;
}

/**
 * The program as a user starts it: `algo live` with its three consents, from the lock and the recovery to the end of the day. Of it only
 * the computer beneath and Kite's servers are simulated.
 */
export class Program {
  readonly context: Context;
  readonly notes: { readonly at: number; readonly text: string }[] = [];
  rest: RestFaults;
  onSent: (request: SentRequest) => void = () => undefined;
  onEnd: (ending: Ending) => void = () => undefined;
  readonly #world: World;
  readonly #plan: Plan;
  readonly #kite: SimulatedKite;
  readonly #wireDraw: () => number;
  #stop = new AbortController();
  #wires: SimulatedWire[] = [];
  /** Tokens that Kite takes at the moment, and the newest that a login gave. */
  token = 'day1';
  login = 'day1';

  constructor(world: World, plan: Plan, kite: SimulatedKite, root: string) {
    this.#world = world;
    this.#plan = plan;
    this.#kite = kite;
    this.rest = plan.rest;
    this.#wireDraw = world.chance('wire');
    const silent = () => undefined;
    const note = (text: string) => {
      if (!world.alive) return;
      this.notes.push({ at: world.mono, text });
      world.trace(`program says: ${text}`);
    };
    this.context = {
      folders: {
        root,
        home: simulatedRoot,
        data: `${simulatedRoot}/data`,
        cache: `${simulatedRoot}/data/cache`,
      },
      config: plan.config,
      output: { progress: () => ({ step: silent, done: silent }), warn: note, note },
      clock: systemClock,
      log: { error: silent, warn: silent, info: silent, debug: silent, flush: async () => undefined },
    };
  }

  start(): void {
    const world = this.#world;
    world.lives += 1;
    world.life = world.lives;
    const { life } = world;
    this.#wires = [];
    this.#stop = new AbortController();
    world.trace(`program starts, life ${life}`);
    const { instruments, strategies, params, untilClock } = this.#plan;
    const ended = (ending: Ending) => {
      if (world.life !== life) return;
      this.onEnd(ending);
    };
    try {
      if (life === 1) armLive(this.context, this.#session(), userId);
    } catch (error) {
      ended({ report: undefined, error });
      return;
    }
    live(
      this.context,
      {
        ...{ universe: instruments.map(({ key }) => key), strategies, params, timeframe: '1m' },
        ...{ feed: 'kite', speed: '1x', warmUpDays: 1, stream: 'main', until: untilClock, confirm: userId },
      },
      this.#stop.signal,
      async () => this.#door(),
    ).then(
      (report) => ended({ report, error: undefined }),
      (error) => {
        if (!(error instanceof ProcessDied)) ended({ report: undefined, error });
      },
    );
  }

  /** As Ctrl-C does. */
  askToStop(): void {
    this.#stop.abort();
  }

  calm(faults: RestFaults): void {
    this.rest = faults;
    for (const wire of this.#wires) wire.faults = faults;
  }

  #session() {
    return {
      ...{ profile: 'main', apiKey: 'key', accessToken: this.login, userId, prefix: '', sandbox: false },
      ...{ root: 'https://api.kite.trade', wsRoot: 'wss://ws.kite.trade', expiry: null },
    };
  }

  #door(): BrokerDoor {
    const world = this.#world;
    const taken = (token: string) => token === this.token;
    let session = this.#session();
    const client = () => {
      const wire = new SimulatedWire(world, this.#kite, taken, this.#wireDraw);
      wire.faults = this.rest;
      wire.onSent = (request) => this.onSent(request);
      this.#wires.push(wire);
      return createKiteClient({
        ...{ root: session.root, apiKey: session.apiKey, accessToken: session.accessToken },
        ...{ wire, clock: systemClock, waiting: systemWaiting },
      });
    };
    let data = client();
    return {
      session: () => session,
      clock: { ...systemClock, speed: 1, stop: () => undefined },
      base: systemClock,
      graceMs: () => 2 * secondMs,
      lists: () => Promise.reject(new Error('nobody asks for the lists of instruments')),
      found: this.#kite.market.listed.map(({ instrument, token }) => ({ instrument, token })) as never,
      candles: (tokens) =>
        kiteCandles(
          {
            now: async () => systemClock.now(),
            historical: (request) => data.historical(request),
            instruments: () => Promise.reject(new Error('nobody asks for the lists of instruments')),
          },
          tokens,
        ),
      stream(series, listener) {
        const { wsRoot, apiKey, accessToken } = session;
        const ticker = { wsRoot, apiKey, accessToken, clock: systemClock, random: systemWaiting.random };
        const feed = new KiteFeed(
          { ticker, series, clock: systemClock, graceMs: () => 2 * secondMs, ordered: false },
          listener,
        );
        feed.connect();
        return feed;
      },
      client,
      renewed: async () => {
        if (this.login === session.accessToken) return false;
        session = this.#session();
        data = client();
        return true;
      },
    };
  }
}

export function endingText({ report, error }: Ending): string {
  if (error !== undefined) return `${codeOf(error) ?? 'an error'}: ${messageOf(error)}`;
  if (report === undefined) return 'closed today';
  return `${report.ended ? 'the day ended' : 'stopped'}, ${report.trades.length} trades, hash ${report.hash.slice(0, 12)}`;
}
