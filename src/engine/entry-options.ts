import { StrategyError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';
import type { EntryOptions } from '../strategy/trade.ts';

// Typed by the interface, so that an option added there is missed here by the compiler and not by a trader.
const known: Readonly<Record<keyof EntryOptions, true>> = {
  stopLoss: true,
  target: true,
  trailingStop: true,
  limit: true,
  trigger: true,
  bars: true,
  quantity: true,
  lots: true,
  add: true,
  note: true,
};

/**
 * Looks at what a strategy asks for beside its entry. User files are not type-checked, and a misspelt `stoploss` would
 * be a position without a stop.
 *
 * @throws StrategyError STRATEGY_ENTRY
 */
export function checkEntryOptions(options: EntryOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new StrategyError(
      'STRATEGY_ENTRY',
      `An entry was asked for with ${options}, expected options in braces or nothing.`,
      'Write it like buy({ stopLoss: 2, quantity: 10 }).',
    );
  }
  for (const name in options) {
    if (known[name as keyof EntryOptions] === true) continue;
    const names = Object.keys(known);
    throw new StrategyError(
      'STRATEGY_ENTRY',
      `An entry has no option "${name}".${didYouMean(name, names)}`,
      `Its options are ${names.join(', ')}.`,
    );
  }
  checkNumber('quantity', options.quantity);
  checkNumber('lots', options.lots);
}

function checkNumber(name: 'quantity' | 'lots', value: unknown): void {
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return;
  throw new StrategyError(
    'STRATEGY_ENTRY',
    `The ${name} of an entry was ${typeof value === 'number' ? value : JSON.stringify(value)}, expected a whole number.`,
    `Give ${name} as a number, or leave it out for the profile's sizing.`,
  );
}
