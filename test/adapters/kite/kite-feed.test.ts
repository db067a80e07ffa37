import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ClosedBar, type FeedListener, KiteFeed } from '../../../src/adapters/kite/kite-feed.ts';
import type { BuiltBar } from '../../../src/domain/bar-builder.ts';
import type { BarSeries } from '../../../src/domain/bar-series.ts';
import { resample, sessionsOf } from '../../../src/domain/resample.ts';
import { instantOf, minuteMs, startOfDay } from '../../../src/domain/time.ts';
import type { Timeframe } from '../../../src/domain/timeframe.ts';
import type { Quote } from '../../../src/sandbox/market/market.ts';
import {
  accounts,
  type HeldSandbox,
  heldSandbox,
  inventedHistory,
  playedDay,
} from '../../support/held-sandbox.ts';
import { day, india } from '../../support/india.ts';
import { HeldClock } from '../../support/scripted-market.ts';

let history: Awaited<ReturnType<typeof inventedHistory>>;
let sandbox: HeldSandbox | undefined;
let feed: KiteFeed | undefined;
/** The market's time as the feed knows it; only the last bars of a day close by it. */
const clock = new HeldClock();
const played = day(playedDay);
/** The market goes before the feed's clock by as much as it is moved at a time. */
const graceMs = 6 * minuteMs;

beforeAll(async () => {
  history = await inventedHistory();
  clock.step(instantOf(played, 550) - clock.now());
});
afterAll(async () => {
  feed?.close();
  await sandbox?.close();
  await history.remove();
});

function sessionToken({ accounts: known }: HeldSandbox): string {
  const [{ apiKey, apiSecret }] = accounts;
  const requestToken = known.approve(apiKey);
  const checksum = createHash('sha256')
    .update(apiKey + requestToken + apiSecret)
    .digest('hex');
  return known.open({ apiKey, requestToken, checksum }).accessToken;
}

