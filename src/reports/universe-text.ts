import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

export interface UniverseListDocument {
  readonly universes: readonly {
    readonly name: string;
    readonly origin: string;
    /** From which day on these are its members; null where the list has no date. */
    readonly day: string | null;
    readonly instruments: number;
  }[];
  /** What `F&O` stands for; undefined when no list of NFO is imported. */
  readonly derivatives: { readonly origin: string; readonly instruments: number } | undefined;
}

export interface UniverseMemberRow {
  readonly instrument: string;
  readonly sector: string | null;
  /** Stored timeframes and the day of the newest bar of each. */
  readonly stored: readonly { readonly timeframe: string; readonly to: string }[];
  /** Why nothing is stored; null where something is. */
  readonly why: string | null;
}

export interface UniversePage {
  readonly name: string;
  readonly origin: string;
  readonly day: string | null;
  /** The day for which the members were asked. */
  readonly asOf: string;
  readonly members: readonly UniverseMemberRow[];
  readonly missing: number;
}

export interface SavedUniverse {
  readonly name: string;
  readonly file: string;
  readonly instruments: number;
  readonly sectors: number;
  /** Members without stored bars. */
  readonly missing: number;
}

export interface RemovedUniverse {
  readonly name: string;
  readonly removed: readonly string[];
}

export function universeListText({ universes, derivatives }: UniverseListDocument, screen: Screen): string {
  return tableText(
    {
      columns: ['universe', 'instruments', 'members from', 'where it stands'],
      rows: universes.map(({ name, instruments, day, origin }) => [name, instruments, day ?? '-', origin]),
      empty: 'No universe is saved.',
      notes: [
        derivatives
          ? `fno (F&O) stands for ${derivatives.instruments} shares: ${derivatives.origin}.`
          : 'fno (F&O) stands for nothing yet: algo instruments sync, or import, brings the list of NFO.',
        'all is everything stored, synthetic the invented market. Make one with algo universe save or import.',
      ],
    },
    screen,
  );
}

export function universeText(page: UniversePage, screen: Screen): string {
  const { name, origin, day, asOf, members, missing } = page;
  const late = day !== null && day > asOf ? `, the oldest that is known and later than ${asOf}` : '';
  const sectors = members.some(({ sector }) => sector !== null);
  return tableText(
    {
      title: `${name} on ${asOf}: ${instrumentsText(members.length)}, ${missing} without bars (${origin}${late})`,
      columns: ['instrument', ...(sectors ? [{ title: 'sector', optional: true }] : []), 'bars up to'],
      rows: members.map(({ instrument, sector, stored, why }) => [
        instrument,
        ...(sectors ? [sector ?? ''] : []),
        why ?? stored.map(({ timeframe, to }) => `${timeframe} ${to}`).join(', '),
      ]),
      notes: missing > 0 ? [`Fetch what is missing with: algo backfill ${name} -i day`] : [],
    },
    screen,
  );
}

export function savedUniverseText({ name, file, instruments, sectors, missing }: SavedUniverse): string {
  const known = sectors > 0 ? ` in ${sectors} sectors` : '';
  const absent = missing > 0 ? ` ${missing} have no stored bars; algo universe show ${name} says why.` : '';
  return `${name}: ${instrumentsText(instruments)}${known} in ${file}.${absent}`;
}

export function removedUniverseText({ removed }: RemovedUniverse): string {
  return `Removed ${removed.join(', ')}.`;
}

function instrumentsText(count: number): string {
  return `${count} instrument${count === 1 ? '' : 's'}`;
}
