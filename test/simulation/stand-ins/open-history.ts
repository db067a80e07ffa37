import { BarSeries } from '#src/domain/bar-series.ts';
import type { HistoryStore } from '#src/engine/ports.ts';

const nothing = async () => [];

/** A history that holds nothing, so that the session asks its broker. */
export function historyOf(): HistoryStore {
  return {
    load: async (key, timeframe) => new BarSeries(key, timeframe),
    prepare: async () => undefined,
    save: async () => 0,
    saveAll: async () => 0,
    coverage: nothing,
    instruments: nothing,
    list: nothing,
    answered: nothing,
    actions: nothing,
    saveActions: async () => 0,
    close: async () => undefined,
  };
}
