import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dataGenerate } from '../../src/app/data-generate.ts';
import { releaseKill } from '../../src/app/kill.ts';
import { kill } from '../../src/app/kill-session.ts';
import { kiteClientFor } from '../../src/app/kite-client.ts';
import { live } from '../../src/app/live.ts';
import { type OpenContext, openContext } from '../../src/app/open-context.ts';
import { historyOf } from '../../src/app/open-history.ts';
import { paperOnStream } from '../../src/app/paper-on-stream.ts';
import { sessionStatus, sessionTrades } from '../../src/app/session-status.ts';
import { askSession, stopSession, tellSession } from '../../src/app/tell-session.ts';
import { accounts, type HeldSandbox, heldSandbox } from '../support/held-sandbox.ts';
import { india } from '../support/india.ts';
import { Rehearsal, until } from '../support/stream-rehearsal.ts';

const keys = ['NSE:ZAVORI', 'NSE:KENDRUM'];
const [{ userId, apiKey }] = accounts;
const own = userId.toLowerCase();
const asked = {
  universe: keys,
  strategies: ['ema20_50_intraday'],
  params: ['fast=3', 'slow=8'],
  timeframe: '1m',
  feed: 'sandbox',
  speed: '1x',
  warmUpDays: 2,
  confirm: userId,
} as const;
const quiet = { note: () => undefined };

let context: OpenContext;
const open: HeldSandbox[] = [];
beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'algo-control-'));
  context = await openContext({ home, set: ['log.level=silent'], silent: true });
  const market = { seed: 7, from: '2026-09-01', days: 5, symbols: 2, timeframe: '1m' } as const;
  await dataGenerate({ store: historyOf(context), rulebook: india }, market);
});
afterAll(async () => {
  for (const sandbox of open) await sandbox.close();
  rmSync(context.folders.home, { recursive: true, force: true });
});

async function rehearsal(): Promise<Rehearsal> {
  const sandbox = await heldSandbox(historyOf(context), { minute: 550, overnight: 'run' });
  open.push(sandbox);
  return new Rehearsal(context, sandbox, keys);
}

/** A session that listens. */
async function begun(stage: Rehearsal, mode: 'paper' | 'live', stream: string) {
  const session = stage.begin(`${mode}/${stream}`, (signal) =>
    mode === 'live'
      ? live(context, { ...asked, stream }, signal, stage.door)
      : paperOnStream(context, { ...asked, stream }, signal, stage.door),
  );
  await stage.listening();
  return session;
}

const entriesIn = (stage: Rehearsal) =>
  stage.records().filter(({ t, order }) => t === 'intent' && Object(order).role === 'entry').length;
const answered = (stage: Rehearsal) => () => {
  const of = (...kinds: readonly string[]) => stage.records().filter(({ t }) => kinds.includes(t)).length;
  return of('sent') === of('ack', 'refused', 'not_sent', 'unknown');
};

