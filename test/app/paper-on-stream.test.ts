import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KiteFeed } from '../../src/adapters/kite/kite-feed.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { backfillFrom, knownInstruments } from '../../src/app/backfill.ts';
import { kiteData, todaysLists } from '../../src/app/backfill-kite.ts';
import type { BrokerDoor } from '../../src/app/broker-door.ts';
import { dataGenerate } from '../../src/app/data-generate.ts';
import { kiteCandles } from '../../src/app/kite-candles.ts';
import { type OpenContext, openContext } from '../../src/app/open-context.ts';
import { historyOf } from '../../src/app/open-history.ts';
import { type PaperRequest, paper } from '../../src/app/paper.ts';
import { paperOnStream } from '../../src/app/paper-on-stream.ts';
import type { InstrumentKey } from '../../src/domain/instrument.ts';
import { instantOf, minuteMs, secondMs } from '../../src/domain/time.ts';
import type { PaperReport } from '../../src/reports/paper-text.ts';
import { accounts, type HeldSandbox, heldSandbox, playedDay } from '../support/held-sandbox.ts';
import { day, india } from '../support/india.ts';
import { HeldClock } from '../support/scripted-market.ts';

const played = day(playedDay);
const keys = ['NSE:ZAVORI', 'NSE:KENDRUM'];
const asked: PaperRequest = {
  universe: keys,
  strategies: ['ema20_50_intraday', 'vwap_filter'],
  params: ['fast=3', 'slow=8'],
  timeframe: '1m',
  feed: 'sandbox',
  speed: 'max',
  warmUpDays: 2,
  stream: 'main',
};
/** Steps of the market in the test; the session's clock follows when its ticks were heard. */
const stepMinutes = 5;

/** A session's end of a sandbox that plays the third of five invented days. */
class Rehearsal {
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

