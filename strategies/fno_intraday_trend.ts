import { clock, crossesAbove, crossesBelow, defineStrategy, int, number } from 'algo/strategy';

export default defineStrategy({
  name: 'fno_intraday_trend',
  about:
    "Long when the close crosses above the session's VWAP while the 20-bar EMA is above the 50-bar EMA, short when it crosses below " +
    'while the 20-bar EMA is under the 50-bar EMA, between 09:45 and 14:45; a stop of 2.5 ATR follows the best close, and the trade ' +
    'ends when the averages turn, flat by the end of the day.',
  timeframe: '5m',
  product: 'MIS',
  tags: ['intraday', 'trend', 'long-short', 'futures'],
  params: {
    fast: int(20, { min: 2, max: 100, about: 'bars of the quick average' }),
    slow: int(50, { min: 5, max: 400, about: 'bars of the steady average' }),
    from: clock('09:45', { about: 'first entry' }),
    until: clock('14:45', { about: 'last entry' }),
    distance: number(2.5, { min: 0.5, max: 10, step: 0.5, about: 'stop in ATR of 14 bars' }),
  },

  setup({ close, ema, vwap, atr }, { fast, slow, from, until, distance }) {
    const quick = ema(close, fast);
    const steady = ema(close, slow);
    const fair = vwap();
    const range = atr(14);

    return {
      onBar({ session, position, buy, sell, exit }) {
        const up = quick.now > steady.now;
        const down = quick.now < steady.now;
        if ((position.long && down) || (position.short && up)) exit();
        if (!position.flat || session.minute < from || session.minute > until) return;
        const trailingStop = { points: distance * range.now };
        if (up && crossesAbove(close, fair)) buy({ trailingStop });
        if (down && crossesBelow(close, fair)) sell({ trailingStop });
      },
    };
  },
});
