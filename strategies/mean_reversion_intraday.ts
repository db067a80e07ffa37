import { clock, defineStrategy, int, number, percent } from 'algo/strategy';

export default defineStrategy({
  name: 'mean_reversion_intraday',
  about:
    'Between 09:45 and 14:45, long when the close stands 2 standard deviations below its 20-bar mean, short when it ' +
    'stands 2 above; out when it is back at the mean, or at a stop 0.75 percent away, flat by the end of the day.',
  timeframe: '5m',
  product: 'MIS',
  tags: ['intraday', 'mean-reversion', 'long-short'],
  params: {
    period: int(20, { min: 5, max: 200, about: 'bars of mean and deviation' }),
    stretch: number(2, { min: 0.5, max: 4, step: 0.25, about: 'deviations from the mean that are too far' }),
    from: clock('09:45', { about: 'first entry' }),
    until: clock('14:45', { about: 'last entry' }),
    stopLoss: percent(0.75, { min: 0.1, max: 5, about: 'stop away from the entry' }),
  },

  setup({ close, zscore }, { period, stretch, from, until, stopLoss }) {
    const distance = zscore(close, period);

    return {
      onBar({ session, position, buy, sell, exit }) {
        const open = session.minute >= from && session.minute <= until;
        if (position.flat && open && distance.now <= -stretch) buy({ stopLoss });
        if (position.flat && open && distance.now >= stretch) sell({ stopLoss });
        if (position.long && distance.now >= 0) exit();
        if (position.short && distance.now <= 0) exit();
      },
    };
  },
});
