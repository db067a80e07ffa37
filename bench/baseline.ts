import type { Measured } from './measure.ts';

/** By measure: how many times its reference's time it takes. Ratios, since seconds belong to one machine. */
export type Ratios = Readonly<Record<string, number>>;

/** How much worse than the baseline a ratio may be before it is named: two runs on a busy machine differ by half of that. */
const tolerance = 0.2;

export function ratiosOf(measured: readonly Measured[]): Ratios {
  return Object.fromEntries(
    measured.flatMap(({ measure, ratio }) =>
      ratio === undefined ? [] : [[measure, Math.round(ratio * 100) / 100]],
    ),
  );
}

/** One sentence for each measure that became slower by more than a fifth. A measure the baseline does not know is passed over. */
export function regressions(measured: readonly Measured[], baseline: Ratios): readonly string[] {
  return Object.entries(ratiosOf(measured)).flatMap(([measure, ratio]) => {
    const before = baseline[measure];
    if (before === undefined || ratio <= before * (1 + tolerance)) return [];
    const percent = Math.round((ratio / before - 1) * 100);
    return [`${measure}: ${ratio} × its reference, ${before} × in the baseline, ${percent} % slower.`];
  });
}
