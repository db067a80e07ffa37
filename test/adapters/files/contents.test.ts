import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import { contentsOf } from '../../../src/adapters/files/contents.ts';
import { zipOf } from '../../app/data-import-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'algo-contents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function texts(bytes: Uint8Array, limit?: number): string[] {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  return contentsOf(path, 'file', limit).map((content) =>
    content.kind === 'bytes' ? `${content.name}: ${content.read()}` : content.kind,
  );
}

const entry = (name: string, text: string) => ({
  name,
  packed: deflateRawSync(text),
  size: Buffer.byteLength(text),
  method: 8,
});

test('plain, gz, zip, gz in zip and Parquet are told apart by their first bytes', () => {
  expect(texts(Buffer.from('abc'))).toEqual(['file: abc']);
  expect(texts(gzipSync('abc'))).toEqual(['file: abc']);
  expect(texts(zipOf([entry('a.csv', 'abc'), entry('b/c.csv', 'def')]))).toEqual([
    'file/a.csv: abc',
    'file/b/c.csv: def',
  ]);
  const inner = gzipSync('abc');
  expect(texts(zipOf([{ name: 'a.gz', packed: inner, size: inner.length, method: 0 }]))).toEqual([
    'file/a.gz: abc',
  ]);
  expect(texts(Buffer.from('PAR1'))).toEqual(['parquet']);
  expect(texts(Buffer.alloc(0))).toEqual(['file: ']);
});

test('folders and leftovers of other systems inside a zip are passed over', () => {
  expect(
    texts(zipOf([entry('d/', ''), entry('__MACOSX/a', 'x'), entry('.DS_Store', 'x'), entry('a.csv', 'abc')])),
  ).toEqual(['file/a.csv: abc']);
  expect(() => texts(zipOf([]))).toThrow('file is a zip without files.');
});

test('a file that was made to fill the memory is refused before it does', () => {
  const even = Buffer.alloc(2 ** 26 + 1, '0');
  expect(() => texts(gzipSync(even))).toThrow(/^file unpacks from \d+ to more than 67108864 bytes/);
  const packed = deflateRawSync(even);
  expect(() => texts(zipOf([{ name: 'a', packed, size: even.length, method: 8 }]))).toThrow(
    /"a" unpacks from \d+ to 67108865 bytes, as no file of prices does/,
  );
  expect(texts(gzipSync(even.subarray(0, 2 ** 20)))[0]).toHaveLength('file: '.length + 2 ** 20);
});

test('nothing is unpacked beyond the limit, whatever it promises', () => {
  const large = 'x'.repeat(5_000);
  expect(() => texts(Buffer.from(large), 1_000)).toThrow(
    'file has 5000 bytes; the limit for one file is 1000.',
  );
  expect(() => texts(gzipSync(large), 1_000)).toThrow(
    'file unpacks to more than 1000 bytes; the limit for one file is 1000.',
  );
  expect(() => texts(zipOf([entry('a', large)]), 1_000)).toThrow(
    '"a" unpacks to 5000 bytes, more than the limit of 1000',
  );
  expect(() => texts(zipOf([{ ...entry('a', large), size: 20 }]), 1_000)).toThrow(
    '"a" does not unpack to its 20 bytes',
  );
});

test('a changed byte inside a zip is noticed by its checksum', () => {
  const zip = zipOf([{ name: 'a.csv', packed: Buffer.from('2024-01-02,100'), size: 14, method: 0 }]);
  zip[zip.indexOf('100')] = '7'.charCodeAt(0);
  expect(() => texts(zip)).toThrow('"a.csv" does not match its checksum');
});

test('any damage to a zip is told, never a crash', () => {
  const good = zipOf([entry('a.csv', 'date,open')]);
  let refused = 0;
  for (let at = 0; at < good.length; at++) {
    const broken = Buffer.from(good);
    broken[at] ^= 0xff;
    try {
      texts(broken);
    } catch (error) {
      expect(error).toHaveProperty('code', expect.stringMatching(/^DATA_(ARCHIVE|EMPTY)$/));
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(20);
});
