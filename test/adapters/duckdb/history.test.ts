import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checksumOf } from '../../../src/adapters/duckdb/checksum.ts';
import { withDatabase } from '../../../src/adapters/duckdb/database.ts';
import { openHistory } from '../../../src/adapters/duckdb/history.ts';
import { interestAt } from '../../../src/domain/bar-series.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { dayMs } from '../../../src/domain/time.ts';
import {
  allTime,
  type Bar,
  barsOf,
  infy,
  minuteBars,
  seriesOf,
  temporaryHistory,
} from './history-support.ts';

let home: ReturnType<typeof temporaryHistory>;
beforeEach(() => {
  home = temporaryHistory();
});
afterEach(() => home.remove());

describe('a new store', () => {
  test('is empty and makes no file by being asked', async () => {
    expect(await home.store.list()).toEqual([]);
    expect(await home.store.instruments()).toEqual([]);
    expect(await home.store.coverage('NSE:INFY', '1m')).toEqual([]);
    expect((await home.store.load('NSE:INFY', '1m', allTime)).length).toBe(0);
    expect(readdirSync(home.folder)).toEqual([]);
  });
});

describe('saving', () => {
  test('answers the number of new rows, and 0 for the same bars again', async () => {
    const series = seriesOf(minuteBars(5_000));
    expect(await home.store.save(infy, series)).toBe(5_000);
    expect(await home.store.save(infy, series)).toBe(0);
    expect(barsOf(await home.store.load('NSE:INFY', '1m', allTime))).toEqual(minuteBars(5_000));
  });

  test('replaces a bar of the same instant and counts it once', async () => {
    const bars = minuteBars(10);
    await home.store.save(infy, seriesOf(bars));
    const corrected: Bar = [bars[4][0], 1, 2, 0.5, 1.5, 7];
    expect(await home.store.save(infy, seriesOf([bars[3], corrected]))).toBe(1);
    const expected = bars.map((bar, at) => (at === 4 ? corrected : bar));
    expect(barsOf(await home.store.load('NSE:INFY', '1m', allTime))).toEqual(expected);
  });

  test('puts earlier bars in front of later ones', async () => {
    const bars = minuteBars(3_000);
    await home.store.save(infy, seriesOf(bars.slice(2_500)));
    await home.store.save(infy, seriesOf(bars.slice(0, 2_600)));
    expect(barsOf(await home.store.load('NSE:INFY', '1m', allTime))).toEqual(bars);
  });

  test('keeps every field of an instrument and takes over what changed', async () => {
    const option: Instrument = {
      key: "NFO:NIFTY'26JAN24000CE",
      exchange: 'NFO',
      tradingsymbol: "NIFTY'26JAN24000CE",
      rules: 'NFO',
      kind: 'CE',
      tickSize: 0.05,
      lotSize: 65,
      underlying: 'NIFTY',
      expiry: '2026-01-27',
      strike: 24_000.1,
      synthetic: true,
    };
    await home.store.save(option, seriesOf(minuteBars(1), option.key));
    await home.store.save({ ...infy, hasDerivatives: false }, seriesOf(minuteBars(1)));
    expect(await home.store.instruments()).toEqual([option, { ...infy, hasDerivatives: false }]);
    expect(
      await home.store.save({ ...infy, hasDerivatives: true, tickSize: 0.1 }, seriesOf(minuteBars(1))),
    ).toBe(0);
    expect(await home.reopened().instruments()).toEqual([
      option,
      { ...infy, hasDerivatives: true, tickSize: 0.1 },
    ]);
  });

  test('lists what is stored, finest timeframe first', async () => {
    const bars = minuteBars(376);
    await home.store.save(infy, seriesOf([[0, 1.5, 2, 1, 1.25, 0.5]], infy.key, 'day'));
    await home.store.save(infy, seriesOf(bars));
    const stored = seriesOf(bars);
    expect(await home.store.list()).toEqual([
      {
        key: 'NSE:INFY',
        timeframe: '1m',
        bars: 376,
        first: bars[0][0],
        last: bars[375][0],
        days: 2,
        stepsPerRupee: 20,
        openInterest: false,
        checksum: checksumOf(stored),
      },
      expect.objectContaining({ timeframe: 'day', bars: 1, days: 1, first: 0, last: 0 }),
    ]);
  });

  test.each([
    [
      'a price that is not a number',
      [[0, 1, Number.NaN, 1, 1, 1]],
      'its open, high, low, close were 1, NaN, 1, 1',
    ],
    ['a negative volume', [[0, 1, 1, 1, 1, -1]], 'its volume was -1'],
    ['a time that is not a number', [[Number.NaN, 1, 1, 1, 1, 1]], 'its time was NaN'],
  ] as [string, Bar[], string][])('refuses %s and stores nothing', async (_, bars, words) => {
    const failure = home.store.save(infy, seriesOf(bars));
    await expect(failure).rejects.toMatchObject({ code: 'DATA_BARS', exitCode: 5 });
    await expect(failure).rejects.toThrow(words);
    expect(await home.store.list()).toEqual([]);
  });

  test('refuses bars whose time does not move forward', async () => {
    const series = seriesOf(minuteBars(3));
    series.time[2] = series.time[1];
    await expect(home.store.save(infy, series)).rejects.toMatchObject({ code: 'DATA_BARS' });
  });
});

