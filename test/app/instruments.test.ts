import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openInstrumentArchive } from '../../src/adapters/duckdb/instrument-archive.ts';
import { importData } from '../../src/app/data-import.ts';
import {
  importInstruments,
  instrumentsAt,
  listedInstruments,
  listingsOn,
  showInstrument,
} from '../../src/app/instruments.ts';
import { askAlgo } from '../support/run-algo.ts';
import { testWithShared } from '../support/shared-data.ts';
import { importRoom, quiet, refusal } from './data-import-support.ts';

let room: ReturnType<typeof importRoom>;
beforeEach(() => {
  room = importRoom();
});
afterEach(() => room.remove());

const archive = () =>
  openInstrumentArchive({
    file: join(room.folder, 'instruments.duckdb'),
    waiting: { sleep: async () => undefined, random: () => 0 },
  });

const head =
  'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange';
const future = (token: number, lot: number) =>
  `${token},1,NIFTY24APRFUT,NIFTY,0,2024-04-25,0,0.05,${lot},FUT,NFO-FUT,NFO`;
const option = '200,2,NIFTY24APR22500CE,NIFTY,0,25-04-2024,22500,0.05,50,CE,NFO-OPT,NFO';
const share = '134197252,524208,AARTIIND,AARTI INDUSTRIES.,0,,0,0.05,1,EQ,BSE,BSE';

const add = (day: string, rows: readonly string[]) =>
  importInstruments(archive(), [room.write(`lists/${day}.csv`, [head, ...rows, ''].join('\n'))], undefined);
const seen = async (word: string) =>
  (await showInstrument(archive(), word)).listings.map(
    ({ token, lotSize, firstSeen, lastSeen }) => `${token} ${lotSize} ${firstSeen}..${lastSeen}`,
  );

describe('the archive', () => {
  test('stores a row again only when it changes, and knows it on every day between', async () => {
    await add('2024-04-08', [future(100, 50), option]);
    await add('2024-04-10', [future(100, 50), option]);
    const { lists } = await add('2024-04-12', [future(100, 25)]);
    expect(lists).toEqual([{ file: '2024-04-12.csv', day: '2024-04-12', listed: 1, changed: 1 }]);
    expect(await seen('NFO:NIFTY24APRFUT')).toEqual([
      '100 25 2024-04-12..2024-04-12',
      '100 50 2024-04-08..2024-04-10',
    ]);
    const at = await instrumentsAt(archive(), { day: '2024-04-09', underlying: 'nifty', type: 'CE' });
    expect(at.listings).toEqual([
      {
        ...{
          exchange: 'NFO',
          tradingsymbol: 'NIFTY24APR22500CE',
          token: 200,
          exchangeToken: 2,
          name: 'NIFTY',
        },
        ...{
          expiry: '2024-04-25',
          strike: 22500,
          tickSize: 0.05,
          lotSize: 50,
          type: 'CE',
          segment: 'NFO-OPT',
        },
        ...{ firstSeen: '2024-04-08', lastSeen: '2024-04-10' },
      },
    ]);
    expect((await instrumentsAt(archive(), { day: '2024-04-11', type: 'CE' })).listings).toEqual([]);
    const rows = await listingsOn(archive(), '2024-04-09');
    expect([...rows.keys()].sort()).toEqual(['NFO:NIFTY24APR22500CE', 'NFO:NIFTY24APRFUT']);
    expect(rows.get('NFO:NIFTY24APRFUT')).toEqual({
      ...{ exchange: 'NFO', tradingsymbol: 'NIFTY24APRFUT', token: 100, exchangeToken: 1, name: 'NIFTY' },
      ...{ expiry: '2024-04-25', strike: 0, tickSize: 0.05, lotSize: 50, type: 'FUT', segment: 'NFO-FUT' },
    });
    expect((await listingsOn(archive(), '2024-04-13')).size).toBe(0);
  });

  test('the same list again changes nothing', async () => {
    await add('2024-04-08', [future(100, 50)]);
    const again = await add('2024-04-08', [future(100, 50)]);
    expect(again.lists[0]).toMatchObject({ listed: 1, changed: 0 });
    expect(await seen('NFO:NIFTY24APRFUT')).toEqual(['100 50 2024-04-08..2024-04-08']);
  });

  test('days may come in any order', async () => {
    await add('2024-04-12', [future(100, 50)]);
    await add('2024-04-08', [future(100, 50)]);
    expect(await seen('NFO:NIFTY24APRFUT')).toEqual(['100 50 2024-04-08..2024-04-12']);
    await add('2024-04-10', [future(999, 50)]);
    expect(await seen('NFO:NIFTY24APRFUT')).toEqual([
      '100 50 2024-04-11..2024-04-12',
      '999 50 2024-04-10..2024-04-10',
      '100 50 2024-04-08..2024-04-09',
    ]);
  });

  test('an expired contract keeps its token although a new one has the same', async () => {
    await add('2024-04-08', [future(100, 50)]);
    await add('2024-05-08', [future(100, 50).replace('24APR', '24MAY').replace('04-25', '05-30')]);
    expect(await seen('NFO:NIFTY24APRFUT')).toEqual(['100 50 2024-04-08..2024-04-08']);
    expect(await seen('NFO:NIFTY24MAYFUT')).toEqual(['100 50 2024-05-08..2024-05-08']);
  });

  test('a bad list says where and leaves the archive as it was', async () => {
    await add('2024-04-08', [future(100, 50)]);
    const wrong: readonly (readonly [string, string])[] = [
      [
        [head, future(100, 50).replace('2024-04-25', '2024-04-31')].join('\n'),
        'line 2, column "expiry": received "2024-04-31"',
      ],
      [[head, future(100, 50).slice(0, 40)].join('\n'), 'line 2 has 7 columns; expected 12.'],
      [
        [head, future(100, 50).replace('FUT,NFO-FUT', 'FUTX,NFO-FUT')].join('\n'),
        'column "instrument_type": received "FUTX"',
      ],
      ['a,b\n1,2\n', 'is no list of instruments: it has no column instrument_token'],
    ];
    for (const [text, message] of wrong) {
      const path = room.write('x.csv', text);
      expect((await refusal(importInstruments(archive(), [path], '2024-04-09'))).message).toContain(message);
    }
    expect(
      (await refusal(importInstruments(archive(), [room.write('x.csv', head)], undefined))).message,
    ).toContain('Nothing says of which day x.csv is.');
    expect(await seen('NFO:NIFTY24APRFUT')).toEqual(['100 50 2024-04-08..2024-04-08']);
    expect((await refusal(showInstrument(archive(), 'NFO:NIFTY24APRFU'))).message).toContain(
      'Did you mean NFO:NIFTY24APRFUT?',
    );
  });
});

