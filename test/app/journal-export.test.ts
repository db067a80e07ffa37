import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { JournalLog } from '../../src/adapters/journal/journal-log.ts';
import { exportJournal, rebuildJournal } from '../../src/app/journal-export.ts';
import {
  emptyFolders,
  sessionRecord,
  streamIn,
  tradeRecords,
  writeJournal,
} from '../support/made-journal.ts';
import { ist } from '../support/outcomes.ts';

type Row = Readonly<Record<string, unknown>>;
type Home = ReturnType<typeof emptyFolders>;

async function rowsOf(home: Home, table: string, request: Partial<Parameters<typeof exportJournal>[1]> = {}) {
  const file = join(home.folders.home, 'out', `${table}.ndjson`);
  await exportJournal(home, { ...request, file, table });
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.filter((line) => line !== '').map((line): Row => JSON.parse(line));
}

const at = (clock: string, day = '2026-04-01') => ist(`${day} ${clock}`);
const mark = (time: number, equityPaise: number, positions = 0) => ({
  t: 'mark',
  time,
  equityPaise,
  positions,
});
const end = { t: 'session_end', reason: 'end-of-feed', equityPaise: 10_000_900, hash: 'x' };

/** Three overlapping trades of one strategy in one symbol, as a ladder makes them, and one after the first has left. */
const ladder = [
  ...tradeRecords({ id: 1, entryTime: at('09:30'), exitTime: at('10:30') }),
  ...tradeRecords({ id: 2, entryTime: at('09:45'), exitTime: at('11:30'), stop: 98, target: 104.5 }),
  ...tradeRecords({ id: 3, entryTime: at('10:00'), exitTime: at('11:30') }),
  ...tradeRecords({
    id: 4,
    entryTime: at('10:30'),
    exitTime: at('10:30'),
    direction: 'SHORT',
    grossPaise: -1_000,
  }),
  ...tradeRecords({ id: 5, entryTime: at('10:30'), exitTime: at('12:00'), note: 'says "why"' }),
];

