import { defineStrategy, int } from '#src/strategy/index.ts';
import ema20_50_intraday from '../../strategies/ema20_50_intraday.ts';
import fno_intraday_trend from '../../strategies/fno_intraday_trend.ts';
import mean_reversion_intraday from '../../strategies/mean_reversion_intraday.ts';
import supertrend from '../../strategies/supertrend.ts';
import vwap_filter from '../../strategies/vwap_filter.ts';
import { draws } from './world.ts';

/** Trades far more than anybody should, by nothing but its seed and the bar, so that the same bars bring the same orders. */
const busy = defineStrategy({
  name: 'busy',
  about:
    'Does something on most bars: enters at market, at a limit or a trigger, adds, reverses, moves its stop, leaves.',
  timeframe: '1m',
  product: 'MIS',
  params: { seed: int(1, { min: 1, max: 1_000_000_000, about: 'what it draws from' }) },
  setup: (_market, { seed }) => ({
    onBar({ position, bar, buy, sell, exit, cancelEntries, moveStop }) {
      const draw = draws(seed + Math.round(bar.close * 100) * 31 + Math.round(bar.time / 60_000) * 17);
      const deed = draw();
      const away = 0.05 + draw() * 0.4;
      const entry = {
        stopLoss: 0.1 + draw() * 0.5,
        ...(draw() < 0.5 && { target: 0.1 + draw() * 0.5 }),
        ...(draw() < 0.15 && { trailingStop: 0.2 + draw() * 0.4 }),
      };
      // A slip of the finger now and then, which the gate has to catch.
      const slip = draw();
      if (slip < 0.02) Object.assign(entry, { quantity: 5_000 });
      const long = draw() < 0.5;
      const side = long ? buy : sell;
      const price = bar.close * (1 + ((long ? -1 : 1) * away) / 100);
      if (slip > 0.97 && position.flat) side({ ...entry, limit: bar.close * (long ? 1.06 : 0.94) });
      else if (position.entering && deed < 0.3) cancelEntries();
      else if (position.flat) {
        if (deed < 0.45) side(entry);
        else if (deed < 0.6) side({ ...entry, limit: price, bars: 1 + Math.floor(draw() * 4) });
        else if (deed < 0.7)
          side({ ...entry, trigger: 2 * bar.close - price, bars: 1 + Math.floor(draw() * 4) });
      } else if (deed < 0.12) exit();
      else if (deed < 0.3) moveStop({ price: bar.close * (1 - (position.long ? 1 : -1) * (away / 100)) });
      else if (deed < 0.4) (position.long ? buy : sell)({ ...entry, add: true });
      else if (deed < 0.48) (position.long ? sell : buy)(entry);
    },
    onFill({ position, exit }, { entry, price }) {
      if (entry && !position.flat && Math.round(price * 20) % 13 === 0) exit();
    },
  }),
});

/** Strategies that a simulated session may run, the busy one first. */
export const strategies = [
  busy,
  ema20_50_intraday,
  mean_reversion_intraday,
  supertrend,
  vwap_filter,
  fno_intraday_trend,
] as const;
