import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type Disk, systemDisk } from '#src/adapters/journal/disk.ts';
import { JournalLog } from '#src/adapters/journal/journal-log.ts';
import { readSegments } from '#src/adapters/journal/segments.ts';
import { defineStrategy } from '#src/strategy/define.ts';
import type { Trade } from '#src/strategy/trade.ts';
import { dayRows, smallSession, tellRow } from '../support/small-session.ts';

/** Shorter than a session's 250, so that many endless loops can be tried. */
const hookMsMax = 100;
/** ALGO_MISBEHAVIOURS=all tries every kind in every hook. */
const all = process.env.ALGO_MISBEHAVIOURS === 'all';
const folder = mkdtempSync(join(tmpdir(), 'algo-misbehaving-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Speed of this disk is nobody's matter here. */
const disk: Disk = { ...systemDisk, sync: () => undefined };

const misbehavesAt = 6;
type Deed = (trade: Trade) => unknown;
const forever = () => {
  for (;;);
};
/** What is wrong with each, and whether one time is enough to be disabled. */
const kinds: Readonly<
  Record<string, { readonly deed: Deed; readonly hangs?: boolean; readonly refused?: string }>
> = {
  throws: {
    deed: () => {
      throw new TypeError('nothing to read here');
    },
  },
  'answers with a rejection': { deed: () => Promise.reject(new Error('later')).catch(() => undefined) },
  'never returns': { deed: forever, hangs: true },
  'never returns and catches everything': {
    deed: ({ moveStop }) => {
      for (;;)
        try {
          moveStop(3);
        } catch {}
    },
    hangs: true,
  },
  'buys and then never returns': {
    deed: ({ sell }) => {
      sell({ add: true });
      forever();
    },
    hangs: true,
  },
  'fills the memory': {
    deed: () => {
      for (const heap: object[] = []; ; ) if (heap.push({}) > 1e6) heap.length = 0;
    },
    hangs: true,
  },
  'ends the process': { deed: () => process.exit(3) },
  'asks for nonsense': { deed: ({ buy }) => buy({ quantity: Number.NaN, add: true }) },
  'asks for less than nothing': {
    deed: ({ sell }) => sell({ quantity: -5, add: true }),
    refused: 'RISK_LOT',
  },
  'spams orders': {
    deed: ({ buy }) => {
      for (let n = 0; n < 100_000; n++) buy({ add: true });
    },
  },
  'pollutes prototypes': {
    deed: () => {
      Reflect.set(Object.prototype, 'polluted', 1);
      Reflect.deleteProperty(Object.prototype, 'polluted');
      throw new Error('polluted');
    },
  },
  'changes what it is shown': {
    deed: (trade) => {
      Object.defineProperty(trade.bar, 'close', { value: -1 });
      throw new Error('changed');
    },
  },
  'overflows the stack': {
    deed: function deeper(trade: Trade): unknown {
      return [deeper(trade)];
    },
  },
  'answers with a promise that never resolves': { deed: () => new Promise(() => undefined) },
  'goes on later': { deed: () => setTimeout(forever, 0) },
  'asks for chance': { deed: () => Math.random() },
};
const hooks = ['onBar', 'at', 'onFill'] as const;

function strategies(deed: Deed, hook: (typeof hooks)[number]) {
  const misbehaving = defineStrategy({
    name: 'misbehaving',
    about: 'Buys, and then goes wrong.',
    timeframe: '15m',
    setup: () => ({
      onBar(trade) {
        if (trade.session.bar === 1) trade.buy({ stopLoss: 5 });
        if (trade.session.bar === misbehavesAt && hook === 'onFill') trade.buy({ add: true });
        // Whatever it answers is looked at, as with a user's file.
        return (trade.session.bar >= misbehavesAt && hook === 'onBar' ? deed(trade) : undefined) as undefined;
      },
      at: { '11:00': (trade) => (hook === 'at' ? deed(trade) : undefined) as undefined },
      onFill: (trade) =>
        (trade.session.bar >= misbehavesAt && hook === 'onFill' ? deed(trade) : undefined) as undefined,
    }),
  });
  const steady = defineStrategy({
    name: 'steady',
    about: 'Buys once and leaves the rest to the square-off.',
    timeframe: '15m',
    setup: () => ({
      onBar({ session, buy }) {
        if (session.bar === 1) buy();
      },
    }),
  });
  return [misbehaving, steady];
}

describe.each(hooks)('a strategy that, in %s,', (hook) => {
  const tried = Object.keys(kinds).filter(
    (kind) => all || hook === 'onBar' || kind.startsWith('buys and then'),
  );
  test.each(tried)('%s', (kind) => {
    const { deed, hangs, refused } = kinds[kind];
    const place = join(folder, `${hook} ${kind}`);
    const log = JournalLog.open({ folder: place, disk });
    log.append({ t: 'session', id: 'x' }, 'durable');
    const given = strategies(deed, hook);
    const player = smallSession(log, given, hookMsMax);
    for (let row = 0; row < dayRows; row++) tellRow(player, row);
    // The engine lives, both positions are squared off, and the strategy decides no more.
    const flat = player.engine.heldTrades().length;
    const closed = [...player.engine.trades(), ...player.engine.endedToday()];
    expect({ flat, strategies: new Set(closed.map(({ strategy }) => strategy)) }).toEqual({
      flat: 0,
      strategies: new Set(['misbehaving', 'steady']),
    });
    const codes = player.engine.refusals().map(({ code }) => code);
    expect(codes).toEqual(
      expect.arrayContaining(
        refused ? [refused] : [hangs ? 'STRATEGY_HUNG' : 'STRATEGY_ERROR', 'STRATEGY_DISABLED'],
      ),
    );
    const hash = player.hash();
    const refusals = player.engine.refusals();
    player.leave();
    log.close();

    // Another process comes to the same place.
    expect(readSegments(place).flatMap(({ faults, records }) => [...faults, records.length > 40])).toEqual([
      true,
    ]);
    const reopened = JournalLog.open({ folder: place, disk });
    const quarantines = reopened.records.filter(({ t }) => t === 'quarantine');
    expect(quarantines.map(({ strategy }) => strategy)).toEqual(hangs ? ['misbehaving'] : []);
    const again = smallSession(reopened, given, hookMsMax);
    expect(again.hash()).toBe(hash);
    expect(again.engine.refusals()).toEqual(refusals);
    reopened.close();
  });
});

test('one that hung only because the computer was busy takes the recorded way all the same', () => {
  const place = join(folder, 'busy');
  const log = JournalLog.open({ folder: place, disk });
  log.append({ t: 'session', id: 'x' }, 'durable');
  let busy = true;
  const deed = ({ buy }: Trade) => {
    buy({ add: true });
    if (busy) forever();
    for (let n = 0; n < 3; n++) buy({ add: true });
  };
  const given = strategies(deed, 'onBar');
  const player = smallSession(log, given, hookMsMax);
  for (let row = 0; row < 12; row++) tellRow(player, row);
  const hash = player.hash();
  log.close();
  busy = false;
  const reopened = JournalLog.open({ folder: place, disk });
  const again = smallSession(reopened, given, hookMsMax);
  expect(again.hash()).toBe(hash);
  expect(reopened.records.find(({ t }) => t === 'quarantine')).toMatchObject({ deeds: 1, hook: 'onBar' });
  reopened.close();
});
