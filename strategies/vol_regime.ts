import { defineStrategy, int, number } from 'algo/strategy';

export default defineStrategy({
  name: 'vol_regime',
  about:
    'Long while the 20-bar EMA is above the 100-bar EMA and the market is calm, its Bollinger width below its own 100-bar ' +
    'mean; out when the trend turns or the width is more than 1.5 times that mean.',
  timeframe: 'day',
  tags: ['trend', 'volatility', 'long-only'],
  params: {
    fast: int(20, { min: 2, max: 100, about: 'bars of the quick average' }),
    slow: int(100, { min: 10, max: 400, step: 10, about: 'bars of the steady average' }),
    usual: int(100, { min: 20, max: 400, step: 10, about: 'bars of the mean width' }),
    stormy: number(1.5, { min: 1, max: 4, step: 0.1, about: 'times the mean width that ends the trade' }),
  },

  setup({ close, ema, sma, bollinger }, { fast, slow, usual, stormy }) {
    const quick = ema(close, fast);
    const steady = ema(close, slow);
    const { width } = bollinger(close, 20, 2);
    const normal = sma(width, usual);

    return {
      onBar({ position, buy, exit }) {
        const rising = quick.now > steady.now;
        if (position.flat && rising && width.now < normal.now) buy();
        if (position.long && (!rising || width.now > stormy * normal.now)) exit();
      },
    };
  },
});
