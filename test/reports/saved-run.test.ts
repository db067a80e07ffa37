import { describe, expect, test } from '@jest/globals';
import { backtestDocument } from '../../src/reports/backtest-json.ts';
import { backtestReport } from '../../src/reports/backtest-report.ts';
import { equityCsv, readEquityCsv } from '../../src/reports/equity-csv.ts';
import { readTradesCsv } from '../../src/reports/read-trades-csv.ts';
import { documentOf, outcomeOf, readSavedRun, savedParts } from '../../src/reports/saved-run.ts';
import { tradesCsv } from '../../src/reports/trades-csv.ts';
import { busyYear, curve, ist, outcome, trade } from '../support/outcomes.ts';

const extras = { savedAt: '2026-11-21T09:30:00+05:30', request: {}, settings: { capital: 100_000 } };
const screen = { width: 100, colour: false };

describe('a saved run', () => {
  const year = busyYear();
  const { run, trades } = savedParts(year, extras);
  const saved = readSavedRun('run.json', run);

  test('prints the report of the run itself', () => {
    const restored = outcomeOf(saved, trades, equityCsv(year.equity));
    expect(year.trades.length).toBeGreaterThan(100);
    expect(backtestReport(restored, screen)).toBe(backtestReport(year, screen));
  });

  test('is the document of the run itself', () => {
    expect(documentOf(saved, trades)).toEqual(backtestDocument(year));
  });

  test.each([
    ['{', 'it is not JSON'],
    ['{"format":2}', 'it has format 2, and this algo reads 1'],
    ['{"format":1,"savedAt":""}', 'it lacks "request"'],
    ['null', 'it has format undefined'],
  ])('%s is refused', (text, why) => {
    expect(() => readSavedRun('/runs/x', text)).toThrow(`The saved run /runs/x cannot be read: ${why}`);
  });
});

describe('trades.csv', () => {
  test('is read back as it was written: quotes, commas, line breaks, formulas, empty cells', () => {
    const rows = [
      trade({ note: 'said "no", twice\nand left' }),
      trade({ id: 2, note: '=1+1', riskPaise: 5_050, entryPrice: 100.125, stop: 98.05, target: 104 }),
      trade({ id: 3, direction: 'SHORT', entryType: 'SL', entryDecision: 100.2, exitDecision: 101 }),
    ];
    const document = backtestDocument(outcome({ trades: rows }));
    expect(readTradesCsv(tradesCsv(rows))).toEqual(document.trades);
  });

  test.each([
    ['stops and targets', 7],
    ['decisions', 5],
  ])('of a run kept before %s were written is read as well', (_, columns) => {
    const [heading = '', line] = tradesCsv([trade()]).split('\n');
    const older = `${heading.split(',').slice(0, -columns).join(',')}\n${line?.slice(0, -columns)}\n`;
    expect(readTradesCsv(older)).toEqual(readTradesCsv(tradesCsv([trade()])));
  });

  test.each([
    ['id,strategy\n', 'has other columns'],
    [tradesCsv([trade()]).slice(0, -12), 'is cut short'],
    [tradesCsv([trade()]).replace('1000.00', ''), 'has "" as'],
  ])('%j is refused', (text, why) => {
    const broken = text.includes('1000.00') ? text : text.replace(',10.00,', ',,');
    expect(() => readTradesCsv(broken)).toThrow(why);
  });
});

describe('equity.csv', () => {
  test('holds the last mark of each day with its lowest and highest', () => {
    const marks = curve([
      ['2026-04-01 09:30', 100],
      ['2026-04-01 12:00', 90.5, 1],
      ['2026-04-01 15:30', 95, 1],
      ['2026-04-02 09:30', 110],
    ]);
    const text = equityCsv(marks);
    expect(text).toBe(
      'time,equity,low,high,exposed\n' +
        '2026-04-01T15:30:00+05:30,95.00,90.50,100.00,1\n' +
        '2026-04-02T09:30:00+05:30,110.00,110.00,110.00,0\n',
    );
    const read = readEquityCsv(text);
    expect([...read.time]).toEqual([ist('2026-04-01 15:30'), ist('2026-04-02 09:30')]);
    expect([...read.equityPaise]).toEqual([9_500, 11_000]);
    expect([...read.exposed]).toEqual([1, 0]);
    expect(read.length).toBe(2);
  });

  test('a run without a mark has none', () => {
    expect(readEquityCsv(equityCsv(curve([]))).length).toBe(0);
  });

  test('anything else is refused', () => {
    expect(() => readEquityCsv('time,value\n1,2\n')).toThrow(
      'The equity curve of a saved run cannot be read.',
    );
  });
});
