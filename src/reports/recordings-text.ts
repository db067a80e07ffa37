import { countText } from './format.ts';
import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

export interface RecordingRow {
  readonly name: string;
  readonly bytes: number;
  /** Null where its head cannot be read. */
  readonly mode: string | null;
  readonly stream: string | null;
  readonly session: string | null;
  readonly strategies: readonly string[];
  readonly instruments: number;
  readonly fault: string | null;
}

export interface RecordingPage {
  readonly path: string;
  readonly mode: string;
  readonly stream: string;
  readonly session: string;
  readonly day: string;
  readonly strategies: readonly string[];
  readonly instruments: readonly string[];
  readonly from: string;
  readonly to: string;
  /** Frames of prices, frames of text, and changes of the connections. */
  readonly frames: number;
  readonly texts: number;
  readonly connections: number;
  readonly bytes: number;
  /** Why not all of it can be played; null when it is whole to its seal. */
  readonly fault: string | null;
}

export function recordingsText(recordings: readonly RecordingRow[], screen: Screen): string {
  return tableText(
    {
      columns: [
        'Recording',
        'Session',
        'Strategies',
        { title: 'Instruments', align: 'right' },
        { title: 'MB', align: 'right' },
      ],
      rows: recordings.map(({ name, session, strategies, instruments, bytes, fault }) => [
        name,
        fault ?? session ?? '',
        strategies.join(', '),
        countText(instruments),
        megabytes(bytes),
      ]),
      empty: 'Nothing is recorded. Record a day: algo paper … --feed kite --record',
    },
    screen,
  );
}

export function recordingText(page: RecordingPage): string {
  const { path, mode, stream, session, strategies, instruments, from, to, frames, texts, fault, bytes } =
    page;
  const some =
    instruments.length > 6
      ? `${instruments.slice(0, 5).join(', ')} and ${instruments.length - 5} more`
      : instruments.join(', ');
  return [
    `${path}, ${megabytes(bytes)} MB`,
    `${mode} session ${session} on stream ${stream}: ${strategies.join(', ')} on ${some}`,
    `from ${from} to ${to}: ${countText(frames)} frames of prices, ${countText(texts)} of text, ${countText(page.connections)} changes of its connections`,
    fault === null ? 'whole to its seal' : `It ${fault}; what stands before can be played.`,
  ].join('\n');
}

function megabytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(1);
}
