import { DataError } from '../domain/errors.ts';
import type { Instrument, InstrumentKey } from '../domain/instrument.ts';
import { nearest } from '../domain/nearest.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { dayNumberOf, type IsoDate } from '../domain/time.ts';
import type { HistoryStore } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { storedInstrument } from './history.ts';
import { derivativesWord, type NamedUniverse, namedUniverse, universeLists } from './named-universes.ts';
import {
  type DatedFuture,
  ensureSyntheticMarket,
  syntheticFutures,
  syntheticKeys,
  verifySyntheticMarket,
} from './synthetic-market.ts';

/** Words after `algo backtest` that are commands of their own. */
const subCommands = ['list', 'show', 'compare', 'rm'];

export interface Universe {
  readonly instruments: readonly Instrument[];
  /** Asked for one by one rather than as part of a list: a run without bars of them would not be what was asked. */
  readonly named: ReadonlySet<InstrumentKey>;
  /** Members of lists that have no bars at all. */
  readonly missing: readonly InstrumentKey[];
  /** Days before which an instrument takes no part: contracts that were not the nearest yet. */
  readonly begins: ReadonlyMap<InstrumentKey, number>;
}

/**
 * The instruments that words on the command line stand for, each once, in the order named: `NSE:INFY`, a symbol that only one
 * exchange has, a named universe or a file of one (as of `day`, today when absent), `synthetic` and `synthetic-futures` (made on first
 * use), or `all` that is stored. Of the futures each takes part while it is the nearest; with a `day`, only the one that is so then.
 * Members of a list that are not stored are told rather than refused, as long as one is.
 *
 * @throws DataError DATA_MISSING naming the nearest stored instrument or universe, or a list of which nothing is stored
 */
export async function resolveUniverse(
  context: Context,
  store: HistoryStore,
  rulebook: Rulebook,
  words: readonly string[],
  day?: IsoDate,
): Promise<Universe> {
  const { config } = context;
  const singles = new Set<InstrumentKey>();
  const missing = new Set<InstrumentKey>();
  const named =
    words.length > 0 ? words : typeof config.universe === 'string' ? [config.universe] : config.universe;
  const begins = new Map<InstrumentKey, number>();
  const found = new Map<string, Instrument>();
  for (const word of named
    .flatMap((each) => each.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '')) {
    for (const instrument of await instrumentsOf(word)) found.set(instrument.key, instrument);
  }
  return { instruments: [...found.values()], named: singles, missing: [...missing], begins };

  async function instrumentsOf(word: string): Promise<readonly Instrument[]> {
    if (word === 'synthetic') {
      await ensureSyntheticMarket(context, store, rulebook);
      const stored = await Promise.all(syntheticKeys(context).map((key) => storedInstrument(store, key)));
      return tradable(stored);
    }
    if (word === 'synthetic-futures') return nearestFutures();
    if (word === 'all') return tradable(await everything());
    const list = await namedUniverse(context, word, day);
    if (list) return storedOf(list);
    if (word.includes(':')) {
      const key = word.toUpperCase();
      // An invented instrument that is asked for by name is made like the whole market it belongs to.
      const stored = (await store.list()).some((series) => series.key === key);
      if (!stored && syntheticKeys(context).includes(key))
        await ensureSyntheticMarket(context, store, rulebook);
      else if (key.startsWith('SYN:')) await verifySyntheticMarket(context, store, rulebook);
      return single(await storedInstrument(store, key));
    }
    return single(await bySymbol(word));
  }

  async function nearestFutures(): Promise<readonly Instrument[]> {
    const all = await syntheticFutures(context, store, rulebook);
    const wanted = day === undefined ? all : all.filter((future) => isNearest(future, day));
    for (const { instrument, nearestFrom } of wanted) begins.set(instrument.key, nearestFrom);
    return wanted.map(({ instrument }) => instrument);
  }

  async function storedOf({ name, members }: NamedUniverse): Promise<readonly Instrument[]> {
    const invented = new Set(syntheticKeys(context));
    if (members.some(({ key }) => invented.has(key))) await ensureSyntheticMarket(context, store, rulebook);
    const stored = new Map((await store.instruments()).map((instrument) => [instrument.key, instrument]));
    const there: Instrument[] = [];
    for (const { key } of members) {
      const instrument = stored.get(key);
      if (instrument) there.push(instrument);
      else missing.add(key);
    }
    if (there.length > 0) return there;
    throw new DataError(
      'DATA_MISSING',
      `None of the ${members.length} instruments of ${name} has stored bars.`,
      `Run: algo backfill ${name} -i day, or algo data import <files>`,
    );
  }

  function single(instrument: Instrument): readonly Instrument[] {
    singles.add(instrument.key);
    return [instrument];
  }

  async function everything(): Promise<readonly Instrument[]> {
    const stored = await store.instruments();
    if (stored.length > 0) return stored;
    throw new DataError(
      'DATA_MISSING',
      'The history is empty, so "all" is nothing.',
      'Run: algo data import <file>, or algo data generate for invented prices',
    );
  }

  async function bySymbol(word: string): Promise<Instrument> {
    const stored = await store.instruments();
    const symbol = word.toUpperCase();
    const [first, ...others] = stored.filter((instrument) => instrument.tradingsymbol === symbol);
    if (first && others.length === 0) return first;
    if (first) {
      const keys = [first, ...others].map(({ key }) => key).join(' or ');
      throw new DataError('DATA_SYMBOL', `"${word}" is listed on several exchanges.`, `Say which: ${keys}.`);
    }
    const names = [
      ...Object.keys(config.universes),
      ...universeLists(context)
        .list()
        .map(({ name }) => name),
      derivativesWord,
      'synthetic',
      'synthetic-futures',
      'all',
      ...stored.map(({ key }) => key),
      ...stored.map(({ tradingsymbol }) => tradingsymbol),
    ];
    const guess = nearest(word, [...names, ...subCommands]);
    const meant = guess !== undefined && subCommands.includes(guess) ? `algo backtest ${guess}` : guess;
    throw new DataError(
      'DATA_MISSING',
      `"${word}" is neither a stored instrument nor a universe.${meant ? ` Did you mean ${meant}?` : ''}`,
      'algo data list shows what is stored, algo universe list the universes.',
    );
  }
}

function isNearest({ nearestFrom, instrument: { expiry } }: DatedFuture, day: IsoDate): boolean {
  return nearestFrom <= dayNumberOf(day) && expiry !== undefined && day <= expiry;
}

/** An index cannot be bought, so it is traded only when it is asked for by name. */
function tradable(instruments: readonly Instrument[]): readonly Instrument[] {
  const shares = instruments.filter(({ kind }) => kind !== 'INDEX');
  return shares.length > 0 ? shares : instruments;
}
