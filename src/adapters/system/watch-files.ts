import { type FSWatcher, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';

/** Between two looks at the files, since not every disk tells of its changes. */
const pollMs = 250;
/** A file that is being written is left alone until it has stood still for so long. */
const settleMs = 100;

/**
 * Tells of every change of some files, also of those that come and go, at most once for what changes together: as soon as the system
 * says so, and where it does not within a quarter of a second. It keeps nobody from ending.
 */
export function watchFiles(paths: readonly string[], changed: () => void): { close(): void } {
  let known = stamp(paths);
  let seen = known;
  let settling: NodeJS.Timeout | undefined;
  const look = () => {
    const now = stamp(paths);
    if (now === seen) return;
    seen = now;
    clearTimeout(settling);
    settling = setTimeout(settled, settleMs);
    settling.unref();
  };
  const settled = () => {
    settling = undefined;
    const now = stamp(paths);
    if (now !== seen) {
      look();
      return;
    }
    if (now === known) return;
    known = now;
    changed();
  };
  const poll = setInterval(look, pollMs);
  poll.unref();
  const watchers = [...new Set(paths.map(dirname))].flatMap((folder) => watching(folder, look));
  return {
    close() {
      clearInterval(poll);
      clearTimeout(settling);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** An editor puts a new file in the place of the old one, so folders are watched. */
function watching(folder: string, look: () => void): readonly FSWatcher[] {
  try {
    const watcher = watch(folder, { persistent: false }, look);
    // The looks in between go on without it.
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    // The folder is not there yet, or the system has no watches left.
    return [];
  }
}

function stamp(paths: readonly string[]): string {
  return paths.map(stampOf).join(' ');
}

function stampOf(path: string): string {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found ? `${found.ino}:${found.size}:${found.mtimeMs}` : '-';
  } catch {
    return '?';
  }
}
