import { clockOf, isoDateOfDay, weekdayNames, weekdayOf } from '../../domain/time.ts';
import type { DayWindow, EntryRulesByStrategy } from '../entry-rules.ts';
import type { RiskRule } from '../ports.ts';

/** The trader's own rules for single strategies: hours, weekdays and sides in which they may enter. */
export function entryRules(byStrategy: EntryRulesByStrategy): readonly RiskRule[] {
  const windowsOf = (strategy: string): readonly DayWindow[] => byStrategy.get(strategy)?.windows ?? [];
  return [
    {
      code: 'RISK_ENTRY_WINDOW',
      entriesOnly: true,
      allows({ strategy }, { minute }) {
        const windows = windowsOf(strategy);
        return windows.length === 0 || windows.some(({ from, to }) => from <= minute && minute < to);
      },
      why: ({ key, strategy }, { minute }) =>
        `No entry in ${key} at ${clockOf(minute)}: strategies.${strategy}.entryWindows are ${windowsOf(strategy).map(windowText).join(', ')}.`,
    },
    {
      code: 'RISK_WEEKDAY',
      entriesOnly: true,
      allows: ({ strategy }, { dayNumber }) =>
        !(byStrategy.get(strategy)?.skipWeekdays.includes(weekdayOf(dayNumber)) ?? false),
      why: ({ key, strategy }, { dayNumber }) =>
        `No entry in ${key} on ${isoDateOfDay(dayNumber)}: strategies.${strategy}.skipWeekdays has ${weekdayNames[weekdayOf(dayNumber)].toLowerCase()}.`,
    },
    {
      code: 'RISK_SIDE',
      entriesOnly: true,
      allows({ strategy, side }) {
        const allowed = byStrategy.get(strategy)?.side ?? 'both';
        return allowed === 'both' || (allowed === 'long') === (side === 'BUY');
      },
      why: ({ key, strategy, side }) =>
        `No ${side} entry in ${key}: strategies.${strategy}.side is ${byStrategy.get(strategy)?.side}.`,
    },
  ];
}

function windowText({ from, to }: DayWindow): string {
  return `${clockOf(from)}-${clockOf(to)}`;
}
