import { loadRulebook } from '../config/rulebook.ts';
import { UsageError } from '../domain/errors.ts';
import type { InstrumentKey } from '../domain/instrument.ts';
import type { ArchivedListing } from '../domain/listing.ts';
import { istDate } from '../domain/time.ts';
import type { BackfillPage } from '../reports/backfill-text.ts';
import { type BackfillRequest, backfillFrom, clockOfServer, knownInstruments } from './backfill.ts';
import { type BrokerLists, brokerInstrument, namedKeys } from './backfill-instruments.ts';
import type { Context } from './context.ts';
import { archiveDay, brokerArchive, type SyncedList } from './instruments-sync.ts';
import { type KiteData, kiteCandles } from './kite-candles.ts';
import { kiteClientFor } from './kite-client.ts';
import { type KiteSession, type SessionOptions, withKiteSession } from './kite-session.ts';
import { historyOf } from './open-history.ts';

/** The broker as backfill sees it, through a client of its own that keeps to Kite's limits. */
export function kiteData(context: Context, session: KiteSession): KiteData {
  const client = kiteClientFor(context, session);
  return {
    now: () => clockOfServer(session.root),
    historical: (request) => client.historical(request),
    instruments: async () => (await client.instruments()).csv,
  };
}

function withKite<T>(
  context: Context,
  options: SessionOptions,
  work: (data: KiteData, session: KiteSession) => Promise<T>,
): Promise<T> {
  return withKiteSession(context, options, (session) => work(kiteData(context, session), session));
}

/** `algo instruments sync`. @throws AuthError; BrokerError; DataError for a list that cannot be taken */
export function syncInstruments(
  context: Context,
  request: { readonly account?: string | undefined; readonly force: boolean },
  options: SessionOptions = {},
): Promise<SyncedList> {
  return withKite(context, { ...options, account: request.account }, async (data, { sandbox }) =>
    archiveDay(context, {
      archive: brokerArchive(context, sandbox),
      now: await data.now(),
      csv: await data.instruments(),
      sandbox,
      force: request.force,
    }),
  );
}

/** Brings series up to date from Kite. What comes through a sandbox is stored as invented. */
export function backfillFromKite(
  context: Context,
  request: BackfillRequest & { readonly account?: string | undefined },
  options: SessionOptions = {},
): Promise<BackfillPage> {
  return withKite(context, { ...options, account: request.account }, async (data, { sandbox }) => {
    const { calendar } = loadRulebook(context.folders.root, context.folders.home);
    const store = historyOf(context);
    const known = await knownInstruments(store);
    const lists = await todaysLists(context, data, sandbox);
    const tokens = new Map<InstrumentKey, number>();
    const exchangeOf = await exchangeFinder(lists, request.words);
    return backfillFrom(context, request, {
      ...{ source: kiteCandles(data, tokens), store, calendar },
      keys: await namedKeys(context, store, request.words, exchangeOf),
      async find(key) {
        const { instrument, token } = await brokerInstrument(key, lists, known, request.continuous);
        if (request.continuous && instrument.kind !== 'FUT')
          throw new UsageError('USAGE_CONTINUOUS', `${key} is no future.`, 'Leave --continuous out.');
        tokens.set(instrument.key, token);
        return sandbox ? { ...instrument, synthetic: true } : instrument;
      },
    });
  });
}

/** The broker's list of today, fetched and archived unless it has been already: tokens of another day may mean another contract. */
export async function todaysLists(context: Context, data: KiteData, sandbox: boolean): Promise<BrokerLists> {
  const archive = brokerArchive(context, sandbox);
  const now = await data.now();
  const day = istDate(now);
  // A sandbox of the same day may be another market.
  if (sandbox || !(await archive.lists()).some((list) => list.day === day)) {
    await archiveDay(context, { archive, now, sandbox, csv: await data.instruments(), force: sandbox });
  }
  const byExchange = new Map<string, Promise<ReadonlyMap<string, ArchivedListing>>>();
  return {
    day,
    listed(exchange) {
      const known = byExchange.get(exchange) ?? read(exchange);
      byExchange.set(exchange, known);
      return known;
    },
    ever: (exchange, tradingsymbol) => archive.find({ exchange, tradingsymbol }),
  };

  async function read(exchange: string): Promise<ReadonlyMap<string, ArchivedListing>> {
    const found = await archive.find({ day, exchange });
    return new Map(found.map((listing) => [listing.tradingsymbol, listing]));
  }
}

/** The first exchange, shares before contracts, that lists a bare symbol; NSE where none does. */
export async function exchangeFinder(
  lists: BrokerLists,
  words: readonly string[],
): Promise<(symbol: string) => string> {
  const exchanges = words.some((word) => !word.includes(':')) ? ['NSE', 'NFO', 'BSE', 'BFO', 'MCX'] : [];
  const listed = await Promise.all(
    exchanges.map(async (exchange) => ({ exchange, symbols: await lists.listed(exchange) })),
  );
  return (symbol) => listed.find(({ symbols }) => symbols.has(symbol))?.exchange ?? 'NSE';
}
