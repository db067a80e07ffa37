import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Disk, systemDisk } from '../../../src/adapters/journal/disk.ts';
import { JournalLog } from '../../../src/adapters/journal/journal-log.ts';
import { lineOf, recordOf } from '../../../src/adapters/journal/record-line.ts';
import { readSegments } from '../../../src/adapters/journal/segments.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'algo-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const facts = (count: number, from = 1) =>
  Array.from({ length: count }, (_, at) => ({
    t: 'fact',
    number: from + at,
    words: `“${from + at}” of many`,
  }));

function write(count: number, options: { segmentBytesMax?: number; from?: number } = {}): void {
  const log = JournalLog.open({ folder, ...options });
  for (const each of facts(count, options.from)) log.append(each, 'soon');
  log.close();
}

const read = () => JournalLog.open({ folder }).records.filter(({ t }) => t === 'fact');
const numbers = () => read().map(({ number }) => number);
const first = () => join(folder, '000001.ndjson');

describe('a journal', () => {
  test('gives back what was appended, numbered without a gap, over several openings', () => {
    write(3);
    write(2, { from: 4 });
    const { records } = JournalLog.open({ folder });
    expect(records.map(({ s }) => s)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(numbers()).toEqual([1, 2, 3, 4, 5]);
    expect(read()[0]).toMatchObject({ v: 2, words: '“1” of many' });
  });

  test('is NDJSON that any program reads', () => {
    write(2);
    const lines = readFileSync(first(), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).t)).toEqual(['segment', 'fact', 'fact']);
  });

  test('seals a segment that is full, and the next names its hash', () => {
    write(40, { segmentBytesMax: 500 });
    const segments = readSegments(folder);
    expect(segments.length).toBeGreaterThan(3);
    expect(segments.slice(0, -1).every(({ sealed }) => sealed)).toBe(true);
    expect(segments.flatMap(({ faults }) => faults)).toEqual([]);
    expect(segments[2]?.records[0]?.previous).toBe(segments[1]?.hash);
    expect(numbers()).toEqual(facts(40).map(({ number }) => number));
  });
});

