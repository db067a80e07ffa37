import { defineStrategy, int } from 'algo/strategy';

export default defineStrategy({
  name: 'opening_range_breakout',
  about:
    'Long when a bar closes above the high of the first 15 minutes, short when one closes below their low, ' +
    'once a day each; stop at the other side of that range, flat by the end of the day.',
  timeframe: '5m',
  product: 'MIS',
  params: { minutes: int(15, { min: 1, max: 180, step: 5, about: 'length of the opening range' }) },

  setup(_market, { minutes }) {
    let high = Number.NaN;
    let low = Number.NaN;
    let longs = 0;
    let shorts = 0;

    return {
      onBar({ bar, session, position, buy, sell }) {
        if (session.bar === 0) {
          high = bar.high;
          low = bar.low;
          longs = shorts = 0;
        }
        if (session.elapsed <= minutes) {
          high = Math.max(high, bar.high);
          low = Math.min(low, bar.low);
        } else if (position.flat && !position.entering) {
          if (bar.close > high && longs++ === 0) buy({ stopLoss: { price: low } });
          if (bar.close < low && shorts++ === 0) sell({ stopLoss: { price: high } });
        }
      },
    };
  },
});
