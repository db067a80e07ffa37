import type { InstrumentKind } from '../domain/instrument.ts';
import { isoInstant } from '../domain/time.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { HistoryStore } from '../engine/ports.ts';

/** What is stored of one instrument at one timeframe. */
export interface DataListRow {
  readonly symbol: string;
  readonly kind: InstrumentKind;
  readonly timeframe: Timeframe;
  readonly bars: number;
  /** Opening instants of the first and last bar, ISO-8601 with +05:30. */
  readonly from: string;
  readonly to: string;
  /** Days in India with at least one bar. */
  readonly days: number;
  readonly synthetic: boolean;
  /** Price step the bars are stored with, decimal rupees; null where prices are stored unscaled. */
  readonly priceStep: string | null;
  /** Whether the open interest of any bar is known. */
  readonly openInterest: boolean;
  readonly checksum: string;
}

export interface DataList {
  readonly series: readonly DataListRow[];
}

/** Everything in the history, sorted by symbol, finest timeframe first. */
export async function dataList(store: HistoryStore): Promise<DataList> {
  const instruments = new Map((await store.instruments()).map((instrument) => [instrument.key, instrument]));
  const stored = await store.list();
  const series = stored.map((entry): DataListRow => {
    const instrument = instruments.get(entry.key);
    return {
      symbol: entry.key,
      kind: instrument?.kind ?? 'EQ',
      timeframe: entry.timeframe,
      bars: entry.bars,
      from: isoInstant(entry.first),
      to: isoInstant(entry.last),
      days: entry.days,
      synthetic: instrument?.synthetic ?? false,
      priceStep: entry.stepsPerRupee === 0 ? null : stepOf(entry.stepsPerRupee),
      openInterest: entry.openInterest,
      checksum: entry.checksum,
    };
  });
  return { series };
}

function stepOf(stepsPerRupee: number): string {
  return (1 / stepsPerRupee).toFixed(8).replace(/0+$/, '');
}
