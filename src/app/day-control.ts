import type { KiteFeed } from '../adapters/kite/kite-feed.ts';
import { dayMs, type EpochMs, minuteMs, secondMs } from '../domain/time.ts';
import { type Timeframe, timeframeMs } from '../domain/timeframe.ts';
import type { BrokerDoor } from './broker-door.ts';
import { type ControlParts, SessionControl } from './session-control.ts';
import type { JournalMode } from './streams.ts';

/** The control of a day's session on a broker's prices. */
export function dayControl({
  mode,
  door,
  frames,
  ...parts
}: Omit<ControlParts, 'clock' | 'base' | 'flatWithinMs'> & {
  readonly mode: JournalMode;
  readonly door: BrokerDoor;
  readonly frames: readonly Timeframe[];
}): SessionControl {
  const { clock, base } = door;
  return new SessionControl({ ...parts, clock, base, flatWithinMs: () => flatWithinMs(mode, door, frames) });
}

/** Stamp of the newest tick, NaN before the first. */
export function newestTick(feed: KiteFeed | undefined, places: number): EpochMs {
  let newest = Number.NaN;
  for (let place = 0; place < places; place++) {
    const time = feed?.tickTime(place) ?? Number.NaN;
    if (!(time <= newest) && !Number.isNaN(time)) newest = time;
  }
  return newest;
}

/** A broker closes at once; the simulated exchange fills in the next bar, which is known when it has closed. */
function flatWithinMs(
  mode: JournalMode,
  { clock, graceMs }: BrokerDoor,
  frames: readonly Timeframe[],
): number {
  if (mode === 'live') return minuteMs;
  const longest = Math.max(...frames.map((frame) => Math.min(dayMs, timeframeMs(frame))));
  return Math.round((2 * longest + graceMs()) / Math.max(1, clock.speed)) + 10 * secondMs;
}