describe('tables of a journal', () => {
  test('trades carry what a trader asks of them, with their position in the ladder', async () => {
    const home = emptyFolders();
    writeJournal(streamIn(home, 'main'), [sessionRecord(), ...ladder, mark(at('15:15'), 10_000_000), end]);
    const trades = await rowsOf(home, 'trades');
    expect(trades.map(({ position }) => position)).toEqual([1, 2, 3, 3, 4]);
    expect(trades[1]).toMatchObject({
      trade: 'paper/main/1/2',
      run: 'abc',
      symbol: 'NSE:INFY',
      side: 'BUY',
      quantity: 10,
      entry_time: '2026-04-01T09:45:00+05:30',
      entry_price: 100,
      exit_time: '2026-04-01T11:30:00+05:30',
      exit_price: 101,
      stop_loss: 98,
      target: 104.5,
      gtt_id: null,
      gross: 10,
      charges: 1,
      pnl: 9,
      pnl_percent: 0.9,
      status: 'settled',
      mae_percent: 0.5,
      mfe_percent: 1.5,
    });
    const orders = await rowsOf(home, 'orders');
    expect(orders.map(({ status }) => status)).toEqual(Array(10).fill('filled'));
    const fills = await rowsOf(home, 'fills');
    expect(fills.map(({ fill, side }) => `${fill} ${side}`).slice(3, 5)).toEqual(['T2 SELL', 'T7 SELL']);
    const equity = await rowsOf(home, 'equity');
    expect(equity).toMatchObject([{ time: '2026-04-01T15:15:00+05:30', equity: 100_009 }]);
    const [run] = await rowsOf(home, 'runs');
    expect(run).toMatchObject({
      state: 'ended',
      capital: 100_000,
      equity: 100_009,
      trades: 5,
      net: 25,
      orders: 10,
      fills: 10,
    });
  });

  test('a session that is being written is read up to its last whole record, and can go on', async () => {
    const home = emptyFolders();
    const folder = streamIn(home, 'main');
    const log = JournalLog.open({ folder });
    for (const record of [
      sessionRecord(),
      ...tradeRecords({ id: 1 }),
      ...tradeRecords({ id: 2 }).slice(0, 3),
    ])
      log.append(record, 'soon');
    log.append(mark(at('10:31'), 10_000_500, 1), 'durable');
    appendFileSync(join(folder, '000001.ndjson'), '{"s":13,"v":1,"t":"ma');
    expect((await rowsOf(home, 'trades')).map(({ status }) => status)).toEqual(['settled', 'open']);
    expect(await rowsOf(home, 'positions')).toMatchObject([
      { symbol: 'NSE:INFY', quantity: 10, average_price: 100 },
    ]);
    expect((await rowsOf(home, 'runs'))[0]).toMatchObject({ state: 'unfinished', equity: 100_005 });
    log.close();
  });

  test('are the same from packed files, from none, and after the cache was damaged', async () => {
    const home = emptyFolders();
    const folder = streamIn(home, 'main');
    const many = Array.from({ length: 60 }, (_, row) =>
      tradeRecords({ id: row + 1, grossPaise: 977 * row - 20_011 }),
    );
    writeJournal(folder, [sessionRecord('a'), ...many.slice(0, 40).flat(), end], 20_000);
    writeJournal(folder, [sessionRecord('b'), ...many.slice(40).flat()], 20_000);
    expect(readdirSync(folder).length).toBeGreaterThan(3);
    const first = await rowsOf(home, 'trades');
    expect(first.map(({ session }) => session)).toEqual([...Array(40).fill(1), ...Array(20).fill(2)]);
    expect(first.reduce((sum, { gross }) => sum + Math.round(Number(gross) * 100), 0)).toBe(
      many.reduce((sum, _, row) => sum + 977 * row - 20_011, 0),
    );
    const cache = join(home.folders.cache, 'journal', 'paper', 'main');
    expect(readdirSync(cache).length).toBeGreaterThan(3);
    expect(await rowsOf(home, 'trades')).toEqual(first);
    rmSync(join(cache, '000003.parquet'));
    expect(await rowsOf(home, 'trades')).toEqual(first);
    writeFileSync(join(cache, 'index.json'), '{');
    expect(await rowsOf(home, 'trades')).toEqual(first);
    const { tables, streams } = await rebuildJournal(home, {});
    expect(tables).toMatchObject({ trades: 60, orders: 120, fills: 120, runs: 2, positions: 0 });
    expect(streams).toMatchObject([{ mode: 'paper', stream: 'main', faults: [] }]);
  });

  test('a journal that was changed gives what stands before the change, and says so', async () => {
    const home = emptyFolders();
    const file = join(streamIn(home, 'main'), '000001.ndjson');
    writeJournal(streamIn(home, 'main'), [sessionRecord(), ...ladder]);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"id":3,"strategy"', '"id":4,"strategy"'));
    const { tables, streams } = await rebuildJournal(home, {});
    expect(streams[0]?.faults[0]).toMatch(/holds a damaged record after number \d+/);
    expect(tables.trades).toBe(1);
  });

  test('can be cut by days, modes and streams', async () => {
    const home = emptyFolders();
    const next = { entryTime: at('09:30', '2026-04-02'), exitTime: at('10:30', '2026-04-02') };
    writeJournal(streamIn(home, 'one'), [sessionRecord(), ...ladder, ...tradeRecords({ id: 6, ...next })]);
    writeJournal(streamIn(home, 'two', 'live'), [sessionRecord(), ...tradeRecords({ id: 1 })]);
    const count = async (request: object) => (await rowsOf(home, 'trades', request)).length;
    expect(await count({})).toBe(7);
    expect(await count({ from: '2026-04-02' })).toBe(1);
    expect(await count({ to: '2026-04-01', mode: 'live' })).toBe(1);
    expect(await count({ stream: 'one' })).toBe(6);
    await expect(count({ stream: 'ones' })).rejects.toThrow('Did you mean "one"?');
    await expect(count({ mode: 'live', stream: 'one' })).rejects.toThrow('no live journal of a stream "one"');
  });

  test('of no journal at all says what begins one', async () => {
    await expect(rebuildJournal(emptyFolders(), {})).rejects.toMatchObject({
      message: 'There is no journal yet.',
      fix: expect.stringContaining('algo paper --strategy'),
    });
  });
});