describe('a damaged journal', () => {
  test('cut at any byte gives a strict beginning of what was written, and can be gone on with', () => {
    write(12);
    const whole = readFileSync(first());
    for (let bytes = 0; bytes < whole.length; bytes++) {
      writeFileSync(first(), whole.subarray(0, bytes));
      const found = numbers();
      expect(found).toEqual(facts(found.length).map(({ number }) => number));
      const lines = whole.subarray(0, bytes).filter((byte) => byte === 10).length;
      expect(found.length).toBe(Math.max(0, lines - 1));
      rmSync(`${first()}.torn`, { force: true });
    }
  });

  test('with any single bit flipped never gives a wrong record', () => {
    write(6);
    const whole = readFileSync(first());
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const flipped = Buffer.from(whole);
      flipped[bit >> 3] = Number(flipped[bit >> 3]) ^ (1 << (bit & 7));
      writeFileSync(first(), flipped);
      const [segment] = readSegments(folder);
      const found = (segment?.records ?? []).filter(({ t }) => t === 'fact').map(({ number }) => number);
      expect(found.length).toBeLessThan(6);
      expect(found).toEqual(facts(found.length).map(({ number }) => number));
    }
  });

  test('whose middle was changed is refused, and nothing behind it is thrown away', () => {
    write(5);
    const whole = readFileSync(first(), 'utf8');
    writeFileSync(first(), whole.replace('"number":2,', '"number":3,'));
    expect(() => JournalLog.open({ folder })).toThrow(/holds a damaged record after number 2/);
    expect(readFileSync(first(), 'utf8')).toContain('"number":5');
  });

  test('keeps the cut line aside and says so in the journal', () => {
    write(3);
    const whole = readFileSync(first());
    writeFileSync(first(), whole.subarray(0, whole.length - 5));
    const log = JournalLog.open({ folder });
    log.append({ t: 'fact', number: 99 }, 'durable');
    log.close();
    expect(numbers()).toEqual([1, 2, 99]);
    expect(readFileSync(`${first()}.torn`, 'utf8')).toMatch(/^\{"s":4/);
    expect(readSegments(folder)[0]?.records.map(({ t }) => t)).toEqual([
      'segment',
      'fact',
      'fact',
      'recovered',
      'fact',
    ]);
  });

  test('is refused when a sealed segment was changed, taken away or put in another place', () => {
    write(40, { segmentBytesMax: 500 });
    const [one, two] = readdirSync(folder)
      .sort()
      .map((name) => join(folder, name));
    const whole = readFileSync(String(one));
    const changed = whole.toString().replace('"number":1,', '"number":7,');
    writeFileSync(String(one), changed);
    expect(() => JournalLog.open({ folder })).toThrow(/000001\.ndjson holds a damaged record/);
    // Rewritten with right checksums, the seal still tells.
    const honest = whole
      .toString()
      .trim()
      .split('\n')
      .map((line) => {
        const record = recordOf(Buffer.from(line));
        if (!record) throw new Error('a line was damaged before the test began');
        const { c: _checksum, ...fields } = record;
        return lineOf(
          record.number === 1
            ? { ...record, number: 7 }
            : { ...fields, s: record.s, v: record.v, t: record.t },
        );
      });
    writeFileSync(String(one), honest.join(''));
    expect(() => JournalLog.open({ folder })).toThrow(/does not match its seal/);
    writeFileSync(String(one), whole);
    rmSync(String(two));
    expect(() => JournalLog.open({ folder })).toThrow(/is number 3, expected 2/);
  });

  test('of a newer program is refused, not guessed at', () => {
    write(1);
    const line = lineOf({ s: 3, v: 9, t: 'fact' });
    writeFileSync(first(), readFileSync(first(), 'utf8') + line);
    expect(() => JournalLog.open({ folder })).toThrow(/version 9; this program reads up to 2/);
  });
});

describe('a disk that fails', () => {
  /** Fails at the n-th call of one kind, and from then on. */
  function failing(kind: 'write' | 'sync', from: number, shortFirst = false): Disk {
    let calls = 0;
    const fails = () => {
      calls += 1;
      return calls >= from;
    };
    return {
      ...systemDisk,
      write(file, bytes, at) {
        if (kind !== 'write' || !fails()) return systemDisk.write(file, bytes, at);
        if (shortFirst && calls === from) return systemDisk.write(file, bytes.subarray(0, at + 3), at);
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      },
      sync(file) {
        if (kind === 'sync' && fails()) throw Object.assign(new Error('i/o error'), { code: 'EIO' });
        systemDisk.sync(file);
      },
    };
  }

  test.each([
    ['write', false],
    ['write', true],
    ['sync', false],
  ] as const)(
    'at its n-th %s (short first: %s) stops the log and leaves a sound journal',
    (kind, shortFirst) => {
      for (let n = 1; n <= 11; n++) {
        rmSync(folder, { recursive: true, force: true });
        let acknowledged = 0;
        let failure: unknown;
        try {
          const log = JournalLog.open({ folder, disk: failing(kind, n, shortFirst) });
          for (const each of facts(10)) {
            log.append(each, 'durable');
            acknowledged += 1;
          }
        } catch (error) {
          failure = error;
        }
        expect(failure).toMatchObject({ code: 'DATA_JOURNAL_WRITE' });
        const found = numbers();
        expect(found.length).toBeGreaterThanOrEqual(acknowledged);
        expect(found).toEqual(facts(found.length).map(({ number }) => number));
      }
    },
  );

  test('is not written to again after a failed sync', () => {
    const log = JournalLog.open({ folder, disk: failing('sync', 2) });
    expect(() => log.append({ t: 'fact' }, 'durable')).toThrow(/i\/o error/);
    expect(() => log.append({ t: 'fact' }, 'soon')).toThrow(/i\/o error/);
  });
});
