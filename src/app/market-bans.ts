import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBanList } from '../adapters/files/ban-list.ts';
import { contentsOf } from '../adapters/files/contents.ts';
import { datedLists } from '../adapters/files/dated-lists.ts';
import { findFiles } from '../adapters/files/find-files.ts';
import { DataError } from '../domain/errors.ts';
import type { IsoDate } from '../domain/time.ts';
import type { BansImported, BansPage, Untold } from '../reports/market-json.ts';
import type { Context } from './context.ts';

const name = 'fo-ban';

function banLists({ folders }: Pick<Context, 'folders'>) {
  return datedLists(join(folders.data, 'bans'));
}

/** Keeps NSE's lists of shares in the F&O ban period, one a trading day; the same day again takes the place of the first. */
export function importBans(context: Pick<Context, 'folders'>, paths: readonly string[]): BansImported {
  const read = findFiles(paths).files.flatMap((found) =>
    contentsOf(found.path, found.name).map((content) => {
      if (content.kind === 'bytes')
        return { file: content.name, ...readBanList(content.name, content.read()) };
      throw new DataError('DATA_LAYOUT', `${found.name} is Parquet, not a ban list.`, 'Give the CSV.');
    }),
  );
  const lists = banLists(context);
  return {
    lists: read.map(({ file, day, symbols }) => {
      lists.save(name, day, symbols.map((symbol) => `NSE:${symbol}\n`).join(''));
      return { file, day, instruments: symbols.length };
    }),
  };
}

/** Shares in which a day allows no new position in futures and options, or why that cannot be told. */
export function bansOn(context: Pick<Context, 'folders'>, day: IsoDate): BansPage | Untold {
  const lists = banLists(context);
  const all = lists.list();
  const list = all.find((each) => each.day === day);
  if (list) {
    const lines = readFileSync(lists.pathOf(list), 'utf8').split('\n');
    return { day, instruments: lines.filter((line) => line !== '') };
  }
  const newest = all.at(-1)?.day;
  const known = newest === undefined ? 'none is' : `the newest is of ${newest}`;
  return {
    why: `No ban list of ${day} is imported (${known}). Run: algo market bans import fo_secban.csv`,
  };
}
