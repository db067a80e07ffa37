/** Values of one ranked figure of one instrument, and the instants at which each was known. */
export interface RankedFigure {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/**
 * Places of each instrument among all that have a value at the same instant: 1 for the highest, equal values share the better place,
 * NaN where the instrument has none. The answer has the order of what was given.
 */
export function ranksOf(figures: readonly RankedFigure[]): readonly Float64Array[] {
  const ranks = figures.map(({ values }) => new Float64Array(values.length).fill(Number.NaN));
  const byTime = new Map<
    number,
    { readonly figure: number; readonly row: number; readonly value: number }[]
  >();
  figures.forEach(({ times, values }, figure) => {
    for (let row = 0; row < values.length; row++) {
      const value = values[row];
      if (Number.isNaN(value)) continue;
      const there = byTime.get(times[row]);
      if (there) there.push({ figure, row, value });
      else byTime.set(times[row], [{ figure, row, value }]);
    }
  });
  for (const there of byTime.values()) {
    there.sort((a, b) => b.value - a.value);
    let place = 1;
    there.forEach(({ figure, row, value }, at) => {
      if (at > 0 && value < there[at - 1].value) place = at + 1;
      ranks[figure][row] = place;
    });
  }
  return ranks;
}
