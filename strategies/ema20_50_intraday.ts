import { clock, crossesAbove, crossesBelow, defineStrategy, int, percent } from 'algo/strategy';

export default defineStrategy({
  name: 'ema20_50_intraday',
  about:
    'Long when the 20-bar EMA crosses above the 50-bar EMA, short when it crosses below, until 14:30; a cross the other ' +
    'way ends the trade, flat by the end of the day.',
  timeframe: '5m',
  product: 'MIS',
  tags: ['intraday', 'trend', 'long-short'],
  params: {
    fast: int(20, { min: 2, max: 100, about: 'bars of the quick average' }),
    slow: int(50, { min: 5, max: 400, about: 'bars of the steady average' }),
    until: clock('14:30', { about: 'last entry' }),
    stopLoss: percent(1, { min: 0.1, max: 5, about: 'stop away from the entry' }),
  },

  setup({ close, ema }, { fast, slow, until, stopLoss }) {
    const quick = ema(close, fast);
    const steady = ema(close, slow);

    return {
      onBar({ session, position, buy, sell, exit }) {
        const up = crossesAbove(quick, steady);
        const down = crossesBelow(quick, steady);
        if ((position.long && down) || (position.short && up)) exit();
        if (session.minute > until) return;
        if (up) buy({ stopLoss });
        if (down) sell({ stopLoss });
      },
    };
  },
});
