import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { appendNote, readNotes } from '../../../src/adapters/journal/notes-file.ts';
import { readSegments } from '../../../src/adapters/journal/segments.ts';

const folder = () => join(mkdtempSync(join(tmpdir(), 'algo-notes-')), 'main');
const note = { on: 'paper/main/1/2', note: 'a “gap”,\nchased', at: 1 };

describe('notes on trades', () => {
  test('are read as they were written, and are no part of the journal', () => {
    const path = folder();
    expect(readNotes(path)).toEqual({ notes: [], damaged: 0 });
    appendNote(path, note);
    appendNote(path, { on: note.on, tag: 'gap', at: 2 });
    appendNote(path, { on: note.on, off: 'gap', at: 3 });
    expect(readNotes(path)).toEqual({
      notes: [note, { on: note.on, tag: 'gap', at: 2 }, { on: note.on, off: 'gap', at: 3 }],
      damaged: 0,
    });
    expect(readSegments(path)).toEqual([]);
  });

  test('one that was cut or changed is counted, and the others stand', () => {
    const path = folder();
    appendNote(path, note);
    appendFileSync(join(path, 'notes.ndjson'), '{"s":2,"v":1,"t":"note","on":"pap');
    appendNote(path, { ...note, note: 'after' });
    expect(readNotes(path)).toEqual({ notes: [note, { ...note, note: 'after' }], damaged: 1 });
    const file = join(path, 'notes.ndjson');
    writeFileSync(file, readFileSync(file, 'utf8').replace('chased', 'chosen'));
    expect(readNotes(path).damaged).toBe(2);
  });
});
