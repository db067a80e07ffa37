import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimalIn } from '../../../src/adapters/files/decimal.ts';

function read(text: string): number {
  const bytes = Buffer.from(`x${text}y`);
  return decimalIn(bytes, 1, bytes.length - 1);
}

test.each([
  ['0', 0],
  ['1234.50', 1234.5],
  ['.41', 0.41],
  ['5.', 5],
  ['+7', 7],
  ['-2.25', -2.25],
  ['1,234.50', 1234.5],
  ['12,34,567', 1234567],
  ['1.5e-05', 0.000015],
  ['39.31370162963867', 39.31370162963867],
  ['9007199254740993', 9007199254740992],
])('%s is a number', (text, value) => expect(read(text)).toBe(value));

test.each([
  '',
  '-',
  '.',
  'abc',
  'NaN',
  'Infinity',
  '0x10',
  '1_000',
  '1.2.3',
  '12 3',
  '1,23',
  '234,50',
  ',123',
  '1e',
  '1e999',
  '٣',
])('"%s" is none', (text) => expect(read(text)).toBeNaN());

test('every finite number that is written is the number that is read', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(read(String(value))).toBe(value === 0 ? 0 : value);
    }),
    { numRuns: 1_000, seed: 1 },
  );
});

test('prices with two decimals are exact', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (paise) => {
      const text = `${Math.floor(paise / 100)}.${String(paise % 100).padStart(2, '0')}`;
      expect(read(text)).toBe(paise / 100);
    }),
    { numRuns: 1_000, seed: 1 },
  );
});
