import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { importActions } from '../../src/app/data-actions.ts';
import { loadBars } from '../../src/app/history.ts';
import { BarSeries } from '../../src/domain/bar-series.ts';
import { adjustedBars, factorOfRatio, nearestRatio } from '../../src/domain/corporate-action.ts';
import { dayMs, dayNumberOf, isoDateOfDay, startOfDay } from '../../src/domain/time.ts';
import { day, india, share } from '../support/india.ts';
import { askAlgo } from '../support/run-algo.ts';
import { importRoom, refusal } from './data-import-support.ts';

let room: ReturnType<typeof importRoom>;
beforeEach(() => {
  room = importRoom();
});
afterEach(() => room.remove());

function closes(prices: readonly number[], first = '2024-04-01'): BarSeries {
  const series = new BarSeries('NSE:INFY', 'day');
  for (const [at, price] of prices.entries())
    series.append(startOfDay(dayNumberOf(first)) + at * dayMs, price, price + 1, price - 1, price, 100);
  return series;
}

const split = (date: string, factor: number) =>
  ({ key: 'NSE:INFY', exDay: dayNumberOf(date), kind: 'split', factor }) as const;
const listOf = ({ close, length }: BarSeries) => Array.from(close.subarray(0, length));

test('a ratio tells the factor of prices', () => {
  expect(factorOfRatio('split', 1, 5)).toBe(0.2);
  expect(factorOfRatio('split', 10, 2)).toBe(0.2);
  expect(factorOfRatio('bonus', 1, 1)).toBe(0.5);
  expect(factorOfRatio('bonus', 1, 2)).toBe(2 / 3);
  expect(factorOfRatio('bonus', 2, 1)).toBe(1 / 3);
  expect(factorOfRatio('consolidation', 1, 10)).toBe(10);
  expect(factorOfRatio('rights', 1, 10)).toBeUndefined();
  expect(nearestRatio(0.51)).toBe('1:2');
  expect(nearestRatio(0.8)).toBeUndefined();
});

describe('adjusted bars', () => {
  test('prices before the ex-day are multiplied, volumes divided, later ones stay', () => {
    const { series, applied } = adjustedBars(closes([400, 402, 202, 100]), [
      split('2024-04-03', 0.5),
      split('2024-04-04', 0.5),
    ]);
    expect(listOf(series)).toEqual([100, 100.5, 101, 100]);
    expect(Array.from(series.volume)).toEqual([400, 400, 200, 100]);
    expect(applied).toHaveLength(2);
  });

  test('actions of other shares, on the first day or after the last bar change nothing', () => {
    const bars = closes([400, 402, 202]);
    const others = [
      { ...split('2024-04-02', 0.5), key: 'NSE:TCS' },
      split('2024-04-01', 0.5),
      split('2024-04-04', 0.5),
    ];
    expect(adjustedBars(bars, others)).toEqual({ series: bars, applied: [] });
    expect(adjustedBars(bars, others).series).toBe(bars);
  });

  test('a 1:2 split leaves returns continuous, wherever it falls', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 100, max: 10_000 }), { minLength: 3, maxLength: 40 }),
        fc.nat(),
        (prices, place) => {
          const ex = 1 + (place % (prices.length - 1));
          const first = dayNumberOf('2024-04-01');
          const printed = prices.map((price, at) => (at < ex ? price * 2 : price));
          const { series } = adjustedBars(closes(printed), [split(isoDateOfDay(first + ex), 0.5)]);
          expect(listOf(series)).toEqual(prices);
        },
      ),
    );
  });
});

describe('loading', () => {
  beforeEach(async () => {
    await room.history.save(share, closes([400, 402, 202, 200], '2024-04-01'));
    await room.history.saveActions([split('2024-04-03', 0.5)]);
  });
  const load = (prices?: 'raw' | 'adjusted', to = Number.POSITIVE_INFINITY) =>
    loadBars(room.history, india.calendar, {
      instrument: { ...share, rules: 'none' },
      timeframe: 'day',
      span: { from: Number.NEGATIVE_INFINITY, to },
      prices,
    });

  test('is adjusted unless asked for raw prices, and the store keeps what was printed', async () => {
    expect(listOf((await load()).series)).toEqual([200, 201, 202, 200]);
    expect(listOf((await load('raw')).series)).toEqual([400, 402, 202, 200]);
    expect((await room.bars('NSE:INFY', 'day'))[0]).toBe('2024-04-01 00:00 400 401 399 400 100');
  });

  test('a span that ends before the ex-day is what was printed', async () => {
    expect(listOf((await load('adjusted', startOfDay(day('2024-04-03')))).series)).toEqual([400, 402]);
  });
});

