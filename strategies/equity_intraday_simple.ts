import { defineStrategy, percent } from 'algo/strategy';

export default defineStrategy({
  name: 'equity_intraday_simple',
  about:
    "At 09:45, long when the price is above both the day's open and the VWAP, short when it is below both; stop 1 percent, " +
    'target 2 percent, flat by the end of the day.',
  timeframe: '5m',
  product: 'MIS',
  tags: ['intraday', 'momentum', 'long-short'],
  params: {
    stopLoss: percent(1, { min: 0.1, max: 5, about: 'stop away from the entry' }),
    target: percent(2, { min: 0.2, max: 10, about: 'target away from the entry' }),
  },

  setup({ close, open, vwap }, { stopLoss, target }) {
    const fair = vwap();

    return {
      at: {
        '09:45'({ session, buy, sell }) {
          const dayOpen = open.ago(session.bar);
          if (close.now > dayOpen && close.now > fair.now) buy({ stopLoss, target });
          if (close.now < dayOpen && close.now < fair.now) sell({ stopLoss, target });
        },
      },
    };
  },
});
