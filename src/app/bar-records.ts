import type { RecordFields } from '../adapters/journal/journal-log.ts';
import type { JournalRecord } from '../adapters/journal/record-line.ts';
import type { EpochMs } from '../domain/time.ts';

/** A bar that a session was told of: the place of its series, opening instant, rupees, units. */
export interface ToldBar {
  readonly place: number;
  readonly time: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** All bars that closed at one instant: what a session goes on from. Numbers alone, since there are many. */
export function barsRecord(time: EpochMs, bars: readonly ToldBar[]): RecordFields {
  return {
    t: 'bars',
    time,
    bars: bars.map(({ place, time: opens, open, high, low, close, volume }) => [
      place,
      opens,
      open,
      high,
      low,
      close,
      volume,
    ]),
  };
}

/** The bars of a record that `barsRecord` made; its checksum has been verified. */
export function barsOf(record: JournalRecord): { readonly time: EpochMs; readonly bars: readonly ToldBar[] } {
  const rows = record.bars as readonly (readonly number[])[];
  return {
    time: Number(record.time),
    bars: rows.map(([place, time, open, high, low, close, volume]) => ({
      place,
      time,
      open,
      high,
      low,
      close,
      volume,
    })),
  };
}
