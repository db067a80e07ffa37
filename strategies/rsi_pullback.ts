import { crossesAbove, defineStrategy, int, number, percent } from 'algo/strategy';

export default defineStrategy({
  name: 'rsi_pullback',
  about:
    'Long when the 14-bar RSI comes back above 30 while the close is above its 200-bar average; ' +
    'out when the RSI is above 55, or at a stop 2 percent below the entry.',
  timeframe: '15m',
  params: {
    period: int(14, { min: 2, max: 100, about: 'bars of the RSI' }),
    trend: int(200, { min: 2, max: 1000, step: 10, about: 'bars of the average that tells the trend' }),
    oversold: number(30, { min: 1, max: 50, step: 1, about: 'RSI that ends a pullback' }),
    recovered: number(55, { min: 50, max: 99, step: 1, about: 'RSI at which the trade is done' }),
    stopLoss: percent(2, { min: 0.1, about: 'stop below the entry' }),
  },

  setup({ close, rsi, sma }, { period, trend, oversold, recovered, stopLoss }) {
    const strength = rsi(close, period);
    const average = sma(close, trend);

    return {
      onBar({ position, buy, exit }) {
        const rising = close.now > average.now;
        if (position.flat && rising && crossesAbove(strength, oversold)) buy({ stopLoss });
        if (position.long && strength.now > recovered) exit();
      },
    };
  },
});
