import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  type ArchivedList,
  type ImportedList,
  type InstrumentArchive,
  openInstrumentArchive,
} from '../adapters/duckdb/instrument-archive.ts';
import { readInstrumentList } from '../adapters/files/instrument-list.ts';
import { systemWaiting } from '../adapters/system/waiting.ts';
import { DataError } from '../domain/errors.ts';
import type { Listing } from '../domain/listing.ts';
import { type EpochMs, type IsoDate, istDate } from '../domain/time.ts';
import { countText } from '../reports/format.ts';
import type { Context } from './context.ts';
import { archiveOf } from './instruments.ts';

/** An exchange has not lost so many of its instruments overnight; on a monthly expiry about a third of its contracts go. */
const leastShare = 0.5;
/** Small exchanges may change as they like. */
const smallList = 200;

const lineFeed = 10;

export interface SyncedList extends ImportedList {
  /** The list as it was sent, gzipped. */
  readonly file: string;
}

/** The archive of a broker's lists. Those of a sandbox stay apart: their tokens and contracts are invented. */
export function brokerArchive(context: Context, sandbox: boolean): InstrumentArchive {
  if (!sandbox) return archiveOf(context);
  return openInstrumentArchive({
    file: join(context.folders.data, 'sandbox-instruments.duckdb'),
    waiting: systemWaiting,
  });
}

/**
 * Archives the broker's list of the day, the day being the broker's own in India; again on the same day it changes nothing. The list is
 * also kept as it was sent, since it cannot be had later.
 *
 * @throws DataError DATA_LAYOUT, DATA_COLUMNS… for a torn list, DATA_SHRUNKEN for one that lacks what the list before had; the archive
 * stays as it was. `force` takes a shrunken one.
 */
export async function archiveDay(
  context: Context,
  options: {
    readonly archive: InstrumentArchive;
    readonly csv: Buffer;
    readonly now: EpochMs;
    readonly sandbox: boolean;
    readonly force: boolean;
  },
): Promise<SyncedList> {
  const { archive, now, sandbox, force } = options;
  const csv = plain(options.csv);
  const day = istDate(now);
  const name = `instruments-${day}.csv.gz`;
  // Cut between two lines, every line that is left is whole; the last line feed is what tells.
  if (csv.at(-1) !== lineFeed) {
    throw new DataError(
      'DATA_COLUMNS',
      `The broker's list of instruments of ${day} does not end with a whole line: it was cut on its way.`,
      'Run it again. The archive was not changed.',
    );
  }
  const listings = readInstrumentList(`the broker's list of ${day}`, csv);
  if (!force) refuseShrunken(day, listings, await archive.lists());
  const folder = join(context.folders.data, sandbox ? 'sandbox-instruments' : 'instruments');
  const file = join(folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.tmp`, gzipSync(csv));
  renameSync(`${file}.tmp`, file);
  return { file, ...(await archive.add(day, listings)) };
}

function plain(csv: Buffer): Buffer {
  return csv[0] === 0x1f && csv[1] === 0x8b ? gunzipSync(csv) : csv;
}

function refuseShrunken(day: IsoDate, listings: readonly Listing[], lists: readonly ArchivedList[]): void {
  const now = new Map<string, number>();
  for (const { exchange } of listings) now.set(exchange, (now.get(exchange) ?? 0) + 1);
  const before = new Map<string, ArchivedList>();
  for (const list of lists)
    if (list.day <= day && !before.has(list.exchange)) before.set(list.exchange, list);
  const newest = [...before.values()].reduce((latest, list) => (list.day > latest ? list.day : latest), '');
  for (const { exchange, listed, day: seen } of before.values()) {
    const here = now.get(exchange) ?? 0;
    // An exchange whose last list is older than the others' came from a file of its own, or has ended.
    if (seen < newest || listed < smallList || here >= listed * leastShare) continue;
    throw new DataError(
      'DATA_SHRUNKEN',
      `The broker's list of ${day} has ${countText(here)} instruments of ${exchange}; that of ${seen} had ${countText(listed)}. It looks cut. The archive was not changed.`,
      'Run it again later. If it is right after all, add --force.',
    );
  }
}