describe('volumes', () => {
  test('come back exactly where 32 bits do not hold them', async () => {
    const bars = minuteBars(3_000).map(
      (bar, at): Bar => (at === 2_999 ? [bar[0], bar[1], bar[2], bar[3], bar[4], 5e9] : bar),
    );
    await home.store.save(infy, seriesOf(bars.slice(0, 2_500)));
    expect((await home.store.list())[0].stepsPerRupee).toBe(20);
    await home.store.save(infy, seriesOf(bars.slice(2_500)));
    expect((await home.store.list())[0].stepsPerRupee).toBe(0);
    expect(barsOf(await home.reopened().load('NSE:INFY', '1m', allTime))).toEqual(bars);
  });

  test('in fractions are not rounded', async () => {
    const bars: Bar[] = [[0, 100, 101, 99, 100, 0.25]];
    await home.store.save(infy, seriesOf(bars));
    expect(barsOf(await home.reopened().load('NSE:INFY', '1m', allTime))).toEqual(bars);
  });
});

describe.each([
  { layout: 1, volume: 'DOUBLE' },
  { layout: 2, volume: 'INTEGER' },
])('a file of layout $layout', ({ layout, volume }) => {
  // As versions before wrote it: every volume a double in the first, no open interest in both.
  const earlierLayout = `
    CREATE TABLE layout (version INTEGER NOT NULL);
    INSERT INTO layout VALUES (${layout});
    CREATE TABLE instruments (
      key VARCHAR NOT NULL, exchange VARCHAR NOT NULL, tradingsymbol VARCHAR NOT NULL, rules VARCHAR NOT NULL,
      kind VARCHAR NOT NULL, tick_size DOUBLE NOT NULL, lot_size DOUBLE NOT NULL, has_derivatives BOOLEAN,
      underlying VARCHAR, expiry VARCHAR, strike DOUBLE, synthetic BOOLEAN
    );
    INSERT INTO instruments VALUES ('NSE:INFY', 'NSE', 'INFY', 'NSE', 'EQ', 0.05, 1, NULL, NULL, NULL, NULL, NULL);
    CREATE TABLE series (
      id INTEGER NOT NULL, key VARCHAR NOT NULL, timeframe VARCHAR NOT NULL, bars INTEGER NOT NULL, first DOUBLE NOT NULL,
      last DOUBLE NOT NULL, days INTEGER NOT NULL, steps_per_rupee INTEGER NOT NULL, checksum VARCHAR NOT NULL
    );
    CREATE TABLE scaled_bars (
      series INTEGER NOT NULL, time INTEGER NOT NULL, open INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL,
      close INTEGER NOT NULL, volume ${volume} NOT NULL
    );
    CREATE TABLE plain_bars (
      series INTEGER NOT NULL, time DOUBLE NOT NULL, open DOUBLE NOT NULL, high DOUBLE NOT NULL, low DOUBLE NOT NULL,
      close DOUBLE NOT NULL, volume DOUBLE NOT NULL
    );
    CREATE VIEW bars AS
      SELECT s.key, s.timeframe, to_timestamp(b.time::DOUBLE * 60) AS time, b.open::DOUBLE / s.steps_per_rupee AS open,
             b.high::DOUBLE / s.steps_per_rupee AS high, b.low::DOUBLE / s.steps_per_rupee AS low,
             b.close::DOUBLE / s.steps_per_rupee AS close, b.volume::DOUBLE AS volume
      FROM scaled_bars b JOIN series s ON s.id = b.series
      UNION ALL
      SELECT s.key, s.timeframe, to_timestamp(b.time / 1000), b.open, b.high, b.low, b.close, b.volume
      FROM plain_bars b JOIN series s ON s.id = b.series;
  `;
  const old = minuteBars(3_000);

  async function writeOld(): Promise<void> {
    const rows = old
      .map(([time, ...figures]) => {
        const prices = figures.slice(0, 4).map((price) => Math.round(price * 20));
        return `(1, ${time / 60_000}, ${prices.join(', ')}, ${figures[4]})`;
      })
      .join(', ');
    const [first] = old;
    const last = old[old.length - 1];
    await withDatabase({ ...home.options, access: 'write' }, async (session) => {
      await session.run(earlierLayout);
      await session.run(`INSERT INTO scaled_bars VALUES ${rows}`);
      await session.run(
        `INSERT INTO series VALUES (1, 'NSE:INFY', '1m', ${old.length}, ${first[0]}, ${last[0]}, 8, 20, '${checksumOf(seriesOf(old))}')`,
      );
    });
  }

  test('is read', async () => {
    await writeOld();
    expect(barsOf(await home.reopened().load('NSE:INFY', '1m', allTime))).toEqual(old);
  });

  test('takes further bars, also with volumes that are no whole numbers', async () => {
    await writeOld();
    const more = minuteBars(3_400).slice(3_000);
    await home.store.save(infy, seriesOf(more));
    expect(barsOf(await home.reopened().load('NSE:INFY', '1m', allTime))).toEqual([...old, ...more]);
    const [time, open, high, low, close] = minuteBars(3_401)[3_400];
    const odd: Bar = [time, open, high, low, close, 0.5];
    await home.store.save(infy, seriesOf([odd]));
    expect(barsOf(await home.reopened().load('NSE:INFY', '1m', allTime))).toEqual([...old, ...more, odd]);
    // The same bars as they lay there before, now beside a contract with open interest.
    const contract = seriesOf(minuteBars(2), 'NFO:INFY26JANFUT');
    contract.setOpenInterest(1, 5_000);
    await home.store.save({ ...infy, key: contract.key, exchange: 'NFO', kind: 'FUT' }, contract);
    expect(barsOf(await home.reopened().load('NSE:INFY', '1m', allTime))).toEqual([...old, ...more, odd]);
    const read = await home.reopened().load(contract.key, '1m', allTime);
    expect([interestAt(read, 0), interestAt(read, 1)]).toEqual([Number.NaN, 5_000]);
  });
});

