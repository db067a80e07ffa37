import { loadRulebook } from '../config/rulebook.ts';
import { parseContractSymbol } from '../domain/contract-symbol.ts';
import type { ClosedTrade } from '../domain/run-result.ts';
import { dayNumberOf, istDayNumber } from '../domain/time.ts';
import type { Dimension, TradeSurroundings } from '../research/analysis/attribution.ts';
import { type RegimeDay, regimeBefore, regimesOf } from '../research/market/regime.ts';
import { closedBars } from './closed-bars.ts';
import type { Context } from './context.ts';
import { storedInstrument } from './history.ts';
import { knownIndex, noIndexText } from './known-index.ts';
import { historyOf } from './open-history.ts';

/** Regimes and expiries of a book's trades, looked up only where they are asked for. What cannot be told is told to the user. */
export async function tradeSurroundings(
  context: Context,
  by: readonly Dimension[],
  synthetic: boolean,
): Promise<TradeSurroundings> {
  const days = by.includes('regime') ? await regimeDays(context, synthetic) : [];
  return {
    regime: ({ entryTime }) => regimeBefore(days, istDayNumber(entryTime))?.label ?? 'unknown',
    daysToExpiry: by.includes('expiry') ? await contractDays(context) : () => Number.NaN,
  };
}

/** Days from a trade's entry to the expiry of its contract: NaN where that is not known, undefined for what does not expire. */
export async function contractDays(
  context: Context,
): Promise<(trade: Pick<ClosedTrade, 'key' | 'entryTime'>) => number | undefined> {
  const expiries = await knownExpiries(context);
  return ({ key, entryTime }) => {
    const contract = parseContractSymbol(key.slice(key.indexOf(':') + 1));
    if (contract === undefined) return undefined;
    const expiry = expiries.get(key) ?? contract.expiry;
    return expiry === undefined ? Number.NaN : dayNumberOf(expiry) - istDayNumber(entryTime);
  };
}

/** The regimes of the index of a market, day by day; none, and a warning, where it is not stored. */
export async function regimeDays(context: Context, synthetic: boolean): Promise<readonly RegimeDay[]> {
  const store = historyOf(context);
  const names = knownIndex(synthetic).index;
  const stored = new Set((await store.list()).map(({ key }) => key));
  const name = names.find((key) => stored.has(key));
  if (name === undefined) {
    context.output.warn(`The regimes are unknown. ${noIndexText(undefined, synthetic)}`);
    return [];
  }
  const { calendar } = loadRulebook(context.folders.root, context.folders.home);
  const bars = await closedBars(store, { calendar, until: Number.POSITIVE_INFINITY, everything: true });
  return regimesOf((await bars.of(await storedInstrument(store, name), 'day')).series);
}

async function knownExpiries(context: Context): Promise<ReadonlyMap<string, string>> {
  const instruments = await historyOf(context).instruments();
  return new Map(
    instruments.flatMap(({ key, expiry }) => (expiry === undefined ? [] : [[key, expiry] as const])),
  );
}
