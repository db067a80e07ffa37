import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { systemDisk } from '#src/adapters/journal/disk.ts';
import { JournalLog } from '#src/adapters/journal/journal-log.ts';
import { SessionJournal } from '#src/adapters/journal/session-journal.ts';
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
