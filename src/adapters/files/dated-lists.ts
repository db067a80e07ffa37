import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../domain/errors.ts';
import type { IsoDate } from '../../domain/time.ts';

/** A list of a folder: `nifty500.txt`, or `nifty500@2026-03-31.txt` from that day on. */
export interface DatedList {
  readonly name: string;
  /** Undefined for one without a date. */
  readonly day: IsoDate | undefined;
  readonly file: string;
}

const fileName = /^([a-z][a-z0-9_-]*)(?:@(\d{4}-\d{2}-\d{2}))?\.txt$/;

/** Text files of a folder that may exist for several days each. A file appears whole or not at all. */
export function datedLists(folder: string) {
  return {
    /** By name, the oldest first; what is named otherwise is somebody else's. Empty when there is no folder. */
    list(): readonly DatedList[] {
      return namesIn(folder)
        .flatMap((file) => {
          const [, name, day] = fileName.exec(file) ?? [];
          return name === undefined ? [] : [{ name, day, file }];
        })
        .sort((a, b) => (`${a.name} ${a.day ?? ''}` < `${b.name} ${b.day ?? ''}` ? -1 : 1));
    },
    pathOf: ({ file }: DatedList): string => join(folder, file),
    /** Answers the file's name. */
    save(name: string, day: IsoDate | undefined, text: string): string {
      mkdirSync(folder, { recursive: true });
      const file = `${name}${day === undefined ? '' : `@${day}`}.txt`;
      const draft = join(folder, `.${file}.${process.pid}`);
      writeFileSync(draft, text);
      renameSync(draft, join(folder, file));
      return file;
    },
    remove({ file }: DatedList): void {
      rmSync(join(folder, file));
    },
  };
}

/** The list of a day: the newest from that day or before; else one without a date; else the oldest, which is of a later day. */
export function listOn(lists: readonly DatedList[], day: IsoDate): DatedList | undefined {
  const dated = lists
    .filter((list): list is DatedList & { readonly day: IsoDate } => list.day !== undefined)
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  return dated.filter((list) => list.day <= day).at(-1) ?? lists.find((list) => !list.day) ?? dated[0];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}
