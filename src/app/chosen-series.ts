import { DataError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { nearest } from '../domain/nearest.ts';
import { parseTimeframe } from '../domain/timeframe.ts';
import type { HistoryStore, StoredSeries } from '../engine/ports.ts';

export interface ChosenSeries {
  readonly instrument: Instrument;
  readonly stored: StoredSeries;
}

/**
 * Stored series by words of a command line: keys, tradingsymbols, or `all`; nothing named is all. Sorted by key.
 * @throws DataError DATA_MISSING for a word that is nothing stored, naming the nearest
 */
export async function chosenSeries(
  store: HistoryStore,
  words: readonly string[],
  timeframe?: string,
): Promise<readonly ChosenSeries[]> {
  const frame = timeframe === undefined ? undefined : parseTimeframe(timeframe);
  const instruments = await store.instruments();
  const wanted = new Set<string>();
  const names = words.flatMap((word) => word.split(',')).map((word) => word.trim().toUpperCase());
  for (const name of names.filter((each) => each !== '' && each !== 'ALL')) {
    const found = instruments.filter(({ key, tradingsymbol }) => key === name || tradingsymbol === name);
    for (const { key } of found) wanted.add(key);
    if (found.length === 0) throw notStored(name, instruments);
  }
  const byKey = new Map(instruments.map((instrument) => [instrument.key, instrument]));
  const chosen: ChosenSeries[] = [];
  for (const stored of await store.list()) {
    const instrument = byKey.get(stored.key);
    if (!instrument || (wanted.size > 0 && !wanted.has(stored.key))) continue;
    if (frame === undefined || stored.timeframe === frame) chosen.push({ instrument, stored });
  }
  if (chosen.length > 0) return chosen;
  throw new DataError(
    'DATA_MISSING',
    instruments.length === 0
      ? 'The history is empty.'
      : `No ${frame} bars of ${names.join(', ') || 'anything'} are stored.`,
    instruments.length === 0
      ? 'Run: algo data import <file>, or algo data generate for invented prices'
      : 'algo data list shows what is stored.',
  );
}

function notStored(name: string, instruments: readonly Instrument[]): DataError {
  const guess = nearest(
    name,
    instruments.flatMap(({ key, tradingsymbol }) => [key, tradingsymbol]),
  );
  return new DataError(
    'DATA_MISSING',
    `No bars of ${name} are stored.${guess ? ` Did you mean ${guess}?` : ''}`,
    'algo data list shows what is stored.',
  );
}
