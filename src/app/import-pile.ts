import { RawSeries } from '../adapters/files/raw-series.ts';
import { dropRepeats, sortByTime } from '../adapters/files/settle.ts';
import { DataError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { istText } from '../domain/time.ts';
import type { Timeframe } from '../domain/timeframe.ts';

interface Heap {
  instrument: Instrument;
  readonly timeframe: Timeframe;
  readonly series: RawSeries;
}

/** Rows of many files gathered by instrument and timeframe, so that a folder of daily files is saved in few batches. */
export class ImportPile {
  readonly #heaps = new Map<string, Heap>();
  readonly #files: string[] = [];
  readonly #units = new Map<number, string>();
  #rows = 0;
  #repeats = 0;
  #firstRepeat = '';

  get rows(): number {
    return this.#rows;
  }

  fileIndexOf(name: string): number {
    return this.#files.push(name) - 1;
  }

  /** Takes bars of one file over, leaving the given series to be used again. `unit` is what the file's rows are called. */
  add(instrument: Instrument, timeframe: Timeframe, series: RawSeries, unit: string): void {
    if (series.length > 0) this.#units.set(series.file[0], unit);
    const name = `${instrument.key} ${timeframe}`;
    const heap = this.#heaps.get(name) ?? { instrument, timeframe, series: new RawSeries() };
    heap.instrument = instrument;
    heap.series.takeAll(series);
    this.#heaps.set(name, heap);
    this.#rows += series.length;
  }

  /** Hands out everything in order of time. @throws DataError DATA_DUPLICATE when two files contradict each other */
  *empty(keepFirst: boolean): Generator<Heap> {
    for (const heap of this.#heaps.values()) {
      const { series, instrument, timeframe } = heap;
      sortByTime(series);
      const first = series.length > 0 ? this.#files[series.file[0]] : '';
      const dropped = dropRepeats(series, (a, b) => {
        if (keepFirst) return;
        throw contradiction({
          what: `${instrument.key} ${timeframe}`,
          series,
          rows: [a, b],
          places: [a, b].map((row) => this.#placeOf(series, row)),
        });
      });
      if (dropped > 0 && this.#repeats === 0) this.#firstRepeat = first;
      this.#repeats += dropped;
      if (series.length > 0) yield heap;
    }
    this.#heaps.clear();
    this.#rows = 0;
  }

  #placeOf({ file, line }: RawSeries, row: number): string {
    return `${this.#files[file[row]]} ${this.#units.get(file[row])} ${line[row]}`;
  }

  /** Rows dropped since the last call because another file has them too. */
  repeated(): { readonly repeats: number; readonly first: string } {
    const repeats = this.#repeats;
    this.#repeats = 0;
    return { repeats, first: this.#firstRepeat };
  }
}

/** Two rows that give one bar different figures. */
export function contradiction(clash: {
  readonly what: string;
  readonly series: RawSeries;
  readonly rows: readonly number[];
  readonly places: readonly string[];
}): DataError {
  const { series, rows, places, what } = clash;
  const { openInterest } = series;
  const [first, second] = rows.map((row) =>
    [
      ...[series.open[row], series.high[row], series.low[row], series.close[row], series.volume[row]],
      ...(openInterest ? [openInterest[row]] : []),
    ].join(', '),
  );
  return new DataError(
    'DATA_DUPLICATE',
    `${places[0]} and ${places[1]} give different bars for ${what} at ${istText(series.time[rows[0]])}: ${first} and ${second} (open, high, low, close, volume${openInterest ? ', open interest' : ''}).`,
    'Delete the wrong one, or keep the first with --skip-bad-rows.',
  );
}