  constructor(context: OpenContext, sandbox: HeldSandbox) {
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
      lists: () => todaysLists(context, data, true),
      candles: (tokens) => ({ ...kiteCandles(data, tokens), now: async () => clock.now() }),
      stream: (series, listener) => {
        this.feed = new KiteFeed(
          {
            ticker: {
              ...{ wsRoot: sandbox.wsUrl, apiKey: session.apiKey, accessToken: this.accessToken },
              ...{ clock: sandbox.base, random: () => 0.5 },
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

  begin(stream: string) {
    const stop = new AbortController();
    this.stream = stream;
    this.heard = false;
    const report = paperOnStream(this.context, { ...asked, stream, feed: 'sandbox' }, stop.signal, this.door);
    return { stop, report };
  }

  async listening(): Promise<void> {
    await until(() => this.heard);
    // Nobody acknowledges a subscription: both ends get turns enough to have read it.
    for (let turn = 0; turn < 25; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  /** The market goes on to a minute of the day, the session with it. */
  async playTo(minute: number): Promise<void> {
    const { market } = this.sandbox;
    const end = instantOf(played, minute);
    while (market.clock.now() < end) {
      market.clock.step(Math.min(stepMinutes * minuteMs, end - market.clock.now()));
      await until(() => keys.every((key, place) => this.#heardAll(key, place)));
      await until(() => this.#told() >= this.#closed);
      this.clock.step(market.clock.now() - this.clock.now());
    }
  }

  /** The newest instant that the session has marked, by what its journal has grown by. */
  #told(): number {
    const text = readFileSync(this.#journal, 'utf8').slice(this.#read);
    const whole = text.lastIndexOf('\n') + 1;
    this.#read += whole;
    for (const line of text.slice(0, whole).split('\n'))
      if (line.includes('"t":"mark"')) this.#marked = JSON.parse(line).time;
    return this.#marked;
  }

  get #journal(): string {
    return join(this.context.folders.data, 'journal', 'paper', this.stream, '000001.ndjson');
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

async function until(fact: () => boolean): Promise<void> {
  while (!fact()) await new Promise((resolve) => setTimeout(resolve, 2));
}

let context: OpenContext;
const open: HeldSandbox[] = [];
beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'algo-stream-'));
  context = await openContext({ home, set: ['log.level=silent'], silent: true });
  const market = { seed: 7, from: '2026-09-01', days: 5, symbols: 2, timeframe: '1m' } as const;
  await dataGenerate({ store: historyOf(context), rulebook: india }, market);
});
afterAll(async () => {
  for (const sandbox of open) await sandbox.close();
  rmSync(context.folders.home, { recursive: true, force: true });
});

async function rehearsal(minute = 550): Promise<Rehearsal> {
  const sandbox = await heldSandbox(historyOf(context), { minute: 550, overnight: 'run' });
  sandbox.market.clock.step(instantOf(played, minute) - sandbox.market.clock.now());
  open.push(sandbox);
  return new Rehearsal(context, sandbox);
}

/** What a replay of the same bars makes of the day. */
async function replayed({ context, sandbox, accessToken, tokens }: Rehearsal): Promise<PaperReport> {
  const { apiKey } = accounts[0];
  const data = kiteData(context, { root: sandbox.url, prefix: '', apiKey, accessToken } as never);
  const store = historyOf(context);
  const known = await knownInstruments(store);
  const request = { timeframe: '1m', from: '2026-09-01', to: playedDay };
  await backfillFrom(
    context,
    { ...request, words: keys, continuous: false, dryRun: false, force: false },
    {
      ...{ store, calendar: india.calendar, keys, source: kiteCandles(data, tokens) },
      find: async (key) => {
        const listed = sandbox.market.byKey(key)?.instrument ?? known.get(key);
        if (!listed) throw new Error(key);
        return { ...listed, synthetic: true };
      },
    },
  );
  return paper(
    { ...context, clock: systemClock },
    { ...asked, feed: `replay:${playedDay}`, stream: 'replayed' },
    new AbortController().signal,
  );
}

describe('a paper session on a stream', () => {
  test('ends flat with the day, and has done what a replay of its bars does, to the last digit', async () => {
    const stage = await rehearsal();
    const { report } = stage.begin('day');
    await stage.listening();
    await stage.playTo(931);
    stage.clock.step(15 * minuteMs);
    const done = await report;
    expect(done).toMatchObject({ ended: true, overnight: false, synthetic: true, resumed: 0 });
    expect(done?.trades.length).toBeGreaterThan(5);
    const again = await replayed(stage);
    expect(done?.trades).toEqual(again.trades);
    expect(done?.hash).toBe(again.hash);
  });

  test('that stops and goes on takes what it missed from history, and opens nothing on it', async () => {
    const stage = await rehearsal();
    const first = stage.begin('twice');
    await stage.listening();
    await stage.playTo(640);
    first.stop.abort();
    expect(await first.report).toMatchObject({ ended: false, overnight: false });
    const { market } = stage.sandbox;
    market.clock.step(40 * minuteMs);
    stage.clock.step(40 * minuteMs);
    const second = stage.begin('twice');
    await stage.listening();
    await stage.playTo(931);
    stage.clock.step(15 * minuteMs);
    expect(await second.report).toMatchObject({ ended: true });
    const records = stage.records();
    const told = records.filter(({ t }) => t === 'bars').map(({ time }) => Number(time));
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
    expect(told.length).toBe(360);
    const away = { from: instantOf(played, 641), to: instantOf(played, 679) };
    const orders = records.filter(({ t }) => t === 'intent').map(({ order }) => Object(order));
    const entries = orders.filter(({ role }) => role === 'entry');
    expect(entries.length).toBeGreaterThan(5);
    expect(entries.filter(({ time }) => time >= away.from && time <= away.to)).toEqual([]);
    expect(new Set(orders.map(({ id }) => id)).size).toBe(orders.length);
    expect(records.some(({ t, code }) => t === 'halt' && code === 'HALT_START')).toBe(true);
  });
});
