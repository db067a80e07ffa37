import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { testWithShared } from '../support/shared-data.ts';
import { importRoom, refusal, zipOf } from './data-import-support.ts';

let room: ReturnType<typeof importRoom>;
beforeEach(() => {
  room = importRoom();
});
afterEach(() => room.remove());

const twoDays = ['2024-01-02 00:00 100 101 99 100.5 1200', '2024-01-03 00:00 100.5 102 100 101.5 900'];
const infy = { as: 'NSE:INFY' };

describe('layouts become the same bars', () => {
  const layouts: readonly (readonly [name: string, text: string, request?: object])[] = [
    [
      'plain',
      'date,open,high,low,close,volume\n2024-01-02,100,101,99,100.5,1200\n2024-01-03,100.5,102,100,101.5,900\n',
    ],
    [
      'other order and case, Adj Close left alone',
      'Close,DATE,Low,High,Open,Adj Close,Volume\n100.5,2024-01-02,99,101,100,50,1200\n101.5,2024-01-03,100,102,100.5,51,900',
    ],
    [
      'an index column without a name',
      ',date,open,high,low,close,volume\n0,2024-01-02,100,101,99,100.5,1200\n1,2024-01-03,100.5,102,100,101.5,900',
    ],
    [
      'dates in an unnamed index column',
      ',open,high,low,close,volume\n2024-01-02,100,101,99,100.5,1200\n2024-01-03,100.5,102,100,101.5,900',
    ],
    [
      'semicolons, CRLF and blank last lines',
      'date;open;high;low;close;volume\r\n2024-01-02;100;101;99;100.5;1200\r\n2024-01-03;100.5;102;100;101.5;900\r\n\r\n;;;;;\r\n',
    ],
    [
      'tabs',
      'date\topen\thigh\tlow\tclose\tvolume\n2024-01-02\t100\t101\t99\t100.5\t1200\n2024-01-03\t100.5\t102\t100\t101.5\t900',
    ],
    [
      'newest first',
      'date,open,high,low,close,volume\n2024-01-03,100.5,102,100,101.5,900\n2024-01-02,100,101,99,100.5,1200\n',
    ],
    [
      'quoted with thousands',
      'date,open,high,low,close,volume\n"2024-01-02","100.00","101","99","100.50","1,200"\n2024-01-03,100.5,102,100,101.5,900',
    ],
    [
      'DD-MON-YYYY with trailing blanks in headers',
      'Date ,Open ,High ,Low ,Close ,Volume \n02-JAN-2024,100,101,99,100.5,1200\n03-Jan-2024,100.5,102,100,101.5,900',
    ],
    [
      'YYYYMMDD',
      'date,open,high,low,close,volume\n20240102,100,101,99,100.5,1200\n20240103,100.5,102,100,101.5,900',
    ],
    [
      'DD/MM/YYYY by request',
      'date,open,high,low,close,volume\n02/01/2024,100,101,99,100.5,1200\n03/01/2024,100.5,102,100,101.5,900',
      { dateFormat: 'DD/MM/YYYY' },
    ],
    [
      'M/D/YYYY by request',
      'date,open,high,low,close,volume\n1/2/2024,100,101,99,100.5,1200\n1/3/2024,100.5,102,100,101.5,900',
      { dateFormat: 'M/D/YYYY' },
    ],
    [
      'own column names',
      'Day,o,h,l,Last,v\n2024-01-02,100,101,99,100.5,1200\n2024-01-03,100.5,102,100,101.5,900',
      { columns: 'time=Day,close=Last' },
    ],
    [
      'zoned stamps of a day',
      'time,open,high,low,close,volume\n2024-01-02T00:00:00+05:30,100,101,99,100.5,1200\n2024-01-03T00:00:00+05:30,100.5,102,100,101.5,900',
    ],
    [
      'epoch seconds',
      'time,open,high,low,close,volume\n1704133800,100,101,99,100.5,1200\n1704220200,100.5,102,100,101.5,900',
    ],
    [
      'epoch milliseconds',
      'time,open,high,low,close,volume\n1704133800000,100,101,99,100.5,1200\n1704220200000,100.5,102,100,101.5,900',
    ],
    [
      'yfinance with three header lines',
      'Price,Close,High,Low,Open,Volume\nTicker,INFY.NS,INFY.NS,INFY.NS,INFY.NS,INFY.NS\nDate,,,,,\n2024-01-02,100.5,101,99,100,1200\n2024-01-03,101.5,102,100,100.5,900',
    ],
    [
      'Kite JSON',
      '{"status":"success","data":{"candles":[["2024-01-02T00:00:00+0530",100,101,99,100.5,1200],["2024-01-03T00:00:00+0530",100.5,102,100,101.5,900,0]]}}',
    ],
    ['no headers', '2024-01-02,100,101,99,100.5,1200\n2024-01-03,100.5,102,100,101.5,900'],
    [
      'legacy cash bhavcopies one below the other',
      'SYMBOL,SERIES,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,TOTTRDQTY,TOTTRDVAL,TIMESTAMP,TOTALTRADES,ISIN,\nINFY,EQ,100,101,99,100.5,100.5,99,1200,1,02-JAN-2024,7,INE009A01021,\nINFY,EQ,100.5,102,100,101.5,101,100.5,900,1,03-JAN-2024,7,INE009A01021,\nINFY,N1,1,1,1,1,1,1,1,1,03-JAN-2024,7,INE009A01021,\n',
    ],
    [
      'sec_bhavdata_full with blanks after commas',
      'SYMBOL, SERIES, DATE1, PREV_CLOSE, OPEN_PRICE, HIGH_PRICE, LOW_PRICE, LAST_PRICE, CLOSE_PRICE, AVG_PRICE, TTL_TRD_QNTY, TURNOVER_LACS, NO_OF_TRADES, DELIV_QTY, DELIV_PER\nINFY, BE, 02-Jan-2024, 99, 100, 101, 99, 100, 100.5, 100, 1200, 1, 7, -, -\nINFY, EQ, 03-Jan-2024, 99, 100.5, 102, 100, 100, 101.5, 100, 900, 1, 7, -, -\nINFY, GS, 03-Jan-2024, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, -, -',
    ],
    [
      'UDiFF cash bhavcopy',
      'TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,TtlTradgVol,NewBrdLotQty\n2024-01-02,2024-01-02,CM,NSE,STK,1594,INE009A01021,INFY,EQ,,,,,INFOSYS LIMITED,100,101,99,100.5,1200,1\n2024-01-03,2024-01-03,CM,NSE,STK,1594,INE009A01021,INFY,EQ,,,,,INFOSYS LIMITED,100.5,102,100,101.5,900,1\n',
    ],
  ];
  test.each(layouts)('%s', async (_, text, request = {}) => {
    const result = await room.take('INFY.dat', text, { exchange: 'NSE', ...request });
    expect(await room.bars('NSE:INFY', 'day')).toEqual(twoDays);
    expect(result.bars).toEqual({ total: 2, new: 2, changed: 0, unchanged: 0 });
  });

  const plain = layouts[0][1];
  const packed: readonly (readonly [string, Uint8Array])[] = [
    ['gz', gzipSync(plain)],
    [
      'a zip of a deflated file',
      zipOf([{ name: 'a/INFY.csv', packed: deflateRawSync(plain), size: plain.length, method: 8 }]),
    ],
    [
      'a zip of a stored file',
      zipOf([{ name: 'INFY.csv', packed: Buffer.from(plain), size: plain.length, method: 0 }]),
    ],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${plain}`)],
    ['UTF-16 little endian', Buffer.from(`\ufeff${plain}`, 'utf16le')],
    ['UTF-16 big endian', Buffer.from(`\ufeff${plain}`, 'utf16le').swap16()],
  ];
  test.each(packed)('%s', async (_, bytes) => {
    await room.take('x', bytes, infy);
    expect(await room.bars('NSE:INFY', 'day')).toEqual(twoDays);
  });

  test('Parquet, with a symbol column, decimals and plain timestamps', async () => {
    const { default: duckdb } = await import('@duckdb/node-bindings');
    const connection = await duckdb.connect(await duckdb.open(':memory:'));
    const path = join(room.folder, 'bars [1].parquet');
    await duckdb.query(
      connection,
      `COPY (SELECT 'INFY' AS symbol, TIMESTAMP '2024-01-02 09:15:00' + INTERVAL (i) MINUTE AS ts, (100 + i)::DECIMAL(9,2) AS open,
        (101 + i)::DECIMAL(9,2) AS high, (99 + i)::DECIMAL(9,2) AS low, (100.5 + i)::FLOAT AS close, i AS volume FROM range(3) t(i)
        UNION ALL SELECT 'A-SYMBOL-LONGER-THAN-A-SLOT', TIMESTAMP '2024-01-02 09:15:00', 1, 1, 1, 1, NULL) TO '${path}' (FORMAT parquet)`,
    );
    duckdb.disconnect_sync(connection);
    await room.import({ paths: [path], exchange: 'NSE' });
    expect(await room.bars('NSE:INFY', '1m')).toEqual([
      '2024-01-02 09:15 100 101 99 100.5 0',
      '2024-01-02 09:16 101 102 100 101.5 1',
      '2024-01-02 09:17 102 103 101 102.5 2',
    ]);
    expect(await room.bars('NSE:A-SYMBOL-LONGER-THAN-A-SLOT', '1m')).toEqual(['2024-01-02 09:15 1 1 1 1 0']);
  });

  test('derivatives of UDiFF bring their contract with them, volume in units', async () => {
    const head =
      'TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,TtlTradgVol,NewBrdLotQty';
    const rows = [
      '2026-03-02,2026-03-02,FO,NSE,IDO,1,,NIFTY,,2026-03-31,2026-03-30,25400.00,CE,NIFTY26MAR25400CE,160,267.55,160,215.4,10,65',
      '2026-03-02,2026-03-02,FO,NSE,STF,2,,INFY,,2026-03-30,2026-03-30,0,,INFY26MARFUT,1500,1510,1490,1505,3,400',
      '2026-03-02,2026-03-02,FO,NSE,STO,3,,INFY,,2026-03-30,2026-03-30,1600,PE,INFY26MAR1600PE,0,0,0,11.65,0,400',
    ];
    const result = await room.take('fo.csv', [head, ...rows].join('\n'));
    expect(await room.history.instruments()).toEqual([
      {
        key: 'NFO:INFY26MARFUT',
        exchange: 'NFO',
        tradingsymbol: 'INFY26MARFUT',
        rules: 'NFO',
        kind: 'FUT',
        tickSize: 0.05,
        lotSize: 400,
        underlying: 'INFY',
        expiry: '2026-03-30',
      },
      {
        key: 'NFO:NIFTY26MAR25400CE',
        exchange: 'NFO',
        tradingsymbol: 'NIFTY26MAR25400CE',
        rules: 'NFO',
        kind: 'CE',
        tickSize: 0.05,
        lotSize: 65,
        underlying: 'NIFTY',
        expiry: '2026-03-30',
        strike: 25400,
      },
    ]);
    expect(await room.bars('NFO:NIFTY26MAR25400CE', 'day')).toEqual([
      '2026-03-02 00:00 160 267.55 160 215.4 650',
    ]);
    expect(result.skipped).toEqual([
      { reason: 'contracts that did not trade', count: 1, first: 'fo.csv line 4' },
    ]);
  });

  test("index closing values get Kite's names, and those without prices are counted", async () => {
    const result = await room.take(
      'ind.csv',
      'Index Name,Index Date,Open Index Value,High Index Value,Low Index Value,Closing Index Value,Volume\nNifty Financial Services,02-01-2024,100,101,99,100.5,1200\nNifty 1D Rate,02-01-2024,-,-,-,2245.9,-\n',
    );
    expect(await room.bars('NSE:NIFTY FIN SERVICE', 'day')).toEqual(twoDays.slice(0, 1));
    expect((await room.history.instruments())[0]?.kind).toBe('INDEX');
    expect(result.skipped).toEqual([{ reason: 'without prices', count: 1, first: 'ind.csv line 3' }]);
  });

  test('vendor text with end stamps opens a minute earlier', async () => {
    await room.take(
      'x.txt',
      'NIFTY,20210101,09:16,100,101,99,100,0,0\nNIFTY,20210101,09:17,100,101,99,100,5,0',
      { exchange: 'NSE', stamps: 'end' },
    );
    expect(await room.bars('NSE:NIFTY', '1m')).toEqual([
      '2021-01-01 09:15 100 101 99 100 0',
      '2021-01-01 09:16 100 101 99 100 5',
    ]);
  });

  test('stamps of another zone follow its clocks, and its days stay its days', async () => {
    const zone = { as: 'TEST:GOOG', calendar: 'none', timeZone: 'America/New_York' };
    await room.take(
      'a.csv',
      'time,open,high,low,close\n2024-03-08 09:30,1,1,1,1\n2024-03-08 09:31,1,1,1,1\n2024-03-11 09:30,1,1,1,1',
      zone,
    );
    await room.take('b.csv', 'date,open,high,low,close\n2024-03-08,1,1,1,1\n2024-03-11,1,1,1,1', zone);
    expect(await room.bars('TEST:GOOG', '1m')).toEqual([
      '2024-03-08 20:00 1 1 1 1 0',
      '2024-03-08 20:01 1 1 1 1 0',
      '2024-03-11 19:00 1 1 1 1 0',
    ]);
    expect(await room.bars('TEST:GOOG', 'day')).toEqual([
      '2024-03-08 00:00 1 1 1 1 0',
      '2024-03-11 00:00 1 1 1 1 0',
    ]);
    expect((await room.history.instruments())[0]).toMatchObject({ rules: 'none', tickSize: 0, kind: 'EQ' });
  });

  test('a date above 12 settles the order of all dates of its file', async () => {
    await room.take('x.csv', 'date,open,high,low,close\n03/01/2024,1,1,1,1\n15/01/2024,1,1,1,1', infy);
    await room.take('y.csv', 'date,open,high,low,close\n01/03/2024,2,2,2,2\n01/15/2024,2,2,2,2', {
      as: 'NSE:TCS',
    });
    expect(await room.bars('NSE:INFY', 'day')).toEqual([
      '2024-01-03 00:00 1 1 1 1 0',
      '2024-01-15 00:00 1 1 1 1 0',
    ]);
    expect(await room.bars('NSE:TCS', 'day')).toEqual([
      '2024-01-03 00:00 2 2 2 2 0',
      '2024-01-15 00:00 2 2 2 2 0',
    ]);
  });

  test('a time column beside the date column', async () => {
    await room.take(
      'x.csv',
      'Date,Time,Open,High,Low,Close\n2024-01-02,09:15:00,1,1,1,1\n2024-01-02,09:30:00,1,1,1,1',
      infy,
    );
    expect(await room.bars('NSE:INFY', '15m')).toEqual([
      '2024-01-02 09:15 1 1 1 1 0',
      '2024-01-02 09:30 1 1 1 1 0',
    ]);
  });
});

describe('a bad file says where, what and what was expected', () => {
  const head = 'date,open,high,low,close,volume';
  const good = '2024-01-02,100,101,99,100,5';
  const bad: readonly (readonly [
    name: string,
    content: string | Uint8Array,
    message: string,
    code: string,
  ])[] = [
    [
      'a word for a number',
      `${head}\n${good}\n2024-01-03,100,abc,99,100,5`,
      'x.csv line 3, column "high": received "abc"; expected a number such as 1234.50.',
      'DATA_NUMBER',
    ],
    [
      'NaN',
      `${head}\n2024-01-03,100,NaN,99,100,5`,
      'x.csv line 2, column "high": received "NaN"; expected a number such as 1234.50.',
      'DATA_NUMBER',
    ],
    [
      'hexadecimal',
      `${head}\n2024-01-03,0x10,101,99,100,5`,
      'x.csv line 2, column "open": received "0x10"; expected a number such as 1234.50.',
      'DATA_NUMBER',
    ],
    [
      'Infinity',
      `${head}\n2024-01-03,1,1,1,1,Infinity`,
      'x.csv line 2, column "volume": received "Infinity"; expected a number such as 1234.50.',
      'DATA_NUMBER',
    ],
    [
      'a half-empty row',
      `${head}\n2024-01-03,100,,99,100,5`,
      'x.csv line 2, column "high": received ""; expected a number such as 1234.50.',
      'DATA_NUMBER',
    ],
    [
      'a high below the close',
      `${head}\n2024-01-03,100,101,99,102,5`,
      'x.csv line 2, column "high": received "101"; expected a high at or above the close 102.',
      'DATA_BAR',
    ],
    [
      'a low above the open',
      `${head}\n2024-01-03,100,102,101,102,5`,
      'x.csv line 2, column "low": received "101"; expected a low at or below the open 100.',
      'DATA_BAR',
    ],
    [
      'a price of zero',
      `${head}\n2024-01-03,0,101,0,100,5`,
      'x.csv line 2, column "open": received "0"; expected a price above 0.',
      'DATA_BAR',
    ],
    [
      'a negative volume',
      `${head}\n2024-01-03,100,101,99,100,-5`,
      'x.csv line 2, column "volume": received "-5"; expected a volume of 0 or more.',
      'DATA_BAR',
    ],
    [
      'a torn last line',
      `${head}\n${good}\n2024-01-03,100,10`,
      'x.csv line 3 has 3 columns; expected 6 (date, open, high, low, close, volume). The last line looks cut off.',
      'DATA_COLUMNS',
    ],
    [
      'a column too many',
      `${head}\n2024-01-03,100,101,99,100,5,7`,
      'x.csv line 2 has 7 columns; expected 6 (date, open, high, low, close, volume).',
      'DATA_COLUMNS',
    ],
    [
      'a quote without an end',
      `${head}\n"2024-01-03,100,101,99,100,5`,
      'x.csv line 2 opens a quote that never closes; expected fields separated by ",".',
      'DATA_COLUMNS',
    ],
    [
      'a day that does not exist',
      `${head}\n2023-02-29,100,101,99,100,5`,
      'x.csv line 2, column "date": received "2023-02-29"; expected a day that exists (if day and month are the other way round, use --date-format).',
      'DATA_TIME',
    ],
    [
      'no date',
      `${head}\nyesterday,100,101,99,100,5`,
      'x.csv line 2, column "date": received "yesterday"; expected a date or a date with a time, such as 2024-01-31 or 2024-01-31 09:15.',
      'DATA_TIME',
    ],
    [
      'an ambiguous date',
      `${head}\n03/04/2024,100,101,99,100,5`,
      'x.csv line 2, column "date": "03/04/2024" may be 3 April 2024 or 4 March 2024, and no date of the file settles it.',
      'DATA_DATE_AMBIGUOUS',
    ],
    [
      'two bars at one time',
      `${head}\n${good}\n2024-01-02,100,101,99,100,6`,
      'x.csv line 2 and line 3 give different bars for one bar at 2024-01-02 00:00: 100, 101, 99, 100, 5 and 100, 101, 99, 100, 6 (open, high, low, close, volume).',
      'DATA_DUPLICATE',
    ],
    [
      'no column for the low',
      'date,open,high,close\n2024-01-02,1,1,1',
      'x.csv has no column for low; its columns are "date", "open", "high", "close".',
      'DATA_LAYOUT',
    ],
    [
      'a column twice',
      'date,open,high,low,close,Close\n2024-01-02,1,1,1,1,1',
      'x.csv has two columns named "close".',
      'DATA_LAYOUT',
    ],
    ['only a header', head, 'x.csv has a header and no rows.', 'DATA_EMPTY'],
    ['nothing at all', '', 'x.csv is empty.', 'DATA_EMPTY'],
    [
      'binary',
      Buffer.from([1, 2, 3, 0, 255, 7]),
      'x.csv is not text: it holds control bytes that no table has.',
      'DATA_BINARY',
    ],
    [
      'prose',
      'Dear Sir or Madam\nplease find attached',
      'x.csv is no table of prices that algo knows: its first line has no columns.',
      'DATA_LAYOUT',
    ],
    ['JSON cut off', '{"data":{"candles":[[', 'x.csv begins like JSON but is none', 'DATA_LAYOUT'],
    ['JSON without candles', '{"data":{}}', 'x.csv is JSON without candles.', 'DATA_LAYOUT'],
    [
      'a price in JSON that is a word',
      '[["2024-01-02",1,1,"x",1]]',
      'x.csv candle 1, column "low": received ""x""; expected a number such as 1234.5.',
      'DATA_NUMBER',
    ],
    [
      'gz cut off',
      gzipSync(`${head}\n${good}\n`).subarray(0, 30),
      'x.csv is a gz file that cannot be unpacked: it is damaged or cut off.',
      'DATA_ARCHIVE',
    ],
    ['gz inside gz', gzipSync(gzipSync(good)), 'x.csv is packed twice.', 'DATA_ARCHIVE'],
    [
      'zip without its end',
      Buffer.from('PK\u0003\u0004 and then nothing', 'latin1'),
      'x.csv is a zip that cannot be read: its directory at the end is missing, as if it was cut off.',
      'DATA_ARCHIVE',
    ],
    [
      'a zip that unpacks to more than it says',
      zipOf([{ name: 'a.csv', packed: deflateRawSync(Buffer.alloc(100_000)), size: 10, method: 8 }]),
      'x.csv is a zip that cannot be read: "a.csv" does not unpack to its 10 bytes.',
      'DATA_ARCHIVE',
    ],
    [
      'an encrypted zip method',
      zipOf([{ name: 'a.csv', packed: Buffer.from('abc'), size: 3, method: 99 }]),
      'x.csv is a zip that cannot be read: "a.csv" is packed by method 99; known are stored and deflated.',
      'DATA_ARCHIVE',
    ],
    [
      'Parquet cut off',
      Buffer.from('PAR1 and then nothing'),
      'x.csv cannot be read as Parquet',
      'DATA_PARQUET',
    ],
    [
      'a spacing nobody uses',
      'time,open,high,low,close\n2024-01-02 09:15,1,1,1,1\n2024-01-02 09:22,1,1,1,1',
      'x.csv: the distance between its bars is no timeframe that algo knows.',
      'DATA_TIMEFRAME',
    ],
  ];
  // One store for all, since none of them changes it.
  const kept = importRoom();
  let stored: Awaited<ReturnType<typeof kept.history.list>> = [];
  beforeAll(async () => {
    await kept.take('before.csv', `${head}\n${good}\n`, infy);
    stored = await kept.history.list();
    expect(stored).toHaveLength(1);
  });
  afterAll(() => kept.remove());
  test.each(bad)('%s', async (_, content, message, code) => {
    kept.write('files/a.csv', `${head}\n2024-02-01,100,101,99,100,5\n`);
    kept.write('files/x.csv', content);
    const refused = await refusal(kept.import({ paths: [join(kept.folder, 'files')], ...infy }));
    expect(refused.message).toContain(message);
    expect(refused).toMatchObject({ code, exitCode: 5 });
    expect(await kept.history.list()).toEqual(stored);
  });
});

