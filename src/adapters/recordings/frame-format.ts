import { crc32 } from 'node:zlib';

/*
 * A recording of frames: what it begins with, then one record after the other.
 *
 *     8 bytes   "ALGOFRM1"
 *     u32       length of the head, then the head as JSON, then its CRC-32
 *     records   u32 length of the content · u8 kind · f64 instant of arrival · content · u32 CRC-32
 *
 * Numbers are little-endian. The checksum of a record goes over all of it and begins with that of what came before, so that a record
 * which is missing, doubled or in another place is found as well. The last record seals the file: it counts the frames.
 */

export const magic = Buffer.from('ALGOFRM1', 'latin1');
/** Bytes of a record before and behind its content. */
export const leadBytes = 4 + 1 + 8;
export const checksumBytes = 4;
/** Kite's ticker takes no larger frame. */
export const contentBytesMax = 1_048_576;
export const headBytesMax = 64 * 1_048_576;

/** `connections` tells in JSON which of the stream's connections stand. */
export const frameKinds = { binary: 1, text: 2, connections: 3, seal: 4 } as const;
export type FrameKind = keyof typeof frameKinds;

/** What a recording begins with, and the checksum that the first record goes on from. */
export function headOf(head: unknown): { readonly bytes: Buffer; readonly checksum: number } {
  const json = Buffer.from(JSON.stringify(head), 'utf8');
  const bytes = Buffer.allocUnsafe(magic.length + 4 + json.length + checksumBytes);
  magic.copy(bytes);
  bytes.writeUInt32LE(json.length, magic.length);
  json.copy(bytes, magic.length + 4);
  const end = bytes.length - checksumBytes;
  const checksum = crc32(bytes.subarray(0, end));
  bytes.writeUInt32LE(checksum, end);
  return { bytes, checksum };
}

/** Writes a record at a place of a buffer that has room for it. Answers its checksum. */
export function writeRecord(
  to: Buffer,
  at: number,
  record: { readonly kind: FrameKind; readonly time: number; readonly content: Uint8Array },
  before: number,
): number {
  const { kind, time, content } = record;
  to.writeUInt32LE(content.length, at);
  to.writeUInt8(frameKinds[kind], at + 4);
  to.writeDoubleLE(time, at + 5);
  to.set(content, at + leadBytes);
  const end = at + leadBytes + content.length;
  const checksum = crc32(to.subarray(at, end), before);
  to.writeUInt32LE(checksum, end);
  return checksum;
}

/** Whether `kind` is one that this program writes. */
export function kindOf(number: number): FrameKind | undefined {
  const found = Object.entries(frameKinds).find(([, value]) => value === number);
  return found && (found[0] as FrameKind);
}
