import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { beat } from '#src/app/heartbeat.ts';
import { engageKill, killed, killLog, releaseKill } from '#src/app/kill.ts';
import type { KillDeeds } from '#src/app/kill-orders.ts';
import { streamFolder } from '#src/app/streams.ts';
import { watchdog } from '#src/app/watchdog.ts';
import { vaultContext } from '../support/vault-context.ts';

let context: ReturnType<typeof vaultContext>['context'];
beforeEach(() => {
  ({ context } = vaultContext());
});
const wish = { reason: 'prices look wrong', cancel: false, flatten: false };
const killPath = () => join(context.folders.data, 'KILL');

describe('a kill', () => {
  test('stands from the moment it is asked for until it is released', () => {
    expect(killed(context.folders)).toBeUndefined();
    const kill = engageKill(context, wish);
    expect(kill).toMatchObject(wish);
    expect(killed(context.folders)).toEqual(kill);
    expect(releaseKill(context, 'checked')).toEqual({ released: kill, reason: 'checked' });
    expect(killed(context.folders)).toBeUndefined();
  });

  test('asked for again may want more, and takes nothing back', () => {
    const first = engageKill(context, { ...wish, flatten: true });
    const second = engageKill(context, { reason: 'still wrong', cancel: false, flatten: false });
    expect(second).toEqual({ ...first, cancel: true });
    expect(killed(context.folders)).toEqual(second);
  });

  test('is kept in a log with its releases', () => {
    engageKill(context, wish);
    engageKill(context, { ...wish, reason: 'still wrong', cancel: true });
    releaseKill(context, 'checked');
    const lines = readFileSync(killLog(context.folders), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line)).map(({ did, reason }) => [did, reason])).toEqual([
      ['killed', 'prices look wrong'],
      ['killed', 'still wrong'],
      ['released', 'checked'],
    ]);
  });

  test.each([
    ['an empty file', ''],
    ['a torn file', '{"reason":"pri'],
    ['a file of another kind', '[1]'],
  ])('%s kills too', (_name, text) => {
    mkdirSync(context.folders.data, { recursive: true });
    writeFileSync(killPath(), text);
    expect(killed(context.folders)).toEqual({
      ...{ reason: 'a KILL file was put into the data folder', at: null, cancel: true, flatten: false },
    });
  });

  test('what cannot be read kills too', () => {
    mkdirSync(killPath(), { recursive: true });
    expect(killed(context.folders)?.reason).toContain('cannot be read');
  });

  test('without a reason is refused, and so is a release of nothing', () => {
    expect(() => engageKill(context, { ...wish, reason: ' ' })).toThrow(/No reason/);
    expect(() => releaseKill(context, 'checked')).toThrow(/Nothing is killed/);
  });
});

describe('the watchdog', () => {
  /** Runs it for some looks; `before` happens ahead of each. */
  async function watched(before: (look: number) => void, deeds: readonly KillDeeds[], looks = 4) {
    const acts: boolean[] = [];
    let look = 0;
    const page = await watchdog(context, {
      act: async (flatten) => {
        acts.push(flatten);
        const answer = deeds[acts.length - 1];
        if (answer === undefined) throw new Error('no network');
        return answer;
      },
      sleep: async () => undefined,
      stopped() {
        before(look);
        return look++ >= looks;
      },
    });
    return { acts, ...page };
  }
  const nothing: KillDeeds = { deeds: [], kept: 0, complete: true };
  const shows = (ageMs: number) => {
    const folder = streamFolder(context, 'live', 'main');
    const now = context.clock.now();
    beat(folder, now);
    utimesSync(join(folder, 'heartbeat'), new Date(now - ageMs), new Date(now - ageMs));
  };

  test('does nothing without a kill', async () => {
    expect(await watched(() => undefined, [])).toEqual({ acts: [], rounds: 0, failed: 0 });
  });

  test('leaves a kill to a session that shows', async () => {
    engageKill(context, wish);
    expect((await watched(() => shows(2_000), [])).acts).toEqual([]);
  });

  test('acts once when the session has been silent, and anew when the kill wants more', async () => {
    engageKill(context, wish);
    const { acts } = await watched(
      (look) => {
        shows(3_500);
        if (look === 2) engageKill(context, { ...wish, flatten: true });
      },
      [nothing, nothing],
    );
    expect(acts).toEqual([false, true]);
  });

  test('tries again while the broker cannot be reached or something is left', async () => {
    engageKill(context, wish);
    const left = { ...nothing, complete: false };
    const { acts, failed } = await watched(() => undefined, [left, nothing]);
    expect([acts.length, failed]).toEqual([2, 0]);
    engageKill(context, { ...wish, flatten: true });
    expect((await watched(() => undefined, [], 3)).failed).toBe(3);
  });
});
