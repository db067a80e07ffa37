import { appendFileSync, closeSync, fdatasyncSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, DataError, messageOf } from '../../domain/errors.ts';
import { lineOf, recordOf, recordVersion } from './record-line.ts';

/** A word on a trade or a session, written down later by its owner. Exactly one of the three. */
export interface Note {
  /** `paper/main/1/12` or `paper/main/1`. */
  readonly on: string;
  readonly note?: string;
  readonly tag?: string;
  /** A tag that is taken off again. */
  readonly off?: string;
  /** Epoch ms. */
  readonly at: number;
}

const file = 'notes.ndjson';

/** Notes of a stream, oldest first, and how many lines of the file are no note as it was written. */
export function readNotes(folder: string): { readonly notes: readonly Note[]; readonly damaged: number } {
  const lines = textOf(folder)
    .split('\n')
    .filter((line) => line !== '');
  const notes = lines.flatMap((line): readonly Note[] => {
    const record = recordOf(Buffer.from(line));
    return record?.t === 'note' ? [noteOf(record)] : [];
  });
  return { notes, damaged: lines.length - notes.length };
}

/**
 * Appends a note to a stream's own file of notes: the journal itself is never changed. One write of one line at the file's end, durable
 * when this returns; a line that an earlier process left cut is closed first, and is then damaged and nothing else.
 *
 * @throws DataError DATA_JOURNAL_WRITE
 */
export function appendNote(folder: string, note: Note): void {
  const path = join(folder, file);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const text = textOf(folder);
    const cut = text !== '' && !text.endsWith('\n') ? '\n' : '';
    const number = text.split('\n').filter((line) => line !== '').length + 1;
    const opened = openSync(path, 'a', 0o600);
    try {
      appendFileSync(opened, `${cut}${lineOf({ s: number, v: recordVersion, t: 'note', ...note })}`);
      fdatasyncSync(opened);
    } finally {
      closeSync(opened);
    }
  } catch (cause) {
    throw new DataError(
      'DATA_JOURNAL_WRITE',
      `The note could not be written to ${path}: ${messageOf(cause)}`,
      'Check the disk and the rights of the folder.',
      cause,
    );
  }
}

function noteOf({ on, note, tag, off, at }: { readonly [field: string]: unknown }): Note {
  return {
    on: String(on),
    at: Number(at),
    ...(note !== undefined && { note: String(note) }),
    ...(tag !== undefined && { tag: String(tag) }),
    ...(off !== undefined && { off: String(off) }),
  };
}

function textOf(folder: string): string {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}
