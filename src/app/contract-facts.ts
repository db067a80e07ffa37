import type { ContractFacts } from '../adapters/files/contract-rows.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Expiry, Rulebook } from '../domain/rulebook.ts';
import { dayNumberOf, type IsoDate, isoDateOfDay } from '../domain/time.ts';

/** What archived instrument lists tell, at any day. */
export interface ListedInstruments {
  lotOf(exchange: string, underlying: string, expiry: IsoDate): number | undefined;
  shareOfCode(exchange: string, code: string): string | undefined;
}

/** What dated rules and archived instrument lists know of contracts that a file names by their terms only. */
export function contractFacts(rulebook: Rulebook | undefined, listed?: ListedInstruments): ContractFacts {
  const months = new Map<string, readonly Expiry[]>();
  return {
    monthly(underlying, expiry) {
      if (!rulebook) return undefined;
      const name = `${underlying} ${expiry.slice(0, 7)}`;
      let known = months.get(name);
      if (!known) {
        known = expiriesOf(rulebook, underlying, expiry.slice(0, 7));
        months.set(name, known);
      }
      const found = known.find(({ date }) => date === expiry);
      return found && found.kind === 'monthly';
    },
    lotSize(exchange, { kind, underlying, expiry }) {
      const archived = listed?.lotOf(exchange, underlying, expiry);
      if (archived !== undefined) return archived > 1 ? archived : undefined;
      const rules = exchange === 'NFO' || exchange === 'BFO' || exchange === 'MCX' ? exchange : undefined;
      if (!rulebook || !rules) return undefined;
      const contract: Instrument = {
        ...{ key: `${exchange}:${underlying}`, exchange, tradingsymbol: underlying, rules, kind },
        ...{ tickSize: 0, lotSize: Number.NaN, underlying, expiry },
      };
      const lot = rulebook.contracts.lotSize(contract);
      return Number.isNaN(lot) ? undefined : lot;
    },
    shareOfCode: (exchange, code) => listed?.shareOfCode(exchange, code),
  };
}

/** Empty where the rules do not know the underlying or its days. */
function expiriesOf(rulebook: Rulebook, underlying: string, month: string): readonly Expiry[] {
  const first = dayNumberOf(`${month}-01`);
  try {
    return rulebook.contracts.expiries(underlying, isoDateOfDay(first), isoDateOfDay(first + 31));
  } catch {
    // Older than the tables, or an underlying they do not list: the file itself then tells.
    return [];
  }
}
