import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runBackfill } from '../../src/app/backfill-run.ts';
import { exportData } from '../../src/app/data-export.ts';
import { dataList } from '../../src/app/data-list.ts';
import { resampleData } from '../../src/app/data-resample.ts';
import { dataSql } from '../../src/app/data-sql.ts';
import { type KiteData, kiteCandles } from '../../src/app/kite-candles.ts';
import { BarSeries, interestAt } from '../../src/domain/bar-series.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import { instantOf } from '../../src/domain/time.ts';
import { day, india, share } from '../support/india.ts';
import { importRoom, refusal } from './data-import-support.ts';

let room: ReturnType<typeof importRoom>;
beforeEach(() => {
  room = importRoom();
});
afterEach(() => room.remove());

async function interestOf(
  key: string,
  timeframe: '1m' | '5m' | 'day' = 'day',
  from = room,
): Promise<number[]> {
  const series = await from.history.load(key, timeframe, { from: -Infinity, to: Infinity });
  return Array.from({ length: series.length }, (_, row) => interestAt(series, row));
}

describe('a file with open interest', () => {
  const udiff = [
    'TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,OpnIntrst,ChngInOpnIntrst,TtlTradgVol,NewBrdLotQty',
    '2026-01-05,2026-01-05,FO,NSE,IDF,1,,NIFTY,,2026-01-27,2026-01-27,,,NIFTY26JANFUT,26000,26100,25900,26050,14500200,-65,100,65',
    '2026-01-06,2026-01-06,FO,NSE,IDF,1,,NIFTY,,2026-01-27,2026-01-27,,,NIFTY26JANFUT,26000,26100,25900,26050,,,100,65',
    '',
  ].join('\n');

  test('of UDiFF is stored in units, and a field without it is not known', async () => {
    await room.take('fo.csv', udiff);
    expect(await interestOf('NFO:NIFTY26JANFUT')).toEqual([14_500_200, Number.NaN]);
    expect(await room.bars('NFO:NIFTY26JANFUT', 'day')).toEqual([
      '2026-01-05 00:00 26000 26100 25900 26050 6500',
      '2026-01-06 00:00 26000 26100 25900 26050 6500',
    ]);
    const { series } = await dataList(room.history);
    expect(series.map(({ openInterest }) => openInterest)).toEqual([true]);
  });

  test('of the layout before UDiFF, whose quantities are units too', async () => {
    await room.take(
      'fo10APR2024bhav.csv',
      'INSTRUMENT,SYMBOL,EXPIRY_DT,STRIKE_PR,OPTION_TYP,OPEN,HIGH,LOW,CLOSE,SETTLE_PR,CONTRACTS,VAL_INLAKH,OPEN_INT,CHG_IN_OI,TIMESTAMP,\nFUTIDX,NIFTY,25-Apr-2024,0,XX,22500,22600,22400,22550,22550,10,1,12345650,1,10-APR-2024,\n',
    );
    expect(await interestOf('NFO:NIFTY24APRFUT')).toEqual([12_345_650]);
  });

  test('of MCX counts lots and becomes units as the volume does', async () => {
    await room.take(
      'mcx.csv',
      '"Date","Instrument Name","Symbol","Expiry Date","Option Type","Strike Price","Open","High","Low","Close","Previous Close","Volume(Lots)","Volume(In 000\'s)","Value(Lacs)","Open Interest(Lots)"\n"17 Dec 2025","FUTCOM","CRUDEOIL     ","19JAN2026","-","0.00","5095.00","5135.00","5030.00","5081.00","5071.00","155","1555.200 BBL  ","79142.61","60"\n',
    );
    const [{ key }] = await room.history.instruments();
    const [interest] = await interestOf(key);
    const series = await room.history.load(key, 'day', { from: -Infinity, to: Infinity });
    expect(interest / series.volume[0]).toBe(60 / 155);
  });

  test.each([
    [
      'JSON',
      '{"data":{"candles":[["2026-01-05T09:15:00+0530",100,101,99,100.5,75,7500],["2026-01-05T09:16:00+0530",100,101,99,100.5,75,7575]]}}',
    ],
    [
      'CSV',
      'date,open,high,low,close,volume,oi\n2026-01-05 09:15:00+05:30,100,101,99,100.5,75,7500\n2026-01-05 09:16:00+05:30,100,101,99,100.5,75,7575\n',
    ],
  ])("of Kite's candles with seven fields as %s; for a share the zeros say nothing", async (_, text) => {
    await room.take('x', text, { as: 'NFO:NIFTY26JANFUT' });
    expect(await interestOf('NFO:NIFTY26JANFUT', '1m')).toEqual([7_500, 7_575]);
    await room.take('y', text.replaceAll(/75(00|75)/g, '0'), { as: 'NSE:INFY' });
    expect(
      (await room.history.load('NSE:INFY', '1m', { from: 0, to: Infinity })).openInterest,
    ).toBeUndefined();
  });

  test('gives it to the same bars of a file without, and contradicts another figure', async () => {
    const rows = (...interest: string[]) =>
      `date,open,high,low,close,volume,oi\n${interest.map((units) => `2026-01-05,100,101,99,100.5,75,${units}\n`).join('')}`;
    await room.take('x.csv', rows('', '7500'), { as: 'NFO:NIFTY26JANFUT' });
    expect(await interestOf('NFO:NIFTY26JANFUT')).toEqual([7_500]);
    const twice = await refusal(room.take('y.csv', rows('7500', '7575'), { as: 'NFO:NIFTY26JANFUT' }));
    expect(twice.message).toContain('100.5, 75, 7500 and 100, 101, 99, 100.5, 75, 7575');
    expect((await refusal(room.take('y.csv', rows('-1'), { as: 'NFO:NIFTY26JANFUT' }))).message).toContain(
      'an open interest of 0 or more',
    );
    expect((await refusal(room.take('y.csv', rows('many'), { as: 'NFO:NIFTY26JANFUT' }))).message).toContain(
      'column "oi"',
    );
  });

  test.each(['csv', 'parquet'])('goes out as %s and comes in again, bar for bar', async (format) => {
    await room.take('fo.csv', udiff);
    const target = join(room.folder, `out.${format}`);
    const file = join(room.folder, 'store', 'history.duckdb');
    const waiting = { sleep: async () => undefined, random: () => 0 };
    await exportData({ store: room.history, file: { file, waiting } }, { symbols: [], to: [target] });
    if (format === 'csv')
      expect(readFileSync(target, 'utf8').split('\n').slice(0, 3)).toEqual([
        'symbol,timeframe,time,open,high,low,close,volume,oi',
        'NFO:NIFTY26JANFUT,day,2026-01-05T00:00:00+05:30,26000,26100,25900,26050,6500,14500200',
        'NFO:NIFTY26JANFUT,day,2026-01-06T00:00:00+05:30,26000,26100,25900,26050,6500,',
      ]);
    const other = importRoom();
    try {
      await other.import({ paths: [target] });
      const checksums = async ({ history }: typeof room) =>
        (await history.list()).map(({ checksum }) => checksum);
      expect(await checksums(other)).toEqual(await checksums(room));
      expect(await interestOf('NFO:NIFTY26JANFUT', 'day', other)).toEqual([14_500_200, Number.NaN]);
    } finally {
      other.remove();
    }
    const answer = await dataSql(
      { store: room.history, file: { file, waiting } },
      'select time, oi from bars order by time',
      10,
    );
    expect(answer.rows.map(([, oi]) => oi)).toEqual([14_500_200, null]);
  });
});

