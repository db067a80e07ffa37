import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../../domain/errors.ts';

/** Where reading goes on: a file keeps its inode when it is renamed. */
interface Place {
  readonly inode: number;
  /** Bytes that have been read; always the end of a whole line. */
  readonly offset: number;
}

export interface LogReading {
  readonly lines: readonly string[];
  /** Files were deleted before they had been read to their end. */
  readonly lost: boolean;
}

const chunkBytes = 1_000_000;

/** Reads a log and its earlier files, oldest line first, and goes on across rotations where it stopped. */
export class LogFiles {
  readonly #file: string;
  #place: Place | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Whole lines since the reading before, from all files at the first; a line that is being written comes with the next. */
  read(): LogReading {
    const files = this.#oldestFirst();
    try {
      const known = files.findIndex(({ inode }) => inode === this.#place?.inode);
      const lost = this.#place !== undefined && known < 0;
      const lines: string[] = [];
      for (const { fd, inode } of files.slice(Math.max(0, known))) {
        const from = inode === this.#place?.inode ? this.#place.offset : 0;
        const { text, end } = wholeLines(fd, from);
        lines.push(...text.split('\n').filter((line) => line !== ''));
        this.#place = { inode, offset: end };
      }
      return { lines, lost };
    } finally {
      for (const { fd } of files) closeSync(fd);
    }
  }

  /** Opened all at once: a file that is renamed from now on is still the one that was opened. */
  #oldestFirst(): readonly { readonly fd: number; readonly inode: number }[] {
    const files = ages(this.#file).flatMap((name) => {
      const fd = opened(name);
      return fd === undefined ? [] : [{ fd, inode: fstatSync(fd).ino }];
    });
    // A rotation meanwhile may show one file under two names.
    return files.filter(({ fd, inode }, place) => {
      const isNew = files.findIndex((each) => each.inode === inode) === place;
      if (!isNew) closeSync(fd);
      return isNew;
    });
  }
}

/** `algo.log.2`, `algo.log.1`, `algo.log`. */
function ages(file: string): readonly string[] {
  const [folder, name] = [dirname(file), basename(file)];
  const numbers = namesIn(folder).flatMap((each) => {
    const age = each.startsWith(`${name}.`) ? Number(each.slice(name.length + 1)) : Number.NaN;
    return Number.isSafeInteger(age) && age > 0 ? [age] : [];
  });
  return [...numbers.sort((a, b) => b - a).map((age) => join(folder, `${name}.${age}`)), file];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function opened(name: string): number | undefined {
  try {
    return openSync(name, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function wholeLines(fd: number, from: number): { readonly text: string; readonly end: number } {
  const parts: Buffer[] = [];
  for (let at = from; ; ) {
    const part = Buffer.alloc(chunkBytes);
    const bytes = readSync(fd, part, 0, chunkBytes, at);
    if (bytes === 0) break;
    parts.push(part.subarray(0, bytes));
    at += bytes;
  }
  const all = Buffer.concat(parts);
  const whole = all.lastIndexOf(0x0a) + 1;
  return { text: all.toString('utf8', 0, whole), end: from + whole };
}
