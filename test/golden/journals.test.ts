import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { JournalLog } from '#src/adapters/journal/journal-log.ts';
import { recordVersion } from '#src/adapters/journal/record-line.ts';
import { defineStrategy } from '#src/strategy/define.ts';
import { projectRoot } from '../support/project-root.ts';
import { nextRow, smallSession, tellRow } from '../support/small-session.ts';

/** Journals of unfinished sessions, a folder for each version of records, with what replaying them comes to. */
const golden = join(projectRoot, 'test', 'golden', 'journals');
const folder = mkdtempSync(join(tmpdir(), 'algo-golden-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const strategies = [
  defineStrategy({
    name: 'golden',
    about: 'Buys with a stop and a target, adds, moves its stop, fails once.',
    timeframe: '15m',
    setup: () => ({
      onBar({ session, position, buy, moveStop, exit }) {
        if (session.bar === 1) buy({ stopLoss: 5, target: 9, note: 'first' });
        if (session.bar === 4) buy({ add: true, limit: 99.8, bars: 3 });
        if (position.bars === 6) moveStop(3);
        if (session.bar === 12) exit({ note: 'out' });
        if (session.bar === 15) throw new Error('it fails once');
      },
    }),
  }),
];

function outcome(place: string) {
  const log = JournalLog.open({ folder: place });
  const player = smallSession(log, strategies, 10_000);
  const { account } = player.engine;
  const held = player.engine.heldTrades().length;
  const refusals = player.engine.refusals().map(({ code, count }) => `${code} ${count}`);
  const came = {
    toldUntil: player.toldUntil,
    hash: player.hash(),
    equityPaise: account.equityPaise,
    held,
    refusals,
  };
  log.close();
  return came;
}

/** ALGO_GOLDEN=write keeps the journal of a version that has none yet; one that stands is never written again. */
function write(): void {
  const place = join(golden, `v${recordVersion}`);
  if (existsSync(place)) return;
  const log = JournalLog.open({ folder: place });
  log.append({ t: 'session', id: 'x' }, 'durable');
  const player = smallSession(log, strategies, 10_000);
  for (let row = nextRow(player); row < 18; row++) tellRow(player, row);
  player.leave();
  log.close();
  const copy = join(folder, 'made');
  cpSync(place, copy, { recursive: true });
  writeFileSync(join(place, 'outcome.json'), `${JSON.stringify(outcome(copy), null, 2)}\n`);
}
if (process.env.ALGO_GOLDEN === 'write') write();

const versions = readdirSync(golden).filter((name) => /^v\d+$/.test(name));

test('the version of records that is written now has a golden journal', () => {
  expect(versions).toContain(`v${recordVersion}`);
});

test.each(versions)('a journal of %s comes to what its program came to', (version) => {
  const copy = join(folder, version);
  cpSync(join(golden, version), copy, { recursive: true });
  const expected = JSON.parse(readFileSync(join(golden, version, 'outcome.json'), 'utf8'));
  expect(outcome(copy)).toEqual(expected);
  expect(expected.refusals.length).toBeGreaterThan(0);
});
