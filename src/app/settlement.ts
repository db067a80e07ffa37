import type { SettlementPrice } from '../adapters/simulated/simulated-broker.ts';
import { type Instrument, isDerivative } from '../domain/instrument.ts';
import { dayNumberOf, type Interval, minuteMs, startOfDay } from '../domain/time.ts';
import { isIntraday, timeframeMs, timeframes } from '../domain/timeframe.ts';
import type { HistoryStore } from '../engine/ports.ts';

/** What an underlying is called on its own exchange, where that differs. Source: Kite instrument dump of NSE and BSE, 2025-05. */
const indexNames: Readonly<Record<string, readonly string[]>> = {
  NIFTY: ['NSE:NIFTY 50', 'NSE:NIFTY'],
  BANKNIFTY: ['NSE:NIFTY BANK', 'NSE:BANKNIFTY'],
  FINNIFTY: ['NSE:NIFTY FIN SERVICE', 'NSE:FINNIFTY'],
  MIDCPNIFTY: ['NSE:NIFTY MID SELECT', 'NSE:MIDCPNIFTY'],
  NIFTYNXT50: ['NSE:NIFTY NEXT 50', 'NSE:NIFTYNXT50'],
  SENSEX: ['BSE:SENSEX'],
  BANKEX: ['BSE:BANKEX'],
};

/** NSE's closing value of an index is a mean over the last half hour. */
const closingMeanMs = 30 * minuteMs;

export interface Settlements {
  readonly priceOf: SettlementPrice;
  readonly warnings: readonly string[];
}

/**
 * Final settlement prices of the contracts of a run: the underlying's close on the last day, for options what they are worth
 * at it. Where the history has no underlying the contract's own last close stands in, and the report says so.
 */
export async function settlementsFrom(
  store: HistoryStore,
  instruments: readonly Instrument[],
): Promise<Settlements> {
  const contracts = instruments.filter(
    (instrument) => isDerivative(instrument) && instrument.expiry !== undefined,
  );
  const prices = new Map<string, number>();
  const without: string[] = [];
  for (const contract of contracts) {
    const close = await underlyingClose(store, contract);
    if (close === undefined) without.push(contract.key);
    else prices.set(contract.key, worthAt(contract, close));
  }
  const some = without.slice(0, 3).join(', ');
  return {
    priceOf: ({ key, expiry }, dayNumber) =>
      expiry !== undefined && dayNumberOf(expiry) <= dayNumber ? prices.get(key) : undefined,
    warnings:
      without.length === 0
        ? []
        : [
            `The history has no close of the underlying on the expiry of ${some}${without.length > 3 ? ` and ${without.length - 3} more` : ''}: ` +
              'positions held to the end settle at the contract’s own last close.',
          ],
  };
}

async function underlyingClose(
  store: HistoryStore,
  { underlying, expiry, rules, synthetic, exchange: own }: Instrument,
): Promise<number | undefined> {
  if (underlying === undefined || expiry === undefined) return undefined;
  const day = dayNumberOf(expiry);
  const span = { from: startOfDay(day), to: startOfDay(day + 1) };
  if (synthetic) return inventedClose(store, `${own}:${underlying}`, span);
  const exchange = rules === 'BFO' ? 'BSE' : 'NSE';
  const stored = await store.list();
  for (const key of indexNames[underlying] ?? [`${exchange}:${underlying}`]) {
    // The day bar has the official close; intraday bars end with the last trade.
    const series = stored
      .filter((each) => each.key === key && each.timeframe !== 'week' && each.timeframe !== 'month')
      .sort((a, b) => timeframes.indexOf(b.timeframe) - timeframes.indexOf(a.timeframe));
    for (const { timeframe } of series) {
      const bars = await store.load(key, timeframe, span);
      if (bars.length > 0) return bars.close[bars.length - 1];
    }
  }
  return undefined;
}

/** The invented market publishes no closing price: it is the mean of the last half hour, of the finest bars that are stored. */
async function inventedClose(store: HistoryStore, key: string, span: Interval): Promise<number | undefined> {
  const series = (await store.list())
    .filter((each) => each.key === key && each.timeframe !== 'week' && each.timeframe !== 'month')
    .sort((a, b) => timeframes.indexOf(a.timeframe) - timeframes.indexOf(b.timeframe));
  for (const { timeframe } of series) {
    const { time, close, length } = await store.load(key, timeframe, span);
    if (length === 0) continue;
    const end = time[length - 1] + (isIntraday(timeframe) ? timeframeMs(timeframe) : 0);
    let sum = 0;
    let bars = 0;
    for (let row = length - 1; row >= 0 && (bars === 0 || time[row] >= end - closingMeanMs); row--) {
      sum += close[row];
      bars++;
    }
    return Math.round((sum / bars) * 100) / 100;
  }
  return undefined;
}

function worthAt({ kind, strike = 0 }: Instrument, close: number): number {
  if (kind === 'CE') return Math.max(0, close - strike);
  if (kind === 'PE') return Math.max(0, strike - close);
  return close;
}
