import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KiteFeed } from '#src/adapters/kite/kite-feed.ts';
import { systemClock } from '#src/adapters/system/system-clock.ts';
import { kiteData, todaysLists } from '#src/app/backfill-kite.ts';
import type { BrokerDoor } from '#src/app/broker-door.ts';
import { kiteCandles } from '#src/app/kite-candles.ts';
import { kiteClientFor } from '#src/app/kite-client.ts';
import type { OpenContext } from '#src/app/open-context.ts';
import type { InstrumentKey } from '#src/domain/instrument.ts';
import { instantOf, minuteMs, secondMs } from '#src/domain/time.ts';
import { accounts, type HeldSandbox, playedDay } from './held-sandbox.ts';
import { day } from './india.ts';
import { HeldClock } from './scripted-market.ts';

const played = day(playedDay);
/** Steps of the market; the session's clock follows when its ticks were heard and its bars told. */
const stepMinutes = 5;

/** A session on the stream of a sandbox that is moved by hand, with a journal that can be read along. */
export class Rehearsal {
  readonly #keys: readonly InstrumentKey[];
  readonly context: OpenContext;
  readonly sandbox: HeldSandbox;
  readonly clock = new HeldClock();
  readonly tokens = new Map<InstrumentKey, number>();
  feed: KiteFeed | undefined;
  heard = false;
  stream = '';
  #closed = Number.NEGATIVE_INFINITY;
  #marked = Number.NEGATIVE_INFINITY;
  #read = 0;
  accessToken: string;

  constructor(context: OpenContext, sandbox: HeldSandbox, keys: readonly InstrumentKey[]) {
    this.#keys = keys;
    this.context = context;
    this.sandbox = sandbox;
    this.accessToken = this.login();
    this.clock.step(sandbox.market.clock.now() - this.clock.now());
    for (const { listing, instrument } of sandbox.market.listed)
      this.tokens.set(instrument.key, listing.token);
  }

  login(): string {
    const [{ apiKey, apiSecret }] = accounts;
    const requestToken = this.sandbox.accounts.approve(apiKey);
    const checksum = createHash('sha256')
      .update(apiKey + requestToken + apiSecret)
      .digest('hex');
    return this.sandbox.accounts.open({ apiKey, requestToken, checksum }).accessToken;
  }

  readonly door = async (): Promise<BrokerDoor> => {
    const { sandbox, clock, context, accessToken } = this;
    const session = {
      ...{ profile: 'sandbox', apiKey: accounts[0].apiKey, userId: accounts[0].userId, accessToken },
      ...{ root: sandbox.url, wsRoot: sandbox.wsUrl, prefix: '', sandbox: true, expiry: null },
    };
    const data = kiteData(context, session);
    return {
      session: () => session,
      clock: Object.assign(Object.create(clock), {
        speed: 1,
        stop: () => undefined,
        now: () => clock.now(),
        at: (time: number, wake: () => void) => clock.at(time, wake),
      }),
      graceMs: () => (stepMinutes + 1) * minuteMs,
      base: systemClock,
      client: () => kiteClientFor(context, { ...session, accessToken: this.accessToken }),
      lists: () => todaysLists(context, data, true),
      candles: (tokens) => ({ ...kiteCandles(data, tokens), now: async () => clock.now() }),
      stream: (series, listener, recorder) => {
        this.feed = new KiteFeed(
          {
            ticker: {
              ...{ wsRoot: sandbox.wsUrl, apiKey: session.apiKey, accessToken: this.accessToken },
              ...{ clock: sandbox.base, random: () => 0.5, recorder },
            },
            ...{ series, clock, ordered: true },
            graceMs: () => (stepMinutes + 1) * minuteMs,
          },
          {
            ...listener,
            closed: (time, bars) => {
              this.#closed = time;
              listener.closed(time, bars);
            },
            hearing: (heard, loss) => {
              this.heard = heard;
              listener.hearing(heard, loss);
            },
          },
        );
        this.feed.connect();
        return this.feed;
      },
      renewed: async () => {
        this.accessToken = this.login();
        return true;
      },
    };
  };

  /** `work` runs the session; `stream` is where its journal is, such as `paper/main`. */
  begin<T>(stream: string, work: (signal: AbortSignal) => Promise<T>) {
    const stop = new AbortController();
    this.stream = stream;
    this.heard = false;
    return { stop, report: work(stop.signal) };
  }

  async listening(): Promise<void> {
    await until(() => this.heard);
    // Nobody acknowledges a subscription: both ends get turns enough to have read it.
    for (let turn = 0; turn < 25; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  /** The market goes on to a minute of the day, the session with it. */
  async playTo(minute: number, settled: () => boolean = () => true): Promise<void> {
    const { market } = this.sandbox;
    const end = instantOf(played, minute);
    while (market.clock.now() < end) {
      market.clock.step(Math.min(stepMinutes * minuteMs, end - market.clock.now()));
      await until(() => this.#keys.every((key, place) => this.#heardAll(key, place)));
      await until(() => this.#told() >= this.#closed && settled());
      this.clock.step(market.clock.now() - this.clock.now());
    }
  }

  /** The newest instant that the session has marked, by what its journal has grown by. */
  #told(): number {
    if (!existsSync(this.#journal)) return this.#marked;
    const text = readFileSync(this.#journal, 'utf8').slice(this.#read);
    const whole = text.lastIndexOf('\n') + 1;
    this.#read += whole;
    for (const line of text.slice(0, whole).split('\n'))
      if (line.includes('"t":"mark"')) this.#marked = JSON.parse(line).time;
    return this.#marked;
  }

  get #journal(): string {
    return join(this.context.folders.data, 'journal', this.stream, '000001.ndjson');
  }

  #heardAll(key: string, place: number): boolean {
    const quote = this.sandbox.market.quote(key);
    if (quote === undefined) return true;
    return this.feed?.tickTime(place) === Math.floor(quote.time / secondMs) * secondMs;
  }

  records(): readonly { t: string; [field: string]: unknown }[] {
    const lines = readFileSync(this.#journal, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line));
  }
}

export async function until(fact: () => boolean): Promise<void> {
  while (!fact()) await new Promise((resolve) => setTimeout(resolve, 2));
}
