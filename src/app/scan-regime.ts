import { isAlgoError } from '../domain/errors.ts';
import { isoDateOfDay } from '../domain/time.ts';
import type { HistoryStore } from '../engine/ports.ts';
import type { ScannedRegime } from '../reports/scan-json.ts';
import { allowedAt, isAllowed } from '../research/market/allowed-regimes.ts';
import { regimesOf } from '../research/market/regime.ts';
import type { ScannedBars } from '../research/scan/evaluate.ts';
import type { ClosedBars } from './closed-bars.ts';
import { storedInstrument } from './history.ts';
import { knownIndex, noIndexText } from './known-index.ts';

export interface RegimeCondition {
  readonly told: ScannedRegime;
  /** 1 at the instants whose regime allows a hit. */
  readonly at: (instants: Float64Array) => Float64Array;
}

/**
 * The regime of the index as a scan sees it: of its newest day bar that had closed. Undefined where the scan asks for none. A regime
 * that cannot be told allows nothing.
 *
 * @throws DataError DATA_MISSING when the index that was named is not stored
 */
export async function scanRegime(
  store: HistoryStore,
  bars: ClosedBars,
  {
    index,
    synthetic,
    wanted,
  }: {
    readonly index: string | undefined;
    readonly synthetic: boolean;
    readonly wanted: readonly string[];
  },
): Promise<RegimeCondition | undefined> {
  if (wanted.length === 0) return undefined;
  const stored = new Set((await store.list()).map(({ key }) => key));
  const key = index ?? knownIndex(synthetic).index.find((each) => stored.has(each));
  const days = key === undefined ? undefined : await dayBars(store, bars, key.toUpperCase());
  if (!days)
    return {
      told: {
        index: key ?? null,
        day: null,
        regime: 'unknown',
        wanted,
        allowed: null,
        why: noIndexText(key, synthetic),
      },
      at: (instants) => new Float64Array(instants.length).fill(Number.NaN),
    };
  const regimes = regimesOf(days.series);
  const newest = regimes[regimes.length - 1];
  const allowed = isAllowed(newest, wanted) ?? null;
  const why =
    allowed === null
      ? `${regimes.length} day bars of ${days.series.key} are known; the trend needs 200, the volatility 146.`
      : null;
  return {
    told: {
      ...{ index: days.series.key, day: isoDateOfDay(newest.dayNumber), regime: newest.label, wanted },
      ...{ allowed, why },
    },
    at: (instants) => allowedAt(instants, regimes, { closes: days.closes, wanted }),
  };
}

async function dayBars(store: HistoryStore, bars: ClosedBars, key: string): Promise<ScannedBars | undefined> {
  const instrument = await storedInstrument(store, key);
  try {
    return await bars.of(instrument, 'day');
  } catch (error) {
    if (isAlgoError(error) && error.code === 'DATA_MISSING') return undefined;
    throw error;
  }
}
