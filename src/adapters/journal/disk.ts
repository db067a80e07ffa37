import { closeSync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** The few things a journal asks of a disk, so that a test can make each of them fail. All of them block. */
export interface Disk {
  /** For appending; creates the file when `create` says so and refuses when it exists then. */
  open(path: string, create: boolean): number;
  /** Answers how many bytes were taken, which may be fewer than given. */
  write(file: number, bytes: Uint8Array, from: number): number;
  /** Bytes written so far survive the machine. */
  sync(file: number): void;
  truncate(file: number, length: number): void;
  close(file: number): void;
  /** The folder's list of names survives the machine. */
  syncFolder(path: string): void;
}

export const systemDisk: Disk = {
  open: (path, create) => openSync(path, create ? 'ax' : 'a', 0o600),
  write: (file, bytes, from) => writeSync(file, bytes, from),
  sync: (file) => fdatasyncSync(file),
  truncate: (file, length) => ftruncateSync(file, length),
  close: (file) => closeSync(file),
  syncFolder(path) {
    // Windows cannot open a folder, and its file system keeps names by itself.
    if (process.platform === 'win32') return;
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  },
};