test('imported bars take lot, tick, expiry and name from the archive', async () => {
  await add('2024-04-08', [future(100, 50).replace(',0.05,50', ',0.1,50'), share]);
  const listed = await listedInstruments(archive());
  const take = (name: string, text: string, request: object) =>
    importData(
      { paths: [room.write(name, text)], ...request },
      { history: room.history, output: quiet, listed },
    );
  await take('f.csv', 'date,open,high,low,close\n2024-04-10,1,1,1,1\n', { as: 'NFO:NIFTY24APRFUT' });
  await take(
    'EQ100424.csv',
    'SC_CODE,SC_NAME,SC_GROUP,SC_TYPE,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,NO_TRADES,NO_OF_SHRS\n524208,AARTI,A ,Q,1,1,1,1,1,1,5,54\n',
    {},
  );
  expect(await room.history.instruments()).toEqual([
    expect.objectContaining({ key: 'BSE:AARTIIND', kind: 'EQ' }),
    expect.objectContaining({
      ...{
        key: 'NFO:NIFTY24APRFUT',
        lotSize: 50,
        tickSize: 0.1,
        expiry: '2024-04-25',
        underlying: 'NIFTY',
        kind: 'FUT',
      },
    }),
  ]);
});

test('the commands', async () => {
  const home = room.folder;
  const path = room.write('NFO-2024-04-10.csv.gz', gzipSync([head, future(100, 50), option].join('\n')));
  const done = await askAlgo(['instruments', 'import', path], { home });
  expect(done).toMatchObject({
    exitCode: 0,
    stdout: 'NFO-2024-04-10.csv.gz: 2 instruments of 2024-04-10, 2 new or changed\n',
  });
  const found = await askAlgo(['instruments', 'search', 'nifty', '22500', '--json'], { home });
  expect(JSON.parse(found.stdout).listings).toMatchObject([{ tradingsymbol: 'NIFTY24APR22500CE' }]);
  const at = await askAlgo(['instruments', 'at', '2024-04-10', '--underlying', 'NIFTY', '--type', 'FUT'], {
    home,
  });
  expect(at.stdout).toContain('NFO:NIFTY24APRFUT');
  const none = await askAlgo(['instruments', 'show', 'NFO:X'], { home });
  expect(none).toMatchObject({ exitCode: 5, stdout: '' });
});

describe('lists as Kite sends them', () => {
  testWithShared('instruments/kite_instruments_NFO_BFO_2026-08.csv.gz', 'NFO and BFO', async (path) => {
    const { lists } = await importInstruments(archive(), [path], '2026-08-18');
    expect(lists[0]).toMatchObject({ listed: 39_941, changed: 39_941 });
    expect(await seen('NFO:NIFTY26AUGFUT')).toEqual(['14866434 65 2026-08-18..2026-08-18']);
    expect((await importInstruments(archive(), [path], '2026-08-19')).lists[0].changed).toBe(0);
    expect(await seen('NFO:NIFTY26AUGFUT')).toEqual(['14866434 65 2026-08-18..2026-08-19']);
  });
});
