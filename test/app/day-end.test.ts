import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { JournalLog } from '#src/adapters/journal/journal-log.ts';
import { runFeedSession, type SessionDuties } from '#src/app/feed-session.ts';
import { BarSeries } from '#src/domain/bar-series.ts';
import { defineStrategy } from '#src/strategy/define.ts';
import { smallSession, tellRow } from '../support/small-session.ts';

const folder = mkdtempSync(join(tmpdir(), 'algo-day-end-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const patient = defineStrategy({
  name: 'patient',
  about: 'Waits at a price that does not come.',
  timeframe: '15m',
  setup: () => ({
    onBar({ session, buy }) {
      if (session.bar === 1) buy({ limit: 90, bars: 20 });
    },
  }),
});

/** A day that is over, for a session whose entry rests at the broker; `looks` later the broker says that it has ended. */
async function dayOver(stream: string, looks: number) {
  const log = JournalLog.open({ folder: join(folder, stream) });
  log.append({ t: 'session', id: 'x' }, 'durable');
  const player = smallSession(log, [patient], 1_000);
  for (let row = 0; row < 4; row++) tellRow(player, row);
  expect(player.engine.entering).toBe(true);
  // Nothing is waited for: an instant comes as soon as it is asked for.
  let now = player.toldUntil;
  const clock = {
    speed: 1,
    now: () => now,
    at(time: number, wake: () => void) {
      const turn = setImmediate(() => {
        now = Math.max(now, time);
        wake();
      });
      return () => clearImmediate(turn);
    },
  };
  let left = looks;
  const duties: SessionDuties = {
    ...{
      price: () => undefined,
      hint: () => undefined,
      renewed: async () => undefined,
      look: async () => undefined,
    },
    onFailure: () => undefined,
    settled: () => left-- <= 0,
  };
  const said: string[] = [];
  const ended = await runFeedSession({
    stalledMs: Number.POSITIVE_INFINITY,
    ...{ player, duties, clock, base: clock, lastClose: player.toldUntil, graceMs: () => 0 },
    ...{ series: [], history: async () => new BarSeries('NSE:TAPE', '15m'), renewed: async () => false },
    ...{ stream: () => ({ close: () => undefined }), signal: new AbortController().signal },
    note: (sentence) => said.push(sentence),
  });
  log.close();
  const read = JournalLog.open({ folder: join(folder, stream) });
  read.close();
  const deeds = read.records.flatMap(({ t, deed }) => (t === 'operator' ? [deed] : []));
  return { ended, said, deeds, entering: player.engine.entering };
}

test('an entry that rests at the broker when the day ends is called off, and its end is waited for', async () => {
  expect(await dayOver('called-off', 3)).toEqual({
    ended: true,
    said: [],
    deeds: ['cancel-entries'],
    entering: false,
  });
});

test('a day is not over while an order is under way that nobody can settle', async () => {
  const { ended, said } = await dayOver('unsettled', 1e9);
  expect(ended).toBe(false);
  expect(said).toEqual([expect.stringMatching(/^Orders are still under way at the broker/)]);
});
