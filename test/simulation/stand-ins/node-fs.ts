import * as real from 'node:fs';
import { simulatedRoot } from '../simulated-disk.ts';
import { world } from '../world.ts';

/*
 * `node:fs` as the program's own files see it: below the simulated root the world's disk, elsewhere this computer's, which is only read.
 */

// Of what no session comes to.
export const { chmodSync } = real;

type Path = real.PathLike;
const isOurs = (path: unknown): path is string => typeof path === 'string' && path.startsWith(simulatedRoot);
const disk = () => world().disk;
const folderHandles = new Map<number, string>();
let folders = 1_000_000;

export function existsSync(path: Path): boolean {
  return isOurs(path) ? disk().exists(path) : real.existsSync(path);
}

export function readFileSync(path: Path, encoding?: BufferEncoding): Buffer | string {
  if (!isOurs(path))
    return encoding === undefined ? real.readFileSync(path) : real.readFileSync(path, encoding);
  if (path.endsWith('.ndjson')) world().point('during-replay');
  const bytes = disk().read(path);
  return encoding === undefined ? bytes : bytes.toString(encoding);
}

export function readdirSync(path: Path): string[] {
  if (!isOurs(path)) return real.readdirSync(path);
  return [...disk().folder(path)];
}

export function statSync(path: Path, options?: { throwIfNoEntry: false }): { mtimeMs: number } | undefined {
  if (!isOurs(path)) return real.statSync(path, options ?? {});
  return disk().exists(path) ? { mtimeMs: world().time } : undefined;
}

export function mkdirSync(path: Path): undefined {
  if (!isOurs(path)) throw new Error(`a simulated program writes nothing outside: ${String(path)}`);
  return undefined;
}

export function writeFileSync(path: Path, bytes: string | Uint8Array): void {
  disk().replace(ours(path), Buffer.from(bytes as string));
}

export function appendFileSync(path: Path, text: string): void {
  const before = disk().isFile(ours(path)) ? disk().read(ours(path)) : Buffer.alloc(0);
  disk().replace(ours(path), Buffer.concat([before, Buffer.from(text)]));
}

export function openSync(path: Path, flags: string): number {
  if (flags !== 'r') return disk().open(ours(path), flags as 'a' | 'ax' | 'w');
  folderHandles.set(++folders, ours(path));
  return folders;
}

export function writeSync(file: number, bytes: Uint8Array, from: number): number {
  return disk().write(file, bytes, from);
}

export function fdatasyncSync(file: number): void {
  disk().sync(file);
}

export function fsyncSync(file: number): void {
  const folder = folderHandles.get(file);
  if (folder === undefined) disk().sync(file);
  else disk().syncFolder(folder);
}

export function ftruncateSync(file: number, length: number): void {
  disk().truncate(file, length);
}

export function closeSync(file: number): void {
  if (!folderHandles.delete(file)) disk().close(file);
}

export function renameSync(from: Path, to: Path): void {
  disk().rename(ours(from), ours(to));
}

export function rmSync(path: Path): void {
  disk().remove(ours(path));
}

function ours(path: Path): string {
  if (isOurs(path)) return path;
  throw new Error(`a simulated program writes nothing outside: ${String(path)}`);
}
