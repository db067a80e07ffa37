import { UsageError } from '../../domain/errors.ts';
import { didYouMean } from '../../domain/nearest.ts';
import { hourMs, istOffsetMs, minuteMs } from '../../domain/time.ts';

/** Turns clock readings of one place into instants. Offsets in ms, east of Greenwich positive. */
export interface Zone {
  readonly name: string;
  /** Offset of a wall clock reading; NaN when the clocks skipped it, Infinity when they showed it twice. */
  offsetOfWall(wall: number): number;
  offsetAt(instant: number): number;
}

/** Clocks change on quarter hours, so one answer serves every reading of the same quarter. */
const quarterMs = 15 * minuteMs;

/** @throws UsageError USAGE_TIME_ZONE for a name the IANA table does not know. */
export function zoneOf(name: string): Zone {
  if (/^(asia\/(kolkata|calcutta)|ist)$/i.test(name)) return fixedZone('Asia/Kolkata', istOffsetMs);
  if (/^(utc|gmt|z|etc\/utc)$/i.test(name)) return fixedZone('UTC', 0);
  return new IanaZone(name);
}

function fixedZone(name: string, offset: number): Zone {
  return { name, offsetOfWall: () => offset, offsetAt: () => offset };
}

/** Daylight saving through the platform's own table; remembers every quarter hour it has asked about. */
class IanaZone implements Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #walls = new Map<number, number>();
  readonly #instants = new Map<number, number>();
  #lastQuarter = Number.NaN;
  #lastOffset = 0;

  constructor(name: string) {
    this.#format = formatOf(name);
    this.name = this.#format.resolvedOptions().timeZone;
  }

  offsetOfWall(wall: number): number {
    const quarter = Math.floor(wall / quarterMs);
    if (quarter === this.#lastQuarter) return this.#lastOffset;
    let offset = this.#walls.get(quarter);
    if (offset === undefined) {
      offset = this.#search(quarter * quarterMs);
      this.#walls.set(quarter, offset);
    }
    this.#lastQuarter = quarter;
    this.#lastOffset = offset;
    return offset;
  }

  offsetAt(instant: number): number {
    const quarter = Math.floor(instant / quarterMs);
    let offset = this.#instants.get(quarter);
    if (offset === undefined) {
      const parts = this.#format.formatToParts(quarter * quarterMs);
      const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
      const wall = Date.UTC(
        part('year'),
        part('month') - 1,
        part('day'),
        part('hour'),
        part('minute'),
        part('second'),
      );
      offset = wall - quarter * quarterMs;
      this.#instants.set(quarter, offset);
    }
    return offset;
  }

  #search(wall: number): number {
    const before = this.offsetAt(wall - 24 * hourMs);
    const after = this.offsetAt(wall + 24 * hourMs);
    const fitsBefore = this.offsetAt(wall - before) === before;
    if (before === after) return fitsBefore ? before : Number.NaN;
    const fitsAfter = this.offsetAt(wall - after) === after;
    if (fitsBefore && fitsAfter) return Number.POSITIVE_INFINITY;
    return fitsBefore ? before : fitsAfter ? after : Number.NaN;
  }
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    const hint = didYouMean(name, Intl.supportedValuesOf('timeZone'));
    throw new UsageError(
      'USAGE_TIME_ZONE',
      `Unknown time zone "${name}".${hint}`,
      'Use a name such as Asia/Kolkata, America/New_York or UTC.',
      cause,
    );
  }
}
