import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { type Disk, systemDisk } from '#src/adapters/journal/disk.ts';
import { JournalLog } from '#src/adapters/journal/journal-log.ts';
import { readSegments } from '#src/adapters/journal/segments.ts';
import { codeOf } from '#src/domain/errors.ts';
import { defineStrategy } from '#src/strategy/define.ts';
import { dayRows, nextRow, smallSession, tellRow } from '../support/small-session.ts';

const folder = mkdtempSync(join(tmpdir(), 'algo-failing-disk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** ALGO_WRITES=all fails every one of a session's writes and syncs in turn. */
const stride = process.env.ALGO_WRITES === 'all' ? 1 : 7;
const quick: Disk = { ...systemDisk, sync: () => undefined };
const strategies = [
  defineStrategy({
    name: 'buys',
    about: 'Buys, moves its stop and leaves the rest to the square-off.',
    timeframe: '15m',
    setup: () => ({
      onBar({ session, position, buy, moveStop }) {
        if (session.bar % 6 === 1 && position.flat) buy({ stopLoss: 5, target: 9 });
        if (position.bars === 2) moveStop(3);
      },
    }),
  }),
];

/** A disk whose n-th write or sync fails, and all after it. */
function failing(n: number, code: 'ENOSPC' | 'EIO', counts: { done: number }): Disk {
  const fails = () => {
    counts.done += 1;
    return counts.done >= n;
  };
  const error = () => Object.assign(new Error(`${code}: the disk`), { code });
  return {
    ...quick,
    write(file, bytes, from) {
      if (!fails()) return systemDisk.write(file, bytes, from);
      // A disk that fills up takes a part before it says so.
      if (counts.done === n && code === 'ENOSPC' && bytes.length - from > 1)
        return systemDisk.write(file, bytes.subarray(0, from + Math.ceil((bytes.length - from) / 2)), from);
      throw error();
    },
    sync() {
      if (fails()) throw error();
    },
  };
}

function day(log: JournalLog) {
  if (!log.records.some(({ t }) => t === 'session')) log.append({ t: 'session', id: 'x' }, 'durable');
  const player = smallSession(log, strategies, 10_000);
  for (let row = nextRow(player); row < dayRows; row++) tellRow(player, row);
  player.finish('day-end');
  return player.hash();
}

test.each(['ENOSPC', 'EIO'] as const)(
  'whichever write of a session fails with %s, it stops with everything sound, and goes on once the disk is well',
  (code) => {
    const counts = { done: 0 };
    const undisturbed = JournalLog.open({ folder: join(folder, code), disk: failing(1e9, code, counts) });
    const hash = day(undisturbed);
    undisturbed.close();
    const all = counts.done;
    expect(all).toBeGreaterThan(60);
    const codes = new Set<string>();
    for (let n = 1; n <= all; n += stride) {
      const place = join(folder, `${code}-${n}`);
      try {
        day(JournalLog.open({ folder: place, disk: failing(n, code, { done: 0 }) }));
      } catch (error) {
        codes.add(codeOf(error));
      }
      expect({ n, faults: readSegments(place).flatMap(({ faults }) => faults) }).toEqual({ n, faults: [] });
      const well = JournalLog.open({ folder: place, disk: quick });
      // Positions are closed by the session that goes on, and the day ends as it would have.
      const over = well.records.some(({ t }) => t === 'session_end');
      expect({ n, hash: over ? hash : day(well) }).toEqual({ n, hash });
      well.close();
    }
    expect([...codes]).toEqual(['DATA_JOURNAL_WRITE']);
  },
);
