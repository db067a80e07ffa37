import { basename, extname } from 'node:path';
import { findFiles } from '../adapters/files/find-files.ts';
import { universeName } from '../config/schema.ts';
import { DataError, UsageError } from '../domain/errors.ts';
import { type InstrumentKey, parseKey } from '../domain/instrument.ts';
import { didYouMean, nearest } from '../domain/nearest.ts';
import { dayNumberOf, type IsoDate, istDate } from '../domain/time.ts';
import type {
  RemovedUniverse,
  SavedUniverse,
  UniverseListDocument,
  UniverseMemberRow,
  UniversePage,
} from '../reports/universe-text.ts';
import type { Context } from './context.ts';
import { storedByKey } from './history.ts';
import { archiveOf } from './instruments.ts';
import {
  derivativesWord,
  membersIn,
  type NamedUniverse,
  namedUniverse,
  type UniverseMember,
  universeLists,
} from './named-universes.ts';
import { historyOf } from './open-history.ts';
import { scanMarket } from './scan.ts';
import type { ScanRequest } from './scan-request.ts';
import { syntheticKeys } from './synthetic-market.ts';

/** Every universe that a word can stand for, dated lists one by one. */
export async function listUniverses(context: Context): Promise<UniverseListDocument> {
  const configured = Object.entries(context.config.universes).map(([name, keys]) => ({
    ...{ name, origin: 'configuration', day: null, instruments: keys.length },
  }));
  const lists = universeLists(context);
  const saved = lists.list().map((list) => ({
    name: list.name,
    origin: `universes/${list.file}`,
    day: list.day ?? null,
    instruments: membersIn(lists.pathOf(list)).length,
  }));
  const known = (await archiveOf(context).lists()).some(({ exchange }) => exchange === 'NFO');
  const derivatives = known ? await namedUniverse(context, derivativesWord) : undefined;
  return {
    universes: [...configured, ...saved],
    derivatives: derivatives
      ? { origin: derivatives.origin, instruments: derivatives.members.length }
      : undefined,
  };
}

/** What a universe stands for on a day, and why some of it has no bars. @throws UsageError USAGE_UNIVERSE, USAGE_DATE */
export async function showUniverse(
  context: Context,
  { name, day }: { readonly name: string; readonly day?: string | undefined },
): Promise<UniversePage> {
  if (day !== undefined) dayNumberOf(day);
  const on = day ?? istDate(context.clock.now());
  const universe = await universeOrWord(context, name, on);
  const stored = storedByKey(await historyOf(context).list());
  const why = await whyMissing(
    context,
    universe.members.filter(({ key }) => !stored.has(key)).map(({ key }) => key),
  );
  const members = universe.members.map(({ key, sector }): UniverseMemberRow => {
    const series = stored.get(key) ?? [];
    return {
      instrument: key,
      sector: sector ?? null,
      stored: series.map(({ timeframe, last }) => ({ timeframe, to: istDate(last) })),
      why: why.get(key) ?? null,
    };
  });
  const missing = members.filter(({ stored: series }) => series.length === 0).length;
  const { origin } = universe;
  return { name: universe.name, origin, day: universe.day ?? null, asOf: on, members, missing };
}

/** Saves what words stand for, or what a scan finds, under a name. @throws UsageError USAGE_UNIVERSE */
export async function saveUniverse(
  context: Context,
  {
    name,
    words,
    scan,
    day,
  }: {
    readonly name: string;
    readonly words: readonly string[];
    readonly scan: ScanRequest | undefined;
    readonly day?: string | undefined;
  },
): Promise<SavedUniverse> {
  await checkName(context, name);
  if (scan) {
    const { hits, found } = await scanMarket(context, scan);
    const what = `scan ${scan.name ?? scan.where?.join(' and ') ?? ''}`.trim();
    if (found > 0) return written(context, { name, day, from: what, members: hits });
    throw new DataError(
      'DATA_EMPTY',
      `The ${what} finds nothing, so ${name} would be empty.`,
      'Nothing was saved.',
    );
  }
  const members: UniverseMember[] = [];
  for (const word of words.flatMap((each) => each.split(',')).map((each) => each.trim()))
    if (word !== '') members.push(...(await membersFor(context, word, day)));
  if (members.length === 0)
    throw new UsageError(
      'USAGE_UNIVERSE',
      `Nothing says what ${name} holds.`,
      `For example: algo universe save ${name} NSE:INFY NSE:TCS, or algo universe save ${name} --scan nr7`,
    );
  return written(context, { name, day, from: words.join(' '), members });
}

