/** The deepest fall below an earlier peak. Rows count from 0; row −1 is the starting value, before the first row. */
export interface Fall {
  /** Share of the peak that was lost, 0 to 1 and beyond when the account went below zero. */
  readonly depth: number;
  readonly peak: number;
  readonly trough: number;
  /** Last row at the peak. */
  readonly peakRow: number;
  readonly troughRow: number;
  /** First row back at the peak; undefined while still below it. */
  readonly recoveryRow: number | undefined;
}

/** Every fall below a peak in a line of values. `deepest` is undefined when the line never fell. */
export interface Falls {
  readonly deepest: Fall | undefined;
  readonly count: number;
  /** Mean depth of all falls, 0 when there is none. */
  readonly averageDepth: number;
  /** The fall that took longest from peak to recovery, or to the end of the line. */
  readonly longest: { readonly peakRow: number; readonly endRow: number } | undefined;
}

/**
 * Walks a line of values once. `start` is the value before the first row, the first peak there is. A fall runs from the
 * last row at a peak to the first row back at it, or to the end.
 */
export function fallsOf(values: Float64Array, length: number, start: number): Falls {
  const falls = new FallLog();
  eachFall(values, length, start, (fall, endRow) => falls.add(fall, endRow));
  return falls;
}

/** Every fall from the earliest to the latest, as `fallsOf` sees them. */
export function listFalls(values: Float64Array, length: number, start: number): readonly Fall[] {
  const falls: Fall[] = [];
  eachFall(values, length, start, (fall) =>
    falls.push({ depth: (fall.peak - fall.trough) / fall.peak, ...fall }),
  );
  return falls;
}

function eachFall(
  values: Float64Array,
  length: number,
  start: number,
  tell: (fall: Omit<Fall, 'depth'>, endRow: number) => void,
): void {
  let peak = start;
  let peakRow = -1;
  let trough = start;
  let troughRow = -1;
  for (let row = 0; row < length; row++) {
    const value = values[row];
    if (value < peak) {
      if (value >= trough) continue;
      trough = value;
      troughRow = row;
    } else {
      if (trough < peak) tell({ peak, trough, peakRow, troughRow, recoveryRow: row }, row);
      peak = value;
      peakRow = row;
      trough = value;
    }
  }
  if (trough < peak) tell({ peak, trough, peakRow, troughRow, recoveryRow: undefined }, length - 1);
}

class FallLog implements Falls {
  deepest: Fall | undefined = undefined;
  longest: { peakRow: number; endRow: number } | undefined = undefined;
  count = 0;
  #depths = 0;

  get averageDepth(): number {
    return this.count > 0 ? this.#depths / this.count : 0;
  }

  add(fall: Omit<Fall, 'depth'>, endRow: number): void {
    const { peak, trough, peakRow } = fall;
    const depth = (peak - trough) / peak;
    this.count++;
    this.#depths += depth;
    if (this.deepest === undefined || depth > this.deepest.depth) this.deepest = { depth, ...fall };
    const longest = this.longest;
    if (longest === undefined || endRow - peakRow > longest.endRow - longest.peakRow)
      this.longest = { peakRow, endRow };
  }
}
