import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { screenOf, wrapped } from '../../src/reports/screen.ts';
import { tableText } from '../../src/reports/table.ts';

const plain = (width: number) => ({ width, colour: false });
const picture = (text: string) => text.split('\n');

const charges = {
  title: 'Charges of one order',
  columns: ['Line', 'Amount', 'Why'],
  rows: [
    ['Brokerage', '₹20.00', 'the lower of ₹20 and 0.03% of turnover'],
    ['STT', '-₹1,250.00', '0.025% of a sale'],
  ],
  totals: ['Total', '₹1,270.00'],
  notes: ['In force on 2026-04-01.'],
};

describe('table', () => {
  test('figures stand right, words left, totals below a rule, notes below the table', () => {
    expect(picture(tableText(charges, plain(80)))).toEqual([
      'Charges of one order',
      'Line           Amount  Why',
      '─────────  ──────────  ──────────────────────────────────────',
      'Brokerage      ₹20.00  the lower of ₹20 and 0.03% of turnover',
      'STT        -₹1,250.00  0.025% of a sale',
      '─────────  ──────────  ──────────────────────────────────────',
      'Total       ₹1,270.00',
      'In force on 2026-04-01.',
    ]);
  });

  test('text wraps on a narrower screen, figures stay whole', () => {
    expect(picture(tableText(charges, plain(45)))).toEqual([
      'Charges of one order',
      'Line           Amount  Why',
      '─────────  ──────────  ──────────────────────',
      'Brokerage      ₹20.00  the lower of ₹20 and',
      '                       0.03% of turnover',
      'STT        -₹1,250.00  0.025% of a sale',
      '─────────  ──────────  ──────────────────────',
      'Total       ₹1,270.00',
      'In force on 2026-04-01.',
    ]);
  });

  test('optional columns are left out before anything wraps', () => {
    const columns = ['Instrument', { title: 'Bars', optional: true }, 'Net'];
    const table = { columns, rows: [['NSE:INFY', 4_650, '1,200.00']], totals: ['Total', 4_650, '1,200.00'] };
    expect(picture(tableText(table, plain(20)))).toEqual([
      'Instrument       Net',
      '──────────  ────────',
      'NSE:INFY    1,200.00',
      '──────────  ────────',
      'Total       1,200.00',
    ]);
    expect(picture(tableText(table, plain(26)))[0]).toBe('Instrument  Bars       Net');
  });

  test('a screen too narrow for columns gets a block of lines per row', () => {
    expect(picture(tableText(charges, plain(24)))).toEqual([
      'Charges of one order',
      'Line    Brokerage',
      'Amount  ₹20.00',
      'Why     the lower of ₹20',
      '        and 0.03% of',
      '        turnover',
      '',
      'Line    STT',
      'Amount  -₹1,250.00',
      'Why     0.025% of a sale',
      '',
      'Line    Total',
      'Amount  ₹1,270.00',
      'In force on 2026-04-01.',
    ]);
  });

  test('no line is wider than the screen, nor ends in a blank', () => {
    for (let width = 24; width <= 100; width++) {
      for (const line of picture(tableText(charges, plain(width)))) {
        expect(line.length).toBeLessThanOrEqual(width);
        expect(line).toBe(line.trimEnd());
      }
    }
  });

  test('no rows say so', () => {
    expect(
      tableText(
        { title: 'Stored bars', columns: ['Instrument'], rows: [], empty: 'Nothing yet.' },
        plain(80),
      ),
    ).toBe('Stored bars\nNothing yet.');
  });

  test('a column of dates or of empty cells is text', () => {
    const rows = [['2026-04-01', undefined, 'x']];
    expect(picture(tableText({ columns: ['Session day', 'Note', 'Y'], rows }, plain(80)))).toEqual([
      'Session day  Note  Y',
      '───────────  ────  ─',
      '2026-04-01         x',
    ]);
  });

  test('a long word folds rather than vanishes', () => {
    const text = tableText(
      { columns: ['File', 'Rows'], rows: [['/a/very/long/path/of/a/file.csv', 12]] },
      plain(24),
    );
    expect(picture(text).slice(2)).toEqual(['/a/very/long/path/    12', 'of/a/file.csv']);
  });

  test('control characters from outside cannot reach the terminal', () => {
    const text = tableText({ title: 'a\u001b[2Jb', columns: ['C\r'], rows: [['x\u0007\ny']] }, plain(80));
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(text).toContain('x y');
  });

  test('colour marks headings and losses and leaves the columns where they are', () => {
    const coloured = tableText(charges, { width: 80, colour: true });
    expect(coloured).toContain('\u001b[31m-₹1,250.00\u001b[39m');
    const bare = stripVTControlCharacters(coloured);
    expect(bare).toBe(tableText(charges, plain(80)));
  });
});

describe('screen', () => {
  test('a terminal has its own width and colour', () => {
    expect(screenOf({ isTTY: true, columns: 132 }, {})).toEqual({ width: 132, colour: true });
  });

  test('NO_COLOR and a dumb terminal turn colour off; an empty NO_COLOR does not', () => {
    expect(screenOf({ isTTY: true, columns: 80 }, { NO_COLOR: '1' }).colour).toBe(false);
    expect(screenOf({ isTTY: true, columns: 80 }, { TERM: 'dumb' }).colour).toBe(false);
    expect(screenOf({ isTTY: true, columns: 80 }, { NO_COLOR: '' }).colour).toBe(true);
  });

  test('a pipe or a mail has no colour and a hundred characters, or as many as COLUMNS says', () => {
    expect(screenOf({}, {})).toEqual({ width: 100, colour: false });
    expect(screenOf({}, { COLUMNS: '72' })).toEqual({ width: 72, colour: false });
    expect(screenOf({}, { COLUMNS: 'wide' }).width).toBe(100);
  });

  test('text wraps at blanks', () => {
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapped('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
    expect(wrapped('', 4)).toEqual(['']);
  });
});
