import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { testWithShared } from '../support/shared-data.ts';
import { importRoom, refusal, zipOf } from './data-import-support.ts';

// A day of all option contracts is tens of thousands of series.
jest.setTimeout(60_000);

let room: ReturnType<typeof importRoom>;
beforeEach(() => {
  room = importRoom();
});
afterEach(() => room.remove());

const legacyHead =
  'INSTRUMENT,SYMBOL,EXPIRY_DT,STRIKE_PR,OPTION_TYP,OPEN,HIGH,LOW,CLOSE,SETTLE_PR,CONTRACTS,VAL_INLAKH,OPEN_INT,CHG_IN_OI,TIMESTAMP,';
const legacy = [
  legacyHead,
  'FUTIDX,NIFTY,25-Apr-2024,0,XX,22500,22600,22400,22550,22550,10,1,1,1,10-APR-2024,',
  'OPTIDX,NIFTY,25-Apr-2024,22500,CE,100,120,90,110,110,4,1,1,1,10-APR-2024,',
  'OPTIDX,NIFTY,18-Apr-2024,22500,PE,50,60,40,55,55,2,1,1,1,10-APR-2024,',
  'OPTSTK,INFY,25-Apr-2024,1512.5,CE,10,12,9,11,11,3,1,1,1,10-APR-2024,',
  'OPTSTK,INFY,25-Apr-2024,9000,CE,0,0,0,5,5,0,1,1,1,10-APR-2024,',
  '',
].join('\n');

