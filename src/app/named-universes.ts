import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { contentsOf } from '../adapters/files/contents.ts';
import { type DatedList, datedLists, listOn } from '../adapters/files/dated-lists.ts';
import { readMemberList } from '../adapters/files/member-list.ts';
import { DataError } from '../domain/errors.ts';
import { isIndexName } from '../domain/index-names.ts';
import { type InstrumentKey, parseKey } from '../domain/instrument.ts';
import { type IsoDate, istDate } from '../domain/time.ts';
import type { Context } from './context.ts';
import { archiveOf } from './instruments.ts';

export interface UniverseMember {
  readonly key: InstrumentKey;
  readonly sector?: string;
}

/** A list of instruments that has a name. */
export interface NamedUniverse {
  readonly name: string;
  /** Where it stands, for people: `universes/nifty500@2026-03-31.txt`, `configuration`. */
  readonly origin: string;
  /** From which day on these are its members; undefined where the list has no date. */
  readonly day: IsoDate | undefined;
  readonly members: readonly UniverseMember[];
}

/** Shares with futures and options on them; `F&O` is the same, which a shell takes only in quotes. */
export const derivativesWord = 'fno';
const derivativesWords = new Set([derivativesWord, 'f&o']);

/** Lists of the home folder. */
export function universeLists({ folders }: Pick<Context, 'folders'>) {
  return datedLists(join(folders.home, 'universes'));
}

/**
 * The list that a word stands for on a day, today when none is given: one of the configuration, one of the home's `universes` folder
 * in any case of letters, `F&O`, or a file. Undefined where the word is none of these.
 *
 * @throws DataError DATA_MISSING when no instrument list is imported that could say what F&O is
 */
export async function namedUniverse(
  context: Pick<Context, 'folders' | 'config' | 'clock'>,
  word: string,
  day: IsoDate = istDate(context.clock.now()),
): Promise<NamedUniverse | undefined> {
  const configured = Object.hasOwn(context.config.universes, word)
    ? context.config.universes[word]
    : undefined;
  if (configured) {
    const members = configured.map((key) => ({ key }));
    return { name: word, origin: 'configuration', day: undefined, members };
  }
  const name = word.toLowerCase();
  if (derivativesWords.has(name)) return withDerivatives(context, day);
  const lists = universeLists(context);
  const list = listOn(
    lists.list().filter((each) => each.name === name),
    day,
  );
  if (list) return fromList(list, lists.pathOf(list));
  return looksLikeFile(word) && existsSync(word) ? fromFile(word) : undefined;
}

/** Members of a file in any of the layouts that can be imported; symbols without an exchange are of NSE, or of `exchange`. */
export function membersIn(path: string, exchange = 'NSE'): readonly UniverseMember[] {
  return contentsOf(path, basename(path)).flatMap((content) => {
    if (content.kind !== 'bytes')
      throw new DataError(
        'DATA_LAYOUT',
        `${content.name} is Parquet, not a list of instruments.`,
        'Give CSV or text.',
      );
    return readMemberList(content.name, content.read()).map(({ symbol, ...more }) => ({
      key: parseKey(symbol.includes(':') ? symbol : `${exchange}:${symbol}`).key,
      ...more,
    }));
  });
}

function fromList({ name, day, file }: DatedList, path: string): NamedUniverse {
  return { name, origin: `universes/${file}`, day, members: membersIn(path) };
}

function fromFile(path: string): NamedUniverse {
  return { name: basename(path), origin: path, day: undefined, members: membersIn(path) };
}

/** Sectors by instrument, from the lists of the home as they were on a day; a later name wins. */
export function sectorsOf(
  context: Pick<Context, 'folders'>,
  day: IsoDate,
): ReadonlyMap<InstrumentKey, string> {
  const lists = universeLists(context);
  const all = lists.list();
  const sectors = new Map<InstrumentKey, string>();
  for (const name of new Set(all.map((list) => list.name))) {
    const list = listOn(
      all.filter((each) => each.name === name),
      day,
    );
    if (!list) continue;
    for (const { key, sector } of membersIn(lists.pathOf(list)))
      if (sector !== undefined) sectors.set(key, sector);
  }
  return sectors;
}

/** An instrument has neither a slash nor such an ending in its name. */
function looksLikeFile(word: string): boolean {
  return word.includes('/') || /\.(txt|csv|json)$/i.test(word);
}

/** Shares that had a future on NSE by the newest list up to the day; a future on an index names one that cannot be bought. */
async function withDerivatives(context: Pick<Context, 'folders'>, day: IsoDate): Promise<NamedUniverse> {
  const archive = archiveOf(context);
  const lists = (await archive.lists()).filter(({ exchange }) => exchange === 'NFO');
  const list = lists.find((each) => each.day <= day);
  if (!list)
    throw new DataError(
      'DATA_MISSING',
      lists.length === 0
        ? `What F&O is cannot be told: no instrument list of NFO is imported.`
        : `What F&O was on ${day} cannot be told: the oldest instrument list of NFO is of ${lists.at(-1)?.day}.`,
      'Run: algo instruments sync, or algo instruments import <file> --day YYYY-MM-DD',
    );
  const futures = await archive.find({ day: list.day, exchange: 'NFO', type: 'FUT' });
  const names = [...new Set(futures.map(({ name }) => name))].filter((name) => !isIndexName('NSE', name));
  const members = names.sort().map((name) => ({ key: `NSE:${name}` }));
  return {
    name: derivativesWord,
    origin: `instrument list of NFO of ${list.day}`,
    day: list.day,
    members,
  };
}
