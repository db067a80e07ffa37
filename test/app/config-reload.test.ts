import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dataGenerate } from '../../src/app/data-generate.ts';
import { live } from '../../src/app/live.ts';
import { type OpenContext, openContext } from '../../src/app/open-context.ts';
import { historyOf } from '../../src/app/open-history.ts';
import { paperOnStream } from '../../src/app/paper-on-stream.ts';
import { sessionStatus } from '../../src/app/session-status.ts';
import { configHash } from '../../src/config/config-hash.ts';
import { accounts, type HeldSandbox, heldSandbox } from '../support/held-sandbox.ts';
import { india } from '../support/india.ts';
import { Rehearsal, until } from '../support/stream-rehearsal.ts';

const keys = ['NSE:ZAVORI', 'NSE:KENDRUM'];
const [{ userId }] = accounts;
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

const home = mkdtempSync(join(tmpdir(), 'algo-reload-'));
const said: string[] = [];
const open: HeldSandbox[] = [];

/** What a new process would find. */
async function contextNow(): Promise<OpenContext> {
  const context = await openContext({ home, set: ['log.level=silent'], silent: true });
  const say = (sentence: string) => {
    said.push(sentence);
  };
  return { ...context, output: { ...context.output, note: say, warn: say } };
}

function write(risk: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): void {
  mkdirSync(join(home, 'configs'), { recursive: true });
  writeFileSync(join(home, 'configs', 'default.yaml'), JSON.stringify({ risk, ...more }));
}

async function rehearsal(context: OpenContext): Promise<Rehearsal> {
  const sandbox = await heldSandbox(historyOf(context), { minute: 550, overnight: 'run' });
  open.push(sandbox);
  return new Rehearsal(context, sandbox, keys);
}

async function begun(stage: Rehearsal, context: OpenContext, mode: 'paper' | 'live', stream: string) {
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
const reloads = (stage: Rehearsal) => stage.records().filter(({ t }) => t === 'config');

beforeAll(async () => {
  const market = { seed: 7, from: '2026-09-01', days: 5, symbols: 2, timeframe: '1m' } as const;
  await dataGenerate({ store: historyOf(await contextNow()), rulebook: india }, market);
});
afterAll(async () => {
  for (const sandbox of open) await sandbox.close();
  rmSync(home, { recursive: true, force: true });
});

describe('a change of the settings while a session runs', () => {
  test('is in force at once on paper, and again at the same place when the session goes on', async () => {
    write({});
    const before = await contextNow();
    const stage = await rehearsal(before);
    const first = await begun(stage, before, 'paper', 'reload');
    await stage.playTo(580);
    const entries = entriesIn(stage);
    expect(entries).toBeGreaterThan(1);
    write({ maxEntriesPerDay: 1 });
    await until(() => reloads(stage).length === 1);
    expect(said.at(-1)).toBe('Settings taken over: risk.maxEntriesPerDay none → 1.');
    await stage.playTo(620);
    expect(entriesIn(stage)).toBe(entries);
    first.stop.abort();
    await first.report;

    const after = await contextNow();
    const second = await begun(stage, after, 'paper', 'reload');
    await stage.playTo(640);
    expect(entriesIn(stage)).toBe(entries);
    expect((await sessionStatus(after, 'paper', 'reload')).sessions[0]).toMatchObject({
      running: true,
      config: configHash(after.config),
    });
    write({ maxEntriesPerDay: 1000 });
    await until(() => reloads(stage).length === 2);
    await stage.playTo(700);
    expect(entriesIn(stage)).toBeGreaterThan(entries);
    second.stop.abort();
    expect((await second.report)?.resumed).toBeGreaterThan(0);
  });

  test('is refused as a whole where a part of it is wrong, cannot change or loosens a live limit', async () => {
    write({});
    const context = await contextNow();
    const stage = await rehearsal(context);
    const { stop, report } = await begun(stage, context, 'live', userId.toLowerCase());
    const refusal = async (of: RegExp) => {
      await until(() => said.some((sentence) => of.test(sentence)));
      expect(reloads(stage)).toEqual([]);
    };
    write({ maxOpenPositions: 0 });
    await refusal(/NOT taken over: .*risk\.maxOpenPositions/s);
    write({ maxEntriesPerDay: 5 }, { capital: 5_000 });
    await refusal(/NOT taken over: capital 1000000 → 5000 cannot change within a session/);
    write({ maxEntriesPerDay: 5, maxOpenPositions: 11 });
    await refusal(/risk\.maxOpenPositions 10 → 11 is looser, and limits of a live session only tighten/);
    // A live session has a limit of its own where the settings have none.
    write({ lossKillPercent: 3 });
    await refusal(/risk\.lossKillPercent 2 → 3 is looser/);
    write({ maxEntriesPerDay: 5, lossKillPercent: 1 });
    await until(() => reloads(stage).length === 1);
    expect(reloads(stage)[0]).toMatchObject({ limits: { maxEntriesPerDay: 5, lossKillPercent: 1 } });
    stop.abort();
    await report;
  });
});
