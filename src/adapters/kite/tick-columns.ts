import { UsageError } from '../../domain/errors.ts';
import { kiteSockets, kiteTokensPerSocket } from '../../domain/kite-limits.ts';

/** Levels on either side of the book. */
export const depthLevels = 5;

/** Instruments that can be watched at once. */
export const tickerTokens = kiteSockets * kiteTokensPerSocket;

/**
 * The newest tick of each instrument as columns by slot: nothing is allocated when one comes. Rupees, units, epoch ms; NaN where the
 * instrument's mode or kind does not give a value. The first slots are those of the tokens given, in their order. Tokens may join
 * and leave; an instrument keeps its slot for as long as it is there, and the columns are the same arrays for life.
 */
export class TickColumns {
  /** NaN where a slot is free. */
  readonly tokens: Float64Array;
  readonly lastPrice: Float64Array;
  readonly lastQuantity: Float64Array;
  readonly averagePrice: Float64Array;
  /** Units since the day began. */
  readonly volume: Float64Array;
  readonly buyQuantity: Float64Array;
  readonly sellQuantity: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  /** Close of the day before. */
  readonly previousClose: Float64Array;
  readonly lastTradeTime: Float64Array;
  readonly openInterest: Float64Array;
  readonly openInterestHigh: Float64Array;
  readonly openInterestLow: Float64Array;
  readonly exchangeTime: Float64Array;
  /** When it came here; the only time that every tick has. */
  readonly arrived: Float64Array;
  /** Five bids, best first, then five asks, ten numbers a slot. */
  readonly depthPrice: Float64Array;
  readonly depthQuantity: Float64Array;
  readonly depthOrders: Float64Array;
  /** Bytes of the newest packet, which say what it gave; 0 before the first. */
  readonly packetBytes: Uint8Array;
  /** Open addressing: token in one column, slot in the other, -1 where free. */
  private readonly keys: Float64Array;
  private readonly places: Int32Array;
  private readonly mask: number;
  /** Slots that nobody has, the next to be given last. */
  private readonly free: number[];

  /** @throws UsageError USAGE_TOKENS beyond what Kite's three connections carry */
  constructor(tokens: readonly number[], capacity = tokens.length) {
    requireRoom(capacity, capacity);
    const column = (width = 1) => new Float64Array(capacity * width).fill(Number.NaN);
    this.tokens = column();
    this.lastPrice = column();
    this.lastQuantity = column();
    this.averagePrice = column();
    this.volume = column();
    this.buyQuantity = column();
    this.sellQuantity = column();
    this.open = column();
    this.high = column();
    this.low = column();
    this.previousClose = column();
    this.lastTradeTime = column();
    this.openInterest = column();
    this.openInterestHigh = column();
    this.openInterestLow = column();
    this.exchangeTime = column();
    this.arrived = column();
    this.depthPrice = column(2 * depthLevels);
    this.depthQuantity = column(2 * depthLevels);
    this.depthOrders = column(2 * depthLevels);
    this.packetBytes = new Uint8Array(capacity);
    let size = 16;
    while (size < capacity * 4) size *= 2;
    this.mask = size - 1;
    this.keys = new Float64Array(size).fill(-1);
    this.places = new Int32Array(size).fill(-1);
    this.free = Array.from({ length: capacity }, (_, at) => capacity - 1 - at);
    this.add(tokens);
  }

  /** Instruments that have a slot. */
  get count(): number {
    return this.tokens.length - this.free.length;
  }

  /** Those that are there already stay as they are. @throws UsageError USAGE_TOKENS when they do not all fit; then none joins */
  add(tokens: readonly number[]): void {
    const joining = [...new Set(tokens)].filter((token) => this.slotOf(token) < 0);
    requireRoom(this.count + joining.length, this.tokens.length);
    for (const token of joining) {
      const slot = this.free.pop() ?? -1;
      this.tokens[slot] = token;
      this.#enter(token, slot);
    }
  }

