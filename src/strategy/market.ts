import { StrategyError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { didYouMean } from '../domain/nearest.ts';
import type { MarketView } from '../indicators/market-view.ts';

/** What `setup` receives: one instrument, its prices and the indicators that can be drawn on them. */
export interface Market extends MarketView {
  readonly instrument: Instrument;
}

/** The market of one instrument. Asking it for something it does not have says so, instead of "undefined is not a function". */
export function marketOf(view: MarketView, instrument: Instrument): Market {
  return outspoken<Market>({ ...view, every: (timeframe) => outspoken(view.every(timeframe)), instrument });
}

function outspoken<View extends MarketView>(view: View): View {
  return new Proxy(view, {
    get(target, name) {
      if (typeof name === 'string' && !(name in target)) throw unknownName(name, Object.keys(target));
      return Reflect.get(target, name);
    },
  });
}

function unknownName(name: string, known: readonly string[]): StrategyError {
  const hint = didYouMean(name, known);
  return new StrategyError(
    'STRATEGY_INDICATOR',
    `The market has no "${name}".${hint}`,
    `A strategy's market offers ${known.join(', ')}.`,
  );
}