describe('a running paper session', () => {
  test('says how it stands, opens nothing while it is paused, and does so again when it is started anew', async () => {
    const stage = await rehearsal();
    const first = await begun(stage, 'paper', 'paused');
    await stage.playTo(590);
    const [ready] = (await sessionStatus(context, 'paper', 'paused')).sessions;
    expect(ready).toMatchObject({ running: true, state: 'READY', halts: [], synthetic: true });
    expect(ready.process?.limits.map(({ key }) => key)).toContain('risk.maxOpenPositions');
    const { trades } = (await sessionTrades(context, 'paper', 'paused')).sessions[0];
    expect(trades.length).toBeGreaterThan(0);

    await tellSession(context, 'paper', 'paused', { do: 'pause', reason: 'lunch' });
    const before = entriesIn(stage);
    expect(before).toBeGreaterThan(3);
    await stage.playTo(620);
    expect(entriesIn(stage)).toBe(before);
    expect((await sessionStatus(context, 'paper', 'paused')).sessions[0]).toMatchObject({
      state: 'HALTED',
      halts: [{ code: 'HALT_PAUSE', why: 'lunch', since: '2026-09-03T09:50:00+05:30' }],
    });

    expect(await stopSession(context, 'paper', { flatten: false, ...quiet })).toMatchObject({
      stream: 'paused',
      standing: null,
    });
    expect(await first.report).toMatchObject({ ended: false, stopped: true });
    const [left] = (await sessionStatus(context, 'paper', 'paused')).sessions;
    expect(left).toMatchObject({ running: false, state: 'STOPPED', halts: [{ code: 'HALT_PAUSE' }] });

    const second = await begun(stage, 'paper', 'paused');
    await stage.playTo(640);
    expect(entriesIn(stage)).toBe(before);
    await tellSession(context, 'paper', undefined, { do: 'resume' });
    await stage.playTo(700);
    expect(entriesIn(stage)).toBeGreaterThan(before);
    second.stop.abort();
    expect(await second.report).toMatchObject({ stopped: false });
  });

  test('that is to stop with everything closed ends when nothing is held, and is not paused when it goes on', async () => {
    const stage = await rehearsal();
    const { report } = await begun(stage, 'paper', 'closed');
    await stage.playTo(590);
    expect((await sessionStatus(context, 'paper', 'closed')).sessions[0].positions).not.toEqual([]);
    const late = stopSession(context, 'paper', { flatten: true, within: 1, ...quiet });
    // The simulated exchange fills in the next bar, and the market stands.
    await expect(late).rejects.toThrow(expect.objectContaining({ code: 'RISK_NOT_FLAT', exitCode: 7 }));
    await stage.playTo(595);
    expect(await report).toMatchObject({ stopped: true });
    expect((await sessionStatus(context, 'paper', 'closed')).sessions[0]).toMatchObject({
      state: 'STOPPED',
      halts: [],
      positions: [],
    });
    const again = await begun(stage, 'paper', 'closed');
    const before = entriesIn(stage);
    await stage.playTo(640);
    expect(entriesIn(stage)).toBeGreaterThan(before);
    again.stop.abort();
    expect((await again.report)?.resumed).toBeGreaterThan(0);
  });

  test('is halted when algo kill answers, and no word but the release ends that', async () => {
    const stage = await rehearsal();
    const { stop, report } = await begun(stage, 'paper', 'killed');
    await stage.playTo(580);
    const page = await kill(context, { reason: 'prices look wrong', cancel: false, flatten: false });
    expect(page).toMatchObject({ halted: ['paper/killed'], acted: null });
    expect(stage.records().at(-1)).toMatchObject({ t: 'halt', code: 'HALT_KILL', why: 'prices look wrong' });
    await expect(tellSession(context, 'paper', 'killed', { do: 'resume' })).rejects.toThrow(
      /It stays halted: HALT_KILL, prices look wrong/,
    );
    releaseKill(context, 'looked at');
    expect(await askSession(context, { mode: 'paper', stream: 'killed' }, { do: 'kill' })).toMatchObject({
      ok: false,
    });
    expect((await sessionStatus(context, 'paper', 'killed')).sessions[0].state).toBe('READY');
    stop.abort();
    await report;
  });

  test('answers an unknown word with those it knows; without a session the command says so', async () => {
    const stage = await rehearsal();
    const { stop, report } = await begun(stage, 'paper', 'words');
    const place = { mode: 'paper', stream: 'words' } as const;
    expect(await askSession(context, place, { do: 'buy' })).toEqual({
      ok: false,
      message: 'Unknown request "buy". Known: status, pause, resume, stop, kill.',
    });
    stop.abort();
    await report;
    expect(await askSession(context, place, { do: 'status' })).toBeUndefined();
    await expect(tellSession(context, 'paper', 'words', { do: 'pause' })).rejects.toThrow(
      expect.objectContaining({ code: 'USAGE_NO_SESSION' }),
    );
  });
});

describe('a running live session', () => {
  test('that is to stop with everything closed leaves nothing at the broker', async () => {
    const stage = await rehearsal();
    const { report } = await begun(stage, 'live', own);
    await stage.playTo(590, answered(stage));
    const { accessToken, sandbox } = stage;
    const client = kiteClientFor(context, { root: sandbox.url, prefix: '', apiKey, accessToken });
    const held = async () => (await client.positions()).net.filter(({ quantity }) => quantity !== 0);
    expect(await held()).not.toEqual([]);
    const stopped = stopSession(context, 'live', { flatten: true, ...quiet });
    let over = false;
    void report.then(() => {
      over = true;
    });
    // Exits fill at the next print.
    await until(() => stage.records().some(({ t }) => t === 'operator'));
    while (!over) {
      sandbox.market.clock.step(60_000);
      sandbox.base.step(1_000);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await stopped).toMatchObject({ mode: 'live', stream: own, standing: null });
    expect(await report).toMatchObject({ stopped: true });
    expect(await held()).toEqual([]);
    const working = (await client.orders()).filter(({ status }) => /OPEN|PENDING/.test(status));
    expect(working).toEqual([]);
  });
});
