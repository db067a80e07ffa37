import { DataError, UsageError } from '../domain/errors.ts';
import { type Instrument, type InstrumentKey, isOption, parseKey } from '../domain/instrument.ts';
import { type ArchivedListing, kindOfListing } from '../domain/listing.ts';
import { nearest } from '../domain/nearest.ts';
import type { IsoDate } from '../domain/time.ts';
import type { HistoryStore } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { instrumentOf, type ListedDetails } from './import-naming.ts';
import { namedUniverse } from './named-universes.ts';

/** The words of the command line as keys, each once. A bare symbol is of the exchange that `exchangeOf` says. */
export async function namedKeys(
  context: Pick<Context, 'config' | 'folders' | 'clock'>,
  store: HistoryStore,
  words: readonly string[],
  exchangeOf: (symbol: string) => string,
): Promise<readonly InstrumentKey[]> {
  const named = words.length > 0 ? words : [context.config.universe].flat();
  const keys = new Set<InstrumentKey>();
  for (const word of named.flatMap((each) => each.split(',')).map((each) => each.trim())) {
    if (word === '') continue;
    for (const key of await keysOf(word)) keys.add(key);
  }
  return [...keys];

  async function keysOf(word: string): Promise<readonly InstrumentKey[]> {
    const universe = await namedUniverse(context, word);
    if (universe) return universe.members.map(({ key }) => key);
    if (word === 'synthetic' || word.startsWith('SYN:')) {
      throw new UsageError(
        'USAGE_SYMBOL',
        words.length > 0
          ? 'The invented market cannot be fetched; algo data generate makes it.'
          : 'No instrument was named, and the universe of the configuration is the invented market.',
        'For example: algo backfill NSE:INFY -i day --from 2024-01-01',
      );
    }
    if (word === 'all') return storedKeys();
    return [parseKey(word.includes(':') ? word : `${exchangeOf(word.toUpperCase())}:${word}`).key];
  }

  async function storedKeys(): Promise<readonly InstrumentKey[]> {
    const real = (await store.instruments()).filter(({ synthetic }) => !synthetic);
    if (real.length > 0) return real.map(({ key }) => key);
    throw new DataError(
      'DATA_MISSING',
      'The history holds nothing that could be fetched, so "all" is nothing.',
      'Name instruments: algo backfill NSE:INFY',
    );
  }
}

/** The instrument of a key as the importer would name it: what lists say first, then what is stored, then what the name says. */
export function describedInstrument(
  key: InstrumentKey,
  known: ReadonlyMap<InstrumentKey, Instrument>,
  details?: ReturnType<ListedDetails['detailsOf']>,
): Instrument {
  const { exchange, tradingsymbol } = parseKey(key);
  const naming = {
    ...{ as: { exchange, tradingsymbol }, exchange: undefined, calendar: undefined, kind: undefined },
    ...{ tick: undefined, lot: undefined, strike: undefined, expiry: undefined },
  };
  return instrumentOf(naming, { file: key, symbol: tradingsymbol, details: undefined }, known, {
    detailsOf: () => details,
  });
}

/** Today's list of the broker by exchange and symbol, and what earlier lists said. */
export interface BrokerLists {
  readonly day: IsoDate;
  listed(exchange: string): Promise<ReadonlyMap<string, ArchivedListing>>;
  /** Every listing a symbol ever had. */
  ever(exchange: string, tradingsymbol: string): Promise<readonly ArchivedListing[]>;
}

export interface FoundInstrument {
  readonly instrument: Instrument;
  /** Of today. */
  readonly token: number;
}

/**
 * A key in the broker's list of today. With `continuous` it may also be an underlying or an expired future: what is found is the
 * nearest future of that underlying, whose chained candles get a key of their own, `NFO:NIFTY-CONTINUOUS`.
 *
 * @throws DataError DATA_SYMBOL naming the nearest, DATA_EXPIRED for a contract whose candles are gone
 */
