import { defineStrategy, int, number } from 'algo/strategy';

export default defineStrategy({
  name: 'trend_strategy',
  about:
    'Long when the close is above the highest high of the 55 bars before while the 14-bar ADX is above 20; out when it ' +
    'is below the lowest low of the 20 bars before.',
  timeframe: 'day',
  tags: ['trend', 'breakout', 'long-only'],
  params: {
    entry: int(55, { min: 5, max: 250, step: 5, about: 'bars whose high is broken' }),
    leave: int(20, { min: 5, max: 250, step: 5, about: 'bars whose low ends the trade' }),
    strength: number(20, { min: 0, max: 60, step: 5, about: 'least ADX' }),
  },

  setup({ close, high, low, highest, lowest, adx }, { entry, leave, strength }) {
    const ceiling = highest(high, entry);
    const floor = lowest(low, leave);
    const direction = adx(14);

    return {
      onBar({ position, buy, exit }) {
        if (position.flat && close.now > ceiling.prev && direction.line.now > strength) buy();
        if (position.long && close.now < floor.prev) exit();
      },
    };
  },
});
