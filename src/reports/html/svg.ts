import { coordinate, escaped } from './markup.ts';

/** Height of a drawing without its labels below, pixels. */
export const plotHeight = 180;
const labelHeight = 20;
const labelWidth = 52;

export interface Tick {
  /** Place along the axis: pixels from the top for y, percent from the left for x. */
  readonly at: number;
  readonly label: string;
}

/**
 * A drawing whose height is fixed and whose width follows the page. `shapes` places things by percent across and
 * pixels down, so letters keep their size on a phone.
 */
export function plot({
  name,
  shapes,
  x,
  y,
  zero,
}: {
  /** What is drawn, for those who cannot see it. */
  readonly name: string;
  readonly shapes: string;
  readonly x: readonly Tick[];
  readonly y: readonly Tick[];
  /** Where a line marks nought, pixels from the top. */
  readonly zero?: number | undefined;
}): string {
  const height = plotHeight + labelHeight;
  const left = y
    .map(
      ({ at, label }) =>
        `<text x="${labelWidth - 6}" y="${coordinate(at + 4)}" text-anchor="end">${escaped(label)}</text>`,
    )
    .join('');
  const grid = y.map(({ at }) => across(at, 'grid')).join('');
  const below = x
    .filter(({ at }) => at >= 3 && at <= 97)
    .map(
      ({ at, label }) =>
        `<text x="${coordinate(at)}%" y="${plotHeight + 15}" text-anchor="middle">${escaped(label)}</text>`,
    )
    .join('');
  return (
    `<div class="plot" role="img" aria-label="${escaped(name)}">` +
    `<svg width="${labelWidth}" height="${height}" aria-hidden="true">${left}</svg>` +
    `<svg width="100%" height="${height}" aria-hidden="true">${grid}${shapes}` +
    `${zero === undefined ? '' : across(zero, 'zero')}${below}</svg></div>`
  );
}

function across(y: number, style: string): string {
  return `<line class="${style}" x1="0" x2="100%" y1="${coordinate(y)}" y2="${coordinate(y)}"/>`;
}

/** A bar from the middle: to the right for a gain, to the left for a loss, relative to the largest of its column. */
export function signedBar(value: number, largest: number): string {
  const share = largest > 0 ? (Math.abs(value) / largest) * 50 : 0;
  return bar(value < 0 ? 50 - share : 50, share, value < 0 ? 'loss' : 'gain', true);
}

/** A bar from the left, relative to the largest of its column. */
export function plainBar(value: number, largest: number): string {
  return bar(0, largest > 0 ? (Math.max(value, 0) / largest) * 100 : 0, 'plain', false);
}

function bar(from: number, width: number, style: string, middle: boolean): string {
  return (
    `<svg class="bar" width="100%" height="10" aria-hidden="true">` +
    `<rect class="${style}" x="${coordinate(from)}%" y="1" width="${coordinate(width)}%" height="8"/>` +
    `${middle ? '<line class="zero" x1="50%" x2="50%" y1="0" y2="10"/>' : ''}</svg>`
  );
}

/** Round values from `low` to `high`, both included where they fall on a step. */
export function roundValues(low: number, high: number, step: number): readonly number[] {
  const values: number[] = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++)
    values.push(Number((at * step).toPrecision(12)));
  return values;
}
