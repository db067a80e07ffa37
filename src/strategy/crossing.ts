import type { Series } from '../indicators/series.ts';

/**
 * The line went above the level with the newest bar: on or below it one bar ago, above it now.
 * While either is NaN nothing crosses.
 */
export function crossesAbove(line: Series | number, level: Series | number): boolean {
  if (typeof line === 'object' && typeof level === 'object')
    return line.prev <= level.prev && line.now > level.now;
  return before(line) <= before(level) && now(line) > now(level);
}

/**
 * The line went below the level with the newest bar: on or above it one bar ago, below it now.
 * While either is NaN nothing crosses.
 */
export function crossesBelow(line: Series | number, level: Series | number): boolean {
  if (typeof line === 'object' && typeof level === 'object')
    return line.prev >= level.prev && line.now < level.now;
  return before(line) >= before(level) && now(line) < now(level);
}

function now(line: Series | number): number {
  return typeof line === 'number' ? line : line.now;
}

function before(line: Series | number): number {
  return typeof line === 'number' ? line : line.prev;
}
