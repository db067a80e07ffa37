import type { ChargeModel } from './charges.ts';
import { chargeLines } from './charges.ts';
import { UsageError } from './errors.ts';
import { roundHalfUp } from './money.ts';
import { didYouMean } from './nearest.ts';

const lineCount = chargeLines.length;

/** Nothing costs anything. */
export const noCharges: ChargeModel = {
  name: 'none',
  estimate: () => 0,
  settle(_instrument, _dayNumber, orders, out) {
    clear(out, orders.length);
  },
};

/** The same percent of value for every order, on the brokerage line. */
function flatCharges(percent: number): ChargeModel {
  const share = percent / 100;
  return {
    name: `flat:${percent}%`,
    estimate: (_instrument, _dayNumber, order) => roundHalfUp(order.valuePaise * share),
    settle(_instrument, _dayNumber, orders, out) {
      clear(out, orders.length);
      for (let i = 0; i < orders.length; i++) out[i * lineCount] = roundHalfUp(orders[i].valuePaise * share);
    },
  };
}

/** No charges yet for so many orders. For a handful of numbers a loop is quicker than the built-in. */
function clear(out: Float64Array, orders: number): void {
  for (let i = 0; i < orders * lineCount; i++) out[i] = 0;
}

/** Reads `zerodha`, `none` or `flat:0.1%`. @throws UsageError USAGE_CHARGES */
export function chargeModelOf(name: string, zerodha: () => ChargeModel): ChargeModel {
  const word = name.trim().toLowerCase();
  if (word === 'zerodha') return zerodha();
  if (word === 'none') return noCharges;
  const percent = Number(/^flat:(\d+(?:\.\d+)?)%?$/.exec(word)?.[1] ?? Number.NaN);
  if (percent >= 0 && percent <= 100) return flatCharges(percent);
  const hint = didYouMean(word, ['zerodha', 'none', 'flat:0.1%']);
  throw new UsageError(
    'USAGE_CHARGES',
    `Unknown charges "${name}".${hint}`,
    'Use zerodha, none, or a percent of value such as flat:0.1%.',
  );
}
