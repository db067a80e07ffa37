import { crossesAbove, crossesBelow, defineStrategy, int, percent } from 'algo/strategy';

export default defineStrategy({
  name: 'ema20_50',
  about: 'Long when the 20-bar EMA crosses above the 50-bar EMA; out when it crosses back below.',
  timeframe: '15m',
  params: { fast: int(20), slow: int(50), stopLoss: percent(1.5) },

  setup({ close, ema }, { fast, slow, stopLoss }) {
    const quick = ema(close, fast);
    const steady = ema(close, slow);

    return {
      onBar({ position, buy, exit }) {
        if (position.flat && crossesAbove(quick, steady)) buy({ stopLoss });
        if (position.long && crossesBelow(quick, steady)) exit();
      },
    };
  },
});
