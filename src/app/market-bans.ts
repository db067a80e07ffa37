import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBanLists } from '../adapters/files/ban-list.ts';
import { contentsOf } from '../adapters/files/contents.ts';
import { datedLists } from '../adapters/files/dated-lists.ts';
import { findFiles } from '../adapters/files/find-files.ts';
import { DataError } from '../domain/errors.ts';
import { dayNumberOf, type IsoDate } from '../domain/time.ts';
import type { BanList } from '../engine/risk/limits.ts';
import type { BansImported, BansPage, Untold } from '../reports/market-json.ts';
import type { Context } from './context.ts';
import { hashOf } from './run-identity.ts';

const name = 'fo-ban';

/** Lists of shares in the F&O ban period, one a trading day; what is imported is what the risk gate, scans and `market context` know. */
function banLists({ folders }: Pick<Context, 'folders'>) {
  const lists = datedLists(join(folders.data, 'bans'));
  return {
    days: (): readonly IsoDate[] =>
      lists.list().flatMap((list) => (list.name === name ? (list.day ?? []) : [])),
    keysOn: (day: IsoDate): readonly string[] =>
      readFileSync(lists.pathOf({ name, day, file: `${name}@${day}.txt` }), 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    save: (day: IsoDate, symbols: readonly string[]) =>
      lists.save(name, day, symbols.map((symbol) => `NSE:${symbol}\n`).join('')),
  };
}

/** Keeps lists of shares in the F&O ban period; the same day again takes the place of the first. */
export function importBans(context: Pick<Context, 'folders'>, paths: readonly string[]): BansImported {
  const read = findFiles(paths).files.flatMap((found) =>
    contentsOf(found.path, found.name).flatMap((content) => {
      if (content.kind === 'bytes')
        return readBanLists(content.name, content.read()).map((list) => ({ file: content.name, ...list }));
      throw new DataError('DATA_LAYOUT', `${found.name} is Parquet, not a ban list.`, 'Give the CSV.');
    }),
  );
  const lists = banLists(context);
  return {
    lists: read.map(({ file, day, symbols }) => {
      lists.save(day, symbols);
      return { file, day, instruments: symbols.length };
    }),
  };
}

/** Shares in which a day allows no new position in futures and options, or why that cannot be told. */
export function bansOn(context: Pick<Context, 'folders'>, day: IsoDate): BansPage | Untold {
  const lists = banLists(context);
  const days = lists.days();
  if (days.includes(day)) return { day, instruments: lists.keysOn(day) };
  const newest = days.at(-1);
  const known = newest === undefined ? 'none is' : `the newest is of ${newest}`;
  return {
    why: `No ban list of ${day} is imported (${known}). Run: algo market bans import fo_secban.csv`,
  };
}

/** All imported lists as the risk gate asks them; undefined where none is imported. A day without a list has no ban. */
export function importedBans(context: Pick<Context, 'folders'>): BanList | undefined {
  const lists = banLists(context);
  const days = lists.days();
  if (days.length === 0) return undefined;
  const rows = days.flatMap((day) => lists.keysOn(day).map((key) => `${dayNumberOf(day)} ${key}`));
  const banned = new Set(rows);
  return {
    hash: hashOf(rows),
    has: (underlying, dayNumber) => banned.has(`${dayNumber} NSE:${underlying}`),
  };
}
