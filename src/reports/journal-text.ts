import { rupeesOf } from '../domain/money.ts';
import { countText } from './format.ts';
import { printable, type Screen } from './screen.ts';
import { tableText } from './table.ts';

interface Stream {
  readonly mode: 'paper' | 'live';
  readonly stream: string;
  readonly segments: number;
  readonly records: number;
  readonly faults: readonly { readonly file: string; readonly fault: string }[];
  readonly tornBytes: number;
  readonly sessions: readonly {
    readonly id: string;
    readonly feed: string;
    readonly strategies: readonly string[];
    readonly startedAt: string;
    readonly state: string;
    readonly resumed: number;
    readonly intents: number;
    readonly fills: number;
    readonly equityPaise: number | null;
    readonly markedUntil: string | null;
  }[];
}

/** Every session of every stream, one a line. */
export function journalListText(streams: readonly Stream[], screen: Screen): string {
  return tableText(
    {
      columns: [
        'stream',
        'session',
        'strategies',
        'feed',
        { title: 'started', optional: true },
        'state',
        'until',
        'orders',
        'fills',
        'account',
      ],
      rows: streams.flatMap(({ mode, stream, sessions }) =>
        sessions.map((session) => [
          placeOf({ mode, stream }),
          printable(session.id),
          printable(session.strategies.join(' ')),
          printable(session.feed),
          short(session.startedAt),
          session.resumed > 0 ? `${session.state}, resumed ${session.resumed}×` : session.state,
          session.markedUntil === null ? '' : short(session.markedUntil),
          countText(session.intents),
          countText(session.fills),
          session.equityPaise === null ? 'unknown' : rupeesOf(Math.round(session.equityPaise)),
        ]),
      ),
      empty: 'No session has been run. Begin one: algo paper --strategy ema20_50 --feed replay:2026-10-06',
    },
    screen,
  );
}

/** Whether each journal is sound, and if not, where. */
export function journalVerifyText(streams: readonly Stream[], screen: Screen): string {
  if (streams.length === 0) return 'There is no journal.';
  const notes = streams.flatMap(({ faults, stream, tornBytes }) => [
    ...faults.map(({ file, fault }) => `${file} ${fault}.`),
    ...(tornBytes > 0
      ? [
          `${stream}: a last record of ${tornBytes} bytes is cut or being written; the next start sets it aside.`,
        ]
      : []),
  ]);
  return tableText(
    {
      columns: ['stream', 'segments', 'records', 'sessions', 'verdict'],
      rows: streams.map(({ mode, stream, segments, records, sessions, faults }) => [
        placeOf({ mode, stream }),
        countText(segments),
        countText(records),
        countText(sessions.length),
        faults.length === 0 ? 'sound' : 'DAMAGED',
      ]),
      notes,
    },
    screen,
  );
}

function short(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}

interface Projected {
  readonly mode: string;
  readonly stream: string;
  readonly segments: number;
  readonly records: number;
  readonly faults: readonly string[];
}

/** What was written where. */
export function journalExportText({
  files,
  streams,
}: {
  readonly files: readonly { readonly table: string; readonly file: string; readonly rows: number }[];
  readonly streams: readonly Projected[];
}): string {
  return [
    ...files.map(({ table, file, rows }) => `Wrote ${countText(rows)} rows of ${table} to ${file}`),
    ...faultLines(streams),
  ].join('\n');
}

/** What the journals hold, stream by stream and table by table. */
export function journalRebuildText(
  {
    streams,
    tables,
  }: { readonly streams: readonly Projected[]; readonly tables: Readonly<Record<string, number>> },
  screen: Screen,
): string {
  const journals = tableText(
    {
      columns: ['mode', 'stream', 'segments', 'records', 'verdict'],
      rows: streams.map(({ mode, stream, segments, records, faults }) => [
        mode,
        stream,
        countText(segments),
        countText(records),
        faults.length === 0 ? 'sound' : 'DAMAGED',
      ]),
    },
    screen,
  );
  const counts = tableText(
    {
      columns: ['table', { title: 'rows', align: 'right' }],
      rows: Object.entries(tables).map(([name, rows]) => [name, countText(rows)]),
      notes: faultLines(streams),
    },
    screen,
  );
  return `${journals}\n\n${counts}`;
}

function faultLines(streams: readonly Projected[]): readonly string[] {
  return streams.flatMap(({ faults }) =>
    faults.map((fault) => `${fault}. What comes before is in the tables.`),
  );
}

/** Everything that stands on a trade or a session. */
export function notedText({
  on,
  tags,
  notes,
}: {
  readonly on: string;
  readonly tags: readonly string[];
  readonly notes: readonly string[];
}): string {
  const tagged = tags.length > 0 ? `${on}: ${tags.join(', ')}` : `${on} has no tag`;
  return [tagged, ...notes.map((note) => `  ${printable(note)}`)].join('\n');
}

/** A live stream says so; the others are rehearsals. */
function placeOf({ mode, stream }: Pick<Stream, 'mode' | 'stream'>): string {
  return mode === 'live' ? `live ${stream}` : stream;
}
