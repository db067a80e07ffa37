const fewRows = 32;

/**
 * Rows of one instrument as they came out of files, in file order: columns grown by doubling. `time` is the stamp as
 * written (start or end of the bar), `offset` the zone offset it was written in, `line` and `file` where it stands.
 */
export class RawSeries {
  time: Float64Array;
  offset: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  volume: Float64Array;
  line: Float64Array;
  file: Float64Array;
  /** Units that were open at the end of the bar, NaN where a row does not tell; absent where no row has told. */
  openInterest: Float64Array | undefined = undefined;
  length = 0;

  constructor(capacity = 4) {
    this.time = new Float64Array(capacity);
    this.offset = new Float64Array(capacity);
    this.open = new Float64Array(capacity);
    this.high = new Float64Array(capacity);
    this.low = new Float64Array(capacity);
    this.close = new Float64Array(capacity);
    this.volume = new Float64Array(capacity);
    this.line = new Float64Array(capacity);
    this.file = new Float64Array(capacity);
  }

  /** Makes room for one more row and answers where it goes; the caller fills all columns. */
  next(): number {
    if (this.length === this.time.length) this.#resize(Math.max(4, this.length * 2));
    return this.length++;
  }

  /** Says the open interest of a row, or that it is not known. */
  setOpenInterest(row: number, units: number): void {
    if (this.openInterest === undefined) {
      if (Number.isNaN(units)) return;
      this.openInterest = new Float64Array(this.time.length).fill(Number.NaN);
    }
    this.openInterest[row] = units;
  }

  /** Takes over all rows of another series. */
  takeAll(other: RawSeries): void {
    const needed = this.length + other.length;
    if (needed > this.time.length) this.#resize(Math.max(needed, this.length * 2));
    for (const name of columnNames) {
      const from = other[name];
      const to = this[name];
      // A daily file gives each symbol one row, and a view costs more than copying a few numbers.
      if (other.length > fewRows) to.set(from.subarray(0, other.length), this.length);
      else for (let row = 0; row < other.length; row++) to[this.length + row] = from[row];
    }
    if (this.openInterest !== undefined || other.openInterest !== undefined) {
      for (let row = 0; row < other.length; row++)
        this.setOpenInterest(this.length + row, other.openInterest?.[row] ?? Number.NaN);
    }
    this.length = needed;
  }

  /** Puts rows into a new order, possibly fewer of them: row `i` becomes what row `rows[i]` was. */
  rearrange(rows: ArrayLike<number>): void {
    for (const name of columnNames) {
      const from = this[name];
      const to = new Float64Array(rows.length);
      for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]];
      this[name] = to;
    }
    const { openInterest } = this;
    if (openInterest) this.openInterest = Float64Array.from(rows, (row) => openInterest[row]);
    this.length = rows.length;
  }

  #resize(capacity: number): void {
    for (const name of columnNames) {
      const column = new Float64Array(capacity);
      column.set(this[name].subarray(0, this.length));
      this[name] = column;
    }
    if (this.openInterest === undefined) return;
    const known = this.openInterest.subarray(0, this.length);
    this.openInterest = new Float64Array(capacity).fill(Number.NaN);
    this.openInterest.set(known);
  }
}

const columnNames = ['time', 'offset', 'open', 'high', 'low', 'close', 'volume', 'line', 'file'] as const;