describe('flags and names', () => {
  const text = 'date,open,high,low,close\n2024-01-02,1,1,1,1\n';
  const wrong: readonly (readonly [request: object, code: string, message: string])[] = [
    [{}, 'USAGE_EXCHANGE', 'Nothing says on which exchange "INFY" of INFY.csv trades.'],
    [
      { exchange: 'NSEE' },
      'USAGE_EXCHANGE',
      'Exchange "NSEE" of INFY.csv is none that algo has rules for. Did you mean "NSE"?',
    ],
    [{ as: 'INFY' }, 'USAGE_SYMBOL', '"INFY" is not an instrument.'],
    [{ as: 'NSE:../x' }, 'USAGE_SYMBOL', '"NSE:../x" is not an instrument: its symbol reads like a path'],
    [{ as: 'T:X', calendar: 'nsse' }, 'USAGE_CALENDAR', 'Unknown calendar "nsse". Did you mean "NSE"?'],
    [{ ...infy, timeframe: '7m' }, 'USAGE_TIMEFRAME', 'Unknown timeframe "7m".'],
    [{ ...infy, format: 'nse-udif' }, 'USAGE_FORMAT', 'Unknown format "nse-udif". Did you mean "nse-udiff"?'],
    [
      { ...infy, columns: 'clos=Last' },
      'USAGE_COLUMNS',
      '"clos=Last" of --columns is not understood. Did you mean "close"?',
    ],
    [
      { ...infy, columns: 'close=Clsoe' },
      'USAGE_COLUMNS',
      'INFY.csv has no column "Clsoe". Did you mean "close"?',
    ],
    [{ ...infy, dateFormat: 'QQ' }, 'USAGE_DATE_FORMAT', '"QQ" is not a date format.'],
    [{ ...infy, timeZone: 'Asia/Kolkatta' }, 'USAGE_TIME_ZONE', 'Unknown time zone "Asia/Kolkatta".'],
    [{ ...infy, lot: '0' }, 'USAGE_NUMBER', '--lot was "0"; expected a whole number of units above 0.'],
    [{ ...infy, from: '2024-02-30' }, 'USAGE_DATE', '"2024-02-30" is not a date.'],
    [
      { ...infy, from: '2024-03-01', to: '2024-02-01' },
      'USAGE_SPAN',
      '--from 2024-03-01 is after --to 2024-02-01.',
    ],
  ];
  test.each(wrong)('%j is refused', async (request, code, message) => {
    const refused = await refusal(room.take('INFY.csv', text, request));
    expect(refused.message).toContain(message);
    expect(refused).toMatchObject({ code, exitCode: 2 });
  });

  test('contracts without an exchange are told the markets of contracts', async () => {
    await expect(room.take('NIFTY24JAN21500CE.csv', text)).rejects.toMatchObject({
      code: 'USAGE_EXCHANGE',
      fix: expect.stringContaining('Add --exchange NFO'),
    });
  });

  test('a path that does not exist names the nearest that does', async () => {
    const path = room.write('prices.csv', text);
    const refused = await refusal(room.import({ paths: [path.replace('prices', 'prizes')], ...infy }));
    expect(refused.message).toContain('prizes.csv does not exist. Did you mean');
    expect(refused.message).toContain('prices.csv"?');
  });

  test('an empty folder says so', async () => {
    expect((await refusal(room.import(infy))).message).toBe(`Folder ${room.folder} holds no data files.`);
  });

  test('the name of a file names its instrument', async () => {
    await room.take('NSE_TCS_15m_2024.csv', text);
    await room.take('INFY.NS.csv', text);
    await room.take('INDIA VIX.csv', text, { exchange: 'NSE' });
    expect((await room.history.instruments()).map(({ key, kind }) => `${key} ${kind}`)).toEqual([
      'NSE:INDIA VIX INDEX',
      'NSE:INFY EQ',
      'NSE:TCS EQ',
    ]);
  });

  test('--as over several symbols is refused', async () => {
    const many = 'symbol,date,open,high,low,close\nA,2024-01-02,1,1,1,1\nB,2024-01-02,1,1,1,1\n';
    expect((await refusal(room.take('x.csv', many, infy))).message).toBe(
      '--as names one instrument, but x.csv holds 2 symbols.',
    );
    expect((await refusal(room.take('x.csv', many, { exchange: 'NSE', symbols: 'A,BB' }))).message).toBe(
      'No file has symbol "BB". Did you mean "B"?',
    );
    await room.take('x.csv', many, { exchange: 'NSE', symbols: 'B' });
    expect((await room.history.instruments()).map(({ key }) => key)).toEqual(['NSE:B']);
  });

  test('minute bars are not taken for slower ones', async () => {
    const minutes = 'time,open,high,low,close\n2024-01-02 09:15,1,1,1,1\n2024-01-02 09:16,1,1,1,1\n';
    expect((await refusal(room.take('x.csv', minutes, { ...infy, timeframe: '15m' }))).message).toBe(
      'x.csv holds 1m bars by their distance, not 15m.',
    );
  });
});

