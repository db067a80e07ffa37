import { crossesAbove, crossesBelow, defineStrategy, int, percent } from 'algo/strategy';

export default defineStrategy({
  name: 'vwap_filter',
  about:
    "Long when the 9-bar EMA crosses above the 21-bar EMA above the session's VWAP, short when it crosses below " +
    'under the VWAP; out when the close is back across the VWAP, flat by the end of the day.',
  timeframe: '5m',
  product: 'MIS',
  tags: ['intraday', 'trend', 'long-short'],
  params: {
    fast: int(9, { min: 2, max: 50, about: 'bars of the quick average' }),
    slow: int(21, { min: 3, max: 200, about: 'bars of the steady average' }),
    stopLoss: percent(0.75, { min: 0.1, max: 5, about: 'stop away from the entry' }),
  },

  setup({ close, ema, vwap }, { fast, slow, stopLoss }) {
    const quick = ema(close, fast);
    const steady = ema(close, slow);
    const fair = vwap();

    return {
      onBar({ position, buy, sell, exit }) {
        const above = close.now > fair.now;
        const below = close.now < fair.now;
        if (position.flat && above && crossesAbove(quick, steady)) buy({ stopLoss });
        if (position.flat && below && crossesBelow(quick, steady)) sell({ stopLoss });
        if ((position.long && below) || (position.short && above)) exit();
      },
    };
  },
});
