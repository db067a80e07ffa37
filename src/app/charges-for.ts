import type { ChargeModel } from '../domain/charges.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Rulebook } from '../domain/rulebook.ts';

export interface ChosenCharges {
  readonly model: ChargeModel;
  readonly warnings: readonly string[];
}

/**
 * The charges of a run. Zerodha bills neither an index nor a market outside India, so such instruments are traded free of charge
 * and the report says so.
 */
export function chargesFor(
  name: string,
  instruments: readonly Instrument[],
  rulebook: Rulebook,
): ChosenCharges {
  const model = rulebook.charges(name);
  const free = name === 'zerodha' ? instruments.filter(isFree) : [];
  if (free.length === 0) return { model, warnings: [] };
  const none = rulebook.charges('none');
  const modelOf = (instrument: Instrument) => (isFree(instrument) ? none : model);
  return {
    model: {
      name: free.length === instruments.length ? 'none' : model.name,
      estimate: (instrument, dayNumber, order) => modelOf(instrument).estimate(instrument, dayNumber, order),
      settle: (instrument, dayNumber, orders, out) =>
        modelOf(instrument).settle(instrument, dayNumber, orders, out),
      ...(model.unverified && {
        unverified: (instrument, from, to) => modelOf(instrument).unverified?.(instrument, from, to) ?? [],
      }),
    },
    warnings: free.map(({ key, kind }) =>
      kind === 'INDEX'
        ? `${key} is an index, which nobody can buy: its trades bear no charges. Its future or an index fund shows what they would cost.`
        : `${key} follows no Indian market's rules: its trades bear no charges unless --charges flat:… says so.`,
    ),
  };
}

function isFree({ kind, rules }: Instrument): boolean {
  return kind === 'INDEX' || rules === 'none';
}
