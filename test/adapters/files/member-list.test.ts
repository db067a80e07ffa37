import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { datedLists, listOn } from '../../../src/adapters/files/dated-lists.ts';
import { readMemberList } from '../../../src/adapters/files/member-list.ts';

const read = (text: string) => readMemberList('list', Buffer.from(text));

describe('a list of instruments', () => {
  test("NSE's members of an index give symbols and industries", () => {
    const text = `Company Name,Industry,Symbol,Series,ISIN Code
"Infosys, Ltd.",Information Technology,INFY,EQ,INE009A01021
Mahindra & Mahindra Ltd.,Automobile and Auto Components,M&M,EQ,INE101A01026
`;
    expect(read(text)).toEqual([
      { symbol: 'INFY', sector: 'Information Technology' },
      { symbol: 'M&M', sector: 'Automobile and Auto Components' },
    ]);
  });

  test('one instrument a line, with remarks, sectors and a repetition', () => {
    expect(read('# mine\nNSE:INFY\n\nnse:tcs, IT\nNSE:INFY\nNSE:NIFTY 50\n')).toEqual([
      { symbol: 'NSE:INFY' },
      { symbol: 'NSE:TCS', sector: 'IT' },
      { symbol: 'NSE:NIFTY 50' },
    ]);
  });

  test('the document of a scan gives its hits', () => {
    const document = { scan: {}, hits: [{ instrument: 'NSE:INFY', close: '1' }] };
    expect(read(JSON.stringify(document))).toEqual([{ symbol: 'NSE:INFY' }]);
  });

  test.each([
    ['Name,Price,Sector\nx,1,IT\n', 'its columns are Name, Price, Sector', 'DATA_LAYOUT'],
    ['NSE:INFY\n../../etc\n', 'list line 2: "../../ETC" is no symbol', 'DATA_SYMBOL'],
    ['{"series": []}', 'not what algo scan --json prints', 'DATA_LAYOUT'],
    ['{"hits": []}', 'names no instrument', 'DATA_EMPTY'],
    ['# nothing\n', 'names no instrument', 'DATA_EMPTY'],
  ])('%j is refused with its place', (text, message, code) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});

describe('lists of several days', () => {
  test('the list of a day is the newest before it, an undated one before that, else the oldest', () => {
    const folder = mkdtempSync(join(tmpdir(), 'algo-lists-'));
    const lists = datedLists(folder);
    expect(lists.list()).toEqual([]);
    lists.save('nifty', '2026-09-30', 'NSE:B\n');
    lists.save('nifty', '2026-03-31', 'NSE:A\n');
    writeFileSync(join(folder, 'Notes.txt'), 'not a list\n');
    const on = (day: string) => listOn(lists.list(), day)?.file;
    expect(on('2026-09-29')).toBe('nifty@2026-03-31.txt');
    expect(on('2026-09-30')).toBe('nifty@2026-09-30.txt');
    expect(on('2020-01-01')).toBe('nifty@2026-03-31.txt');
    lists.save('nifty', undefined, 'NSE:Z\n');
    expect(on('2020-01-01')).toBe('nifty.txt');
    rmSync(folder, { recursive: true });
  });
});