describe('contracts that a file names by their terms only', () => {
  test('a legacy derivatives bhavcopy gets tradingsymbols, weekly options with their day, and units', async () => {
    const result = await room.take('fo10APR2024bhav.csv', legacy);
    expect((await room.history.instruments()).map(({ key }) => key)).toEqual([
      'NFO:INFY24APR1512.5CE',
      'NFO:NIFTY2441822500PE',
      'NFO:NIFTY24APR22500CE',
      'NFO:NIFTY24APRFUT',
    ]);
    expect((await room.history.instruments())[1]).toMatchObject({
      kind: 'PE',
      underlying: 'NIFTY',
      expiry: '2024-04-18',
      strike: 22500,
      lotSize: 50,
    });
    expect(await room.bars('NFO:NIFTY24APRFUT', 'day')).toEqual([
      '2024-04-10 00:00 22500 22600 22400 22550 500',
    ]);
    expect(result.layouts).toEqual([{ about: 'legacy derivatives bhavcopy', files: 1 }]);
    expect(result.skipped).toEqual([
      { reason: 'contracts that did not trade', count: 1, first: 'fo10APR2024bhav.csv line 6' },
    ]);
    // The tables know no lot of INFY that expired in 2024.
    expect(result.notes).toContain(
      'Volume of INFY contracts counts lots: no table and no imported instrument list says how many units a lot has.',
    );
    expect(await room.bars('NFO:INFY24APR1512.5CE', 'day')).toEqual(['2024-04-10 00:00 10 12 9 11 3']);
  });

  test('where the rules do not reach, the last expiry of a month in the file is the monthly one', async () => {
    const rows = (expiry: string) => `OPTIDX,OLDINDEX,${expiry},5000,CA,10,12,9,11,11,3,1,1,1,10-APR-2008,\n`;
    await room.take('fo.csv', `${legacyHead}\n${rows('17-Apr-2008')}${rows('24-Apr-2008')}`);
    expect((await room.history.instruments()).map(({ key }) => key)).toEqual([
      'NFO:OLDINDEX08417 5000CE'.replace(' ', ''),
      'NFO:OLDINDEX08APR5000CE',
    ]);
  });

  const options = [
    'INSTRUMENT,SYMBOL    ,EXP_DATE  ,STR_PRICE  ,OPT_TYPE,OPEN_PRICE ,HI_PRICE   ,LO_PRICE   ,CLOSE_PRICE,OPEN_INT*      ,TRD_QTY          ,NO_OF_CONT       ,NO_OF_TRADE      ,NOTION_VAL        ,PR_VAL            ',
    'OPTIDX    ,BANKNIFTY ,30/12/2025,00043500.00,PE      ,00000003.70,00000004.20,00000002.70,00000003.10,000000000020450,             8890,              254,              080,      386744102.50,          29102.50',
    '* - OPEN_INT as available in the trading system at the end of trading hours.      ',
  ].join('\n');
  const futures = [
    'INSTRUMENT,SYMBOL,EXP_DATE,OPEN_PRICE,HI_PRICE,LO_PRICE,CLOSE_PRICE,OPEN_INT*,TRD_VAL,TRD_QTY,NO_OF_CONT,NO_OF_TRADE',
    'FUTSTK,INFY,30/12/2025,1500,1510,1490,1505,1,1,1200,3,2',
  ].join('\n');

  const shares = [
    'MKT,SERIES,SYMBOL,SECURITY,PREV_CL_PR,OPEN_PRICE,HIGH_PRICE,LOW_PRICE,CLOSE_PRICE,NET_TRDVAL,NET_TRDQTY,IND_SEC,CORP_IND,TRADES,HI_52_WK,LO_52_WK',
    'Y, , ,Nifty 50,26027.30,25951.50,25980.75,25834.35,25860.10, , ,Y, , ,26325.80,21743.65',
    'N,EQ,INFY,INFOSYS LIMITED,     1598.00,     1590.00,     1602.50,     1585.10,     1592.30,   7961500000,    5000000,N, ,120000,1900.00,1307.00',
    'N,GB,SGBJUN31I,2.5%GOLDBONDS2031SR-I,12900.00,12910.00,12950.00,12900.00,12940.00,129400,10,N, ,3,14000.00,7000.00',
  ].join('\n');

  test('shares of the report bundle take the day from their name; index values and bonds among them are left out', async () => {
    const packed = deflateRawSync(shares);
    const bundle = zipOf([{ name: 'pd161225.csv', packed, size: Buffer.byteLength(shares), method: 8 }]);
    const result = await room.take('PR161225.zip', bundle);
    expect((await room.history.instruments()).map(({ key }) => key)).toEqual(['NSE:INFY']);
    expect(await room.bars('NSE:INFY', 'day')).toEqual([
      '2025-12-16 00:00 1590 1602.5 1585.1 1592.3 5000000',
    ]);
    expect(result.files.passedOver).toEqual([]);
  });

  test('options and futures of the report bundle take the day from their name and the lot from their figures', async () => {
    const entry = (name: string, text: string) => ({
      name,
      packed: deflateRawSync(text),
      size: Buffer.byteLength(text),
      method: 8,
    });
    const bundle = zipOf([
      entry('op161225.csv', options),
      entry('fo161225.csv', futures),
      entry('bc161225.csv', 'SERIES,SYMBOL,SECURITY\nEQ,INFY,INFOSYS'),
      entry('Readme.txt', 'What the files hold'),
    ]);
    const result = await room.take('PR161225.zip', bundle);
    expect(await room.bars('NFO:BANKNIFTY25DEC43500PE', 'day')).toEqual([
      '2025-12-16 00:00 3.7 4.2 2.7 3.1 8890',
    ]);
    expect(await room.bars('NFO:INFY25DECFUT', 'day')).toEqual(['2025-12-16 00:00 1500 1510 1490 1505 1200']);
    expect((await room.history.instruments()).map(({ lotSize }) => lotSize)).toEqual([35, 400]);
    expect(result.files.passedOver).toEqual(['PR161225.zip/bc161225.csv', 'PR161225.zip/Readme.txt']);
  });

  test('a file of the bundle under a name without a day is refused', async () => {
    const refused = await refusal(room.take('options.csv', options));
    expect(refused.message).toBe(
      'options.csv is a file of options of the daily report bundle, whose rows carry no date, and its name does not tell the day either.',
    );
    expect(refused.code).toBe('DATA_TIME');
  });

  test('MCX, with a byte order mark and blanks, keeps lots and says so', async () => {
    const text = `\ufeff"Date","Instrument Name","Symbol","Expiry Date","Option Type","Strike Price","Open","High","Low","Close","Previous Close","Volume(Lots)","Volume(In 000's)","Value(Lacs)","Open Interest(Lots)"\r
"17 Dec 2025","FUTCOM","CRUDEOIL     ","18DEC2025","-","0.00","5000","5100","4900","5050","5000","2064","2064.000 BBL  ","5805.57","1119"\r
"17 Dec 2025","OPTFUT","CRUDEOIL     ","16JAN2026","CE","5100.00","29.5","30","24","26","21.96","4","10.000 BBL  ","112.10","10"\r
"17 Dec 2025","OPTFUT","CRUDEOIL     ","16JAN2026","PE","1140.00","","","","35.83","35.83","0","0.000 BBL  ","0.00","0"\r
`;
    const result = await room.take('mcx.csv', text);
    expect(await room.bars('MCX:CRUDEOIL25DECFUT', 'day')).toEqual([
      '2025-12-17 00:00 5000 5100 4900 5050 2064',
    ]);
    expect(await room.bars('MCX:CRUDEOIL26JAN5100CE', 'day')).toEqual(['2025-12-17 00:00 29.5 30 24 26 4']);
    expect(result.bars.total).toBe(2);
    expect(result.notes.filter((note) => note.includes('counts lots'))).toHaveLength(1);
  });
});

