/**
 * A statistic, or why there is none. `caution` comes with a figure that is right by its formula and weak as evidence.
 */
export type Figure = { readonly value: number; readonly caution?: string } | { readonly unavailable: string };

/** A figure that must be a finite number; anything else becomes the reason. */
export function figure(value: number, reason: string): Figure {
  return Number.isFinite(value) ? { value } : unavailable(reason);
}

export function unavailable(reason: string): Figure {
  return { unavailable: reason };
}

/** The number, or undefined where there is none. */
export function numberOf(from: Figure): number | undefined {
  return 'value' in from ? from.value : undefined;
}