/** Saves the members of a file: an index's members as NSE lists them, a list, or a scan's document. */
export async function importUniverse(
  context: Context,
  request: {
    readonly path: string;
    readonly name?: string | undefined;
    readonly day?: string | undefined;
    readonly exchange: string;
  },
): Promise<SavedUniverse> {
  const name = request.name ?? nameOf(request.path);
  await checkName(context, name);
  const exchange = request.exchange.toUpperCase();
  const members = findFiles([request.path]).files.flatMap(({ path }) => membersIn(path, exchange));
  return written(context, { name, day: request.day, from: basename(request.path), members });
}

/** Removes a list of the home, all its days unless one is named. @throws UsageError USAGE_UNIVERSE */
export function removeUniverse(
  context: Context,
  { name, day }: { readonly name: string; readonly day?: string | undefined },
): RemovedUniverse {
  const lists = universeLists(context);
  const all = lists.list();
  const mine = all.filter((list) => list.name === name && (day === undefined || list.day === day));
  if (mine.length === 0)
    throw new UsageError(
      'USAGE_UNIVERSE',
      `There is no saved universe "${name}"${day === undefined ? '' : ` of ${day}`}.${didYouMean(
        name,
        all.map((list) => list.name),
      )}`,
      'algo universe list shows them; those of the configuration are removed there.',
    );
  for (const list of mine) lists.remove(list);
  return { name, removed: mine.map(({ file }) => `universes/${file}`) };
}

async function universeOrWord(context: Context, word: string, day: IsoDate): Promise<NamedUniverse> {
  const named = await namedUniverse(context, word, day);
  if (named) return named;
  if (word === 'all' || word === 'synthetic') {
    const keys =
      word === 'synthetic'
        ? syntheticKeys(context)
        : (await historyOf(context).instruments()).map(({ key }) => key);
    return { name: word, origin: 'the history', day: undefined, members: keys.map((key) => ({ key })) };
  }
  const known = [
    ...Object.keys(context.config.universes),
    ...universeLists(context)
      .list()
      .map(({ name }) => name),
    ...[derivativesWord, 'all', 'synthetic'],
  ];
  throw new UsageError(
    'USAGE_UNIVERSE',
    `There is no universe "${word}".${didYouMean(word, known)}`,
    'algo universe list shows them; algo universe save and import make one.',
  );
}

async function membersFor(
  context: Context,
  word: string,
  day: string | undefined,
): Promise<readonly UniverseMember[]> {
  if (word.includes(':') && !word.includes('/')) return [{ key: parseKey(word).key }];
  const listed = await namedUniverse(context, word, day);
  if (listed) return listed.members;
  const stored = await historyOf(context).instruments();
  const symbol = word.toUpperCase();
  const found = stored.filter(({ tradingsymbol }) => tradingsymbol === symbol);
  if (found.length === 1) return found.map(({ key }) => ({ key }));
  if (found.length > 1)
    throw new DataError(
      'DATA_SYMBOL',
      `"${word}" is listed on several exchanges.`,
      `Say which: ${found.map(({ key }) => key).join(' or ')}.`,
    );
  return (await universeOrWord(context, word, day ?? istDate(context.clock.now()))).members;
}