const bse = `SC_CODE,SC_NAME,SC_GROUP,SC_TYPE,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,NO_TRADES,NO_OF_SHRS,NET_TURNOV,TDCLOINDI
500002,ABB LTD.    ,A ,Q,1363.65,1384.00,1363.65,1381.40,1380.00,1370.95,581,5401,7450349.00,
800123,SGB 2028    ,G ,B,5000,5000,5000,5000,5000,5000,1,1,5000,
`;

test('legacy BSE files name shares by number, and bonds are left out', async () => {
  const result = await room.take('EQ060521.CSV', bse);
  expect(await room.bars('BSE:500002', 'day')).toEqual(['2021-05-06 00:00 1363.65 1384 1363.65 1381.4 5401']);
  expect(result.skipped).toEqual([{ reason: 'series other than Q', count: 1, first: 'EQ060521.CSV line 3' }]);
});

describe('files that cannot be taken leave the store untouched', () => {
  const wrong: readonly (readonly [
    name: string,
    content: Uint8Array | string,
    message: string,
    code: string,
  ])[] = [
    [
      'UTF-16 without a mark',
      Buffer.from('date,open,high,low,close\n2024-01-02,1,1,1,1\n', 'utf16le'),
      'x.csv is UTF-16 without a byte order mark: every other byte is 0.',
      'DATA_ENCODING',
    ],
    [
      'a symbol in Latin-1',
      Buffer.from('symbol,date,open,high,low,close\nCAF\u00c9,2024-01-02,1,1,1,1\n', 'latin1'),
      'x.csv line 2, column "symbol": received "CAF\ufffd"; expected a symbol in UTF-8.',
      'DATA_ENCODING',
    ],
    [
      'high and low swapped',
      legacy.replace('22500,22600,22400,22550', '22500,22400,22600,22550'),
      'x.csv line 2, column "HIGH": received "22400"; expected a high at or above the low 22600.',
      'DATA_BAR',
    ],
    [
      'cut in the middle of a row',
      legacy.slice(0, legacy.indexOf(',110,4')),
      'x.csv line 3 has 9 columns; expected 16',
      'DATA_COLUMNS',
    ],
    [
      'an expiry that is no day',
      legacy.replace('18-Apr-2024', '31-Apr-2024'),
      'x.csv line 4, column "EXPIRY_DT": received "31-Apr-2024"; expected the expiry date of NIFTY.',
      'DATA_TIME',
    ],
    [
      'a zip64',
      (() => {
        const zip = zipOf([{ name: 'a.csv', packed: Buffer.from('abc'), size: 3, method: 0 }]);
        zip.writeUInt16LE(0xffff, zip.length - 12);
        return zip;
      })(),
      'x.csv is a zip in zip64 form, made for more than 65,535 files or 4 GiB, which algo does not read.',
      'DATA_ARCHIVE',
    ],
  ];
  test.each(wrong)('%s', async (_, content, message, code) => {
    room.write('files/a.csv', 'date,open,high,low,close\n2024-02-01,1,1,1,1\n');
    room.write('files/x.csv', content);
    const refused = await refusal(room.import({ paths: [`${room.folder}/files`], exchange: 'NSE' }));
    expect(refused.message).toContain(message);
    expect(refused.code).toBe(code);
    expect(await room.history.list()).toEqual([]);
  });
});

