import { exitCodes, isAlgoError, messageOf } from '../domain/errors.ts';
import type { InstrumentKey } from '../domain/instrument.ts';
import { kiteRequestsPerSecond } from '../domain/kite-limits.ts';
import { minuteMs, secondMs } from '../domain/time.ts';
import type { Cancel, TimerClock } from '../engine/ports.ts';
import type { QuotePage, Watched } from '../reports/quote-text.ts';
import type { Context } from './context.ts';
import { type KiteSession, type SessionOptions, withKiteSession } from './kite-session.ts';
import type { PriceStream, StreamDoor } from './price-stream.ts';
import { type BrokerQuote, keysOf, pageOf, type QuoteDoor, type QuoteRequest } from './quote.ts';

export interface WatchRequest extends QuoteRequest {
  /** Ends the watch after so many pages; undefined never does. */
  readonly count: number | undefined;
}

export interface WatchOptions extends SessionOptions {
  readonly door: QuoteDoor;
  /** Without one every page is asked for. */
  readonly stream?: StreamDoor;
  readonly clock: TimerClock;
  /** A change is shown this long after the page before at the earliest. One without a change comes each second. */
  readonly pageMs?: number;
}

/** A page of a watch, which says besides what is new in it. */
export type WatchedPage = QuotePage & Watched;

/** A slow answer must not make the next request come early; and a broken line is told this often before the watch ends. */
const watchMs = secondMs / kiteRequestsPerSecond.quote;
const failuresMax = 10;
/** The stream does not tell circuits, which move within a day. */
const askAgainMs = minuteMs;

/**
 * Asks once, then shows what the broker sends by itself. While there is no such stream it asks once a second, as often as Kite allows;
 * a request that fails is told and tried again a second later, and ten in a row end the watch.
 */
export async function watchQuotes(
  context: Context,
  request: WatchRequest,
  { door, stream: openStream, clock, pageMs = watchMs, ...options }: WatchOptions,
  show: (page: WatchedPage) => void | Promise<void>,
): Promise<QuotePage> {
  const keys = await keysOf(context, request.words);
  return withKiteSession(context, { ...options, account: request.account }, async (session) => {
    const answers = new Answers(context, session, keys, door);
    const changes = new Changes(clock);
    const news = new News();
    let stream: PriceStream | undefined;
    try {
      for (let shown = 0; ; ) {
        const startedAt = clock.now();
        const asks = stream?.stands !== true || startedAt - answers.askedAt >= askAgainMs;
        if (!asks || (await answers.ask(startedAt))) {
          stream ??= openStream?.(session, answers.tokens, () => changes.came());
          const page = await pageOf(context, session, keys, answers.newest(stream));
          changes.seen();
          await show({
            ...page,
            fresh: news.of(page, stream?.stands !== true),
            trouble: stream?.trouble,
          });
          shown++;
          if (shown === request.count) return page;
        }
        await changes.wait(startedAt + watchMs, startedAt + (stream?.stands ? pageMs : watchMs));
      }
    } finally {
      stream?.close();
    }
  });
}

/** What the broker last answered. */
class Answers {
  askedAt = Number.NEGATIVE_INFINITY;
  #quotes: ReadonlyMap<string, BrokerQuote> = new Map();
  #failures = 0;
  readonly #context: Context;
  readonly #session: KiteSession;
  readonly #keys: readonly InstrumentKey[];
  readonly #door: QuoteDoor;

  constructor(context: Context, session: KiteSession, keys: readonly InstrumentKey[], door: QuoteDoor) {
    this.#context = context;
    this.#session = session;
    this.#keys = keys;
    this.#door = door;
  }

  get tokens(): number[] {
    return [...this.#quotes.values()].map(({ token }) => token);
  }

  /** False when the broker could not be reached. @throws what is no matter of trying again, and the tenth failure in a row */
  async ask(now: number): Promise<boolean> {
    try {
      this.#quotes = await this.#door.quote(this.#session, this.#keys);
      this.askedAt = now;
      this.#failures = 0;
      return true;
    } catch (error) {
      this.#failures++;
      if (!isAlgoError(error) || error.exitCode !== exitCodes.broker || this.#failures >= failuresMax)
        throw error;
      this.#context.output.warn(`${messageOf(error)} Asking again.`);
      return false;
    }
  }

  newest(stream: PriceStream | undefined): ReadonlyMap<string, BrokerQuote> {
    if (!stream) return this.#quotes;
    return new Map([...this.#quotes].map(([key, quote]) => [key, stream.newer(quote)]));
  }
}

/** What a reader of the page before does not know yet. */
class News {
  readonly #shown = new Map<string, string>();

  /** `all` where an answer to a question is shown, which is news in itself. */
  of({ quotes }: QuotePage, all: boolean): Set<string> {
    const fresh = new Set<string>();
    for (const quote of quotes) {
      const text = JSON.stringify({ ...quote, ageSeconds: null });
      if (all || this.#shown.get(quote.symbol) !== text) fresh.add(quote.symbol);
      this.#shown.set(quote.symbol, text);
    }
    return fresh;
  }
}

/** Whether a tick has come, and the wait for one. */
class Changes {
  #any = false;
  readonly #clock: TimerClock;
  #woken: () => void = () => undefined;

  constructor(clock: TimerClock) {
    this.#clock = clock;
  }

  came(): void {
    this.#any = true;
    this.#woken();
  }

  seen(): void {
    this.#any = false;
  }

  /** Until `latest`, or the first change from `earliest` on. */
  async wait(latest: number, earliest: number): Promise<void> {
    const timers: Cancel[] = [];
    await new Promise<void>((wake) => {
      timers.push(this.#clock.at(latest, wake));
      if (earliest >= latest) return;
      timers.push(
        this.#clock.at(earliest, () => {
          this.#woken = wake;
          if (this.#any) wake();
        }),
      );
    });
    for (const cancel of timers) cancel();
    this.#woken = () => undefined;
  }
}