  /** Their slots are empty and will be given to others. */
  remove(tokens: readonly number[]): void {
    const slots = [...new Set(tokens)].map((token) => this.slotOf(token)).filter((slot) => slot >= 0);
    for (const slot of slots) {
      this.tokens[slot] = Number.NaN;
      this.lastPrice[slot] = Number.NaN;
      this.arrived[slot] = Number.NaN;
      this.kindChanges(slot, 0);
      this.free.push(slot);
    }
    // A hole in the middle of a chain would hide what lies behind it.
    this.keys.fill(-1);
    for (let slot = 0; slot < this.tokens.length; slot++)
      if (this.tokens[slot] >= 0) this.#enter(this.tokens[slot], slot);
  }

  /** A packet of another length comes for this slot. What the former one gave and this one does not would be old news for ever. */
  kindChanges(slot: number, bytes: number): void {
    this.packetBytes[slot] = bytes;
    for (const column of [
      this.lastQuantity,
      this.averagePrice,
      this.volume,
      this.buyQuantity,
      this.sellQuantity,
      this.open,
      this.high,
      this.low,
      this.previousClose,
      this.lastTradeTime,
      this.openInterest,
      this.openInterestHigh,
      this.openInterestLow,
      this.exchangeTime,
    ])
      column[slot] = Number.NaN;
    const first = slot * 2 * depthLevels;
    for (const column of [this.depthPrice, this.depthQuantity, this.depthOrders])
      column.fill(Number.NaN, first, first + 2 * depthLevels);
  }

  /** The slot of a token, -1 for one that is not there. */
  slotOf(token: number): number {
    let place = spread(token) & this.mask;
    while (this.keys[place] !== token) {
      if (this.keys[place] < 0) return -1;
      place = (place + 1) & this.mask;
    }
    return this.places[place];
  }

  #enter(token: number, slot: number): void {
    let place = spread(token) & this.mask;
    while (this.keys[place] >= 0) place = (place + 1) & this.mask;
    this.keys[place] = token;
    this.places[place] = slot;
  }
}

/** @throws UsageError USAGE_TOKENS */
function requireRoom(wanted: number, capacity: number): void {
  const room = Math.min(capacity, tickerTokens);
  if (wanted <= room) return;
  throw new UsageError(
    'USAGE_TOKENS',
    `${wanted} instruments were asked for at once, and there is room for ${room}. Kite's ${kiteSockets} connections carry ${tickerTokens}.`,
    'Watch fewer instruments, or unsubscribe some first.',
  );
}

/** Tokens of one segment differ in their upper bytes only. */
function spread(token: number): number {
  return Math.imul(token >>> 8, 0x9e3779b1) ^ token;
}

/** A tick as an object, for whoever wants one; the hot path does not. */
export function tickAt(columns: TickColumns, slot: number) {
  return {
    token: columns.tokens[slot],
    lastPrice: columns.lastPrice[slot],
    lastQuantity: columns.lastQuantity[slot],
    averagePrice: columns.averagePrice[slot],
    volume: columns.volume[slot],
    buyQuantity: columns.buyQuantity[slot],
    sellQuantity: columns.sellQuantity[slot],
    open: columns.open[slot],
    high: columns.high[slot],
    low: columns.low[slot],
    previousClose: columns.previousClose[slot],
    lastTradeTime: columns.lastTradeTime[slot],
    openInterest: columns.openInterest[slot],
    exchangeTime: columns.exchangeTime[slot],
    arrived: columns.arrived[slot],
    bids: levelsAt(columns, slot * 2 * depthLevels),
    asks: levelsAt(columns, (slot * 2 + 1) * depthLevels),
  };
}

function levelsAt({ depthPrice, depthQuantity, depthOrders }: TickColumns, first: number) {
  // Written out: with lists built by a callback a tick as an object took four times as long (npm run bench -- ticks).
  return [
    { price: depthPrice[first], quantity: depthQuantity[first], orders: depthOrders[first] },
    { price: depthPrice[first + 1], quantity: depthQuantity[first + 1], orders: depthOrders[first + 1] },
    { price: depthPrice[first + 2], quantity: depthQuantity[first + 2], orders: depthOrders[first + 2] },
    { price: depthPrice[first + 3], quantity: depthQuantity[first + 3], orders: depthOrders[first + 3] },
    { price: depthPrice[first + 4], quantity: depthQuantity[first + 4], orders: depthOrders[first + 4] },
  ];
}
