import type { OrderIntent } from '../../domain/order.ts';
import type { OrderFacts, RiskRule } from '../ports.ts';

/** Entries of a day, those that ended without a fill not counted, stay below a number: in all, of a strategy, or in an instrument. */
export function fewEnoughToday(key: DayLimit, most: number): RiskRule {
  const { code, whose, count } = dayLimits[key];
  return {
    code,
    entriesOnly: true,
    allows: (order, facts) => count(order, facts) < most,
    why: (order, facts) =>
      `No entry in ${order.key}: ${count(order, facts)} were made today${whose(order)}, and risk.${key} is ${most}.`,
  };
}

type DayLimit = 'maxEntriesPerDay' | 'maxStrategyEntriesPerDay' | 'maxInstrumentEntriesPerDay';

const dayLimits: Readonly<
  Record<
    DayLimit,
    {
      readonly code: string;
      readonly whose: (order: OrderIntent) => string;
      readonly count: (order: OrderIntent, facts: OrderFacts) => number;
    }
  >
> = {
  maxEntriesPerDay: {
    code: 'RISK_ENTRIES_DAY',
    whose: () => '',
    count: (_order, { book, dayNumber }) => book.entriesOn(dayNumber),
  },
  maxStrategyEntriesPerDay: {
    code: 'RISK_STRATEGY_DAY',
    whose: ({ strategy }) => ` by ${strategy}`,
    count: ({ strategy }, { book, dayNumber }) => book.entriesOn(dayNumber, { strategy }),
  },
  maxInstrumentEntriesPerDay: {
    code: 'RISK_INSTRUMENT_DAY',
    whose: () => ' in it',
    count: ({ key }, { book, dayNumber }) => book.entriesOn(dayNumber, { key }),
  },
};