describe('price steps', () => {
  const stored = async (bars: Bar[]) => {
    await home.store.save(infy, seriesOf(bars));
    expect(barsOf(await home.reopened().load('NSE:INFY', '1m', allTime))).toEqual(bars);
    return (await home.store.list())[0].stepsPerRupee;
  };

  test('are five paise where every price is on that grid', async () => {
    expect(await stored([[0, 1_500.05, 1_500.1, 1_499.95, 1_500, 10]])).toBe(20);
  });

  test('are a paisa for other NSE prices', async () => {
    expect(await stored([[0, 1_500.05, 1_500.11, 1_499.95, 1_500, 10]])).toBe(100);
  });

  test('are a hundredth of a paisa for currency prices', async () => {
    expect(await stored([[0, 83.1225, 83.125, 83.12, 83.1225, 10]])).toBe(10_000);
  });

  test('do not round a price that has no exact step', async () => {
    expect(await stored([[0, 1 / 3, 2 / 3, 1 / 3, Math.PI, 0.1]])).toBe(0);
  });

  test('do not round a price too large for 32 bits', async () => {
    expect(await stored([[0, 300_000_000, 300_000_000.05, 300_000_000, 300_000_000, 1]])).toBe(0);
  });

  test('do not lose the seconds of a time', async () => {
    expect(await stored([[1_000, 1, 1, 1, 1, 1]])).toBe(0);
  });

  test('become finer when later bars need it, and earlier bars stay what they were', async () => {
    const bars: Bar[] = [[0, 1.25, 1.25, 1.25, 1.25, 1]];
    expect(await stored(bars)).toBe(20);
    bars.push([60_000, 1.0001, 1.0001, 1.0001, 1.0001, 2]);
    expect(await stored(bars)).toBe(10_000);
    bars.push([120_000, Math.E, Math.E, Math.E, Math.E, 3]);
    expect(await stored(bars)).toBe(0);
    bars.push([180_000, 2, 2, 2, 2, 4]);
    expect(await stored(bars)).toBe(0);
  });
});