describe('what is stored', () => {
  const head = 'date,open,high,low,close';

  test('the same file again changes nothing, a corrected bar is a change', async () => {
    const text = `${head}\n2024-01-02,1,1,1,1\n2024-01-03,1,1,1,1\n`;
    await room.take('x.csv', text, infy);
    expect((await room.take('x.csv', text, infy)).bars).toEqual({
      total: 2,
      new: 0,
      changed: 0,
      unchanged: 2,
    });
    const corrected = `${head}\n2024-01-03,1,2,1,1\n2024-01-04,1,1,1,1\n`;
    expect((await room.take('x.csv', corrected, infy)).bars).toEqual({
      total: 2,
      new: 1,
      changed: 1,
      unchanged: 0,
    });
  });

  test('rows without prices and repeated rows are left out and counted', async () => {
    const text = `${head}\n2024-01-02,1,1,1,1\n2024-01-02,1,1,1,1\n2024-01-03,null,null,null,null\n2024-01-04,,,,\n`;
    const result = await room.take('x.csv', text, infy);
    expect(result.skipped).toEqual([
      { reason: 'without prices', count: 2, first: 'x.csv line 4' },
      { reason: 'repeats of another row', count: 1, first: 'x.csv' },
    ]);
    expect(result.bars.total).toBe(1);
  });

  test('files that contradict each other stop the import and are named', async () => {
    room.write('d/a.csv', `${head}\n2024-01-02,1,1,1,1\n`);
    room.write('d/b.csv', `${head}\n2024-01-02,1,2,1,1\n`);
    const refused = await refusal(room.import({ paths: [join(room.folder, 'd')], ...infy }));
    expect(refused.message).toBe(
      'a.csv line 2 and b.csv line 2 give different bars for NSE:INFY day at 2024-01-02 00:00: 1, 1, 1, 1, 0 and 1, 2, 1, 1, 0 (open, high, low, close, volume).',
    );
    expect(await room.history.list()).toEqual([]);
  });

  test('--keep-going saves good files and lists bad ones, --skip-bad-rows saves good rows', async () => {
    room.write('d/INFY.csv', `${head}\n2024-01-02,1,1,1,1\n`);
    room.write('d/TCS.csv', `${head}\n2024-01-02,1,1,1,1\n2024-01-03,x,1,1,1\n`);
    room.write('d/notes.md', 'not data');
    const request = { paths: [join(room.folder, 'd')], exchange: 'NSE' };
    const kept = await room.import({ ...request, keepGoing: true });
    expect(kept.files.failed.map(({ file, code }) => `${file} ${code}`)).toEqual(['TCS.csv DATA_NUMBER']);
    expect(kept.files.passedOver).toEqual(['notes.md']);
    expect((await room.history.list()).map(({ key }) => key)).toEqual(['NSE:INFY']);
    const skipped = await room.import({ ...request, skipBadRows: true });
    expect(skipped.skipped).toEqual([
      {
        reason: 'bad rows',
        count: 1,
        first: 'TCS.csv line 3, column "open": received "x"; expected a number such as 1234.50.',
      },
    ]);
    expect((await room.history.list()).map(({ key }) => key)).toEqual(['NSE:INFY', 'NSE:TCS']);
  });

  test('a dry run checks and saves nothing', async () => {
    const result = await room.take('x.csv', `${head}\n2024-01-02,1,1,1,1\n`, { ...infy, dryRun: true });
    expect(result.bars).toEqual({ total: 1, new: null, changed: null, unchanged: null });
    expect(await room.history.list()).toEqual([]);
  });

  test('--from and --to are days of India, both kept', async () => {
    const text = `${head}\n2024-01-01,1,1,1,1\n2024-01-02,1,1,1,1\n2024-01-03,1,1,1,1\n2024-01-04,1,1,1,1\n`;
    await room.take('x.csv', text, { ...infy, from: '2024-01-02', to: '2024-01-03' });
    expect(await room.bars('NSE:INFY', 'day')).toEqual([
      '2024-01-02 00:00 1 1 1 1 0',
      '2024-01-03 00:00 1 1 1 1 0',
    ]);
  });

  test('bars outside trading hours are kept and told', async () => {
    const text =
      'time,open,high,low,close\n2024-01-02 09:16,1,1,1,1\n2024-01-02 09:17,1,1,1,1\n2024-01-02 15:30,1,1,1,1\n';
    const result = await room.take('x.csv', text, infy);
    expect(result.notes).toContain(
      '1 bars lie outside trading hours; they are stored and left out when a run builds its bars.',
    );
    expect(result.notes).toContain(
      'NSE:INFY has no bar at 09:15 but one at 15:30: its stamps may be the ends of bars. If so, import it with --stamps end.',
    );
    expect(result.bars.total).toBe(3);
  });
});

