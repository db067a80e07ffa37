import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { dataGenerate } from '../../src/app/data-generate.ts';
import { verifyData } from '../../src/app/data-verify.ts';
import { BarSeries } from '../../src/domain/bar-series.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import { dayNumberOf, instantOf, isoDateOfDay, minuteMs, startOfDay } from '../../src/domain/time.ts';
import type { Timeframe } from '../../src/domain/timeframe.ts';
import { india, share } from '../support/india.ts';
import { askAlgo } from '../support/run-algo.ts';
import { importRoom, quiet } from './data-import-support.ts';

let room: ReturnType<typeof importRoom>;
beforeEach(() => {
  room = importRoom();
});
afterEach(() => room.remove());

type Bar = [time: number, open: number, high: number, low: number, close: number, volume: number];

/** Bars on the tick that wander by a few ticks; every session of the calendar between two days. */
function cleanBars(timeframe: '1m' | 'day', from: string, to: string, instrument: Instrument = share): Bar[] {
  const bars: Bar[] = [];
  let steps = 20_000;
  let at = 0;
  for (let day = dayNumberOf(from); day <= dayNumberOf(to); day++) {
    const session = india.calendar.session(instrument, day);
    const times = !session
      ? []
      : timeframe === 'day'
        ? [startOfDay(day)]
        : session.windows.flatMap((window) =>
            Array.from(
              { length: (window.to - window.from) / minuteMs },
              (_, i) => window.from + i * minuteMs,
            ),
          );
    for (const time of times) {
      const move = ((at * 7919) % 11) - 5;
      const prices = [
        steps,
        Math.max(steps, steps + move) + 2,
        Math.min(steps, steps + move) - 2,
        steps + move,
      ];
      const [open, high, low, close] = prices.map((each) => each / 20);
      bars.push([time, open, high, low, close, 100 + ((at * 31) % 97)]);
      steps += move;
      at++;
    }
  }
  return bars;
}

async function store(bars: readonly Bar[], timeframe: Timeframe, instrument: Instrument = share) {
  const series = new BarSeries(instrument.key, timeframe);
  for (const bar of bars) series.append(...bar);
  await room.history.save(instrument, series);
}

async function verify(request: { fix?: boolean; timeframe?: string } = {}) {
  const parts = { store: room.history, rulebook: india, output: quiet };
  return verifyData(parts, { symbols: [], ...request });
}

async function found(request = {}) {
  return (await verify(request)).rows.map(({ time, kind, value, expected }) =>
    [time.slice(0, 16), kind, value, expected].join(' | '),
  );
}

const minute = (date: string, clock: number) => instantOf(dayNumberOf(date), clock);
const rowAt = (bars: readonly Bar[], time: number) => bars.findIndex((bar) => bar[0] === time);

describe('clean bars', () => {
  test('nothing is found in minutes and days that keep to the calendar', async () => {
    await store(cleanBars('1m', '2024-02-28', '2024-03-08'), '1m');
    await store(cleanBars('day', '2024-01-01', '2024-12-31'), 'day');
    const result = await verify();
    expect(result).toMatchObject({ series: 2, clean: true, rows: [], kinds: {}, fixed: 0, unchecked: [] });
    expect(result.bars).toBeGreaterThan(2_000);
  });

  test('nothing is found in the synthetic market', async () => {
    const parts = { store: room.history, rulebook: india };
    const market = { seed: 7, from: '2025-10-01', days: 40, symbols: 3 } as const;
    await dataGenerate(parts, { ...market, timeframe: '1m' });
    expect((await verify()).rows).toEqual([]);
  });

  test('a market without a calendar misses nothing', async () => {
    const bars = cleanBars('1m', '2024-02-28', '2024-02-28').filter((_, at) => at % 3 === 0);
    await store(bars, '1m', { ...share, key: 'TEST:X', exchange: 'TEST', rules: 'none', tickSize: 0 });
    expect((await verify()).rows).toEqual([]);
  });

  test('a contract that did not trade has no bar to miss', async () => {
    const contract: Instrument = {
      ...share,
      ...{
        key: 'NFO:INFY24MARFUT',
        exchange: 'NFO',
        tradingsymbol: 'INFY24MARFUT',
        rules: 'NFO',
        kind: 'CE',
      },
      ...{ underlying: 'INFY', expiry: '2024-03-28', strike: 1500 },
    };
    await store(
      cleanBars('day', '2024-03-01', '2024-03-20').filter((_, at) => at % 4 === 0),
      'day',
      contract,
    );
    expect((await verify()).rows).toEqual([]);
  });
});