describe('loading', () => {
  test('takes bars from the first instant up to, not including, the second', async () => {
    const bars = minuteBars(10);
    await home.store.save(infy, seriesOf(bars));
    const span = { from: bars[2][0], to: bars[5][0] };
    expect(barsOf(await home.store.load('NSE:INFY', '1m', span))).toEqual(bars.slice(2, 5));
    expect((await home.store.load('NSE:INFY', '1m', { from: bars[5][0], to: bars[2][0] })).length).toBe(0);
  });

  test('several series at once each get their own bars', async () => {
    const keys = ['NSE:A', 'NSE:B', 'NSE:C'];
    await home.store.saveAll(
      keys.map((key, at) => ({ instrument: { ...infy, key }, series: seriesOf(minuteBars(at + 1), key) })),
    );
    const loaded = await Promise.all(keys.map((key) => home.reopened().load(key, '1m', allTime)));
    expect(loaded.map((series) => `${series.key} ${series.length}`)).toEqual([
      'NSE:A 1',
      'NSE:B 2',
      'NSE:C 3',
    ]);
  });
});

describe('coverage', () => {
  test('is one stretch over weekends and splits where more than a week is missing', async () => {
    const day = (number: number): Bar => [number * dayMs, 1, 1, 1, 1, 1];
    await home.store.save(infy, seriesOf([0, 1, 4, 12, 21].map(day), infy.key, 'day'));
    expect(await home.store.coverage('NSE:INFY', 'day')).toEqual([
      { from: 0, to: 13 * dayMs },
      { from: 21 * dayMs, to: 22 * dayMs },
    ]);
  });
});

describe('all or nothing', () => {
  test('a source that throws half way leaves the store as it was, and its error comes through', async () => {
    await home.store.save(infy, seriesOf(minuteBars(5)));
    const before = await home.store.list();
    async function* source() {
      yield { instrument: { ...infy, key: 'NSE:TCS' }, series: seriesOf(minuteBars(3_000), 'NSE:TCS') };
      yield { instrument: infy, series: seriesOf(minuteBars(50)) };
      throw new Error('line 7 is not a bar');
    }
    await expect(home.store.saveAll(source())).rejects.toThrow('line 7 is not a bar');
    expect(await home.reopened().list()).toEqual(before);
    expect((await home.store.instruments()).map(({ key }) => key)).toEqual(['NSE:INFY']);
    expect(barsOf(await home.reopened().load('NSE:INFY', '1m', allTime))).toEqual(minuteBars(5));
  });

  test('a first save that fails leaves an empty store', async () => {
    const bad = seriesOf([[0, 1, 1, 1, Infinity, 1]]);
    await expect(home.store.saveAll([{ instrument: infy, series: bad }])).rejects.toMatchObject({
      code: 'DATA_BARS',
    });
    expect(await home.reopened().list()).toEqual([]);
    expect(await home.store.save(infy, seriesOf(minuteBars(2)))).toBe(2);
  });

  test('batches of one series add up inside one call', async () => {
    const bars = minuteBars(900);
    const batch = (from: number, to: number) => ({
      instrument: infy,
      series: seriesOf(bars.slice(from, to)),
    });
    expect(await home.store.saveAll([batch(300, 600), batch(0, 400), batch(500, 900)])).toBe(900);
    expect(barsOf(await home.reopened().load('NSE:INFY', '1m', allTime))).toEqual(bars);
  });
});

describe('a broken file', () => {
  const loadFails = () => expect(home.reopened().load('NSE:INFY', '1m', allTime)).rejects;

  test('that was never a database is one clear error', async () => {
    writeFileSync(home.options.file, 'time,open,high,low,close\n');
    await loadFails().toMatchObject({
      code: 'DATA_STORE_DAMAGED',
      exitCode: 5,
      fix: expect.stringContaining('import'),
    });
  });

  test('that was cut short is one clear error, even with a catalogue and a cache beside it', async () => {
    await home.store.save(infy, seriesOf(minuteBars(200_000)));
    await home.store.load('NSE:INFY', '1m', allTime);
    truncateSync(home.options.file, 300_000);
    await loadFails().toMatchObject({
      code: 'DATA_STORE_DAMAGED',
      message: expect.not.stringContaining('\n'),
    });
  });

  test('of another layout says so', async () => {
    await home.store.save(infy, seriesOf(minuteBars(2)));
    await withDatabase({ ...home.options, access: 'write' }, (session) =>
      session.run('UPDATE layout SET version = 9'),
    );
    rmSync(`${home.options.file}.catalogue.json`);
    await expect(home.reopened().list()).rejects.toThrow('its layout is number 9');
  });

  test('in a place where no file can be is an error about access', async () => {
    writeFileSync(join(home.folder, 'file'), '');
    const blocked = openHistory({ ...home.options, file: join(home.folder, 'file', 'history.duckdb') });
    await expect(blocked.save(infy, seriesOf(minuteBars(1)))).rejects.toMatchObject({
      code: 'DATA_STORE_ACCESS',
    });
  });
});

