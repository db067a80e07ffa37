import { join } from 'node:path';
import {
  type ImportedList,
  type InstrumentArchive,
  openInstrumentArchive,
} from '../adapters/duckdb/instrument-archive.ts';
import { contentsOf } from '../adapters/files/contents.ts';
import { findFiles } from '../adapters/files/find-files.ts';
import { readInstrumentList } from '../adapters/files/instrument-list.ts';
import { systemWaiting } from '../adapters/system/waiting.ts';
import { DataError, UsageError } from '../domain/errors.ts';
import { type InstrumentKey, parseKey } from '../domain/instrument.ts';
import { type ArchivedListing, kindOfListing, type Listing } from '../domain/listing.ts';
import { nearest } from '../domain/nearest.ts';
import { dayNumberOf, type IsoDate } from '../domain/time.ts';
import type { Context } from './context.ts';
import type { ListedInstruments } from './contract-facts.ts';
import type { ListedDetails } from './import-naming.ts';

/** The archive of instrument lists, below the home's data folder. */
export function archiveOf({ folders }: Pick<Context, 'folders'>): InstrumentArchive {
  return openInstrumentArchive({ file: join(folders.data, 'instruments.duckdb'), waiting: systemWaiting });
}

/**
 * Adds Kite's instrument lists. The lists do not say of which day they are: their names do (`instruments-2026-08-18.csv.gz`), or
 * `day` does for all. A file that cannot be read leaves the archive as it was before that file.
 */
export async function importInstruments(
  archive: InstrumentArchive,
  paths: readonly string[],
  day: IsoDate | undefined,
): Promise<{ readonly lists: readonly (ImportedList & { readonly file: string })[] }> {
  if (day !== undefined) dayNumberOf(day);
  const read = findFiles(paths).files.flatMap(({ path, name }) =>
    contentsOf(path, name).map((content) => {
      if (content.kind !== 'bytes')
        throw new DataError('DATA_LAYOUT', `${name} is Parquet, not a list of instruments.`, 'Give the CSV.');
      return { file: content.name, day: day ?? dayOfName(content.name), content };
    }),
  );
  const lists: (ImportedList & { file: string })[] = [];
  for (const each of read.sort((a, b) => (a.day < b.day ? -1 : 1))) {
    const listings = readInstrumentList(each.file, each.content.read());
    lists.push({ file: each.file, ...(await archive.add(each.day, listings)) });
  }
  return { lists };
}

function dayOfName(file: string): IsoDate {
  const day = /(\d{4})-?(\d{2})-?(\d{2})(?!.*\d{4}-?\d{2}-?\d{2})/.exec(file);
  if (day) {
    const date = `${day[1]}-${day[2]}-${day[3]}`;
    dayNumberOf(date);
    return date;
  }
  throw new UsageError(
    'USAGE_DATE',
    `Nothing says of which day ${file} is.`,
    'Add --day 2026-08-18, or name the file instruments-2026-08-18.csv.',
  );
}

/** The broker's rows of a day; empty where no list of that day, or of days around it, is archived. */
export async function listingsOn(
  archive: InstrumentArchive,
  day: IsoDate,
): Promise<ReadonlyMap<InstrumentKey, Listing>> {
  const rows = await archive.find({ day });
  return new Map(
    rows.map(({ firstSeen: _first, lastSeen: _last, ...listing }) => [
      `${listing.exchange}:${listing.tradingsymbol}`,
      listing,
    ]),
  );
}

/** Every listing a tradingsymbol ever had, newest first. @throws DataError DATA_SYMBOL naming the nearest */
export async function showInstrument(
  archive: InstrumentArchive,
  word: string,
): Promise<{ readonly listings: readonly ArchivedListing[] }> {
  const { exchange, tradingsymbol } = parseKey(word);
  const listings = await archive.find({ exchange, tradingsymbol });
  if (listings.length > 0)
    return { listings: [...listings].sort((a, b) => (a.firstSeen < b.firstSeen ? 1 : -1)) };
  const all = await archive.find({ exchange });
  const guess = nearest(
    tradingsymbol,
    all.map((each) => each.tradingsymbol),
  );
  throw new DataError(
    'DATA_SYMBOL',
    `${exchange}:${tradingsymbol} is in no imported instrument list.${guess ? ` Did you mean ${exchange}:${guess}?` : ''}`,
    all.length === 0
      ? 'Run: algo instruments import <file> --day YYYY-MM-DD'
      : 'algo instruments search finds parts of names.',
  );
}

/** What is known of listed contracts and codes, for the import of bars: the newest word on each. */
export async function listedInstruments(
  archive: InstrumentArchive,
): Promise<ListedInstruments & ListedDetails> {
  const lots = new Map<string, number>();
  const codes = new Map<string, string>();
  const details = new Map<InstrumentKey, ArchivedListing>();
  for (const each of await archive.find({})) {
    const { exchange, name, expiry, lotSize, type, tradingsymbol, exchangeToken } = each;
    if (expiry !== '') lots.set(`${exchange} ${name} ${expiry}`, lotSize);
    if (type === 'EQ') codes.set(`${exchange} ${exchangeToken}`, tradingsymbol);
    const key = `${exchange}:${tradingsymbol}`;
    const before = details.get(key);
    if (before === undefined || before.lastSeen < each.lastSeen) details.set(key, each);
  }
  return {
    lotOf: (exchange, underlying, expiry) => lots.get(`${exchange} ${underlying} ${expiry}`),
    shareOfCode: (exchange, code) => codes.get(`${exchange} ${Number(code)}`),
    detailsOf: (key) => {
      const found = details.get(key);
      if (!found) return undefined;
      const { tickSize, lotSize, expiry, strike, name } = found;
      const kind = kindOfListing(found);
      return {
        kind,
        ...(tickSize > 0 && { tickSize }),
        ...(expiry !== '' && { lotSize, expiry, underlying: name }),
        ...((kind === 'CE' || kind === 'PE') && { strike }),
      };
    },
  };
}

/** What the lists had on a day. @throws UsageError USAGE_DATE */
export async function instrumentsAt(
  archive: InstrumentArchive,
  question: {
    readonly day: string;
    readonly underlying?: string | undefined;
    readonly type?: string | undefined;
    readonly exchange?: string | undefined;
    readonly expiry?: string | undefined;
    readonly limit?: number;
  },
): Promise<{ readonly listings: readonly ArchivedListing[] }> {
  const { day, underlying, type, exchange, expiry, limit } = question;
  for (const date of [day, expiry]) if (date !== undefined) dayNumberOf(date);
  const listings = await archive.find({
    day,
    ...(underlying !== undefined && { underlying: underlying.toUpperCase() }),
    ...(type !== undefined && { type }),
    ...(exchange !== undefined && { exchange: exchange.toUpperCase() }),
    ...(expiry !== undefined && { expiry }),
    ...(limit !== undefined && { limit }),
  });
  return { listings };
}
