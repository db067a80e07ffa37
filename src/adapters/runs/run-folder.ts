import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../domain/errors.ts';
import type { EpochMs } from '../../domain/time.ts';

/** A run that is kept: its id, where it lies, and when it was last saved. */
export interface KeptRun {
  readonly id: string;
  readonly path: string;
  readonly savedAt: EpochMs;
}

/** Contents of a run's folder by file name. */
export type RunFiles = Readonly<Record<string, string | Uint8Array>>;

/** Its presence makes a folder a run. */
export const mainFile = 'run.json';

const draftPrefix = '.draft-';
// A save takes milliseconds; a draft of yesterday belongs to a process that was killed.
const draftAgeMs = 3_600_000;
const replaceAttempts = 20;

/**
 * Kept runs, one folder each: `<id>-<label>`. A folder appears whole or not at all, since it is written beside its place
 * and renamed.
 */
export function runFolder(folder: string) {
  /** Runs by folder name, in no particular order; empty when nothing was ever kept. */
  function names(): readonly string[] {
    try {
      return readdirSync(folder).filter((name) => !name.startsWith('.'));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  }

  function find(id: string): string | undefined {
    return names().find((name) => idOf(name) === id);
  }

  /** Every kept run, the newest first. */
  function list(): readonly KeptRun[] {
    return names()
      .flatMap((name) => {
        const path = join(folder, name);
        const main = statSync(join(path, mainFile), { throwIfNoEntry: false });
        return main ? [{ id: idOf(name), path, savedAt: main.mtimeMs }] : [];
      })
      .sort((one, other) => other.savedAt - one.savedAt || (one.id < other.id ? -1 : 1));
  }

  /** Writes a run, in place of the one with its id, and answers its folder. */
  function save(id: string, label: string, files: RunFiles): string {
    const draft = join(folder, `${draftPrefix}${process.pid}-${id}`);
    const path = join(folder, `${id}-${label}`);
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    try {
      for (const [name, contents] of Object.entries(files)) writeFileSync(join(draft, name), contents);
      replace(draft, find(id), path);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      throw error;
    }
    return path;
  }

  // A folder cannot be renamed over one that holds files, so the earlier run is moved aside first. Another process may save
  // the same run at the same moment; its folder is then the earlier one.
  function replace(draft: string, earlier: string | undefined, path: string): void {
    const aside = `${draft}.old`;
    let inTheWay = earlier === undefined ? undefined : join(folder, earlier);
    for (let attempt = 1; ; attempt++) {
      if (inTheWay !== undefined) {
        try {
          renameSync(inTheWay, aside);
        } catch (error) {
          if (codeOf(error) !== 'ENOENT') throw error;
        }
      }
      try {
        renameSync(draft, path);
        rmSync(aside, { recursive: true, force: true });
        return;
      } catch (error) {
        const taken = ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(codeOf(error));
        if (!taken || attempt === replaceAttempts) throw error;
        rmSync(aside, { recursive: true, force: true });
        inTheWay = path;
      }
    }
  }

  /** Gives a run another id, in place of the one that has it. */
  function rename(id: string, other: string): void {
    const name = find(id);
    if (name === undefined) return;
    const taken = find(other);
    if (taken !== undefined) rmSync(join(folder, taken), { recursive: true, force: true });
    renameSync(join(folder, name), join(folder, `${other}${name.slice(id.length)}`));
  }

  function remove(run: KeptRun): void {
    // Without its main file it is no run any more, so a removal that is cut short leaves no half of one.
    rmSync(join(run.path, mainFile), { force: true });
    rmSync(run.path, { recursive: true, force: true });
  }

  /** Removes the oldest runs beyond `keep`, and drafts that nobody works on any more. Answers how many runs went. */
  function prune(keep: number, now: EpochMs): number {
    for (const name of readdirSync(folder)) {
      if (!name.startsWith(draftPrefix)) continue;
      const path = join(folder, name);
      const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
      if (now - changed > draftAgeMs) rmSync(path, { recursive: true, force: true });
    }
    if (names().length <= keep) return 0;
    const extra = list().slice(keep);
    for (const run of extra) remove(run);
    return extra.length;
  }

  return {
    list,
    save,
    rename,
    remove,
    prune,
    /** The text of the main file of a run by its exact id; undefined when there is no such run. */
    main(id: string): string | undefined {
      const name = find(id);
      return name === undefined ? undefined : textIn(join(folder, name), mainFile);
    },
  };
}

export type RunFolder = ReturnType<typeof runFolder>;

/** A file of a run; undefined when it is not there. */
export function bytesIn(path: string, name: string): Uint8Array | undefined {
  try {
    return readFileSync(join(path, name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A text file of a run; undefined when it is not there. */
export function textIn(path: string, name: string): string | undefined {
  const bytes = bytesIn(path, name);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

function idOf(name: string): string {
  const dash = name.indexOf('-');
  return dash < 0 ? name : name.slice(0, dash);
}
