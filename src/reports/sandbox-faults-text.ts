import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

interface FaultRow {
  readonly name: string;
  readonly about: string;
  readonly probability?: number | undefined;
  readonly count?: number | undefined;
  readonly path?: string | undefined;
  readonly method?: string | undefined;
  readonly user?: string | undefined;
  readonly forMs?: number | undefined;
  readonly value?: number | undefined;
  readonly applied: number;
  readonly struck: number;
}

/** The faults that are switched on, and below them how often each has struck since the sandbox started. */
export function sandboxFaultsText(
  faults: { readonly faults: readonly FaultRow[]; readonly struck: Readonly<Record<string, number>> },
  screen: Screen,
): string {
  const totals = Object.entries(faults.struck).map(([name, times]) => `${name} ${times}`);
  const since = totals.length > 0 ? [`Struck since the sandbox started: ${totals.join(', ')}.`] : [];
  return tableText(
    {
      columns: [
        'fault',
        'chance',
        'where',
        'value',
        'ends',
        'struck',
        { title: 'what happens', optional: true },
      ],
      rows: faults.faults.map((rule) => [
        rule.name,
        rule.probability ?? 1,
        [rule.method, rule.path, rule.user].filter(Boolean).join(' ') || 'everywhere',
        rule.value,
        endOf(rule),
        `${rule.struck} of ${rule.applied}`,
        rule.about,
      ]),
      notes: since,
      empty: ['No fault is switched on.', ...since].join('\n'),
    },
    screen,
  );
}

function endOf({ count, forMs }: FaultRow): string {
  const ends = [
    ...(count === undefined ? [] : [`after ${count}`]),
    ...(forMs === undefined ? [] : [`in ${forMs / 1_000} s of its clock`]),
  ];
  return ends.join(' or ') || 'never';
}