describe('planted defects are found, and nothing else', () => {
  const planted: readonly (readonly [string, (bars: Bar[]) => Bar[] | undefined, readonly string[]])[] = [
    [
      'minutes that are missing, as one gap',
      (bars) => bars.filter(([time]) => time < minute('2024-03-01', 600) || time > minute('2024-03-01', 602)),
      ['2024-03-01T10:00 | missing | none | 3 bars to 2024-03-01 10:02'],
    ],
    [
      'a whole day that is missing',
      (bars) =>
        bars.filter(
          ([time]) => time < startOfDay(dayNumberOf('2024-03-01')) || time > minute('2024-03-01', 1_000),
        ),
      ['2024-03-01T09:15 | missing | none | 375 bars to 2024-03-01 15:29'],
    ],
    [
      'a bar after the close',
      (bars) => {
        const at = rowAt(bars, minute('2024-03-01', 929));
        return bars.toSpliced(at + 1, 0, [minute('2024-03-01', 931), 1000, 1001, 999, 1000, 5]);
      },
      ['2024-03-01T15:31 | extra | 1000, 1001, 999, 1000 | 09:15-15:30'],
    ],
    [
      'a bar on a holiday',
      (bars) => {
        const at = rowAt(bars, minute('2024-03-11', 555));
        return bars.toSpliced(at, 0, [minute('2024-03-08', 600), 1000, 1001, 999, 1000, 5]);
      },
      ['2024-03-08T10:00 | extra | 1000, 1001, 999, 1000 | no bar: the market is closed that day'],
    ],
    [
      'two bars in one minute',
      (bars) => {
        const at = rowAt(bars, minute('2024-03-01', 600));
        return bars.toSpliced(at + 1, 0, [minute('2024-03-01', 600) + 30_000, 1000, 1001, 999, 1000, 5]);
      },
      ['2024-03-01T10:00 | duplicate | 1000, 1001, 999, 1000 | one bar from 2024-03-01 10:00'],
    ],
    [
      'a high below the low',
      (bars) => {
        bars[400][2] = 990;
        bars[400][3] = 1000;
        return undefined;
      },
      ['2024-02-29T09:40 | range | high 990 | a high of 1000 or more'],
    ],
    [
      'a price between two ticks',
      (bars) => {
        bars[400][1] += 0.02;
        return undefined;
      },
      ['2024-02-29T09:40 | off-tick | open 1000.37 | a multiple of 0.05'],
    ],
    [
      'a minute without volume',
      (bars) => {
        bars[400][5] = 0;
        return undefined;
      },
      ['2024-02-29T09:40 | zero-volume | 0 | a volume above 0'],
    ],
    [
      'a misprint',
      (bars) => {
        bars[400][2] = 2 * bars[400][1];
        return undefined;
      },
      ['2024-02-29T09:40 | spike | high 2000.7 | about 1000.6'],
    ],
    [
      'a feed that stood still',
      (bars) => {
        for (let row = 401; row < 430; row++) bars[row] = [bars[row][0], ...quietAfter(bars[400])];
        return undefined;
      },
      ['2024-02-29T09:41 | stale | 29 bars at 1000.45 to 2024-02-29 10:09 | prices that move'],
    ],
  ];
  const quietAfter = (bar: Bar): [number, number, number, number, number] => [
    bar[4],
    bar[4],
    bar[4],
    bar[4],
    0,
  ];

  test.each(planted)('%s', async (_, spoil, expected) => {
    const bars = cleanBars('1m', '2024-02-28', '2024-03-12');
    await store(spoil(bars) ?? bars, '1m');
    const faults = await found();
    const others = faults.filter((fault) => !expected.includes(fault) && !fault.includes('zero-volume'));
    expect(faults).toEqual(expect.arrayContaining([...expected]));
    expect(others).toEqual([]);
  });

  test('days: a gap, a closed day, copies, an unadjusted split', async () => {
    const bars = cleanBars('day', '2024-02-01', '2024-04-30');
    const dayOf = (date: string) => startOfDay(dayNumberOf(date));
    const split = rowAt(bars, dayOf('2024-04-10'));
    for (let row = split; row < bars.length; row++) {
      for (const column of [1, 2, 3, 4] as const) bars[row][column] = Math.round(bars[row][column] * 10) / 20;
    }
    const copied = rowAt(bars, dayOf('2024-03-14'));
    bars[copied] = [bars[copied][0], bars[copied - 1][1], ...bars[copied - 1].slice(2)] as Bar;
    const holiday = rowAt(bars, dayOf('2024-03-26'));
    const [, ...before] = bars[holiday - 1];
    bars.splice(holiday, 0, [dayOf('2024-03-25'), ...before]);
    bars.splice(rowAt(bars, dayOf('2024-02-20')), 1);
    await store(bars, 'day');
    const faults = (await verify()).rows.map(({ time, kind }) => `${time.slice(0, 10)} ${kind}`);
    expect(faults).toEqual([
      '2024-02-20 missing',
      '2024-03-14 stale',
      '2024-03-25 stale',
      '2024-04-10 split',
    ]);
  });

  test('a split that is recorded is no fault', async () => {
    const bars = cleanBars('day', '2024-02-01', '2024-04-30');
    const split = 30;
    for (let row = split; row < bars.length; row++) {
      for (const column of [1, 2, 3, 4] as const) bars[row][column] = Math.round(bars[row][column] * 10) / 20;
    }
    await store(bars, 'day');
    const [fault] = (await verify()).rows;
    expect(fault).toMatchObject({ kind: 'split', expected: expect.stringContaining('1:2 split') });
    const exDay = dayNumberOf(fault.time.slice(0, 10));
    await room.history.saveActions([{ key: 'NSE:INFY', exDay, kind: 'split', factor: 0.5 }]);
    expect((await verify()).rows).toEqual([]);
  });
});

