import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { exportData } from '../../src/app/data-export.ts';
import { resampleData } from '../../src/app/data-resample.ts';
import { dataSql } from '../../src/app/data-sql.ts';
import { india } from '../support/india.ts';
import { askAlgo } from '../support/run-algo.ts';
import { importRoom, refusal } from './data-import-support.ts';

let room: ReturnType<typeof importRoom>;
beforeEach(async () => {
  room = importRoom();
  const rows = Array.from({ length: 20 }, (_, at) => {
    const clock = new Date(Date.UTC(2024, 0, 2, 9, 15 + at)).toISOString().slice(0, 16).replace('T', ' ');
    return `${clock},${100 + at},${101 + at},${99.5 + at},${100.05 + at},${1000 + at}`;
  });
  await room.take('a.csv', `time,open,high,low,close,volume\n${rows.join('\n')}\n`, { as: 'NSE:INFY' });
  await room.take(
    'b.csv',
    'date,open,high,low,close,volume\n2024-01-02,10,11,9,10.5,7\n2024-01-03,11,12,10,11.5,8\n',
    {
      as: 'NSE:TCS',
    },
  );
});
afterEach(() => room.remove());

const file = () => ({
  file: join(room.folder, 'store', 'history.duckdb'),
  waiting: { sleep: async () => undefined, random: () => 0 },
});
const parts = () => ({ store: room.history, file: file() });
const path = (name: string) => join(room.folder, 'out', name);

describe('export', () => {
  const run = (request: Partial<Parameters<typeof exportData>[1]>) =>
    exportData(parts(), { symbols: [], to: [], ...request });

  test('CSV has one row a bar, with India times', async () => {
    const result = await run({ symbols: ['NSE:TCS'], to: [path('x.csv')] });
    expect(readFileSync(path('x.csv'), 'utf8')).toBe(
      'symbol,timeframe,time,open,high,low,close,volume\nNSE:TCS,day,2024-01-02T00:00:00+05:30,10,11,9,10.5,7\nNSE:TCS,day,2024-01-03T00:00:00+05:30,11,12,10,11.5,8\n',
    );
    expect(result).toMatchObject({ bars: 2, format: 'csv', partitioned: false });
    expect(readdirSync(path('.'))).toEqual(['x.csv']);
  });

  test.each(['x.csv', 'x.parquet'])('%s can be imported again, bar for bar', async (name) => {
    const before = await room.bars('NSE:INFY', '1m');
    await run({ symbols: ['INFY'], timeframe: '1m', to: [path(name)] });
    const other = importRoom();
    try {
      await other.import({ paths: [path(name)] });
      expect(await other.bars('NSE:INFY', '1m')).toEqual(before);
      expect(before).toHaveLength(20);
    } finally {
      other.remove();
    }
  });

  test('a date in --to is the last day', async () => {
    const result = await run({ from: '2024-01-03', to: ['2024-01-03', path('x.csv')] });
    expect(result.series).toEqual([{ symbol: 'NSE:TCS', timeframe: 'day', bars: 1 }]);
  });

  test('a folder gets a part for each symbol and timeframe', async () => {
    await run({ to: [`${path('parts')}/`] });
    expect(readdirSync(path('parts')).sort()).toEqual(['symbol=NSE%3AINFY', 'symbol=NSE%3ATCS']);
    expect(readdirSync(join(path('parts'), 'symbol=NSE%3ATCS'))).toEqual(['timeframe=day']);
    expect((await refusal(run({ to: [path('parts')] }))).message).toContain(
      'exists and is not an empty folder',
    );
  });

  test('what cannot be written is refused and leaves nothing behind', async () => {
    expect((await refusal(run({ to: [path('x.xls')] }))).message).toContain(
      'neither a .csv nor a .parquet file',
    );
    expect((await refusal(run({ to: ['2024-01-03'] }))).message).toBe('Nothing says where the bars go.');
    expect((await refusal(run({ from: '2025-01-01', to: [path('x.csv')] }))).code).toBe('DATA_MISSING');
    expect((await refusal(run({ symbols: ['TCSS'], to: [path('x.csv')] }))).message).toContain(
      'Did you mean',
    );
    expect(existsSync(path('.'))).toBe(false);
  });
});

