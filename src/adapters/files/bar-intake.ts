import type { DataError } from '../../domain/errors.ts';
import type { InstrumentKind } from '../../domain/instrument.ts';
import type { IsoDate } from '../../domain/time.ts';
import { RawSeries } from './raw-series.ts';
import { rowProblem } from './row-problem.ts';

/** What a row says about its contract. */
export interface ContractDetails {
  readonly exchange?: string;
  readonly kind?: InstrumentKind;
  readonly underlying?: string;
  readonly expiry?: IsoDate;
  readonly strike?: number;
  readonly lotSize?: number;
}

/** Rows left out, by reason, with the first case in words. */
export interface Skipped {
  readonly reason: string;
  readonly count: number;
  readonly first: string;
}

export interface IntakeOptions {
  /** Leave out rows that cannot be right instead of stopping. */
  readonly skipBadRows: boolean;
}

/** Rows whose memory is kept for the next file: 70 bytes each. */
const keptRows = 4_000_000;

/**
 * Takes the rows of one file, refuses what no market prints, and keeps the rest in columns by symbol.
 * Nothing leaves it before the whole file was read: a bad row at the end leaves no trace of the good ones before it.
 */
export class BarIntake {
  readonly series = new Map<string, RawSeries>();
  readonly details = new Map<string, ContractDetails>();
  /** Underlyings whose volume counts lots because nothing tells how many units a lot has. */
  readonly lotVolumes = new Set<string>();
  readonly #skipped = new Map<string, { count: number; first: string }>();
  readonly #options: IntakeOptions;
  file = '';
  fileIndex = 0;
  unit = 'line';
  /** Names of the price columns, the volume and the open interest, for messages. */
  names: PriceNames = plainNames;
  rowsRead = 0;
  /** Any stamp so far carried a time of day. */
  clocked = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Forgets the rows, keeps the memory. */
  begin(file: string, fileIndex: number, unit: string): void {
    let capacity = 0;
    for (const series of this.series.values()) {
      series.length = 0;
      capacity += series.time.length;
    }
    if (capacity > keptRows) this.series.clear();
    this.details.clear();
    this.lotVolumes.clear();
    this.#skipped.clear();
    this.file = file;
    this.fileIndex = fileIndex;
    this.unit = unit;
    this.names = plainNames;
    this.rowsRead = 0;
    this.clocked = false;
  }

  seriesOf(symbol: string): RawSeries {
    let series = this.series.get(symbol);
    if (!series) {
      series = new RawSeries();
      this.series.set(symbol, series);
    }
    return series;
  }

  /** Takes a bar whose numbers are finite; its open interest is NaN where the file does not tell it. @throws DataError DATA_BAR when no market prints such a bar. */
  add(
    series: RawSeries,
    line: number,
    time: number,
    offset: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
    openInterest = Number.NaN,
  ): void {
    if (
      !(
        low > 0 &&
        open > 0 &&
        close > 0 &&
        high >= open &&
        high >= close &&
        low <= open &&
        low <= close &&
        volume >= 0 &&
        !(openInterest < 0)
      )
    ) {
      this.bad(this.#barProblem(line, open, high, low, close, volume, openInterest));
      return;
    }
    const row = series.next();
    series.time[row] = time;
    series.offset[row] = offset;
    series.open[row] = open;
    series.high[row] = high;
    series.low[row] = low;
    series.close[row] = close;
    series.volume[row] = volume;
    series.line[row] = line;
    series.file[row] = this.fileIndex;
    series.setOpenInterest(row, openInterest);
  }

  /** Stops at a bad row, or counts it where the user asked for that. */
  bad(problem: DataError): void {
    if (!this.#options.skipBadRows) throw problem;
    this.#count('bad rows', problem.message);
  }

  /** Counts a row that is left out for a reason that is no fault. */
  skip(reason: string, line: number): void {
    this.#count(reason, `${this.file} ${this.unit} ${line}`);
  }

  /** Counts rows of which no single place can be named. */
  skipMany(reason: string, count: number): void {
    const entry = this.#skipped.get(reason);
    if (entry) entry.count += count;
    else if (count > 0) this.#skipped.set(reason, { count, first: this.file });
  }

  skipped(): Skipped[] {
    return [...this.#skipped].map(([reason, { count, first }]) => ({ reason, count, first }));
  }

  #count(reason: string, first: string): void {
    const entry = this.#skipped.get(reason);
    if (entry) entry.count++;
    else this.#skipped.set(reason, { count: 1, first });
  }

  #barProblem(
    line: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
    openInterest: number,
  ): DataError {
    const problem = (column: string, value: number, expected: string) =>
      rowProblem('DATA_BAR', { file: this.file, unit: this.unit, line, column }, String(value), expected);
    const { names } = this;
    for (const [name, value] of [
      [names.open, open],
      [names.high, high],
      [names.low, low],
      [names.close, close],
    ] as const) {
      if (!(value > 0)) return problem(name, value, 'a price above 0');
    }
    if (volume < 0) return problem(names.volume, volume, 'a volume of 0 or more');
    if (openInterest < 0) return problem(names.openInterest, openInterest, 'an open interest of 0 or more');
    if (high < low) return problem(names.high, high, `a high at or above the low ${low}`);
    if (high < open) return problem(names.high, high, `a high at or above the open ${open}`);
    if (high < close) return problem(names.high, high, `a high at or above the close ${close}`);
    if (low > open) return problem(names.low, low, `a low at or below the open ${open}`);
    return problem(names.low, low, `a low at or below the close ${close}`);
  }
}

export interface PriceNames {
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly openInterest: string;
}

const plainNames: PriceNames = {
  open: 'open',
  high: 'high',
  low: 'low',
  close: 'close',
  volume: 'volume',
  openInterest: 'oi',
};
