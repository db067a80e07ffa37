import { crossesAbove, crossesBelow, defineStrategy, int, percent } from 'algo/strategy';

export default defineStrategy({
  name: 'htf_trend',
  about:
    'Long when the close crosses above its 20-bar EMA while the last closed hour is above the 50-hour EMA; out when ' +
    'the close crosses back below, or an hour closes under that EMA.',
  timeframe: '15m',
  tags: ['trend', 'two-timeframes', 'long-only'],
  params: {
    entry: int(20, { min: 2, max: 200, about: 'bars of the average that times the entry' }),
    trend: int(50, { min: 2, max: 500, about: 'hours of the average that tells the trend' }),
    stopLoss: percent(1.5, { min: 0.1, max: 20, about: 'stop below the entry' }),
  },

  setup({ close, ema, every }, { entry, trend, stopLoss }) {
    const average = ema(close, entry);
    const hour = every('1h');
    const slow = hour.ema(hour.close, trend);

    return {
      onBar({ position, buy, exit }) {
        const rising = hour.close.now > slow.now;
        if (position.flat && rising && crossesAbove(close, average)) buy({ stopLoss });
        if (position.long && (!rising || crossesBelow(close, average))) exit();
      },
    };
  },
});
