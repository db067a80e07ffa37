import { indexUnderlying } from '../adapters/synthetic/derivatives-plan.ts';
import { UsageError } from '../domain/errors.ts';
import { type Instrument, type InstrumentKey, parseKey } from '../domain/instrument.ts';
import type { HistoryStore } from '../engine/ports.ts';
import { knownInstruments } from './backfill.ts';
import {
  type BrokerLists,
  brokerInstrument,
  type FoundInstrument,
  namedKeys,
} from './backfill-instruments.ts';
import { exchangeFinder } from './backfill-kite.ts';
import type { Context } from './context.ts';
import { syntheticKeys } from './synthetic-market.ts';

/** `NFO:NIFTY-FUT`: the future of an underlying that expires next. */
const nearestFuture = /^([A-Z]+):(.+)-FUT$/;

/**
 * What a session on a broker's stream trades, as the broker lists it today, in the order named. A sandbox lists invented instruments
 * under the exchange whose rules they follow, so `SYN:ZAVORI` is found as `NSE:ZAVORI` there.
 *
 * @throws DataError DATA_SYMBOL, DATA_EXPIRED for what is not listed; UsageError USAGE_UNIVERSE when nothing was named
 */
export async function fedInstruments(
  context: Context,
  store: HistoryStore,
  lists: BrokerLists,
  { words, sandbox }: { readonly words: readonly string[]; readonly sandbox: boolean },
): Promise<readonly FoundInstrument[]> {
  const known = await knownInstruments(store);
  const named = words.length > 0 ? words : [context.config.universe].flat();
  const plain = sandbox ? named.flatMap((word) => onTheWire(word, context, known)) : named;
  const exchangeOf = await exchangeFinder(lists, plain);
  const found: FoundInstrument[] = [];
  for (const key of await namedKeys(context, store, plain, exchangeOf)) {
    const listed = await brokerInstrument(await contractOf(key, lists), lists, known, false);
    if (listed.instrument.kind === 'INDEX') continue;
    found.push(sandbox ? { ...listed, instrument: rehearsed(listed.instrument, known) } : listed);
  }
  if (found.length > 0) return found;
  throw new UsageError(
    'USAGE_UNIVERSE',
    'The universe holds nothing that can be traded.',
    'Name instruments, for example NSE:INFY, or NFO:NIFTY-FUT for the nearest future.',
  );
}

/** The sandbox's list does not say which shares have derivatives, and with them shorter hours; the history that it plays does. */
function rehearsed(instrument: Instrument, known: ReadonlyMap<InstrumentKey, Instrument>): Instrument {
  const { exchange, tradingsymbol } = instrument;
  const played = [...known.values()].find(
    (each) => each.synthetic && each.rules === exchange && each.tradingsymbol === tradingsymbol,
  );
  const { hasDerivatives = instrument.hasDerivatives } = played ?? {};
  return { ...instrument, synthetic: true, ...(hasDerivatives !== undefined && { hasDerivatives }) };
}

function onTheWire(
  word: string,
  context: Context,
  known: ReadonlyMap<InstrumentKey, Instrument>,
): readonly string[] {
  if (word === 'synthetic-futures') return [`NFO:${indexUnderlying.replace(/^.*:/, '')}-FUT`];
  const keys = word === 'synthetic' ? syntheticKeys(context) : [word];
  return keys.map((key) => {
    const instrument = known.get(key.toUpperCase());
    return instrument?.synthetic && instrument.rules !== 'none'
      ? `${instrument.rules}:${instrument.tradingsymbol}`
      : key;
  });
}

async function contractOf(key: InstrumentKey, lists: BrokerLists): Promise<InstrumentKey> {
  const [, exchange, underlying] = nearestFuture.exec(key) ?? [];
  if (exchange === undefined || underlying === undefined) return key;
  const today = await lists.listed(exchange);
  if (today.has(parseKey(key).tradingsymbol)) return key;
  const [front] = [...today.values()]
    .filter(({ type, name, expiry }) => type === 'FUT' && name === underlying && expiry >= lists.day)
    .sort((a, b) => (a.expiry < b.expiry ? -1 : 1));
  return front ? `${exchange}:${front.tradingsymbol}` : key;
}
