import { ProcessDied, type World } from './world.ts';

/** Every path of the program's home begins with it; all others are this computer's. */
export const simulatedRoot = '/simulated';

interface File {
  bytes: Buffer;
  length: number;
  /** Bytes that survive the machine. */
  durable: number;
  /** Its name does as well. */
  named: boolean;
}

/** What is wrong with the disk at the moment; counts down by calls. */
export interface DiskFaults {
  /** The write or sync after so many fails. */
  failAfter: number;
  kind: 'ENOSPC' | 'EIO-write' | 'EIO-sync' | undefined;
  /** Milliseconds that a sync takes. */
  slowSyncMs: number;
}

/**
 * A disk that keeps after a power cut only what was synced, and of the rest a part that ends anywhere. A process that is killed leaves
 * everything that it has written. Once a write or sync has failed everything fails until the disk is mended.
 */
export class SimulatedDisk {
  faults: DiskFaults = { failAfter: 0, kind: undefined, slowSyncMs: 0 };
  readonly #world: World;
  readonly #files = new Map<string, File>();
  readonly #open = new Map<number, { path: string; file: File }>();
  readonly #renames: { from: string; to: string; file: File; old: File | undefined }[] = [];
  readonly #draw: () => number;
  #handles = 100;

  constructor(world: World) {
    this.#world = world;
    this.#draw = world.chance('disk');
  }

  exists(path: string): boolean {
    return this.#files.has(path) || this.folder(path).length > 0;
  }

  isFile(path: string): boolean {
    return this.#files.has(path);
  }