test('whatever a file holds, it is imported or refused with a reason, and a refusal leaves the store as it was', async () => {
  const field = fc.oneof(
    fc.constantFrom(
      '2024-01-02',
      '03/04/2024',
      '09:15',
      '1,200',
      '-',
      '',
      'null',
      '1e5',
      '"',
      '0x1',
      '2024-01-02T09:15:00Z',
      '9999999999',
      '\u0000',
    ),
    fc.double().map(String),
    fc.string({ maxLength: 6 }),
  );
  const table = fc
    .array(
      fc.array(field, { maxLength: 8 }).map((row) => row.join(',')),
      { maxLength: 6 },
    )
    .map((rows) => rows.join('\n'));
  const headed = table.map((rows) => `date,open,high,low,close,volume\n${rows}`);
  const content = fc.oneof(
    table.map((text) => Buffer.from(text)),
    headed.map((text) => Buffer.from(text)),
    fc.json().map((text) => Buffer.from(`{"candles":[${text}]}`)),
    fc
      .uint8Array({ maxLength: 64 })
      .map((bytes) => Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), bytes])),
    fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.concat([Buffer.from([0x1f, 0x8b]), bytes])),
    fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  );
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(content, async (bytes) => {
      const before = await room.history.list();
      try {
        await room.take('fuzz', bytes, infy);
      } catch {
        refused++;
        expect(await refusal(room.take('fuzz', bytes, infy))).toHaveProperty('message');
        expect(await room.history.list()).toEqual(before);
      }
    }),
    { numRuns: Number(process.env.ALGO_FUZZ ?? 30), seed: 7 },
  );
  expect(refused).toBeGreaterThan(10);
});

