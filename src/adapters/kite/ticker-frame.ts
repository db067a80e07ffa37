import type { EpochMs } from '../../domain/time.ts';
import { depthLevels, type TickColumns } from './tick-columns.ts';

/*
 * Kite's binary frames: big-endian, unsigned. A count of packets, then each with its length; the length tells what it is.
 * 8 price only · 28 and 32 an index · 44 quote · 184 quote with times, open interest and depth.
 * Written for speed: plain loops over one DataView, nothing allocated.
 */

/** Why a frame was not taken. */
export const frameFaults = ['too short', 'packet of unknown length', 'lengths do not add up'] as const;

/** What a parser counts over its life. */
export interface FrameCounts {
  ticks: number;
  heartbeats: number;
  /** Frames dropped as a whole. */
  garbage: number;
  /** Packets of instruments nobody asked for. */
  strangers: number;
  /** Packets without a price above nothing. */
  priceless: number;
  /** Packets whose price cannot be one: beyond a crore of rupees, or far outside of the day's own range. */
  absurd: number;
}

export function noCounts(): FrameCounts {
  return { ticks: 0, heartbeats: 0, garbage: 0, strangers: 0, priceless: 0, absurd: 0 };
}

/** `slot` of the columns has a new tick. */
export type TickListener = (slot: number) => void;

/**
 * Reads one frame into the columns. A frame that is not exactly what it says is dropped as a whole before any of it is read.
 * Answers how many ticks it held; 0 for a heartbeat, -1 for garbage.
 */
export function readFrame(
  view: DataView,
  columns: TickColumns,
  arrived: EpochMs,
  counts: FrameCounts,
  listener: TickListener,
): number {
  const length = view.byteLength;
  if (length === 1) {
    counts.heartbeats += 1;
    return 0;
  }
  if (!addsUp(view, length)) {
    counts.garbage += 1;
    return -1;
  }
  const packets = view.getUint16(0);
  let offset = 2;
  let ticks = 0;
  for (let i = 0; i < packets; i++) {
    const size = view.getUint16(offset);
    const at = offset + 2;
    offset = at + size;
    const token = view.getUint32(at);
    const price = view.getUint32(at + 4);
    const slot = columns.slotOf(token);
    if (slot < 0) counts.strangers += 1;
    else if (price === 0) counts.priceless += 1;
    else {
      const divisor = divisorOf(token);
      if (price > priceMax * divisor || outOfRange(view, at, size, price)) {
        counts.absurd += 1;
        continue;
      }
      if (columns.packetBytes[slot] !== size) columns.kindChanges(slot, size);
      columns.lastPrice[slot] = price / divisor;
      columns.arrived[slot] = arrived;
      if (size === 28 || size === 32) readIndex(view, at, size, columns, slot, divisor);
      else if (size >= 44) readTraded(view, at, size, columns, slot, divisor);
      listener(slot);
      ticks += 1;
    }
  }
  counts.ticks += ticks;
  return ticks;
}

/** Rupees. The dearest share of India costs a hundredth of it. */
const priceMax = 10_000_000;

/** A price of more than twice the day's high or less than half its low. Before the first trade of the day there is no range. */
function outOfRange(view: DataView, at: number, size: number, price: number): boolean {
  if (size === 8) return false;
  const range = size < 44 ? at + 8 : at + 32;
  const high = view.getUint32(range);
  const low = view.getUint32(range + 4);
  return high > 0 && low > 0 && (low > high || price > 2 * high || 2 * price < low);
}

/** Whether the packets fill the frame exactly, each of a length that is known. */
function addsUp(view: DataView, length: number): boolean {
  if (length < 4) return false;
  const packets = view.getUint16(0);
  let offset = 2;
  for (let i = 0; i < packets; i++) {
    if (offset + 2 > length) return false;
    const size = view.getUint16(offset);
    if (size !== 184 && size !== 44 && size !== 8 && size !== 32 && size !== 28) return false;
    offset += 2 + size;
  }
  return packets > 0 && offset === length;
}

/** The order of an index is high, low, open, close. */
function readIndex(
  view: DataView,
  at: number,
  size: number,
  columns: TickColumns,
  slot: number,
  divisor: number,
): void {
  columns.high[slot] = view.getUint32(at + 8) / divisor;
  columns.low[slot] = view.getUint32(at + 12) / divisor;
  columns.open[slot] = view.getUint32(at + 16) / divisor;
  columns.previousClose[slot] = view.getUint32(at + 20) / divisor;
  if (size === 32) columns.exchangeTime[slot] = instantAt(view, at + 28);
}

function readTraded(
  view: DataView,
  at: number,
  size: number,
  columns: TickColumns,
  slot: number,
  divisor: number,
): void {
  columns.lastQuantity[slot] = view.getUint32(at + 8);
  columns.averagePrice[slot] = view.getUint32(at + 12) / divisor;
  columns.volume[slot] = view.getUint32(at + 16);
  columns.buyQuantity[slot] = view.getUint32(at + 20);
  columns.sellQuantity[slot] = view.getUint32(at + 24);
  columns.open[slot] = view.getUint32(at + 28) / divisor;
  columns.high[slot] = view.getUint32(at + 32) / divisor;
  columns.low[slot] = view.getUint32(at + 36) / divisor;
  columns.previousClose[slot] = view.getUint32(at + 40) / divisor;
  if (size !== 184) return;
  columns.lastTradeTime[slot] = instantAt(view, at + 44);
  columns.openInterest[slot] = view.getUint32(at + 48);
  columns.openInterestHigh[slot] = view.getUint32(at + 52);
  columns.openInterestLow[slot] = view.getUint32(at + 56);
  columns.exchangeTime[slot] = instantAt(view, at + 60);
  readDepth(view, at + 64, columns, slot * 2 * depthLevels, divisor);
}

// Three fifths of a packet's figures: the columns are looked up once and not at every level.
function readDepth(
  view: DataView,
  at: number,
  { depthQuantity, depthPrice, depthOrders }: TickColumns,
  first: number,
  divisor: number,
): void {
  let from = at;
  for (let level = first; level < first + 2 * depthLevels; level++) {
    depthQuantity[level] = view.getUint32(from);
    depthPrice[level] = view.getUint32(from + 4) / divisor;
    depthOrders[level] = view.getUint16(from + 8);
    from += 12;
  }
}

/** Unix seconds; 0 says that there is no time. */
function instantAt(view: DataView, at: number): number {
  const seconds = view.getUint32(at);
  return seconds === 0 ? Number.NaN : seconds * 1_000;
}

/** Prices are whole multiples of a rupee divided by this: currencies have finer ones. The segment is the token's last byte. */
function divisorOf(token: number): number {
  const segment = token & 0xff;
  if (segment === 3) return 10_000_000;
  return segment === 6 ? 10_000 : 100;
}
