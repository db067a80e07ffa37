import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readTag, streamCode, tagNonce, writeTag } from '#src/adapters/kite/order-tag.ts';
import { kiteTagLength } from '#src/domain/kite-limits.ts';

const tag = fc.record({
  stream: fc.string().map(streamCode),
  dayNumber: fc.integer({ min: 0, max: 46_655 }),
  id: fc.integer({ min: 1, max: 1_679_615 }),
  leg: fc.integer({ min: 0, max: 35 }),
  nonce: fc.double({ min: 0, max: 0.999_999, noNaN: true }).map(tagNonce),
});

test('a tag says what was written into it, in letters and digits that Kite takes', () => {
  fc.assert(
    fc.property(tag, (wanted) => {
      const text = writeTag(wanted);
      expect(text).toMatch(/^A[0-9A-Z]+$/);
      expect(text.length).toBeLessThanOrEqual(kiteTagLength);
      expect(readTag(text)).toEqual(wanted);
    }),
  );
});

test('one wrong letter, and it is not ours', () => {
  fc.assert(
    fc.property(tag, fc.integer({ min: 1, max: 18 }), fc.integer({ min: 1, max: 35 }), (wanted, at, by) => {
      const text = writeTag(wanted);
      const other = ((Number.parseInt(text[at] ?? '', 36) + by) % 36).toString(36).toUpperCase();
      const changed = readTag(text.slice(0, at) + other + text.slice(at + 1));
      // A check of two letters misses one change in 1,296.
      if (changed !== undefined) expect(changed).not.toEqual(wanted);
    }),
  );
});

test.each(['', 'autoslice', 'mktp:2.00', 'AMANUALORDER', 'a0000000000000000000'])(
  '"%s" is not ours',
  (text) => {
    expect(readTag(text)).toBeUndefined();
  },
);