  /** Names in a folder, of files and of folders. */
  folder(path: string): readonly string[] {
    const names = new Set<string>();
    for (const name of this.#files.keys())
      if (name.startsWith(`${path}/`)) names.add(name.slice(path.length + 1).split('/', 1)[0]);
    return [...names].sort();
  }

  read(path: string): Buffer {
    const file = this.#files.get(path);
    if (file === undefined) throw failure('ENOENT', `no such file, open '${path}'`);
    return Buffer.from(file.bytes.subarray(0, file.length));
  }

  /** For whoever looks from outside: bytes of a file, and how many of them would be there after a power cut. */
  extent(path: string): { readonly written: number; readonly durable: number } {
    const { length: written, durable } = this.#files.get(path) ?? { length: 0, durable: 0 };
    return { written, durable };
  }

  written(path: string, from: number): Buffer {
    const file = this.#files.get(path);
    return file === undefined || file.length <= from
      ? Buffer.alloc(0)
      : file.bytes.subarray(from, file.length);
  }

  /** Somebody else's program puts a whole file there, durably; undefined takes it away. */
  place(path: string, text: string | undefined): void {
    if (text === undefined) this.#files.delete(path);
    else {
      const bytes = Buffer.from(text);
      this.#files.set(path, { bytes, length: bytes.length, durable: bytes.length, named: true });
    }
  }

  open(path: string, mode: 'a' | 'ax' | 'w'): number {
    this.#living();
    let file = this.#files.get(path);
    if (mode === 'ax' && file) throw failure('EEXIST', `file exists, open '${path}'`);
    if (file === undefined) {
      file = { bytes: Buffer.alloc(4_096), length: 0, durable: 0, named: false };
      this.#files.set(path, file);
    } else if (mode === 'w') file.length = file.durable = 0;
    const handle = this.#handles++;
    this.#open.set(handle, { path, file });
    return handle;
  }

  close(handle: number): void {
    this.#open.delete(handle);
  }

  write(handle: number, bytes: Uint8Array, from: number): number {
    this.#living();
    const world = this.#world;
    const { file } = this.#handle(handle);
    world.point('before-append');
    const most = bytes.length - from;
    if (this.#fails('ENOSPC')) {
      // A disk that fills up takes a part first.
      const part = this.faults.failAfter === 0 ? Math.floor(this.#draw() * most) : 0;
      this.faults.failAfter = -1;
      if (part === 0) throw failure('ENOSPC', 'no space left on device, write');
      append(file, bytes.subarray(from, from + part));
      return part;
    }
    if (this.#fails('EIO-write')) {
      this.faults.failAfter = -1;
      throw failure('EIO', 'i/o error, write');
    }
    if (world.deathAt?.point === 'mid-append') {
      const part = Math.floor(this.#draw() * most);
      append(file, bytes.subarray(from, from + part));
      world.point('mid-append');
      append(file, bytes.subarray(from + part));
    } else append(file, bytes.subarray(from));
    world.point('after-append');
    return most;
  }

  sync(handle: number): void {
    this.#living();
    const world = this.#world;
    const { file } = this.#handle(handle);
    world.point('before-sync');
    if (this.#fails('EIO-sync')) {
      this.faults.failAfter = -1;
      throw failure('EIO', 'i/o error, fdatasync');
    }
    if (this.faults.slowSyncMs > 0 && this.#draw() < 0.02) {
      world.count('disk:slow-sync');
      world.block(this.#draw() * this.faults.slowSyncMs);
    }
    file.durable = file.length;
    world.point('after-sync');
  }

  truncate(handle: number, length: number): void {
    this.#living();
    const { file } = this.#handle(handle);
    file.length = Math.min(file.length, length);
    file.durable = Math.min(file.durable, file.length);
  }

  syncFolder(path: string): void {
    this.#living();
    for (const [name, file] of this.#files)
      if (name.startsWith(`${path}/`) && !name.slice(path.length + 1).includes('/')) file.named = true;
    for (let at = this.#renames.length - 1; at >= 0; at--)
      if (this.#renames[at].to.startsWith(`${path}/`)) this.#renames.splice(at, 1);
  }

  rename(from: string, to: string): void {
    this.#living();
    const file = this.#files.get(from);
    if (file === undefined) throw failure('ENOENT', `no such file, rename '${from}'`);
    this.#renames.push({ from, to, file, old: this.#files.get(to) });
    this.#files.delete(from);
    this.#files.set(to, file);
    this.#world.point('after-rename');
  }

  remove(path: string): void {
    this.#living();
    this.#files.delete(path);
  }

  /** Not meant to survive. */
  replace(path: string, bytes: Buffer): void {
    this.#living();
    const { named = false } = this.#files.get(path) ?? {};
    this.#files.set(path, { bytes, length: bytes.length, durable: 0, named });
  }

  /** The program is gone, and with a power cut everything that was not synced, or some of it. */
  crashed(power: boolean): void {
    this.#open.clear();
    if (!power) return;
    for (const { from, to, file, old } of this.#renames.reverse())
      if (this.#draw() < 0.5) {
        this.#files.set(from, file);
        if (old) this.#files.set(to, old);
        else this.#files.delete(to);
      }
    this.#renames.length = 0;
    for (const [path, file] of this.#files) {
      if (!file.named && this.#draw() < 0.5) {
        this.#files.delete(path);
        continue;
      }
      const kept = Math.floor(this.#draw() * (file.length - file.durable + 1));
      if (kept < file.length - file.durable) this.#world.count('disk:lost-unsynced');
      if (kept > 0 && file.bytes[file.durable + kept - 1] !== 10) this.#world.count('disk:torn-tail');
      file.length = file.durable += kept;
      file.named = true;
    }
  }

  #fails(kind: DiskFaults['kind']): boolean {
    const { faults } = this;
    if (faults.kind === undefined) return false;
    if (faults.failAfter < 0) return true;
    if (faults.kind !== kind || faults.failAfter-- > 0) return false;
    faults.failAfter = 0;
    this.#world.count(`disk:${kind}`);
    this.#world.trace(`the disk fails: ${kind}`);
    return true;
  }

  /** A program that is dead changes nothing any more, whatever its code still does. */
  #living(): void {
    if (!this.#world.alive) throw new ProcessDied('dead');
  }

  #handle(handle: number): { readonly file: File } {
    const open = this.#open.get(handle);
    if (open === undefined) throw failure('EBADF', 'bad file descriptor');
    return open;
  }
}

function append(file: File, bytes: Uint8Array): void {
  if (file.length + bytes.length > file.bytes.length) {
    const larger = Buffer.alloc(Math.max(file.bytes.length * 2, file.length + bytes.length));
    file.bytes.copy(larger, 0, 0, file.length);
    file.bytes = larger;
  }
  file.bytes.set(bytes, file.length);
  file.length += bytes.length;
}

function failure(code: string, words: string): Error {
  return Object.assign(new Error(`${code}: ${words}`), { code });
}