describe('--fix', () => {
  test('drops bars outside sessions and copies on closed days, and leaves prices alone', async () => {
    const minutes = cleanBars('1m', '2024-02-28', '2024-02-29');
    const [first] = minutes;
    await store([[minute('2024-02-28', 540), 900, 900, 900, 900, 5], ...minutes], '1m');
    const days = cleanBars('day', '2024-03-20', '2024-03-28');
    const at = rowAt(days, startOfDay(dayNumberOf('2024-03-26')));
    const [, ...copy] = days[at - 1];
    days[1][1] += 0.02;
    await store(days.toSpliced(at, 0, [startOfDay(dayNumberOf('2024-03-25')), ...copy]), 'day');

    const fixed = await verify({ fix: true });
    expect(fixed.rows.map(({ kind, fixed: gone }) => `${kind} ${gone}`)).toEqual([
      'extra true',
      'off-tick false',
      'stale true',
    ]);
    expect(fixed).toMatchObject({ clean: false, fixed: 2 });
    const bars = await room.bars('NSE:INFY', '1m');
    expect(bars).toHaveLength(750);
    expect(bars[0]).toBe(['2024-02-28 09:15', ...first.slice(1)].join(' '));
    expect((await room.bars('NSE:INFY', 'day')).map((bar) => bar.slice(0, 10))).toEqual(
      days.map(([time]) => isoDateOfDay(Math.floor((time + 19_800_000) / 86_400_000))),
    );
    expect((await verify({ fix: true })).fixed).toBe(0);
    expect((await verify({ timeframe: '1m' })).clean).toBe(true);
  });

  test('never empties a series that lies under the wrong calendar', async () => {
    await store([[minute('2024-02-28', 60), 900, 900, 900, 900, 5]], '1m');
    expect(await verify({ fix: true })).toMatchObject({ fixed: 0, clean: false });
    expect(await room.bars('NSE:INFY', '1m')).toHaveLength(1);
  });
});

test('the command exits with 8 when something is wrong, 0 when not, and --json lists the faults', async () => {
  const home = room.folder;
  const csv = room.write(
    'x.csv',
    'date,open,high,low,close,volume\n2024-02-01,100,101,99,100.5,9\n2024-02-05,100,101,99,100.5,8\n',
  );
  await askAlgo(['data', 'import', csv, '--as', 'NSE:INFY'], { home });
  const dirty = await askAlgo(['data', 'verify', '--json'], { home });
  expect(dirty.exitCode).toBe(8);
  expect(JSON.parse(dirty.stdout).rows).toEqual([
    {
      instrument: 'NSE:INFY',
      timeframe: 'day',
      time: '2024-02-02T00:00:00+05:30',
      kind: 'missing',
      value: 'none',
      expected: '1 bar',
      fixed: false,
    },
  ]);
  const text = await askAlgo(['data', 'verify', 'INFY'], { home });
  expect(text.stdout).toContain('Checked 2 bars of 1 series: 1 missing.');
  room.write('y.csv', 'date,open,high,low,close,volume\n2024-02-02,100,101,99,100.5,7\n');
  await askAlgo(['data', 'import', `${home}/y.csv`, '--as', 'NSE:INFY'], { home });
  const clean = await askAlgo(['data', 'verify'], { home });
  expect(clean).toMatchObject({ exitCode: 0, stdout: 'Checked 3 bars of 1 series: nothing wrong.\n' });
});