describe('import', () => {
  const take = (text: string, request = {}) =>
    importActions(room.history, { paths: [room.write('actions.csv', text)], ...request });

  test('ratios, factors, and the columns that Yahoo and others use', async () => {
    await take('symbol,ex_date,kind,ratio\nINFY,2018-09-04,bonus,1:1\nBSE:TCS,2018-05-31,split,10:2\n');
    await take('Date,Stock Splits,Stock\n7/1/2016,1.5,ITC\n', { dateFormat: 'M/D/YYYY' });
    const result = await take('symbol,ex_date,price_factor,guess\nHCLTECH,2019-12-05,0.5,split/bonus 2:1\n');
    expect(result).toEqual({ read: 1, changed: 1, withoutBars: 1 });
    expect(
      (await room.history.actions()).map(({ key, exDay, kind, factor }) => [
        key,
        isoDateOfDay(exDay),
        kind,
        factor,
      ]),
    ).toEqual([
      ['BSE:TCS', '2018-05-31', 'split', 0.2],
      ['NSE:HCLTECH', '2019-12-05', 'split', 0.5],
      ['NSE:INFY', '2018-09-04', 'bonus', 0.5],
      ['NSE:ITC', '2016-07-01', 'split', 1 / 1.5],
    ]);
  });

  test('the same file again changes nothing, a correction replaces', async () => {
    const text = 'symbol,ex_date,factor\nINFY,2018-09-04,0.5\n';
    expect((await take(text)).changed).toBe(1);
    expect((await take(text)).changed).toBe(0);
    expect((await take(text.replace('0.5', '0.25'))).changed).toBe(1);
    expect((await room.history.actions()).map(({ factor }) => factor)).toEqual([0.25]);
  });

  test.each([
    ['a,b\n1,2\n', 'actions.csv is no list of corporate actions: its columns are a, b.', 'DATA_LAYOUT'],
    [
      'symbol,ex_date,factor\nINFY,2018-09-31,0.5\n',
      'line 2, column "ex_date": received "2018-09-31"',
      'DATA_TIME',
    ],
    [
      'symbol,ex_date,factor\nINFY,2018-09-04,0\n',
      'column "factor": received "0"; expected a price factor',
      'DATA_NUMBER',
    ],
    [
      'symbol,ex_date,kind,ratio\nINFY,2018-09-04,rights,1:4\n',
      'column "ratio": received "1:4"',
      'DATA_NUMBER',
    ],
    [
      'symbol,ex_date,factor\nX,2018-09-04,0.5\nX,2018-09-04,0.2\n',
      'two actions of NSE:X on one day',
      'DATA_DUPLICATE',
    ],
  ])('%j is refused', async (text, message, code) => {
    const refused = await refusal(take(text));
    expect(refused.message).toContain(message);
    expect(refused.code).toBe(code);
    expect(await room.history.actions()).toEqual([]);
  });
});

test('a backtest trades adjusted prices unless told otherwise, and says so', async () => {
  const home = room.folder;
  const rows: string[] = [];
  for (let date = day('2023-01-02'); date <= day('2024-06-28'); date++) {
    if (!india.calendar.session(share, date)) continue;
    const scale = date < day('2024-01-15') ? 2 : 1;
    const [open, high, low, close] = [100, 103, 97, 100 + ((date * 7) % 5) - 2].map((price) => price * scale);
    rows.push(`${isoDateOfDay(date)},${open},${high},${low},${close},100000`);
  }
  const bars = room.write('bars.csv', `date,open,high,low,close,volume\n${rows.join('\n')}\n`);
  const actions = room.write('actions.csv', 'symbol,ex_date,kind,ratio\nINFY,2024-01-15,split,1:2\n');
  await askAlgo(['data', 'import', bars, '--as', 'NSE:INFY'], { home });
  const done = await askAlgo(['data', 'actions', 'import', actions], { home });
  expect(done.stdout).toBe('Read 1 actions, 1 new or changed.\n');
  const run = async (...flags: string[]) => {
    const { stdout } = await askAlgo(
      ['backtest', 'NSE:INFY', '-s', 'ema20_50', '-i', 'day', '--product', 'CNC', '--json', ...flags],
      { home },
    );
    return JSON.parse(stdout);
  };
  const adjusted = await run();
  const raw = await run('--prices', 'raw');
  expect(JSON.stringify(adjusted)).toContain(
    'Prices of NSE:INFY before 2024-01-15 are adjusted for 1 recorded action',
  );
  expect(JSON.stringify(raw)).not.toContain('are adjusted for');
  const configured = await run('--set', 'prices=raw');
  expect(configured.trades ?? configured.result).toEqual(raw.trades ?? raw.result);
  expect(JSON.stringify(configured)).not.toContain('are adjusted for');
  expect(adjusted.run?.hashes ?? adjusted.hashes).not.toEqual(raw.run?.hashes ?? raw.hashes);
});
