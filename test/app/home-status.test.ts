import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { homeStatus } from '../../src/app/home-status.ts';
import { engageKill } from '../../src/app/kill.ts';
import { type OpenContext, openContext } from '../../src/app/open-context.ts';
import { homeStatusText } from '../../src/reports/status-text.ts';
import { sessionRecord, streamIn, writeJournal } from '../support/made-journal.ts';
import { ist } from '../support/outcomes.ts';

let context: OpenContext;
beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'algo-status-'));
  const opened = await openContext({ home, set: ['log.level=silent'], silent: true });
  context = { ...opened, clock: { now: () => ist('2026-09-03 18:00') } };
});
afterAll(() => rmSync(context.folders.home, { recursive: true, force: true }));

describe('the status of a home', () => {
  test('says of an empty one that nothing is there, and which markets are open', async () => {
    const status = await homeStatus(context);
    expect(status).toMatchObject({
      kill: null,
      accounts: [],
      history: null,
      sandbox: null,
      sessions: [],
      problems: [],
    });
    expect(status.markets.map(({ exchange, openNow }) => [exchange, openNow])).toEqual([
      ['NSE', false],
      ['NFO', false],
      ['MCX', true],
    ]);
    expect(status.markets[0]).toMatchObject({ today: ['09:15-15:30'], next: '2026-09-04' });
  });

  test('shows how sessions were left, the kill, and the rest when a part cannot be looked at', async () => {
    writeJournal(streamIn(context, 'equity'), [
      sessionRecord('abc'),
      { t: 'halt', code: 'HALT_PAUSE', why: 'lunch', time: ist('2026-04-01 12:00') },
      { t: 'mark', time: ist('2026-04-01 12:15'), equityPaise: 9_900_000, positions: 0 },
      { t: 'operator', deed: 'stop', time: ist('2026-04-01 12:16') },
    ]);
    writeJournal(streamIn(context, 'cut', 'live'), [sessionRecord('def', { mode: 'live' })]);
    mkdirSync(join(context.folders.data, 'sandbox'), { recursive: true });
    writeFileSync(join(context.folders.data, 'sandbox', 'sandbox.json'), '{');
    engageKill(context, { reason: 'prices look wrong', cancel: false, flatten: false });
    const status = await homeStatus(context);
    expect(status).toMatchObject({
      kill: { reason: 'prices look wrong' },
      sandbox: null,
      problems: [expect.stringContaining('sandbox.json is not what a sandbox writes')],
    });
    expect(status.sessions).toMatchObject([
      {
        mode: 'paper',
        stream: 'equity',
        running: false,
        state: 'STOPPED',
        halts: [{ code: 'HALT_PAUSE', since: '2026-04-01T12:00:00+05:30' }],
        lastBar: '2026-04-01T12:15:00+05:30',
        equity: '99000.00',
      },
      { mode: 'live', stream: 'cut', state: 'INTERRUPTED' },
    ]);
    const text = homeStatusText(status, { width: 100, colour: false });
    expect(text).toMatch(/^KILLED since 2026-09-03T18:00:00\+05:30: prices look wrong$/m);
    expect(text).toMatch(/^paper\/equity +STOPPED +HALT_PAUSE /m);
  });
});
