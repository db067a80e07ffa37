import { defineStrategy, percent } from 'algo/strategy';

export default defineStrategy({
  name: 'gap_fade',
  about:
    'When the day opens 0.75 to 3 percent away from the last close, and its first bar has not closed the gap, trades back ' +
    'towards that close: target the last close, stop 1 percent, flat by the end of the day.',
  timeframe: '15m',
  product: 'MIS',
  tags: ['intraday', 'gap', 'mean-reversion', 'long-short'],
  params: {
    least: percent(0.75, { min: 0.1, max: 10, step: 0.25, about: 'smallest gap worth fading' }),
    most: percent(3, { min: 0.5, max: 20, step: 0.5, about: 'a larger gap has a reason' }),
    stopLoss: percent(1, { min: 0.1, max: 5, about: 'stop away from the entry' }),
  },

  setup({ close, open }, { least, most, stopLoss }) {
    return {
      onBar({ session, buy, sell }) {
        if (session.bar !== 0) return;
        const last = close.prev;
        const gap = (open.now / last - 1) * 100;
        const target = { price: last };
        if (gap >= least && gap <= most && close.now > last) sell({ stopLoss, target });
        if (gap <= -least && gap >= -most && close.now < last) buy({ stopLoss, target });
      },
    };
  },
});
