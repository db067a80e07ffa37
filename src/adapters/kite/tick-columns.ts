import { UsageError } from '../../domain/errors.ts';
import { kiteSockets, kiteTokensPerSocket } from '../../domain/kite-limits.ts';

/** Levels on either side of the book. */
export const depthLevels = 5;

/**
 * The newest tick of each instrument as columns by slot: nothing is allocated when one comes. Rupees, units, epoch ms; NaN where the
 * instrument's mode or kind does not give a value. The order of slots is the order of the tokens given.
 */
export class TickColumns {
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
  /** Open addressing: token in one column, slot in the other, -1 where free. */
  private readonly keys: Float64Array;
  private readonly places: Int32Array;
  private readonly mask: number;

  /** @throws UsageError USAGE_TOKENS beyond what Kite's three connections carry */
  constructor(tokens: readonly number[]) {
    const most = kiteSockets * kiteTokensPerSocket;
    if (tokens.length > most)
      throw new UsageError(
        'USAGE_TOKENS',
        `${tokens.length} instruments were asked for, and Kite's ${kiteSockets} connections carry ${most}.`,
        'Watch fewer instruments.',
      );
    const { length } = tokens;
    const column = (width = 1) => new Float64Array(length * width).fill(Number.NaN);
    this.tokens = Float64Array.from(tokens);
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
    let size = 16;
    while (size < length * 4) size *= 2;
    this.mask = size - 1;
    this.keys = new Float64Array(size).fill(-1);
    this.places = new Int32Array(size).fill(-1);
    tokens.forEach((token, slot) => {
      let place = spread(token) & this.mask;
      while (this.keys[place] >= 0 && this.keys[place] !== token) place = (place + 1) & this.mask;
      this.keys[place] = token;
      this.places[place] = slot;
    });
  }

  /** The slot of a token, -1 for one that was not given. */
  slotOf(token: number): number {
    let place = spread(token) & this.mask;
    while (this.keys[place] !== token) {
      if (this.keys[place] < 0) return -1;
      place = (place + 1) & this.mask;
    }
    return this.places[place];
  }
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