describe('open interest', () => {
  const future: Instrument = { ...infy, key: 'NFO:INFY26JANFUT', exchange: 'NFO', kind: 'FUT', rules: 'NFO' };
  const told = (bars: readonly Bar[], interest: readonly number[]) => {
    const series = seriesOf(bars, future.key);
    for (const [row, units] of interest.entries())
      if (!Number.isNaN(units)) series.setOpenInterest(row, units);
    return series;
  };
  const interestOf = async (store = home.reopened()) => {
    const series = await store.load(future.key, '1m', allTime);
    return Array.from({ length: series.length }, (_, row) => interestAt(series, row));
  };
  const bars = minuteBars(4);

  test('comes back from the database and from the cache, unknown where it was', async () => {
    const interest = [0, 4_000_000_000, Number.NaN, 75];
    await home.store.save(
      future,
      told(
        bars,
        interest.map((units) => Math.min(units, 2e9)),
      ),
    );
    expect(await interestOf()).toEqual([0, 2e9, Number.NaN, 75]);
    // Beyond 32 bits the bars are stored unscaled.
    await home.store.save(future, told(bars, interest));
    expect((await home.store.list())[0]).toMatchObject({ openInterest: true, stepsPerRupee: 0 });
    expect(await interestOf()).toEqual(interest);
    expect(await interestOf()).toEqual(interest);
    expect(barsOf(await home.reopened().load(future.key, '1m', allTime))).toEqual(bars);
  });

  test('that bars do not tell leaves what is known of them, and what they tell takes its place', async () => {
    await home.store.save(future, told(bars, [10, 20, 30, 40]));
    expect(await home.store.save(future, told(bars, []))).toBe(0);
    expect(await interestOf()).toEqual([10, 20, 30, 40]);
    expect(await home.store.save(future, told(bars.slice(1, 3), [20, 35]))).toBe(1);
    expect(await interestOf()).toEqual([10, 20, 35, 40]);
  });

  test('joins bars that were stored without it, and bars without it keep their checksum', async () => {
    await home.store.save(future, told(bars.slice(0, 2), []));
    // As every version of algo computed it.
    expect((await home.store.list())[0].checksum).toBe(
      '2002ec59ebc1dbf284fb4aa3e9648fa074b7fc949a683fb8d1eac93ea47fe22c',
    );
    await home.store.save(future, told(bars.slice(2), [300, 400]));
    expect(await interestOf()).toEqual([Number.NaN, Number.NaN, 300, 400]);
    expect((await home.store.list())[0].checksum).toBe(
      checksumOf(told(bars, [Number.NaN, Number.NaN, 300, 400])),
    );
    await home.store.save(infy, seriesOf(bars));
    expect((await home.store.list()).map(({ openInterest }) => openInterest)).toEqual([true, false]);
    expect(barsOf(await home.reopened().load(infy.key, '1m', allTime))).toEqual(bars);
  });

  test('below 0 is refused', async () => {
    await expect(home.store.save(future, told(bars, [-1]))).rejects.toThrow('its open interest was -1');
  });
});

