import { describe, expect, test } from '@jest/globals';
import { readTable, type TableRow } from '../../src/config/dated-csv.ts';
import { readHolidays, readSessionHours } from '../../src/config/rule-tables.ts';
import { day } from '../support/india.ts';

const columns = ['name', 'rate', 'from', 'to', 'source'];
const read = (row: TableRow) => ({ name: row.text('name'), rate: row.number('rate'), ...row.dated() });

function table(...lines: string[]) {
  return readTable({ path: 'rates.csv', text: lines.join('\n') }, columns, read);
}

describe('a table of rules', () => {
  test('comments, empty lines, quotes and either line end are understood', () => {
    const text =
      '# about\r\n\r\nname,rate,from,to,source\r\n"a, ""b""",0.5,2026-01-01,,"x, y"\r\nc,-2,2024-02-29,2024-02-29,z\r\n';
    expect(readTable({ path: 'rates.csv', text }, columns, read)).toEqual([
      { name: 'a, "b"', rate: 0.5, from: day('2026-01-01'), to: Number.POSITIVE_INFINITY, source: 'x, y' },
      { name: 'c', rate: -2, from: day('2024-02-29'), to: day('2024-02-29'), source: 'z' },
    ]);
  });

  test('columns may stand in any order', () => {
    expect(table('source,to,from,rate,name', 'z,,2026-01-01,1,a')[0]).toMatchObject({
      name: 'a',
      rate: 1,
      source: 'z',
    });
  });

  test.each([
    ['a number', 'a,1x,2026-01-01,,z', 'rates.csv:2, column rate: "1x" is not a number.'],
    ['an empty number', 'a,,2026-01-01,,z', 'rates.csv:2, column rate: "" is not a number.'],
    ['a day', 'a,1,2026-02-29,,z', 'rates.csv:2, column from: "2026-02-29" is not a day written YYYY-MM-DD.'],
    [
      'a day in another order',
      'a,1,01-02-2026,,z',
      'rates.csv:2, column from: "01-02-2026" is not a day written YYYY-MM-DD.',
    ],
    [
      'an end before the start',
      'a,1,2026-01-02,2026-01-01,z',
      'rates.csv:2, column to: "2026-01-01" is not a day on or after 2026-01-02.',
    ],
    ['a source', 'a,1,2026-01-01,,', 'rates.csv:2, column source: "" is not a source; every rule needs one.'],
    ['a cell too few', 'a,1,2026-01-01,', 'rates.csv:2 has 4 cells, and the table has 5 columns.'],
  ])('a wrong row is named: %s', (_name, line, message) => {
    expect(() => table(columns.join(','), line)).toThrow(message);
  });

  test('an unknown column is named with the nearest one', () => {
    expect(() => table('name,rat,from,to,source')).toThrow(
      'rates.csv:1 has an unknown column "rat". Did you mean "rate"?',
    );
    expect(() => table('name,from,to,source')).toThrow('rates.csv:1 lacks the column "rate".');
    expect(() => table('# nothing')).toThrow('rates.csv is empty');
  });

  test('a holiday without an end and hours that run backwards are refused', () => {
    const holidays = 'from,to,markets,closed,name,source\n2026-01-26,,NSE,day,Republic Day,test';
    expect(() => readHolidays({ path: 'h.csv', text: holidays })).toThrow('h.csv:2, column to: ""');
    const hours =
      'segment,from,to,us_time,preopen,windows,closing_auction,post_close,source\nCASH,2026-01-01,,any,,15:30-09:15,,,test';
    expect(() => readSessionHours({ path: 's.csv', text: hours })).toThrow(
      'column windows: "15:30-09:15" is not windows such as 09:15-15:30.',
    );
  });
});