describe('files as users have them', () => {
  testWithShared('raw-samples/nse_cm_legacy_cm01NOV2017bhav.csv', 'legacy bhavcopy', async (path) => {
    const result = await room.import({ paths: [path] });
    expect(result.rowsRead).toBe(1823);
    expect(await room.bars('NSE:20MICRONS', 'day')).toEqual([
      '2017-11-01 00:00 51.75 52.85 51.05 51.35 114655',
    ]);
  });
  testWithShared('raw-samples/nse_fo_udiff_NIFTY_2026-03-02.csv.gz', 'UDiFF derivatives', async (path) => {
    await room.import({ paths: [path] });
    expect(await room.bars('NFO:NIFTY26MAR25400CE', 'day')).toEqual([
      `2026-03-02 00:00 160 267.55 160 215.4 ${37136 * 65}`,
    ]);
  });
  testWithShared('daily/nifty50_index_yahoo_2007-09_2024-12.csv.gz', 'Yahoo index', async (path) => {
    expect((await room.import({ paths: [path], as: 'NSE:NIFTY 50' })).bars.new).toBe(4238);
  });
  testWithShared(
    'daily/india_vix_nse_2012-01_2026-07.csv.gz',
    'NSE volatility index with three impossible rows',
    async (path) => {
      const refused = await refusal(room.import({ paths: [path], as: 'NSE:INDIA VIX' }));
      expect(refused.message).toContain(
        'line 414, column "Low": received "27.99"; expected a low at or below the close 27.68.',
      );
      expect((await room.import({ paths: [path], as: 'NSE:INDIA VIX', skipBadRows: true })).bars.new).toBe(
        3610,
      );
    },
  );
  testWithShared(
    'minute/index_1m_NIFTY_BANKNIFTY_2021-2022.parquet',
    'minutes of two indices in Parquet',
    async (path) => {
      const result = await room.import({ paths: [path], exchange: 'NSE' });
      expect(result.series.map(({ key, timeframe, bars }) => `${key} ${timeframe} ${bars}`)).toEqual([
        'NSE:BANKNIFTY 1m 185962',
        'NSE:NIFTY 1m 185992',
      ]);
    },
  );
  testWithShared(
    'raw-samples/vendor_txt_endstamped_NIFTY_2021-01_head2000.txt',
    'vendor text with end stamps',
    async (path) => {
      await room.import({ paths: [path], exchange: 'NSE', stamps: 'end' });
      expect((await room.bars('NSE:NIFTY', '1m'))[1]).toBe(
        '2021-01-01 09:15 13997.9 14020.85 13991.35 14013.15 0',
      );
    },
  );
});
