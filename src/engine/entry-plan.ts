import { StrategyError } from '../domain/errors.ts';
import type { OrderType } from '../domain/order.ts';
import type { Distance, EntryOptions } from '../strategy/trade.ts';
import { priceAway } from './distance.ts';
import { meanRange } from './mean-range.ts';
import type { Slot } from './slot.ts';
import type { StrategyRun } from './strategy-run.ts';

/** Which of Kite's order types an entry needs. */
export function entryType({ limit, trigger }: EntryOptions): OrderType {
  if (trigger !== undefined) return limit === undefined ? 'SL-M' : 'SL';
  return limit === undefined ? 'MARKET' : 'LIMIT';
}

/** Rupees at which an entry is expected: its limit, else its trigger, else the newest close. @throws StrategyError STRATEGY_ENTRY */
export function entryPrice(
  slot: Slot,
  { limit, trigger, stopLoss, target, trailingStop, bars }: EntryOptions,
): number {
  const price = limit ?? trigger ?? slot.close;
  if (!(price > 0 && price < Number.POSITIVE_INFINITY)) throw nonsense('price', price);
  if (bars !== undefined && !(bars >= 1)) throw nonsense('number of bars', bars);
  checkDistance(price, stopLoss);
  checkDistance(price, target);
  checkDistance(price, trailingStop);
  return price;
}

function checkDistance(price: number, distance: Distance | undefined): void {
  if (distance !== undefined && distance !== 0) priceAway(price, distance, 1);
}

/** Units of an entry: the strategy's own word, else the profile's sizing. Undefined when that is nothing, which is counted. */
export function entryQuantity(
  run: StrategyRun,
  direction: 1 | -1,
  price: number,
  options: EntryOptions,
): number | undefined {
  const { slot, engine, product } = run;
  if (options.quantity !== undefined) return options.quantity;
  if (options.lots !== undefined) return options.lots * slot.lotSize;
  const stop = options.stopLoss || options.trailingStop || undefined;
  const side = direction > 0 ? 'BUY' : 'SELL';
  const request = {
    instrument: slot.instrument,
    lotSize: slot.lotSize,
    price,
    stopDistance:
      stop === undefined ? Number.NaN : Math.abs(price - priceAway(price, stop, direction > 0 ? -1 : 1)),
    equityPaise: engine.account.equityPaise,
    peakEquityPaise: engine.account.peakEquityPaise,
    meanRange: (bars: number) => meanRange(slot, bars),
    charges: (quantity: number) => engine.desk.chargesOf(slot, side, product, quantity, price),
  };
  const whole = engine.sizing.quantity(request);
  const quantity = weighted(run, whole);
  if (quantity > 0) return quantity;
  run.refuse('SIZE_ZERO', () =>
    whole > 0
      ? `Of ${whole} units of ${slot.instrument.key} strategies.${run.name}.weight leaves less than ${slot.lotSize === 1 ? 'one' : `a lot of ${slot.lotSize}`}.`
      : engine.sizing.whyNothing(request),
  );
  return undefined;
}

/** Whole lots of what the sizing rule says, by the weight that the trader gives the strategy. */
function weighted({ engine, name, slot }: StrategyRun, quantity: number): number {
  const weight = engine.entryRules?.get(name)?.weight ?? 1;
  return weight === 1 ? quantity : Math.floor((quantity * weight) / slot.lotSize + 1e-9) * slot.lotSize;
}

function nonsense(what: string, value: number): StrategyError {
  return new StrategyError(
    'STRATEGY_ENTRY',
    `An entry with a ${what} of ${value} was asked for.`,
    `Check the ${what} before entering; NaN means an indicator is still warming up.`,
  );
}