describe('many short series', () => {
  // More than are read one by one; every third has open interest, every fifth a price that no step gives back.
  const keys = Array.from({ length: 60 }, (_, at) => `NFO:C${at}FUT`);
  const made = (key: string, at: number, from: number, to: number) => {
    const series = seriesOf(
      minuteBars(to)
        .slice(from)
        .map(
          ([time, open, high, low, close, volume]): Bar =>
            at % 5 === 0 ? [time, 1 / 3, 1, 0.25, 0.5, volume] : [time, open, high, low, close, volume + at],
        ),
      key,
    );
    if (at % 3 === 0)
      for (let row = 0; row < series.length; row++) series.setOpenInterest(row, at * 100 + row);
    return series;
  };
  const batches = (from: number, to: number) =>
    keys.map((key, at) => ({
      instrument: { ...infy, key, exchange: 'NFO', kind: 'FUT', rules: 'NFO' } as const,
      series: made(key, at, from, to),
    }));

  test('grow by a bar each in one save, and are what they would be one by one', async () => {
    expect(await home.store.saveAll(batches(0, 2))).toBe(120);
    expect(await home.reopened().saveAll(batches(2, 3))).toBe(60);
    // Of the twenty contracts with open interest, two bars each tell another one now.
    expect(await home.reopened().saveAll(batches(1, 3))).toBe(40);
    expect(await home.reopened().saveAll(batches(1, 3))).toBe(0);
    const store = home.reopened();
    await store.prepare(keys.map((key) => ({ key, timeframe: '1m' })));
    for (const [at, key] of keys.entries()) {
      const read = await store.load(key, '1m', allTime);
      expect(barsOf(read)).toEqual([...barsOf(made(key, at, 0, 1)), ...barsOf(made(key, at, 1, 3))]);
      expect(interestAt(read, 2)).toBe(at % 3 === 0 ? at * 100 + 1 : Number.NaN);
    }
  });
});

describe('for SQL', () => {
  test('the view "bars" shows every series in rupees and India time', async () => {
    await home.store.save(infy, seriesOf([[0, 1.05, 2, 1, 1.5, 3]]));
    await home.store.save(infy, seriesOf([[60_001, 1 / 3, 2, 0, 1, 4]], infy.key, '5m'));
    const total = await withDatabase({ ...home.options, access: 'read' }, async (session) => {
      const result = await session.run(
        "SELECT sum(open)::DOUBLE, min(strftime(time, '%H:%M')) = '05:30' FROM bars",
      );
      const chunk = session.duckdb.result_get_chunk(result, 0);
      const sum = session.duckdb.vector_get_data(session.duckdb.data_chunk_get_vector(chunk, 0), 8);
      const india = session.duckdb.vector_get_data(session.duckdb.data_chunk_get_vector(chunk, 1), 1);
      return [new Float64Array(sum.buffer, sum.byteOffset, 1)[0], india[0]];
    });
    expect(total).toEqual([1.05 + 1 / 3, 1]);
  });
});

describe('for any bars', () => {
  const price = fc.oneof(
    fc.integer({ min: 1, max: 5_000_000 }).map((paise) => paise / 100),
    fc.integer({ min: 1, max: 5_000_000 }).map((steps) => steps / 10_000),
    fc.double({ min: -1e12, max: 1e12, noNaN: true }),
  );
  const volume = fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e15, noNaN: true }));
  const bars = fc
    .uniqueArray(fc.tuple(fc.integer({ min: -1e6, max: 3e6 }), price, price, price, price, volume), {
      selector: ([minute]) => minute,
      minLength: 1,
      maxLength: 30,
    })
    .map((rows) =>
      rows.sort(([a], [b]) => a - b).map(([minute, ...rest]): Bar => [minute * 60_000, ...rest]),
    );

  test('what is loaded is exactly what was saved, from the database and from the cache', async () => {
    await fc.assert(
      fc.asyncProperty(bars, async (rows) => {
        home.remove();
        home = temporaryHistory();
        expect(await home.store.save(infy, seriesOf(rows))).toBe(rows.length);
        expect(await home.store.save(infy, seriesOf(rows))).toBe(0);
        expect(barsOf(await home.store.load('NSE:INFY', '1m', allTime))).toEqual(rows);
        expect(barsOf(await home.reopened().load('NSE:INFY', '1m', allTime))).toEqual(rows);
      }),
      { numRuns: Number(process.env.ALGO_FUZZ ?? 6), seed: 7 },
    );
  });

  test('any split of a save, in any order, stores the same', async () => {
    const parts = fc.tuple(bars, fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(parts, async ([rows, cuts]) => {
        home.remove();
        home = temporaryHistory();
        for (const [a, b] of cuts)
          await home.store.save(infy, seriesOf(rows.slice(Math.min(a, b), Math.max(a, b))));
        await home.store.save(infy, seriesOf(rows));
        const [entry] = await home.reopened().list();
        expect(entry.checksum).toBe(checksumOf(seriesOf(rows)));
        expect(barsOf(await home.reopened().load('NSE:INFY', '1m', allTime))).toEqual(rows);
      }),
      { numRuns: Number(process.env.ALGO_FUZZ ?? 5), seed: 7 },
    );
  });
});
