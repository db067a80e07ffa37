import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { systemDisk } from '#src/adapters/journal/disk.ts';
import { JournalLog } from '#src/adapters/journal/journal-log.ts';
import { entryOf, SessionJournal } from '#src/adapters/journal/session-journal.ts';
import { plainIntent } from '../../support/kite-stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'algo-session-journal-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['durable', 1],
  ['soon', 0],
] as const)('an intent that is written %s syncs the disk %i times by itself', (intents, syncs) => {
  let count = 0;
  const disk = {
    ...systemDisk,
    sync(file: number) {
      count += 1;
      systemDisk.sync(file);
    },
  };
  const log = JournalLog.open({ folder, disk });
  const journal = new SessionJournal(log, [], intents);
  count = 0;
  journal.append({ type: 'intent', order: plainIntent });
  expect(count).toBe(syncs);
  // What the broker writes durably carries all before it.
  log.append({ t: 'sent' }, 'durable');
  expect(count).toBe(syncs + 1);
  log.close();
  expect(JournalLog.open({ folder }).records.map(({ t }) => t)).toEqual(['segment', 'intent', 'sent']);
});

test('a journal of version 1, which does not know where the market stood, is gone on with', () => {
  const { decided: _, ...before } = plainIntent;
  const old = entryOf({ t: 'intent', order: { ...before, price: null, trigger: null } });
  expect(old).toMatchObject({ order: { decided: Number.NaN } });
  const log = JournalLog.open({ folder });
  const now = { ...plainIntent, decided: 100.5 };
  new SessionJournal(log, old ? [old] : []).append({ type: 'intent', order: now });
  const other = () =>
    new SessionJournal(log, old ? [old] : []).append({ type: 'intent', order: { ...now, quantity: 3 } });
  expect(other).toThrow('took another way');
  // What was written down has to come again.
  const recorded = { type: 'intent', order: { ...now, decided: 100 } } as const;
  expect(() => new SessionJournal(log, [recorded]).append({ type: 'intent', order: now })).toThrow(
    'took another way',
  );
  log.close();
});
