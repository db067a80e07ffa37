import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dataGenerate } from '../../src/app/data-generate.ts';
import { type OpenContext, openContext } from '../../src/app/open-context.ts';
import { historyOf } from '../../src/app/open-history.ts';
import { paperOnStream } from '../../src/app/paper-on-stream.ts';
import { recordingPath, recordingShow, recordingsList } from '../../src/app/recordings.ts';
import { replayRecording } from '../../src/app/replay.ts';
import { verifyRecording } from '../../src/app/verify-replay.ts';
import { minuteMs } from '../../src/domain/time.ts';
import type { SessionReport } from '../../src/reports/session-text.ts';
import { type HeldSandbox, heldSandbox, playedDay } from '../support/held-sandbox.ts';
import { india } from '../support/india.ts';
import { Rehearsal } from '../support/stream-rehearsal.ts';

const keys = ['NSE:ZAVORI', 'NSE:KENDRUM'];
const asked = {
  ...{ strategies: ['ema20_50_intraday'], params: ['fast=3', 'slow=8'], timeframe: '1m' },
  ...{ speed: 'max', warmUpDays: 2 },
};
const again = { ...asked, strategies: [], params: [], timeframe: undefined, universe: [] };
const never = new AbortController().signal;
let context: OpenContext;
let sandbox: HeldSandbox;
let recorded: SessionReport | undefined;
beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'algo-recording-'));
  context = await openContext({ home, set: ['log.level=silent'], silent: true });
  const market = { seed: 7, from: '2026-09-01', days: 5, symbols: 2, timeframe: '1m' } as const;
  await dataGenerate({ store: historyOf(context), rulebook: india }, market);
  sandbox = await heldSandbox(historyOf(context), { minute: 550, overnight: 'run' });
  const stage = new Rehearsal(context, sandbox, keys);
  const { report } = stage.begin('paper/main', (signal) =>
    paperOnStream(
      context,
      { ...asked, universe: keys, stream: 'main', feed: 'sandbox', record: true },
      signal,
      stage.door,
    ),
  );
  await stage.listening();
  await stage.playTo(931);
  stage.clock.step(15 * minuteMs);
  recorded = await report;
});
afterAll(async () => {
  await sandbox.close();
  rmSync(context.folders.home, { recursive: true, force: true });
});

const file = () => recordingPath(context, 'paper-main');

describe('a session that is recorded', () => {
  test('leaves a file that is whole to its seal', () => {
    expect(recorded?.trades.length).toBeGreaterThan(5);
    expect(recordingsList(context).recordings).toMatchObject([
      { mode: 'paper', stream: 'main', session: recorded?.session, instruments: 2, fault: null },
    ]);
    expect(recordingShow(context, playedDay)).toMatchObject({ fault: null, instruments: keys });
  });

  test('does the same once more when its frames are played', async () => {
    const { report, fault } = await replayRecording(context, 'paper-main', again, never);
    expect(fault).toBeUndefined();
    expect(report).toMatchObject({ ended: true, hash: recorded?.hash });
    expect(report.trades).toEqual(recorded?.trades);
  });

  test('was told the bars that are built of its frames', async () => {
    const verdict = await verifyRecording(context, 'paper-main', again, never);
    expect(verdict.divergence).toBeUndefined();
    expect(verdict.marks).toBeGreaterThan(350);
  });

  test('can be tried with another strategy', async () => {
    const other = { ...again, strategies: ['vwap_filter'], timeframe: '5m' };
    const { report } = await replayRecording(context, 'paper-main', other, never);
    expect(report.ended).toBe(true);
    expect(report.hash).not.toBe(recorded?.hash);
  });

  test('that was cut off is played as far as it goes', async () => {
    const cut = join(context.folders.home, 'cut.frames');
    writeFileSync(cut, readFileSync(file()));
    truncateSync(cut, Math.floor(readFileSync(file()).length * 0.6));
    const { report, fault, log } = await replayRecording(context, cut, again, never);
    expect(fault).toMatch(/ends within a frame|cut off/);
    expect(report.ended).toBe(false);
    expect(log.count('bars')).toBeGreaterThan(100);
    expect(log.count('bars')).toBeLessThan(350);
  });
});
