import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { codeOf, DataError } from '../../domain/errors.ts';
import { zipEntries } from './zip.ts';

/** What a path holds once unpacked: text for our readers, or a Parquet file for the database's. */
export type Content =
  | { readonly kind: 'bytes'; readonly name: string; read(): Buffer }
  | { readonly kind: 'parquet'; readonly name: string; readonly path: string };

/** Nothing larger is unpacked or read at once: 2 GiB, about 30 million rows. */
const sizeLimit = 2 ** 31 - 1;

/** Prices pack to a tenth, the most even ones to a fiftieth; a file that grows more than this was made to fill the memory. */
const growthMax = 200;
/** Small files may be as even as they like: this much is unpacked in a moment. */
const growthFree = 2 ** 26;

/** Most bytes that so many packed bytes may unpack to. */
export function unpackedMax(packed: number, limit: number): number {
  return Math.min(limit, Math.max(growthFree, packed * growthMax));
}

/**
 * The files behind one path, by their first bytes and not by their extension: gz is unpacked, a zip is opened (also
 * with gz inside). Reads are lazy, one file at a time.
 *
 * @throws DataError DATA_ARCHIVE, DATA_TOO_LARGE
 */
export function contentsOf(path: string, name: string, limit = sizeLimit): Content[] {
  const magic = firstBytes(path);
  if (magic.toString('latin1') === 'PAR1') return [{ kind: 'parquet', name, path }];
  const read = () => {
    const size = statSync(path).size;
    if (size > limit) throw tooLarge(name, size, limit);
    return readFileSync(path);
  };
  if (!isZip(magic)) return [{ kind: 'bytes', name, read: () => unpacked(name, read(), limit) }];
  const entries = zipEntries(name, read(), limit, (packed) => unpackedMax(packed, limit));
  if (entries.length === 0)
    throw new DataError('DATA_EMPTY', `${name} is a zip without files.`, 'Download or pack it again.');
  return entries.map((entry) => ({
    kind: 'bytes',
    name: `${name}/${entry.name}`,
    read: () => unpacked(`${name}/${entry.name}`, entry.read(), limit),
  }));
}

function unpacked(name: string, bytes: Buffer, limit: number): Buffer {
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const plain = gzipped ? gunzipped(name, bytes, limit) : bytes;
  const head = plain.subarray(0, 4);
  if (head.toString('latin1') === 'PAR1' || isZip(head) || (head[0] === 0x1f && head[1] === 0x8b)) {
    throw new DataError(
      'DATA_ARCHIVE',
      `${name} is packed twice.`,
      'Unpack the outer archive and import what is inside.',
    );
  }
  return plain;
}

function gunzipped(name: string, bytes: Buffer, limit: number): Buffer {
  const most = unpackedMax(bytes.length, limit);
  try {
    return gunzipSync(bytes, { maxOutputLength: most, chunkSize: gunzipChunk(bytes.length) });
  } catch (cause) {
    if (codeOf(cause) === 'ERR_BUFFER_TOO_LARGE') {
      throw most < limit ? swelling(name, bytes.length, most) : tooLarge(name, undefined, limit);
    }
    throw new DataError(
      'DATA_ARCHIVE',
      `${name} is a gz file that cannot be unpacked: it is damaged or cut off.`,
      'Download or pack it again.',
      cause,
    );
  }
}

/** Pieces of the size of the file: many small ones are joined one by one. */
function gunzipChunk(packed: number): number {
  return Math.min(2 ** 24, Math.max(2 ** 16, packed));
}

function swelling(name: string, packed: number, most: number): DataError {
  return new DataError(
    'DATA_ARCHIVE',
    `${name} unpacks from ${packed} to more than ${most} bytes, as no file of prices does.`,
    'Look at what is inside; if it is right, unpack it and import that.',
  );
}

function tooLarge(name: string, size: number | undefined, limit: number): DataError {
  const amount = size === undefined ? `unpacks to more than ${limit}` : `has ${size}`;
  return new DataError(
    'DATA_TOO_LARGE',
    `${name} ${amount} bytes; the limit for one file is ${limit}.`,
    'Split it by year or by symbol.',
  );
}

/** `PK\3\4`, or `PK\5\6` for an empty one. */
function isZip(head: Buffer): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);
}

function firstBytes(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(4);
    return head.subarray(0, readSync(file, head, 0, 4, 0));
  } finally {
    closeSync(file);
  }
}
