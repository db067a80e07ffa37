import { loadRulebook } from '../config/rulebook.ts';
import { codeOf } from '../domain/errors.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import type { ClosedTrade } from '../domain/run-result.ts';
import { isoDateOfDay, istDayNumber, startOfDay } from '../domain/time.ts';
import type { HistoryStore } from '../engine/ports.ts';
import { type ExpiryLabel, expiryLabel, type MarketAround } from '../research/learn/market-around.ts';
import { type Surroundings, surroundingsOf } from '../research/learn/surroundings.ts';
import { percentAboveBefore, sharesLeast } from '../research/market/breadth-days.ts';
import { regimeBefore } from '../research/market/regime.ts';
import type { Context } from './context.ts';
import { loadBars, storedInstrument } from './history.ts';
import { historyOf } from './open-history.ts';
import { contractDays, regimeDays } from './trade-surroundings.ts';

/** What each trade's instrument and its market were like at the entry, and what could not be told, in sentences. */
export interface LearnSurroundings {
  readonly around: (trade: ClosedTrade) => Surroundings | undefined;
  readonly market: (trade: ClosedTrade) => MarketAround;
  readonly notes: readonly string[];
}

/** From day bars as they are stored now. */
export async function learnSurroundings(
  context: Context,
  trades: readonly ClosedTrade[],
  { prices, synthetic }: { readonly prices: 'raw' | 'adjusted'; readonly synthetic: boolean },
): Promise<LearnSurroundings> {
  const rulebook = loadRulebook(context.folders.root, context.folders.home);
  const store = historyOf(context);
  const last = Math.max(...trades.map(({ exitTime }) => exitTime));
  const bars = { store, rulebook, prices, until: startOfDay(istDayNumber(last) + 1) };
  const own = await ofInstruments(bars, [...new Set(trades.map((trade) => trade.key))]);
  const regimes = await regimeDays(context, synthetic);
  const shares = await sharesOf(bars, synthetic);
  const percentAbove = percentAboveBefore(shares);
  const daysToExpiry = await contractDays(context);
  const indexExpires = expiryDays(rulebook);
  return {
    around: (trade) => own.byKey.get(trade.key)?.(trade),
    market: (trade) => {
      const day = istDayNumber(trade.entryTime);
      const regime = regimeBefore(regimes, day);
      const days = daysToExpiry(trade);
      return {
        trend: regime?.trend,
        volatility: regime?.volatility,
        percentAbove: percentAbove(day),
        expiry: days === undefined ? indexExpires(day) : expiryLabel(days),
      };
    },
    notes: [...own.notes, ...(shares.length < sharesLeast ? [noBreadth] : [])],
  };
}

const noBreadth = `Fewer than ${sharesLeast} shares are stored as day bars, so the breadth of the market is not known.`;

interface StoredBars {
  readonly store: HistoryStore;
  readonly rulebook: Rulebook;
  readonly prices: 'raw' | 'adjusted';
  readonly until: number;
}

function dayBars({ store, rulebook: { calendar }, prices, until }: StoredBars) {
  return async (key: string) => {
    const instrument = await storedInstrument(store, key);
    const span = { from: Number.NEGATIVE_INFINITY, to: until };
    return (await loadBars(store, calendar, { instrument, timeframe: 'day', span, prices })).series;
  };
}

async function ofInstruments(bars: StoredBars, keys: readonly string[]) {
  const load = dayBars(bars);
  const byKey = new Map<string, (trade: ClosedTrade) => Surroundings | undefined>();
  const without: string[] = [];
  for (const key of keys) {
    try {
      byKey.set(key, surroundingsOf(await load(key)));
    } catch (error) {
      // Hours and weekdays can still be learnt from; what is missing is told.
      if (!codeOf(error).startsWith('DATA_')) throw error;
      without.push(key);
    }
  }
  const some = `${without.slice(0, 5).join(', ')}${without.length > 5 ? ' …' : ''}`;
  const sentence = `No bars of ${some} are stored any more: trend, volatility, gap and distance of these trades are not known.`;
  return { byKey, notes: without.length === 0 ? [] : [sentence] };
}

/** Day bars of every share of the market that is stored by the day; what is only stored finer is not worth the time. */
async function sharesOf(bars: StoredBars, synthetic: boolean) {
  const stored = await bars.store.list();
  const instruments = new Map((await bars.store.instruments()).map((each) => [each.key, each]));
  const keys = stored.flatMap(({ key, timeframe }) => {
    const instrument = instruments.get(key);
    const counts = timeframe === 'day' && instrument?.kind === 'EQ';
    return counts && (instrument.synthetic ?? false) === synthetic ? [key] : [];
  });
  await bars.store.prepare(keys.map((key) => ({ key, timeframe: 'day' as const })));
  const load = dayBars(bars);
  return Promise.all([...new Set(keys)].map(load));
}

/** Whether contracts of the index expire on a day; undefined where no rule says. */
function expiryDays({ contracts }: Rulebook): (day: number) => ExpiryLabel | undefined {
  const known = new Map<number, ExpiryLabel | undefined>();
  return (day) => {
    if (!known.has(day)) known.set(day, expiryOn(contracts, day));
    return known.get(day);
  };
}

function expiryOn(contracts: Rulebook['contracts'], day: number): ExpiryLabel | undefined {
  const date = isoDateOfDay(day);
  try {
    return contracts.expiries('NIFTY', date, date).length > 0 ? 'expiry day' : 'other day';
  } catch (error) {
    if (codeOf(error).startsWith('RULE_')) return undefined;
    throw error;
  }
}