async function written(
  context: Context,
  {
    name,
    day,
    from,
    members,
  }: {
    readonly name: string;
    readonly day: string | undefined;
    readonly from: string;
    readonly members: readonly UniverseMember[];
  },
): Promise<SavedUniverse> {
  if (day !== undefined) dayNumberOf(day);
  const unique = new Map(members.map((member) => [member.key, member]));
  const lines = [...unique.values()].map(({ key, sector }) =>
    sector === undefined ? key : `${key}, ${sector.replaceAll(/[,"\s]+/g, ' ').trim()}`,
  );
  const head = `# ${unique.size} instrument${unique.size === 1 ? '' : 's'}${day === undefined ? '' : ` from ${day} on`}, saved on ${istDate(context.clock.now())} from ${from.replaceAll(/\s+/g, ' ')}`;
  const file = universeLists(context).save(name, day, `${head}\n${lines.join('\n')}\n`);
  const stored = new Set((await historyOf(context).instruments()).map(({ key }) => key));
  return {
    name,
    file: `universes/${file}`,
    instruments: unique.size,
    sectors: new Set([...unique.values()].flatMap(({ sector }) => sector ?? [])).size,
    missing: [...unique.keys()].filter((key) => !stored.has(key)).length,
  };
}

async function checkName(context: Context, name: string): Promise<void> {
  const checked = universeName.safeParse(name);
  const wrong = checked.success ? undefined : checked.error.issues[0]?.message;
  if (wrong !== undefined)
    throw new UsageError('USAGE_UNIVERSE', `A universe cannot be called "${name}".`, `Expected ${wrong}.`);
  if (Object.hasOwn(context.config.universes, name))
    throw new UsageError(
      'USAGE_UNIVERSE',
      `The configuration has a universe "${name}" already.`,
      'Choose another name, or change it there.',
    );
  const stored = await historyOf(context).instruments();
  const share = stored.find(({ tradingsymbol }) => tradingsymbol.toLowerCase() === name);
  if (share)
    throw new UsageError(
      'USAGE_UNIVERSE',
      `A universe "${name}" would hide the instrument ${share.key}.`,
      'Choose another name.',
    );
}

/** `ind_nifty500list.csv` is `nifty500`. */
function nameOf(path: string): string {
  const stem = basename(path, extname(path)).toLowerCase();
  return stem
    .replace(/^ind_/, '')
    .replace(/[_-]?list$/, '')
    .replaceAll(/[^a-z0-9_-]+/g, '_');
}

/** What the imported instrument lists say of instruments without bars. */
async function whyMissing(
  context: Context,
  keys: readonly InstrumentKey[],
): Promise<ReadonlyMap<InstrumentKey, string>> {
  const why = new Map<InstrumentKey, string>();
  const archive = archiveOf(context);
  const newest = new Map<string, IsoDate>();
  if (keys.length > 0)
    for (const { exchange, day } of await archive.lists())
      if (!newest.has(exchange)) newest.set(exchange, day);
  for (const exchange of new Set(keys.map((key) => parseKey(key).exchange))) {
    const mine = keys.filter((key) => key.startsWith(`${exchange}:`));
    const day = newest.get(exchange);
    const lastSeen = new Map<string, IsoDate>();
    if (day !== undefined)
      for (const each of await archive.find({ exchange })) {
        const before = lastSeen.get(each.tradingsymbol);
        if (before === undefined || before < each.lastSeen) lastSeen.set(each.tradingsymbol, each.lastSeen);
      }
    for (const key of mine) why.set(key, sentenceOf(parseKey(key).tradingsymbol, exchange, day, lastSeen));
  }
  return why;
}

function sentenceOf(
  symbol: string,
  exchange: string,
  day: IsoDate | undefined,
  lastSeen: ReadonlyMap<string, IsoDate>,
): string {
  if (day === undefined) return `no bars; no instrument list of ${exchange} is imported that could say more`;
  const seen = lastSeen.get(symbol);
  if (seen === day) return 'listed, but never fetched or imported';
  if (seen !== undefined) return `last listed on ${seen}: delisted or renamed since`;
  const guess = nearest(symbol, lastSeen.keys());
  return `in no imported list of ${exchange}${guess ? `; did you mean ${exchange}:${guess}?` : ''}`;
}
