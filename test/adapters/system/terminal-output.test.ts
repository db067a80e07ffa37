import { describe, expect, test } from '@jest/globals';
import { terminalOutput } from '../../../src/adapters/system/terminal-output.ts';

function listener(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 60, write: (text: string) => written.push(text), written };
}

describe('terminalOutput', () => {
  test('off a terminal progress is a plain line for each tenth', () => {
    const stream = listener(false);
    const progress = terminalOutput({ silent: false, stream }).progress('Importing', 40);
    for (let done = 0; done <= 40; done++) progress.step(done, `file ${done}`);
    progress.done('Imported 40 files');
    expect(stream.written).toHaveLength(11);
    expect(stream.written[0]).toBe('Importing: 10% (4/40)\n');
    expect(stream.written.at(-2)).toBe('Importing: 100% (40/40)\n');
    expect(stream.written.at(-1)).toBe('Imported 40 files\n');
  });

  test('on a terminal progress is one line that redraws itself and makes room for others', () => {
    const stream = listener(true);
    const output = terminalOutput({ silent: false, stream });
    const progress = output.progress('Importing', 4);
    progress.step(2, 'INFY.csv');
    output.warn('odd volume');
    progress.done();
    expect(stream.written).toEqual([
      '\r\u001B[KImporting [============            ]  50% 2/4 INFY.csv',
      '\r\u001B[K',
      'Warning: odd volume\n',
    ]);
  });

  test('a redrawn line never wraps', () => {
    const stream = listener(true);
    terminalOutput({ silent: false, stream }).progress('Importing', 2).step(1, 'x'.repeat(200));
    expect(stream.written[0]).toHaveLength('\r\u001B[K'.length + 59);
  });

  test('silence keeps warnings', () => {
    const stream = listener(true);
    const output = terminalOutput({ silent: true, stream });
    const progress = output.progress('Importing', 1);
    progress.step(1);
    progress.done('done');
    output.note('a note');
    output.warn('a warning');
    expect(stream.written).toEqual(['Warning: a warning\n']);
  });

  test('work of unknown size does not divide by zero', () => {
    const stream = listener(false);
    terminalOutput({ silent: false, stream }).progress('Reading', 0).step(0);
    expect(stream.written).toEqual(['Reading: 100% (0/0)\n']);
  });
});