describe('sql', () => {
  const ask = (sql: string, limit = 100) => dataSql(parts(), sql, limit);

  test('answers a query over bars, instruments and series', async () => {
    expect(
      await ask('select key, count(*) as bars, max(close) as top from bars group by key order by key'),
    ).toEqual({
      columns: ['key', 'bars', 'top'],
      rows: [
        ['NSE:INFY', 20, 119.05],
        ['NSE:TCS', 2, 11.5],
      ],
      more: false,
    });
    expect((await ask("select time from bars where key = 'NSE:TCS' order by time")).rows).toEqual([
      ['2024-01-02T00:00:00+05:30'],
      ['2024-01-03T00:00:00+05:30'],
    ]);
    expect((await ask('select tradingsymbol from instruments order by 1')).rows).toEqual([['INFY'], ['TCS']]);
    expect((await ask('with s as (select bars from series) select sum(bars) from s')).rows).toEqual([[22]]);
  });

  test('gives at most as many rows as asked for and says that there are more', async () => {
    expect(await ask('select close from bars order by close', 3)).toMatchObject({
      rows: [[10.5], [11.5], [100.05]],
      more: true,
    });
  });

  test.each([
    ["select * from read_csv('/etc/passwd')"],
    ["select * from '/etc/passwd'"],
    ["select * from read_text('/etc/hostname')"],
    ["select * from glob('/*')"],
    ["select * from read_parquet('https://example.com/x.parquet')"],
    ["attach '/tmp/x.db'"],
    ["copy bars to '/tmp/algo-stolen.csv'"],
    ["copy (select 1) to '/tmp/algo-stolen.csv'"],
    ['install httpfs'],
    ['load httpfs'],
    ['set enable_external_access = true'],
    ['pragma database_list'],
    ['delete from series'],
    ['drop table series'],
    ['create table x (a int)'],
    ['create temp table x as select 1'],
    ["export database '/tmp/algo-stolen'"],
    ['select 1; select 2'],
    ["select 1; copy bars to '/tmp/algo-stolen.csv'"],
    ['checkpoint'],
    ['call pragma_version()'],
    ["select * from glob(current_setting('temp_directory') || '/*')"],
    ["select current_setting('temp_directory')"],
    ['select * from duckdb_temporary_files()'],
    ["select * from query('select 1')"],
    [`with x as (select * from "read_blob"('/etc/hostname')) select * from x`],
    ["describe select * from read_csv('/etc/passwd')"],
  ])('%s is refused in one message and changes nothing', async (sql) => {
    const before = await room.history.list();
    const refused = await refusal(ask(sql));
    expect(refused.message).toMatch(
      /^algo data sql answers one SELECT over the history and touches nothing else: /,
    );
    expect(refused).toMatchObject({ code: 'USAGE_SQL', exitCode: 2 });
    expect(existsSync('/tmp/algo-stolen.csv')).toBe(false);
    expect(await room.history.list()).toEqual(before);
  });

  test.each([
    ['selct 1', 'The query was not understood: Parser Error: syntax error at or near "selct"'],
    [
      'select nothing from bars',
      'The query was not understood: Binder Error: Referenced column "nothing" not found',
    ],
    ['', 'The query was not understood: it is empty.'],
    ['select ?', 'The query was not understood: it has parameters'],
  ])('%s is not understood', async (sql, message) => {
    expect((await refusal(ask(sql))).message).toContain(message);
  });

  test('an empty history says how to begin', async () => {
    const other = importRoom();
    const empty = { store: other.history, file: { ...file(), file: join(other.folder, 'none.duckdb') } };
    expect((await refusal(dataSql(empty, 'select 1', 1))).message).toBe('The history is empty.');
    other.remove();
  });
});

describe('resample', () => {
  const run = (symbols: string[], timeframe: string) =>
    resampleData({ store: room.history, calendar: india.calendar }, { symbols, timeframe });

  test('stores slower bars, without the one whose time had not ended', async () => {
    const result = await run(['NSE:INFY'], '15m');
    expect(result).toEqual({
      saved: 1,
      series: [
        {
          ...{ symbol: 'NSE:INFY', source: '1m', timeframe: '15m', bars: 1, dropped: 0 },
          ...{ from: '2024-01-02T09:15:00+05:30', to: '2024-01-02T09:15:00+05:30' },
        },
      ],
    });
    expect(await room.bars('NSE:INFY', '15m')).toEqual([
      `2024-01-02 09:15 100 115 99.5 114.05 ${15 * 1000 + 105}`,
    ]);
    expect((await run(['NSE:INFY'], '15m')).saved).toBe(0);
  });

  test('bars are not made of slower ones', async () => {
    expect((await refusal(run(['NSE:TCS'], '15m'))).message).toBe(
      '15m bars of NSE:TCS cannot be made of what is stored: day.',
    );
  });
});

test('the commands', async () => {
  const home = room.folder;
  const at = ['--home', home, '--set', 'data.history=store/history.duckdb'];
  const csv = await askAlgo(['data', 'sql', 'select key, bars from series order by key', '--csv', ...at], {
    home,
  });
  expect(csv).toMatchObject({ exitCode: 0, stdout: 'key,bars\nNSE:INFY,20\nNSE:TCS,2\n' });
  const stolen = await askAlgo(['data', 'sql', "select * from '/etc/passwd'", ...at], { home });
  expect(stolen).toMatchObject({ exitCode: 2, stdout: '' });
  const out = await askAlgo(['data', 'export', 'TCS', '--to', path('y.parquet'), ...at], { home });
  expect(out.stdout).toBe(`Wrote 2 bars of 1 series to ${path('y.parquet')}\n`);
  const slower = await askAlgo(['data', 'resample', 'NSE:INFY', '--timeframe', '5m', '--json', ...at], {
    home,
  });
  expect(JSON.parse(slower.stdout)).toMatchObject({ saved: 4, series: [{ source: '1m', bars: 4 }] });
});
