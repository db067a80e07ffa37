import { describe, expect, test } from '@jest/globals';
import { readBanLists } from '../../../src/adapters/files/ban-list.ts';

const read = (text: string) => readBanLists('fo_secban.csv', Buffer.from(text));

describe("NSE's list of shares in the ban period", () => {
  test('names the day and the shares, also those with signs in their symbols', () => {
    const text = 'Securities in Ban For Trade Date 15-JUL-2019: \r\n1,DHFL\r\n2,M&M\r\n3,BAJAJ-AUTO\r\n';
    expect(read(text)).toEqual([{ day: '2019-07-15', symbols: ['DHFL', 'M&M', 'BAJAJ-AUTO'] }]);
  });

  test('says of a day without bans that there are none', () => {
    expect(read('Securities in Ban For Trade Date 28-JUL-2026: NIL\n')).toEqual([
      { day: '2026-07-28', symbols: [] },
    ]);
  });

  test('is also read from a table of many days', () => {
    expect(read('date,symbol\n2026-11-25,RBLBANK\n2026-11-25,SAIL\n2026-11-26,NIL\n')).toEqual([
      { day: '2026-11-25', symbols: ['RBLBANK', 'SAIL'] },
      { day: '2026-11-26', symbols: [] },
    ]);
  });

  test.each([
    ['date,symbol\n25-NOV-2026,RBLBANK\n', 'line 2: "25-NOV-2026,RBLBANK"', 'DATA_LAYOUT'],
    ['date,symbol\n', 'names no day', 'DATA_EMPTY'],
    ['1,DHFL\n', 'does not begin with "Securities in Ban', 'DATA_LAYOUT'],
    ['Securities in Ban For Trade Date 31-FEB-2026: NIL\n', '"2026-02-31" is not a date', 'USAGE_DATE'],
    ['Securities in Ban For Trade Date 15-JUL-2019:\n', 'does not say NIL', 'DATA_EMPTY'],
    ['Securities in Ban For Trade Date 15-JUL-2019:\n1,DHFL,x,y\n', 'line 2: "1,DHFL,x,y"', 'DATA_LAYOUT'],
  ])('%j is refused', (text, message, code) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});