describe('a folder of more files than one transaction takes', () => {
  const head =
    'SYMBOL,SERIES,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,TOTTRDQTY,TOTTRDVAL,TIMESTAMP,TOTALTRADES,ISIN,';
  const dayOf = (at: number) => new Date(Date.UTC(2022, 0, 1 + at)).toISOString().slice(0, 10);
  const fileOf = (at: number, close = 100) =>
    `${head}\nINFY,EQ,100,101,99,${close},100,99,1200,1,${dayOf(at)},7,X,\nTCS,EQ,100,101,99,100,100,99,${at},1,${dayOf(at)},7,X,\n`;
  const write = (count: number) => {
    // Names whose order is not that of the days.
    for (let at = 0; at < count; at++) room.write(`days/${(at * 7919) % 1000}-${at}.csv`, fileOf(at));
  };
  const folder = () => ({ paths: [`${room.folder}/days`], dateFormat: 'YYYY-MM-DD' });

  test('is imported whole, and again without a change', async () => {
    write(620);
    const result = await room.import(folder());
    expect(result.bars).toEqual({ total: 1240, new: 1240, changed: 0, unchanged: 0 });
    expect(result.files.read).toBe(620);
    expect((await room.bars('NSE:TCS', 'day')).map((bar) => Number(bar.split(' ').at(-1)))).toEqual(
      Array.from({ length: 620 }, (_, at) => at),
    );
    const again = await room.import(folder());
    expect(again.bars).toEqual({ total: 1240, new: 0, changed: 0, unchanged: 1240 });
  });

  test('one bad file among them leaves the store untouched', async () => {
    write(300);
    room.write('days/zzz.csv', `${head}\nINFY,EQ,100,101,99,x,100,99,1200,1,2024-01-02,7,X,\n`);
    expect((await refusal(room.import(folder()))).message).toContain('zzz.csv line 2, column "CLOSE"');
    expect(await room.history.list()).toEqual([]);
  });

  test('one day in two files with different prices is refused, naming both', async () => {
    write(300);
    room.write('days/zzz.csv', fileOf(5, 100.5));
    const refused = await refusal(room.import(folder()));
    expect(refused.code).toBe('DATA_DUPLICATE');
    expect(refused.message).toContain(
      'zzz.csv line 2 give different bars for NSE:INFY day at 2022-01-06 00:00',
    );
    expect(await room.history.list()).toEqual([]);
  });

  test('an import that is interrupted between two transactions keeps the first and is finished by another', async () => {
    write(520);
    let portions = 0;
    const { history } = room;
    const failing = {
      ...history,
      saveAll: (batches: Parameters<typeof history.saveAll>[0]) => {
        if (++portions > 1) throw new Error('the power went');
        return history.saveAll(batches);
      },
    };
    const { importData } = await import('../../src/app/data-import.ts');
    const { quiet } = await import('./data-import-support.ts');
    await expect(importData(folder(), { history: failing, output: quiet, portionBars: 500 })).rejects.toThrow(
      'the power went',
    );
    expect((await history.list()).map(({ bars }) => bars)).toEqual([250, 250]);
    const result = await room.import(folder());
    expect(result.bars).toEqual({ total: 1040, new: 540, changed: 0, unchanged: 500 });
  });
});

describe('files as the exchanges publish them', () => {
  testWithShared('raw-samples/nse_fo_pr_bundle_op16122025.csv.gz', 'options of the bundle', async (path) => {
    const result = await room.import({ paths: [path] });
    expect(await room.bars('NFO:BANKNIFTY25DEC43500PE', 'day')).toEqual([
      '2025-12-16 00:00 3.7 4.2 2.7 3.1 8890',
    ]);
    expect(result.notes.filter((note) => note.includes('counts lots'))).toEqual([]);
  });
  testWithShared('raw-samples/mcx_bhavcopy_2025-12-17.csv.gz', 'a day of MCX', async (path) => {
    const result = await room.import({ paths: [path] });
    expect(result.rowsRead).toBeGreaterThan(30_000);
    expect(await room.bars('MCX:ALUMINI25DECFUT', 'day')).toEqual([
      '2025-12-17 00:00 281.35 282.2 279.55 281.6 2064',
    ]);
  });
  testWithShared('raw-samples/bse_eq_legacy_EQ060521.csv.gz', 'a day of BSE', async (path) => {
    await room.import({ paths: [path] });
    expect(await room.bars('BSE:500002', 'day')).toEqual([
      '2021-05-06 00:00 1363.65 1384 1363.65 1381.4 5401',
    ]);
  });
});