export async function brokerInstrument(
  key: InstrumentKey,
  lists: BrokerLists,
  known: ReadonlyMap<InstrumentKey, Instrument>,
  continuous: boolean,
): Promise<FoundInstrument> {
  const { exchange, tradingsymbol } = parseKey(key);
  const today = await lists.listed(exchange);
  const listing = today.get(tradingsymbol);
  if (continuous) return continuousOf(key, lists, known);
  if (listing)
    return { instrument: await listedInstrument(key, listing, lists, known), token: listing.token };
  const before = await lists.ever(exchange, tradingsymbol);
  const expired = before.find(({ expiry }) => expiry !== '' && expiry < lists.day);
  if (expired) throw expiredError(key, expired);
  const guess = nearest(tradingsymbol, today.keys());
  const last = before
    .map(({ lastSeen }) => lastSeen)
    .sort()
    .at(-1);
  throw new DataError(
    'DATA_SYMBOL',
    last
      ? `${key} is not in the broker's list of ${lists.day}; it was last listed on ${last}. It may have been delisted or renamed.`
      : `${key} is not in the broker's list of ${lists.day}.${guess ? ` Did you mean ${exchange}:${guess}?` : ''}`,
    'algo instruments search finds parts of names. Bars of a delisted share have to be imported from a file.',
  );
}

async function listedInstrument(
  key: InstrumentKey,
  listing: ArchivedListing,
  lists: BrokerLists,
  known: ReadonlyMap<InstrumentKey, Instrument>,
): Promise<Instrument> {
  const described = describedInstrument(key, known, detailsOf(listing));
  if (described.kind !== 'EQ' || (listing.exchange !== 'NSE' && listing.exchange !== 'BSE')) return described;
  // Sessions of shares with derivatives end earlier since August 2026, so a whole day has fewer bars.
  const contracts = await lists.listed(listing.exchange === 'NSE' ? 'NFO' : 'BFO');
  for (const { name, type } of contracts.values())
    if (type === 'FUT' && name === listing.tradingsymbol) return { ...described, hasDerivatives: true };
  return described;
}

function detailsOf(listing: ArchivedListing) {
  const { tickSize, lotSize, expiry, strike, name } = listing;
  const kind = kindOfListing(listing);
  return {
    kind,
    ...(tickSize > 0 && { tickSize }),
    ...(expiry !== '' && { lotSize, expiry, underlying: name }),
    ...((kind === 'CE' || kind === 'PE') && { strike }),
  };
}

async function continuousOf(
  key: InstrumentKey,
  lists: BrokerLists,
  known: ReadonlyMap<InstrumentKey, Instrument>,
): Promise<FoundInstrument> {
  const { exchange, tradingsymbol } = parseKey(key);
  const today = await lists.listed(exchange);
  const known_ = today.get(tradingsymbol) ?? (await lists.ever(exchange, tradingsymbol))[0];
  const underlying = known_?.name ?? tradingsymbol.replace(/-CONTINUOUS$/, '');
  const futures = [...today.values()]
    .filter(({ type, name, expiry }) => type === 'FUT' && name === underlying && expiry >= lists.day)
    .sort((a, b) => (a.expiry < b.expiry ? -1 : 1));
  const [front] = futures;
  if (!front) {
    const guess = nearest(
      underlying,
      [...today.values()].filter(({ type }) => type === 'FUT').map(({ name }) => name),
    );
    throw new DataError(
      'DATA_SYMBOL',
      `The broker lists no future of ${exchange}:${underlying} on ${lists.day}.${guess ? ` Did you mean ${exchange}:${guess}?` : ''}`,
      'For example: algo backfill NFO:NIFTY -i day --continuous',
    );
  }
  const chained = `${exchange}:${underlying}-CONTINUOUS`;
  const { expiry: _, ...contract } = describedInstrument(chained, known, detailsOf(front));
  return { instrument: contract, token: front.token };
}

function expiredError(key: InstrumentKey, listing: ArchivedListing): DataError {
  const kind = kindOfListing(listing);
  const option = isOption({ kind } as Instrument);
  return new DataError(
    'DATA_EXPIRED',
    `${key} expired on ${listing.expiry}, and Kite serves no candles of expired ${option ? 'options' : 'contracts'}.`,
    option
      ? 'Fetch options while they live; expired ones have to be imported from a file, such as a bhavcopy.'
      : `For day candles of all its futures one after the other: algo backfill ${listing.exchange}:${listing.name} -i day --continuous`,
  );
}
