import { crc32, inflateRawSync } from 'node:zlib';
import { DataError } from '../../domain/errors.ts';

/** One file inside a zip; `read` unpacks it. */
export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  read(): Buffer;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
/** The end record is 22 bytes and may be followed by a comment of up to 65,535. */
const endSearchBytes = 22 + 65_535;

/**
 * Files of a zip by its central directory (APPNOTE 6.3.10, sections 4.3.7 to 4.3.16), directories and system leftovers
 * left out. Unpacks stored and deflated entries; `most` says how many bytes so many packed ones may become.
 *
 * @throws DataError DATA_ARCHIVE for anything damaged, encrypted, in zip64 form, or unpacking to more than `limit` bytes
 */
export function zipEntries(
  file: string,
  bytes: Buffer,
  limit: number,
  most: (packed: number) => number = () => limit,
): ZipEntry[] {
  const damaged = (what: string, cause?: unknown) =>
    new DataError(
      'DATA_ARCHIVE',
      `${file} is a zip that cannot be read: ${what}.`,
      'Download or pack it again.',
      cause,
    );
  const zip64 = () =>
    new DataError(
      'DATA_ARCHIVE',
      `${file} is a zip in zip64 form, made for more than 65,535 files or 4 GiB, which algo does not read.`,
      'Unpack it and import the folder.',
    );
  const end = findEnd(bytes);
  if (end < 0) throw damaged('its directory at the end is missing, as if it was cut off');
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff) throw zip64();
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== entrySignature)
      throw damaged('its directory is damaged');
    const flags = bytes.readUInt16LE(at + 8);
    const method = bytes.readUInt16LE(at + 10);
    const checksum = bytes.readUInt32LE(at + 16);
    const packed = bytes.readUInt32LE(at + 20);
    const size = bytes.readUInt32LE(at + 24);
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const local = bytes.readUInt32LE(at + 42);
    if (packed === 0xffffffff || size === 0xffffffff || local === 0xffffffff) throw zip64();
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if (name.endsWith('/') || name.startsWith('__MACOSX/') || /(^|\/)\./.test(name)) continue;
    const read = () => {
      if (flags & 1) throw damaged(`"${name}" is encrypted`);
      if (method !== 0 && method !== 8)
        throw damaged(`"${name}" is packed by method ${method}; known are stored and deflated`);
      if (size > limit) throw damaged(`"${name}" unpacks to ${size} bytes, more than the limit of ${limit}`);
      if (size > most(packed))
        throw damaged(`"${name}" unpacks from ${packed} to ${size} bytes, as no file of prices does`);
      if (local + 30 > bytes.length || bytes.readUInt32LE(local) !== localSignature)
        throw damaged(`"${name}" is not where the directory says`);
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      if (start + packed > bytes.length) throw damaged(`"${name}" is cut off`);
      const body = bytes.subarray(start, start + packed);
      const content = method === 0 ? body : inflate(body, size, name);
      if (content.length !== size)
        throw damaged(`"${name}" unpacks to ${content.length} bytes instead of ${size}`);
      if (crc32(content) !== checksum) throw damaged(`"${name}" does not match its checksum`);
      return content;
    };
    entries.push({ name, size, read });
  }
  return entries;

  function inflate(body: Buffer, size: number, name: string): Buffer {
    try {
      // One byte more than promised is enough to notice that the promise was a lie.
      return inflateRawSync(body, { maxOutputLength: size + 1 });
    } catch (cause) {
      throw damaged(`"${name}" does not unpack to its ${size} bytes`, cause);
    }
  }
}

function findEnd(bytes: Buffer): number {
  const last = Math.max(0, bytes.length - endSearchBytes);
  for (let at = bytes.length - 22; at >= last; at--) {
    if (bytes.readUInt32LE(at) === endSignature) return at;
  }
  return -1;
}
