import { describe, expect, test } from '@jest/globals';
import { backtestDocument } from '../../src/reports/backtest-json.ts';
import { tradesCsv, tradesJson } from '../../src/reports/trades-csv.ts';
import { busyYear, outcome, trade } from '../support/outcomes.ts';

describe('trades as CSV', () => {
  test('a header and a line per trade', () => {
    expect(tradesCsv([trade({ grossPaise: -1_000, note: 'EMA, crossed' })])).toBe(
      [
        'id,strategy,instrument,side,product,quantity,entryTime,entryPrice,exitTime,exitPrice,gross,charges,net,returnPercent,exitReason,note,bars,adverse,favourable,risk,stop,target,entryType,entryDecision,exitType,exitDecision,slippage',
        '1,ema20_50,NSE:INFY,BUY,MIS,10,2026-04-01T09:30:00+05:30,100.00,2026-04-01T10:30:00+05:30,101.00,-10.00,1.00,-11.00,-1.1,signal,"EMA, crossed",4,0.50,1.50,,,,,,,,',
        '',
      ].join('\n'),
    );
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('a note of %j is not run as a formula', (note) => {
    expect(tradesCsv([trade({ note })])).toContain(`,'${note},`);
  });

  test('a carriage return and quotes are kept inside quotes', () => {
    expect(tradesCsv([trade({ note: '\rx "y"' })])).toContain(`,"'\rx ""y""",`);
  });

  test('losses stay numbers', () => {
    expect(tradesCsv([trade({ grossPaise: -1_000 })])).toContain(',-10.00,1.00,-11.00,');
  });

  test('the columns are those of the JSON trades', () => {
    const [first] = backtestDocument(outcome({ trades: [trade()] })).trades;
    expect(tradesCsv([]).trim().split(',')).toEqual(Object.keys(first));
  });

  test('as JSON it is the same list', () => {
    const year = busyYear();
    expect(JSON.parse(tradesJson(year.trades))).toEqual(backtestDocument(year).trades);
    expect(tradesJson([])).toBe('[]\n');
  });
});
