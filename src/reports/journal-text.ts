import { rupeesOf } from '../domain/money.ts';
import { countText } from './format.ts';
import { printable, type Screen } from './screen.ts';
import { tableText } from './table.ts';

interface Stream {
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
      rows: streams.flatMap(({ stream, sessions }) =>
        sessions.map((session) => [
          stream,
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
      rows: streams.map(({ stream, segments, records, sessions, faults }) => [
        stream,
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
