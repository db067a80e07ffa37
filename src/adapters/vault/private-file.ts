import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AuthError, codeOf } from '../../domain/errors.ts';

/*
 * Files that only their owner may read: the folder 0700, each file 0600. Whatever is wider is refused rather than narrowed,
 * because a secret that others could read is no secret any more, and its owner has to know.
 */

/** The largest file that is read; secrets are a few hundred bytes. */
const bytesMax = 65_536;
const folderMode = 0o700;
const fileMode = 0o600;
/** Rights of group and others. */
const othersMask = 0o077;
/** Windows keeps rights elsewhere; there neither owner nor mode is looked at. */
const hasModes = process.platform !== 'win32';

/** Makes the folder, or checks the one that is there. @throws AuthError AUTH_SECRETS when others can reach it, or it is no folder */
export function privateFolder(folder: string): void {
  if (!lstatSync(folder, { throwIfNoEntry: false })) {
    mkdirSync(folder, { recursive: true, mode: folderMode });
    // A umask may have taken rights of the owner's own away.
    chmodSync(folder, folderMode);
  }
  checkFolder(folder);
}

/** Names in the folder, drafts left out; none where there is no folder. @throws AuthError AUTH_SECRETS as `privateFolder` */
export function privateFileNames(folder: string): readonly string[] {
  if (!lstatSync(folder, { throwIfNoEntry: false })) return [];
  checkFolder(folder);
  return readdirSync(folder).filter((name) => !name.startsWith('.'));
}

/**
 * What the file holds, undefined when there is none. Its folder is not looked at.
 *
 * @throws AuthError AUTH_SECRETS when it is a link or no file, when others can read it, or when it belongs to somebody else
 */
export function readPrivateFile(path: string): Buffer | undefined {
  let file: number;
  try {
    // Without O_NONBLOCK, a pipe in place of the file would hold the program up for ever.
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) === 'ELOOP') throw isLink(path);
    throw unreadable(path, error);
  }
  try {
    const stat = fstatSync(file);
    checkFile(path, stat);
    if (stat.size > bytesMax)
      throw refused(
        `${path} has ${stat.size} bytes; secrets have at most ${bytesMax}.`,
        `Move it away: mv ${path} ${path}.large`,
      );
    const bytes = Buffer.alloc(stat.size);
    const read = readSync(file, bytes, 0, bytes.length, 0);
    return bytes.subarray(0, read);
  } finally {
    closeSync(file);
  }
}

/**
 * Puts the bytes in place at once: a reader sees the file before or after, also when the power fails in between.
 *
 * @throws AuthError AUTH_SECRETS when what is there now is a link, or others could read it, or its folder
 */
export function writePrivateFile(path: string, bytes: Uint8Array): void {
  const folder = dirname(path);
  privateFolder(folder);
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there) checkFile(path, there);
  removeStaleDrafts(folder);
  const draft = join(folder, `.${basename(path)}.${process.pid}.${randomBytes(8).toString('hex')}.tmp`);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const file = openSync(draft, flags, fileMode);
  try {
    try {
      if (hasModes) fchmodSync(file, fileMode);
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(folder);
}

/** Removes the file, or the link that stands in its place, whatever its rights. True when there was one. */
export function removePrivateFile(path: string): boolean {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
  syncFolder(dirname(path));
  return true;
}

function checkFolder(folder: string): void {
  const stat = lstatSync(folder);
  if (stat.isSymbolicLink()) throw isLink(folder);
  if (!stat.isDirectory())
    throw refused(`${folder} is not a folder.`, `Move it away: mv ${folder} ${folder}.away`);
  checkRights(folder, stat, folderMode);
}

function checkFile(path: string, stat: Stats): void {
  if (stat.isSymbolicLink()) throw isLink(path);
  if (!stat.isFile()) throw refused(`${path} is not a file.`, `Move it away: mv ${path} ${path}.away`);
  checkRights(path, stat, fileMode);
}

function checkRights(path: string, stat: Stats, wanted: number): void {
  if (!hasModes) return;
  if (stat.uid !== process.getuid?.()) {
    throw refused(`${path} belongs to user ${stat.uid}, not to you.`, `Run: chown $(id -u) ${path}`);
  }
  if ((stat.mode & othersMask) === 0) return;
  const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
  throw refused(
    `${path} is ${mode}: others on this computer can reach it.`,
    `Run: chmod ${wanted.toString(8)} ${path}   Then change the secret, since it may have been read.`,
  );
}

function isLink(path: string): AuthError {
  return refused(
    `${path} is a link; secrets are read from real files and folders only.`,
    `See where it leads, then run: rm ${path}`,
  );
}

function unreadable(path: string, cause: unknown): AuthError {
  return new AuthError(
    'AUTH_SECRETS',
    `${path} cannot be read (${codeOf(cause)}).`,
    `Run: chmod 600 ${path}`,
    cause,
  );
}

function refused(message: string, fix: string): AuthError {
  return new AuthError('AUTH_SECRETS', message, fix);
}

/** A process that was killed while it wrote leaves a draft, which holds a secret. */
function removeStaleDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = Number(/^\..+\.(\d+)\.[0-9a-f]{16}\.tmp$/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || isRunning(pid)) continue;
    rmSync(join(folder, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, and belongs to somebody else.
    return codeOf(error) !== 'ESRCH';
  }
}

/** A rename is on the disk once its folder is. */
function syncFolder(folder: string): void {
  if (!hasModes) return;
  const handle = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
