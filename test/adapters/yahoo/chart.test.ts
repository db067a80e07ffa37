import { describe, expect, test } from '@jest/globals';
import { barsOfChart, type ChartQuestion } from '../../../src/adapters/yahoo/chart.ts';
import { yahooSymbol } from '../../../src/adapters/yahoo/yahoo-source.ts';
import { instantOf, startOfDay } from '../../../src/domain/time.ts';
import { day, future, index, india, share } from '../../support/india.ts';

const question: ChartQuestion = {
  key: 'NSE:INFY',
  symbol: 'INFY.NS',
  timeframe: 'day',
  opensAt: (dayNumber) => india.calendar.session(share, dayNumber)?.open,
};

type Row = readonly [
  time: number,
  open: number | null,
  high: number | null,
  low: number | null,
  close: number | null,
  volume: number | null,
];

function page(rows: readonly Row[], adjclose?: readonly number[]) {
  const column = (at: number) => rows.map((row) => row[at]);
  const quote = { open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) };
  const indicators = { quote: [quote], ...(adjclose && { adjclose: [{ adjclose }] }) };
  const result = [{ meta: {}, timestamp: rows.map(([time]) => time / 1_000), indicators }];
  return { status: 200, text: JSON.stringify({ chart: { result, error: null } }) };
}

const opening = (date: string) => instantOf(day(date), 555);

describe("Yahoo's chart", () => {
  test('has day bars of their date, in paise', () => {
    const bars = barsOfChart(
      page([[opening('2026-09-03'), 1512.449951171875, 1520.0500488, 1500, 1510.1, 7]]),
      question,
    );
    expect([...bars.time]).toContain(startOfDay(day('2026-09-03')));
    expect([bars.open[0], bars.high[0], bars.low[0], bars.close[0], bars.volume[0]]).toEqual([
      1512.45, 1520.05, 1500, 1510.1, 7,
    ]);
  });

  test('repeats the newest day as the state of the market; the fuller row stays', () => {
    const late = instantOf(day('2026-09-03'), 929);
    const bars = barsOfChart(
      page([
        [opening('2026-09-03'), 10, 12, 9, 11, 500],
        [late, 10, 12, 9, 11, 0],
      ]),
      question,
    );
    expect(bars.length).toBe(1);
    expect(bars.volume[0]).toBe(500);
  });

  test('repeats the day before on a holiday, which is left out', () => {
    // 2026-10-02 is Gandhi Jayanti.
    const bars = barsOfChart(
      page([
        [opening('2026-10-01'), 10, 12, 9, 11, 500],
        [opening('2026-10-02'), 11, 11, 11, 11, 0],
      ]),
      question,
    );
    expect(bars.length).toBe(1);
  });

  test('has rows without prices, which are left out, and without volume, which are not', () => {
    const bars = barsOfChart(
      page([
        [opening('2026-09-03'), null, null, null, null, null],
        [opening('2026-09-04'), 10, 12, 9, 11, null],
      ]),
      question,
    );
    expect(bars.length).toBe(1);
    expect(bars.volume[0]).toBe(0);
  });

  test('has a running row between two bars, which is left out', () => {
    const minutes = { ...question, timeframe: '5m' as const };
    const bars = barsOfChart(
      page([
        [opening('2026-09-03'), 10, 12, 9, 11, 5],
        [opening('2026-09-03') + 437_000, 10, 12, 9, 11, 5],
      ]),
      minutes,
    );
    expect(bars.length).toBe(1);
  });

  test('takes dividends out of adjclose, which is not used', () => {
    const bars = barsOfChart(page([[opening('2026-09-03'), 10, 12, 9, 11, 5]], [8.2]), question);
    expect(bars.close[0]).toBe(11);
  });

  test('without data is an empty series', () => {
    const nothing = {
      status: 400,
      text: '{"chart":{"result":null,"error":{"code":"Bad Request","description":"Data doesn\'t exist for startDate = 1, endDate = 2"}}}',
    };
    expect(barsOfChart(nothing, question).length).toBe(0);
  });

  test('of an unknown symbol says so', () => {
    const unknown = {
      status: 404,
      text: '{"chart":{"result":null,"error":{"code":"Not Found","description":"No data found, symbol may be delisted"}}}',
    };
    expect(() => barsOfChart(unknown, question)).toThrow(expect.objectContaining({ code: 'DATA_SYMBOL' }));
    expect(() => barsOfChart({ status: 200, text: '[]' }, question)).toThrow(
      expect.objectContaining({ code: 'BROKER_YAHOO' }),
    );
  });
});

test("Yahoo's names", () => {
  expect(yahooSymbol(share)).toBe('INFY.NS');
  expect(yahooSymbol({ ...share, key: 'NSE:M&M', tradingsymbol: 'M&M' })).toBe('M&M.NS');
  expect(yahooSymbol({ ...share, key: 'BSE:500209', exchange: 'BSE', tradingsymbol: '500209' })).toBe(
    '500209.BO',
  );
  expect(yahooSymbol(index)).toBe('^NSEI');
  expect(() => yahooSymbol(future('NIFTY', '2026-11-24'))).toThrow(
    expect.objectContaining({ code: 'DATA_SYMBOL' }),
  );
});
