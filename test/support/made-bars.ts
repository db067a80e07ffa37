import { BarSeries } from '../../src/domain/bar-series.ts';

/** Prices of a bounded random walk on a 0.05 grid, the same on every machine: a linear congruential generator draws the steps. */
export function madeBars(length: number, seed = 7): BarSeries {
  const bars = new BarSeries('TEST:MADE', '1m', length);
  let state = seed;
  const draw = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) / 0x7fffff;
  };
  let close = 1_000;
  for (let row = 0; row < length; row++) {
    const open = onGrid(close + (draw() - 0.5) * 4);
    close = onGrid(open + (draw() - 0.5) * 12 + (1_000 - open) / 50);
    const high = onGrid(Math.max(open, close) + draw() * 5);
    const low = onGrid(Math.min(open, close) - draw() * 5);
    bars.append(row * 60_000, open, high, low, close, Math.floor(draw() * 1_000));
  }
  return bars;
}

function onGrid(price: number): number {
  return Math.round(price * 20) / 20;
}
