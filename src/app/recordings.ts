import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FrameRecorder } from '../adapters/recordings/frame-recorder.ts';
import { FrameReader } from '../adapters/recordings/read-frames.ts';
import { codeOf, DataError, UsageError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { didYouMean } from '../domain/nearest.ts';
import { clockOf, isoDateOfDay, isoInstant, istMinuteOfDay } from '../domain/time.ts';
import type { RecordingPage, RecordingRow } from '../reports/recordings-text.ts';
import type { FoundInstrument } from './backfill-instruments.ts';
import type { BrokerDoor } from './broker-door.ts';
import type { Context } from './context.ts';
import type { JournalMode } from './streams.ts';

/** What a recording begins with: enough to build its bars again, and whose it is. */
const headSchema = z.object({
  version: z.literal(1),
  mode: z.enum(['paper', 'live']),
  stream: z.string(),
  session: z.string(),
  feed: z.enum(['kite', 'sandbox']),
  day: z.string(),
  startedAt: z.number(),
  speed: z.number(),
  graceMs: z.number(),
  sandbox: z.boolean(),
  strategies: z.array(z.string()),
  params: z.array(z.string()),
  timeframe: z.string().nullable(),
  market: z.array(z.object({ instrument: z.custom<Instrument>(isInstrument), token: z.int().min(1) })),
});
export type RecordingHead = z.output<typeof headSchema>;

function isInstrument(value: unknown): boolean {
  return typeof Reflect.get(Object(value), 'key') === 'string';
}

const folderOf = ({ folders }: Pick<Context, 'folders'>) => join(folders.data, 'recordings');

/** Begins to record a session's stream; a disk that fails is told once and the session goes on. */
export function recordStream(
  context: Pick<Context, 'folders' | 'output'>,
  door: BrokerDoor,
  session: {
    readonly mode: JournalMode;
    readonly stream: string;
    readonly id: string;
    readonly feed: 'kite' | 'sandbox';
    readonly today: number;
    readonly strategies: readonly string[];
    readonly params: readonly string[];
    readonly timeframe: string | undefined;
    readonly found: readonly FoundInstrument[];
  },
): FrameRecorder {
  const { mode, stream, id, feed, today, strategies, params, timeframe, found } = session;
  const now = door.clock.now();
  const day = isoDateOfDay(today);
  const second = String(Math.floor(now / 1_000) % 60).padStart(2, '0');
  const name = `${mode}-${stream}-${clockOf(istMinuteOfDay(now)).replace(':', '')}${second}.frames`;
  const path = join(folderOf(context), day, name);
  const head: RecordingHead = {
    ...{ version: 1, mode, stream, session: id, feed, day, startedAt: now },
    ...{ speed: door.clock.speed, graceMs: door.graceMs(), sandbox: door.session().sandbox },
    ...{ strategies: [...strategies], params: [...params], timeframe: timeframe ?? null },
    market: found.map(({ instrument, token }) => ({ instrument, token })),
  };
  context.output.note(`The stream is recorded to ${path}.`);
  return new FrameRecorder({
    ...{ path, head, clock: door.clock, base: door.base },
    stopped: (why) =>
      context.output.warn(`The recording ${path} stops (${why}); the session goes on without it.`),
  });
}

/** An opened recording and what it begins with. @throws DataError DATA_RECORDING */
export function openRecording(path: string): { readonly reader: FrameReader; readonly head: RecordingHead } {
  const reader = new FrameReader(path);
  const read = headSchema.safeParse(reader.head);
  if (read.success) return { reader, head: read.data };
  reader.close();
  throw new DataError(
    'DATA_RECORDING',
    `${path} is a recording of a shape that this program does not know.`,
    'Read it with the version that wrote it.',
  );
}

/** Names of the recordings, such as `2026-10-06/paper-main-091500`, the newest day first. */
function recordingNames(context: Pick<Context, 'folders'>): readonly string[] {
  const folder = folderOf(context);
  try {
    return readdirSync(folder)
      .sort()
      .reverse()
      .flatMap((day) =>
        readdirSync(join(folder, day))
          .filter((name) => name.endsWith('.frames'))
          .sort()
          .map((name) => `${day}/${name.replace(/\.frames$/, '')}`),
      );
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * The path of a recording: a file, a name as listed, or the beginning of one that fits no other.
 *
 * @throws UsageError USAGE_RECORDING for none or several
 */
export function recordingPath(context: Pick<Context, 'folders'>, word: string): string {
  if (word.endsWith('.frames') && existsSync(word)) return word;
  const wanted = word.replace(/\.frames$/, '');
  const names = recordingNames(context);
  const found = names.filter((name) => name === wanted || name.endsWith(`/${wanted}`));
  const near = found.length > 0 ? found : names.filter((name) => name.includes(wanted));
  if (near.length === 1) return join(folderOf(context), `${near[0]}.frames`);
  throw new UsageError(
    'USAGE_RECORDING',
    near.length > 1
      ? `"${word}" may be ${near.slice(0, 5).join(', ')}${near.length > 5 ? ' …' : ''}.`
      : `There is no recording "${word}".${didYouMean(word, names)}`,
    names.length > 0 ? 'Name one as algo recordings list shows it.' : 'Record one: algo paper … --record',
  );
}

/** Every recording, the newest day first; what cannot be read says so. */
export function recordingsList(context: Pick<Context, 'folders'>): {
  readonly recordings: readonly RecordingRow[];
} {
  const rows = recordingNames(context).map((name): RecordingRow => {
    const path = join(folderOf(context), `${name}.frames`);
    const bytes = statSync(path).size;
    try {
      const { reader, head } = openRecording(path);
      reader.close();
      const { mode, stream, session, strategies, market } = head;
      return { name, bytes, mode, stream, session, strategies, instruments: market.length, fault: null };
    } catch (error) {
      if (codeOf(error) !== 'DATA_RECORDING') throw error;
      const nothing = { mode: null, stream: null, session: null, strategies: [], instruments: 0 };
      return { name, bytes, ...nothing, fault: 'cannot be read' };
    }
  });
  return { recordings: rows };
}

/** Reads a recording to its end. @throws UsageError USAGE_RECORDING, DataError DATA_RECORDING */
export function recordingShow(context: Pick<Context, 'folders'>, word: string): RecordingPage {
  const path = recordingPath(context, word);
  const { reader, head } = openRecording(path);
  try {
    const counts = { binary: 0, text: 0, connections: 0 };
    let last = head.startedAt;
    for (let frame = reader.next(); frame; frame = reader.next()) {
      counts[frame.kind] += 1;
      last = frame.time;
    }
    const { mode, stream, session, day, strategies, market } = head;
    return {
      ...{ path, mode, stream, session, day, strategies },
      instruments: market.map(({ instrument }) => instrument.key),
      from: isoInstant(head.startedAt),
      to: isoInstant(last),
      ...{ frames: counts.binary, texts: counts.text, connections: counts.connections },
      bytes: reader.end?.bytes ?? 0,
      fault: reader.end?.fault ?? null,
    };
  } finally {
    reader.close();
  }
}

/** Removes a recording. @throws UsageError USAGE_RECORDING */
export function recordingRemove(
  context: Pick<Context, 'folders'>,
  word: string,
): { readonly removed: string } {
  const path = recordingPath(context, word);
  rmSync(path);
  return { removed: path };
}
