/*
 * Where an order meets the path of one bar. A bar tells open, high, low and close but not the order of its extremes,
 * so each question is answered against us. All prices in rupees; NaN means the order does not fill in this bar.
 */

/** What of a bar an order has before it: all of it, or what can still come after an entry inside the bar. */
export type Reach = 'whole-bar' | 'after-limit-entry' | 'after-stop-entry';

/** Price at which a stop triggers. `up` is true for a buy stop. A gap through it is paid at the open. */
export function stopTouch(
  up: boolean,
  trigger: number,
  open: number,
  high: number,
  low: number,
  reach: Reach,
): number {
  if (up) {
    if (reach === 'whole-bar' && open >= trigger) return open;
    return high >= trigger ? trigger : Number.NaN;
  }
  if (reach === 'whole-bar' && open <= trigger) return open;
  return low <= trigger ? trigger : Number.NaN;
}

/**
 * Price at which a limit order fills. `buys` is true for a buy. A gap in our favour fills at the open; otherwise the price has to
 * trade through, or merely touch it where `touch` says so. After a limit entry the favourable extreme may have come first,
 * so only the close is certain.
 */
export function limitTouch(
  buys: boolean,
  limit: number,
  open: number,
  high: number,
  low: number,
  close: number,
  reach: Reach,
  touch: boolean,
): number {
  if (buys) {
    if (reach === 'whole-bar' && open < limit) return open;
    const lowest = reach === 'after-limit-entry' ? close : low;
    return lowest < limit || (touch && lowest === limit) ? limit : Number.NaN;
  }
  if (reach === 'whole-bar' && open > limit) return open;
  const highest = reach === 'after-limit-entry' ? close : high;
  return highest > limit || (touch && highest === limit) ? limit : Number.NaN;
}
