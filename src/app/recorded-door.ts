import { type FedSeries, type FeedListener, KiteFeed } from '../adapters/kite/kite-feed.ts';
import type { Line, LineListener, TickerLoss } from '../adapters/kite/ticker-line.ts';
import type { FrameReader, RecordedFrame } from '../adapters/recordings/read-frames.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { BarSeries, renamedBars } from '../domain/bar-series.ts';
import { codeOf, InvariantError } from '../domain/errors.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { startOfDay } from '../domain/time.ts';
import type { CandleSource, HistoryStore } from '../engine/ports.ts';
import { onWire } from '../sandbox/market/wire-names.ts';
import type { BrokerDoor } from './broker-door.ts';
import { loadBars } from './history.ts';
import type { RecordingHead } from './recordings.ts';
import { SteppedClock } from './stepped-clock.ts';

/** Nights and pauses of a recording pass at once. Milliseconds. */
const gapMsMax = 60_000;

/** A recording in the place of a broker: its frames go through the ticker's own decoder and bar builder. */
export class RecordedDoor {
  readonly door: BrokerDoor;
  readonly #head: RecordingHead;
  readonly #reader: FrameReader;
  readonly #clock: SteppedClock;
  readonly #line = new RecordedLine();
  #now: number;
  /** Questions to the history that have not been answered, and whether there may be new ones. */
  #asked = 0;
  #news = true;

  constructor(
    { reader, head }: { readonly reader: FrameReader; readonly head: RecordingHead },
    {
      store,
      rulebook,
      base = systemClock,
    }: {
      readonly store: HistoryStore;
      readonly rulebook: Rulebook;
      readonly base?: typeof systemClock;
    },
  ) {
    this.#reader = reader;
    this.#head = head;
    this.#now = head.startedAt;
    this.#clock = new SteppedClock(() => this.#now, head.speed);
    this.#base = base;
    const session = {
      ...{ profile: 'recording', apiKey: '', userId: '', accessToken: '', root: '', wsRoot: '', prefix: '' },
      ...{ sandbox: head.sandbox, expiry: null },
    };
    const nobody = (): never => {
      throw new InvariantError('BUG_RECORDING', 'A recording has no broker to ask.');
    };
    this.door = {
      ...{ clock: this.#clock, base: this.#clock, found: head.market },
      session: () => session,
      client: nobody,
      graceMs: () => head.graceMs,
      lists: nobody,
      candles: () => this.#history(store, rulebook),
      stream: (series, listener) => this.#stream(series, listener),
      renewed: async () => false,
    };
  }
  readonly #base: typeof systemClock;

  /** Plays all of it once the session listens. `speed` is market seconds a second, infinite for no waiting. */
  async play(speed: number, over: () => boolean): Promise<void> {
    while (!this.#line.listener) {
      if (over()) return;
      await turn();
    }
    await this.#settled();
    for (let frame = this.#reader.next(); frame && !over(); frame = this.#reader.next()) {
      await this.#to(frame.time, speed);
      this.#tell(frame, this.#line.listener);
      if (this.#news) await this.#settled();
    }
    // The session was over when its recording was sealed; one that was cut off ends where it was cut.
    const { sealedAt = Number.NaN } = this.#reader.end ?? {};
    if (sealedAt > this.#now) await this.#to(sealedAt, speed);
    await this.#settled();
  }

  async #to(time: number, speed: number): Promise<void> {
    const gap = time - this.#now;
    if (Number.isFinite(speed) && gap > 0)
      await new Promise<void>((wake) =>
        this.#base.at(this.#base.now() + Math.min(gapMsMax, gap) / speed, wake),
      );
    this.#now = Math.max(this.#now, time);
    this.#clock.wakeDue();
    if (this.#news) await this.#settled();
  }

  #tell({ kind, content }: RecordedFrame, listener: LineListener): void {
    switch (kind) {
      case 'binary':
        listener.binary(content);
        return;
      case 'text':
        listener.text(content.toString('utf8'));
        return;
      case 'connections': {
        const { standing, wanted, loss } = JSON.parse(content.toString('utf8'));
        this.#line.stands = standing === wanted;
        listener.changed(loss === null ? undefined : (loss as TickerLoss));
        return;
      }
      default:
        kind satisfies never;
    }
  }

  /** The session has done what it had to about everything it was told. */
  async #settled(): Promise<void> {
    this.#news = false;
    do await turn();
    while (this.#asked > 0);
  }

  #stream(series: readonly FedSeries[], listener: FeedListener): KiteFeed {
    const feed = new KiteFeed(
      {
        ticker: {
          ...{ wsRoot: 'ws://127.0.0.1', apiKey: '', accessToken: '', clock: this.#clock, random: () => 0 },
          line: (ears) => {
            this.#line.listener = ears;
            return this.#line;
          },
        },
        ...{ series, clock: this.#clock, graceMs: () => this.#head.graceMs, ordered: this.#head.sandbox },
      },
      {
        ...listener,
        closed: (time, bars) => {
          this.#news = true;
          listener.closed(time, bars);
        },
        hearing: (heard, loss) => {
          this.#news = true;
          listener.hearing(heard, loss);
        },
      },
    );
    feed.connect();
    return feed;
  }

  /** Bars that the recording lacks, from the history of this home; what it does not hold either stays as it was heard. */
  #history(store: HistoryStore, { calendar }: Rulebook): CandleSource {
    return {
      ...{ name: 'history', parallel: 1, requestsPerSecond: 1_000 },
      spanDays: () => 100_000,
      firstDay: () => 0,
      now: async () => this.#now,
      candles: async ({ instrument, timeframe, days }) => {
        this.#asked += 1;
        try {
          const stored = (await store.instruments()).find((each) => onWire(each).key === instrument.key);
          const span = { from: startOfDay(days.from), to: startOfDay(days.to + 1) };
          const wanted = { instrument: stored ?? instrument, timeframe, span };
          return renamedBars((await loadBars(store, calendar, wanted)).series, instrument.key);
        } catch (error) {
          if (codeOf(error) !== 'DATA_MISSING') throw error;
          return new BarSeries(instrument.key, timeframe);
        } finally {
          this.#asked -= 1;
          this.#news = true;
        }
      },
    };
  }
}

/** The one connection that stands for all of a recording's. */
class RecordedLine implements Line {
  stands = false;
  listener: LineListener | undefined;
  readonly #tokens = new Set<number>();
  readonly room = Number.POSITIVE_INFINITY;

  get isEmpty(): boolean {
    return this.#tokens.size === 0;
  }
  carries(token: number): boolean {
    return this.#tokens.has(token);
  }
  subscribe(tokens: readonly number[]): void {
    for (const token of tokens) this.#tokens.add(token);
  }
  unsubscribe(tokens: readonly number[]): void {
    for (const token of tokens) this.#tokens.delete(token);
  }
  setMode(): void {}
  open(): void {}
  end(): void {
    this.stands = false;
  }
}

function turn(): Promise<void> {
  return new Promise((wake) => setImmediate(wake));
}
