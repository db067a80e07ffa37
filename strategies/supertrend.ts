import { crossesAbove, crossesBelow, defineStrategy, int, number } from 'algo/strategy';

export default defineStrategy({
  name: 'supertrend',
  about: 'Long when the SuperTrend of 10 bars and 3 ATRs turns up; out when it turns down.',
  timeframe: '15m',
  tags: ['trend', 'long-only'],
  params: {
    period: int(10, { min: 2, max: 100, about: 'bars of the ATR' }),
    multiplier: number(3, { min: 0.5, max: 10, step: 0.5, about: 'ATRs between price and band' }),
  },

  setup({ supertrend }, { period, multiplier }) {
    const { direction } = supertrend(period, multiplier);

    return {
      onBar({ position, buy, exit }) {
        if (position.flat && crossesAbove(direction, 0)) buy();
        if (position.long && crossesBelow(direction, 0)) exit();
      },
    };
  },
});