describe('candles of Kite', () => {
  const future: Instrument = {
    ...share,
    key: 'NFO:NIFTY26SEPFUT',
    exchange: 'NFO',
    tradingsymbol: 'NIFTY26SEPFUT',
    rules: 'NFO',
    kind: 'FUT',
    underlying: 'NIFTY',
    expiry: '2026-09-29',
    lotSize: 75,
  };
  const opens = instantOf(day('2026-09-01'), 555);
  const asked: { readonly token: number; readonly openInterest: boolean }[] = [];
  const data: KiteData = {
    now: async () => instantOf(day('2026-09-01'), 1_200),
    instruments: async () => Buffer.from(''),
    async historical({ token, openInterest }) {
      asked.push({ token, openInterest });
      const series = new BarSeries('', '1m');
      for (let minute = 0; minute < 10; minute++)
        series.append(opens + minute * 60_000, 100, 101, 99, 100, 75);
      const told = (row: number) => (openInterest ? 7_500 + 75 * row : Number.NaN);
      return { ...columnsOf(series), openInterest: Array.from({ length: 10 }, (_, row) => told(row)) };
    },
  };
  const columnsOf = ({ length, time, open, high, low, close, volume }: BarSeries) => ({
    ...{ length, time, open, high, low, close, volume },
  });
  const tokens = new Map([
    [future.key, 1],
    [share.key, 2],
  ]);
  const backfill = (force = false) =>
    runBackfill(
      {
        ...{ store: room.history, source: kiteCandles(data, tokens), calendar: india.calendar, force },
        ...{ now: instantOf(day('2026-09-01'), 1_200), dryRun: false, sleep: async () => undefined },
        output: {
          progress: () => ({ step: () => undefined, done: () => undefined }),
          warn: () => undefined,
          note: () => undefined,
        },
      },
      [future, share].map((instrument) => ({
        ...{ instrument, timeframe: '1m' as const, continuous: false },
        days: { from: day('2026-09-01'), to: day('2026-09-01') },
      })),
      [],
    );

  test('are asked for with it for contracts only, stored with it, and made slower with it', async () => {
    expect(await backfill()).toMatchObject({ added: 20, notes: [] });
    expect(asked.sort((a, b) => a.token - b.token)).toEqual([
      { token: 1, openInterest: true },
      { token: 2, openInterest: false },
    ]);
    expect((await interestOf(future.key, '1m')).slice(-2)).toEqual([8_100, 8_175]);
    expect(
      (await room.history.load(share.key, '1m', { from: 0, to: Infinity })).openInterest,
    ).toBeUndefined();
    await resampleData(
      { store: room.history, calendar: india.calendar },
      { symbols: [future.key], timeframe: '5m' },
    );
    expect((await interestOf(future.key, '5m'))[0]).toBe(7_800);
  });

  test('that were stored before without it are told, and fetched again with --force', async () => {
    const bare = new BarSeries(future.key, '1m');
    for (let minute = 0; minute < 10; minute++) bare.append(opens + minute * 60_000, 100, 101, 99, 100, 75);
    await room.history.saveAll([
      {
        ...{ instrument: future, series: bare },
        answered: { source: 'kite', days: [{ from: day('2026-09-01'), to: day('2026-09-01') }] },
      },
    ]);
    expect((await backfill()).notes).toEqual([
      'Bars stored earlier of NFO:NIFTY26SEPFUT 1m have no open interest; --force fetches them again with it.',
    ]);
    expect(await interestOf(future.key, '1m')).toContainEqual(Number.NaN);
    expect(await backfill(true)).toMatchObject({ updated: 10, notes: [] });
    expect((await interestOf(future.key, '1m'))[0]).toBe(7_500);
  });
});
