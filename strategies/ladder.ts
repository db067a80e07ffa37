import { crossesAbove, defineStrategy, int, percent } from 'algo/strategy';

export default defineStrategy({
  name: 'ladder',
  about:
    'Long in up to three positions when the close crosses above the 20-bar EMA while that is above the 50-bar EMA. The first has a ' +
    'stop 2.5 % below and a target 5 % above its price; the second joins once the first is more than 0.25 % ahead, with the same ' +
    'stop; the third once both together are more than 1 % ahead, with a stop 5 % below. When the first has met its target, the ' +
    'others run on with a stop 2.5 % below the highest close since.',
  timeframe: '15m',
  product: 'CNC',
  tags: ['trend', 'pyramid', 'long-only'],
  params: {
    fast: int(20, { min: 2, max: 100, about: 'bars of the quick average' }),
    slow: int(50, { min: 5, max: 400, about: 'bars of the steady average' }),
    firstStop: percent(2.5, { min: 0.1, max: 20, about: 'stop below the first two positions' }),
    firstTarget: percent(5, { min: 0.1, max: 50, about: 'target above the first position' }),
    secondAbove: percent(0.25, { min: 0, max: 20, about: 'lead of the first at which the second joins' }),
    thirdAbove: percent(1, { min: 0, max: 20, about: 'lead of both at which the third joins' }),
    thirdStop: percent(5, { min: 0.1, max: 20, about: 'stop below the third position' }),
    trail: percent(2.5, { min: 0.1, max: 20, about: 'stop below the highest close of the runners' }),
  },

  setup({ close, ema }, { fast, slow, firstStop, firstTarget, secondAbove, thirdAbove, thirdStop, trail }) {
    const quick = ema(close, fast);
    const steady = ema(close, slow);
    let positions = 0;
    let held = 0;
    let asked = false;
    let goal = Number.NaN;
    let best = Number.NaN;

    return {
      onBar({ position, buy, moveStop }) {
        if (position.entering) return;
        // A position counts once it has filled: what the gate refuses is asked for again on the next bar.
        if (asked && position.quantity > held) positions += 1;
        asked = false;
        held = position.quantity;

        if (position.flat) {
          positions = 0;
          goal = best = Number.NaN;
          if (quick.now > steady.now && crossesAbove(close, quick)) {
            buy({ stopLoss: firstStop, target: firstTarget, note: 'P1' });
            asked = true;
          }
          return;
        }
        if (best > 0) {
          if (close.now <= best) return;
          best = close.now;
          moveStop({ price: best * (1 - trail / 100) });
          return;
        }
        if (positions === 1) {
          goal = position.averagePrice * (1 + firstTarget / 100);
          if (position.profitPercent > secondAbove) {
            buy({ add: true, stopLoss: firstStop, note: 'P2' });
            asked = true;
          }
        } else if (positions === 2 && position.profitPercent > thirdAbove) {
          buy({ add: true, stopLoss: thirdStop, note: 'P3' });
          asked = true;
        }
      },

      onFill({ position, moveStop, bar }, { entry, price }) {
        // A tick below the goal is the goal, since targets stand on the tick grid.
        if (entry || position.flat || best > 0 || !(price >= goal * 0.999)) return;
        best = Math.max(bar.close, price);
        moveStop({ price: best * (1 - trail / 100) });
      },
    };
  },
});
