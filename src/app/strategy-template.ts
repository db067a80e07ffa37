/** A new strategy's file: complete, so that it can be run before a line is changed. */
export function strategyTemplate(name: string): string {
  return `import { crossesAbove, crossesBelow, defineStrategy, int, percent } from 'algo/strategy';

export default defineStrategy({
  name: '${name}',
  // The sentence that is the strategy. Write it first; the code below says the same thing again.
  about: 'Long when the close crosses above its 20-bar average; out when it crosses back below.',
  timeframe: '15m',
  // Each can be set with --param: algo backtest --strategy ${name} --param period=30
  params: {
    period: int(20, { min: 2, max: 200, about: 'bars of the average' }),
    stopLoss: percent(1.5, { min: 0.1, about: 'stop below the entry' }),
  },

  // Runs once for each instrument. Indicators are created here and nowhere else.
  // Prices: open, high, low, close, volume, hl2, hlc3. Indicators: sma, ema, rsi, atr, vwap, highest, lowest.
  setup({ close, sma }, { period, stopLoss }) {
    const average = sma(close, period);

    return {
      // Runs on every closed bar. A line offers now, prev and ago(n); NaN while it warms up, and NaN never crosses.
      // Also here: bar, session, equity, sell, cancelEntries, moveStop.
      onBar({ position, buy, exit }) {
        if (position.flat && crossesAbove(close, average)) buy({ stopLoss });
        if (position.long && crossesBelow(close, average)) exit();
      },
    };
  },
});
`;
}
