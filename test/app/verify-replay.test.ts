import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lineOf, recordOf } from '../../src/adapters/journal/record-line.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { dataGenerate } from '../../src/app/data-generate.ts';
import { type OpenContext, openContext } from '../../src/app/open-context.ts';
import { historyOf } from '../../src/app/open-history.ts';
import { paper } from '../../src/app/paper.ts';
import { paperOnStream } from '../../src/app/paper-on-stream.ts';
import { type RecordedSession, recordedPlayer } from '../../src/app/recall-session.ts';
import { recordOfSession } from '../../src/app/recorded-runs.ts';
import { stateHash, verifySession } from '../../src/app/verify-replay.ts';
import { type HeldSandbox, heldSandbox, playedDay } from '../support/held-sandbox.ts';
import { india } from '../support/india.ts';
import { Rehearsal } from '../support/stream-rehearsal.ts';

const keys = ['NSE:ZAVORI', 'NSE:KENDRUM'];
const asked = {
  ...{ strategies: ['ema20_50_intraday'], params: ['fast=3', 'slow=8'], timeframe: '1m' },
  ...{ speed: 'max', warmUpDays: 2 },
};
let context: OpenContext;
let sandbox: HeldSandbox;
beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'algo-verify-'));
  const set = ['log.level=silent', 'synthetic.seed=7', 'synthetic.from=2026-09-01'];
  context = await openContext({ home, set, silent: true });
  const market = { seed: 7, from: '2026-09-01', days: 5, symbols: 2, timeframe: '1m' } as const;
  await dataGenerate({ store: historyOf(context), rulebook: india }, market);
  sandbox = await heldSandbox(historyOf(context), { minute: 550, overnight: 'run' });
  const stage = new Rehearsal(context, sandbox, keys);
  const { report, stop } = stage.begin('paper/streamed', (signal) =>
    paperOnStream(
      context,
      { ...asked, universe: keys, stream: 'streamed', feed: 'sandbox' },
      signal,
      stage.door,
    ),
  );
  await stage.listening();
  await stage.playTo(640);
  stop.abort();
  await report;
});
afterAll(async () => {
  await sandbox.close();
  rmSync(context.folders.home, { recursive: true, force: true });
});

const journalOf = (stream: string) => join(context.folders.data, 'journal', 'paper', stream);

/** A copy of the streamed session's journal, with some of its records written anew, sums and all. */
function copied(stream: string, change: (record: Record<string, unknown>) => void): void {
  cpSync(journalOf('streamed'), journalOf(stream), { recursive: true });
  const file = join(journalOf(stream), '000001.ndjson');
  const lines = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const record = recordOf(Buffer.from(line));
      if (!record) throw new Error(line);
      const { c, ...fields } = structuredClone(record) as Record<string, unknown> & typeof record;
      change(fields);
      return lineOf(fields as typeof record);
    });
  writeFileSync(file, lines.join(''));
}

describe('a session played again from its journal', () => {
  test('on live prices does the same, to the last order and mark', async () => {
    const verdict = await verifySession(context, 'streamed');
    expect(verdict).toMatchObject({ mode: 'paper', ended: false, divergence: undefined });
    expect(verdict.entries).toBeGreaterThan(20);
    expect(verdict.marks).toBeGreaterThan(60);
  });

  test('on stored days does the same, and ends with the hash that was written', async () => {
    const request = { ...asked, universe: ['SYN:ZAVORI'], feed: `replay:${playedDay}`, stream: 'stored' };
    const report = await paper({ ...context, clock: systemClock }, request, new AbortController().signal);
    expect(report.trades.length).toBeGreaterThan(5);
    expect(await verifySession(context, 'stored')).toMatchObject({
      ...{ ended: true, hash: report.hash, divergence: undefined },
    });
  });

  test('names the record of the first order that is another', async () => {
    let changed = 0;
    let intents = 0;
    copied('sized', (record) => {
      if (record.t !== 'intent' || ++intents !== 4) return;
      changed = Number(record.s);
      Object.assign(Object(record.order), { quantity: 1 });
    });
    const { divergence } = await verifySession(context, 'sized');
    expect(divergence?.record).toBe(changed);
    expect(divergence?.expected).toContain('"quantity":1,');
    expect(divergence?.came).not.toContain('"quantity":1,');
  });

  test('names the record of a mark at which the account was worth something else', async () => {
    let changed = 0;
    let marks = 0;
    copied('marked', (record) => {
      if (record.t !== 'mark' || ++marks !== 30) return;
      changed = Number(record.s);
      record.equityPaise = Number(record.equityPaise) + 1;
    });
    expect((await verifySession(context, 'marked')).divergence).toMatchObject({ record: changed });
  });

  test('comes from every prefix of the journal to the state that the whole had there', async () => {
    const recorded = recordOfSession(context, 'streamed', undefined) as RecordedSession;
    const states = new Map<number, string>();
    const whole = await recordedPlayer(context, recorded);
    whole.warmUp();
    whole.recall(recorded.records, ({ t, s }) => {
      if (t === 'mark') states.set(s, stateHash(whole));
    });
    expect(new Set(states.values()).size).toBe(states.size);
    const marks = [...states.keys()];
    const every = Math.max(1, Math.floor(marks.length / Number(process.env.ALGO_PREFIXES ?? 8)));
    for (const s of marks.filter((_, at) => at % every === 0)) {
      const prefix = { ...recorded, records: recorded.records.filter((record) => record.s <= s) };
      const player = await recordedPlayer(context, prefix);
      player.warmUp();
      player.recall(prefix.records);
      expect({ s, state: stateHash(player) }).toEqual({ s, state: states.get(s) });
    }
  });
});