/** Nobody acknowledges a subscription: both ends get turns enough to have read it. */
async function subscribed(): Promise<void> {
  for (let turn = 0; turn < 25; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
}

async function until(fact: () => boolean): Promise<void> {
  while (!fact()) await new Promise((resolve) => setTimeout(resolve, 2));
}

function fedWith(
  { wsUrl, market, ...held }: HeldSandbox,
  keys: readonly { readonly key: string; readonly timeframe: Timeframe }[],
  listener: FeedListener,
  time = clock,
): KiteFeed {
  const { base } = held;
  const series = keys.map(({ key, timeframe }) => {
    const listed = market.byKey(key);
    if (!listed) throw new Error(`${key} is not listed`);
    return {
      token: listed.listing.token,
      timeframe,
      sessions: sessionsOf(india.calendar, listed.instrument),
    };
  });
  return new KiteFeed(
    {
      ticker: {
        wsRoot: wsUrl,
        apiKey: accounts[0].apiKey,
        accessToken: sessionToken({ wsUrl, market, ...held }),
        clock: base,
        random: () => 0.5,
      },
      ...{ series, clock: time, graceMs: () => graceMs, ordered: true },
    },
    listener,
  );
}

/** The newest print of an instrument has come; before the first there is none. */
function heardAll(fed: KiteFeed | undefined, quote: Quote | undefined, place: number): boolean {
  return quote === undefined || fed?.tickTime(place) === Math.floor(quote.time / 1_000) * 1_000;
}

function rowsOf(series: BarSeries): readonly Omit<BuiltBar, 'whole'>[] {
  return Array.from({ length: series.length }, (_, row) => ({
    time: series.time[row],
    open: series.open[row],
    high: series.high[row],
    low: series.low[row],
    close: series.close[row],
    volume: series.volume[row],
  }));
}

test('bars built from a day of ticks are the bars that history holds of the day', async () => {
  sandbox = await heldSandbox(history.store, { minute: 9 * 60 + 10 });
  const wanted = [
    { key: 'NSE:ZAVORI', timeframe: '1m' },
    { key: 'NSE:ZAVORI', timeframe: '15m' },
    { key: 'NSE:INDEX', timeframe: '5m' },
    { key: 'NSE:ZAVORI', timeframe: 'day' },
  ] as const;
  const built: BuiltBar[][] = wanted.map(() => []);
  const instants: number[] = [];
  let heard = false;
  feed = fedWith(sandbox, wanted, {
    closed(time: number, bars: readonly ClosedBar[]) {
      instants.push(time);
      for (const { place, bar } of bars) built[place]?.push(bar);
    },
    hearing: (now) => {
      heard = now;
    },
    tokenDead: () => undefined,
  });
  feed.connect();
  await until(() => heard);
  await subscribed();
  const { market } = sandbox;
  for (let minute = 555; minute <= 930; minute += 5) {
    market.clock.step(instantOf(played, minute) - market.clock.now());
    await until(() => wanted.every(({ key }, place) => heardAll(feed, market.quote(key), place)));
    clock.step(instantOf(played, minute) - clock.now());
  }
  clock.step(2 * graceMs);
  const span = { from: startOfDay(played), to: startOfDay(played + 1) };
  for (const [place, { key, timeframe }] of wanted.entries()) {
    const stored = await history.store.load(key.replace('NSE', 'SYN'), '1m', span);
    const listed = market.byKey(key);
    const sessions = listed && sessionsOf(india.calendar, listed.instrument);
    const expected = rowsOf(resample(stored, timeframe, sessions).series);
    expect(expected.length).toBeGreaterThan(0);
    expect(built[place]).toEqual(expected.map((bar) => ({ ...bar, whole: true })));
  }
  expect(instants).toEqual([...new Set(instants)].sort((a, b) => a - b));
  expect(feed.counts.late).toBe(0);
});

test('a session that comes late begins with the packet before the mode, and builds the bars after', async () => {
  const late = await heldSandbox(history.store, { minute: 9 * 60 + 10 });
  const { market } = late;
  market.clock.step(instantOf(played, 620) + 30_000 - market.clock.now());
  const time = new HeldClock();
  time.step(market.clock.now() - time.now());
  const bars: BuiltBar[] = [];
  let heard = false;
  const listening = fedWith(
    late,
    [{ key: 'NSE:ZAVORI', timeframe: '1m' }],
    {
      closed: (_, closed) => bars.push(...closed.map(({ bar }) => bar)),
      hearing: (now) => {
        heard = now;
      },
      tokenDead: () => undefined,
    },
    time,
  );
  listening.connect();
  await until(() => heard && heardAll(listening, market.quote('NSE:ZAVORI'), 0));
  for (let step = 0; step < 4; step++) {
    market.clock.step(minuteMs);
    await until(() => heardAll(listening, market.quote('NSE:ZAVORI'), 0));
    time.step(minuteMs);
  }
  listening.close();
  await late.close();
  expect(bars.map(({ time: opened, whole }) => [opened, whole])).toEqual([
    [instantOf(played, 620), false],
    [instantOf(played, 621), true],
    [instantOf(played, 622), true],
    [instantOf(played, 623), true],
  ]);
  expect(listening.counts).toMatchObject({ late: 0, ahead: 0 });
});

test('a connection that broke is told, and so is that it came back', async () => {
  const broken = await heldSandbox(history.store, { minute: 9 * 60 + 10 });
  const hearing: string[] = [];
  const other = fedWith(broken, [{ key: 'NSE:ZAVORI', timeframe: '1m' }], {
    closed: () => undefined,
    hearing: (heard, loss) => hearing.push(`${heard} ${loss ?? ''}`),
    tokenDead: () => hearing.push('token dead'),
  });
  other.connect();
  await until(() => hearing.length === 1);
  broken.faults.set({ name: 'socket-close', count: 1 });
  broken.market.clock.step(6 * minuteMs);
  await until(() => hearing.length >= 2);
  other.close();
  await broken.close();
  expect(hearing.slice(0, 2)).toEqual(['true ', 'false closed']);
});
