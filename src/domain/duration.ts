import { UsageError } from './errors.ts';
import { hourMs, minuteMs, secondMs } from './time.ts';

const units: Readonly<Record<string, number>> = { ms: 1, s: secondMs, m: minuteMs, h: hourMs };

/** Milliseconds of `500ms`, `60s`, `5m` or `1.5h`. @throws UsageError USAGE_DURATION */
export function durationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim());
  const unit = match && units[match[2]];
  const ms = match && unit ? Math.round(Number(match[1]) * unit) : 0;
  if (ms > 0) return ms;
  throw new UsageError('USAGE_DURATION', `"${text}" is not a duration.`, 'Write it as 500ms, 60s, 5m or 1h.');
}

const fastest = 100_000;

/** How many times as fast as life, out of `60x` or `60`. @throws UsageError USAGE_SPEED unless it is above 0, at most 100,000 */
export function speedOf(text: string): number {
  const speed = Number(/^(\d+(?:\.\d+)?)x?$/.exec(text.trim())?.[1] ?? Number.NaN);
  if (speed > 0 && speed <= fastest) return speed;
  throw new UsageError(
    'USAGE_SPEED',
    `"${text}" is not a speed.`,
    'Write it as 1x, 60x or 0.5x; at most 100000x.',
  );
}
