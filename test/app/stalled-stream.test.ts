import { expect, test } from '@jest/globals';
import type { FeedListener } from '../../src/adapters/kite/kite-feed.ts';
import { runFeedSession } from '../../src/app/feed-session.ts';
import type { SessionPlayer } from '../../src/app/session-player.ts';
import { BarSeries } from '../../src/domain/bar-series.ts';
import { sessionsOf } from '../../src/domain/resample.ts';
import { instantOf, minuteMs, secondMs } from '../../src/domain/time.ts';
import { day, india, share } from '../support/india.ts';
import { HeldClock } from '../support/scripted-market.ts';

const today = day('2026-10-06');
const at = (minute: number) => instantOf(today, minute);

/** A session's doings on a stream that is moved by hand; history answers with a bar for each minute that has closed. */
function stage(minute: number) {
  const clock = new HeldClock();
  clock.step(at(minute) - clock.now());
  const told: number[] = [];
  const halts = new Map<string, string>();
  let listener: FeedListener | undefined;
  const series = new BarSeries('NSE:INFY', '1m');
  const player = {
    halts,
    get toldUntil() {
      return told.at(-1) ?? at(minute);
    },
    tell: (time: number) => told.push(time),
    halt: (code: string, why: string) => !halts.has(code) && Boolean(halts.set(code, why)),
    resume: (code: string) => halts.delete(code),
  };
  const stop = new AbortController();
  const done = runFeedSession({
    player: player as unknown as SessionPlayer,
    series: [{ series, sessions: sessionsOf(india.calendar, share) }],
    history: async (_, after, until) => {
      const bars = new BarSeries('NSE:INFY', '1m');
      for (let close = after + minuteMs; close <= until; close += minuteMs)
        bars.append(close - minuteMs, 100, 101, 99, 100, 10);
      return bars;
    },
    stream: (given) => {
      listener = given;
      return { close: () => undefined };
    },
    renewed: async () => false,
    stalledMs: 60 * secondMs,
    ...{ clock, base: clock, lastClose: at(930), graceMs: () => 2 * secondMs, signal: stop.signal },
    note: () => undefined,
  });
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= secondMs) {
      clock.step(secondMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { told, halts, pass, stop, done, stream: () => listener as FeedListener };
}

test('a stream that beats without trades halts entries, and bars come from the history until one is heard', async () => {
  const { told, halts, pass, stop, done, stream } = stage(600);
  stream().hearing(true, undefined);
  await pass(10 * secondMs);
  stream().price?.(0, 100);
  await pass(50 * secondMs);
  expect([...halts.keys()]).toEqual([]);
  const before = told.length;
  await pass(150 * secondMs);
  expect([...halts]).toEqual([['HALT_FEED', 'the stream is without a trade']]);
  expect(told.length).toBeGreaterThan(before + 1);
  stream().price?.(0, 101);
  await pass(secondMs);
  expect([...halts.keys()]).toEqual([]);
  stop.abort();
  expect(await done).toBe(false);
});

test('before the market opens nothing is expected of a stream', async () => {
  const { halts, pass, stop, done, stream } = stage(540);
  stream().hearing(true, undefined);
  stream().price?.(0, 100);
  await pass(14 * minuteMs);
  expect([...halts.keys()]).toEqual([]);
  stop.abort();
  expect(await done).toBe(false);
});
