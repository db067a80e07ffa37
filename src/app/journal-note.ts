import { readSessions, tradeExists } from '../adapters/duckdb/read-trades.ts';
import { appendNote, type Note } from '../adapters/journal/notes-file.ts';
import { UsageError } from '../domain/errors.ts';
import type { Context } from './context.ts';
import { withProjection } from './journal-projection.ts';
import { notesOf } from './notes.ts';
import { chosenJournals, journalModes, streamFolder, type WantedStream } from './streams.ts';

export interface NoteRequest {
  /** `paper/main/1/12`, a trade, or `paper/main/1`, a session. */
  readonly on: string;
  readonly note?: string | undefined;
  readonly tags?: readonly string[];
  readonly off?: readonly string[];
}

export interface NotedThing {
  readonly on: string;
  readonly tags: readonly string[];
  readonly notes: readonly string[];
}

/** Longest note and tag, characters. A report has to fit them in. */
const noteMost = 1_000;
const tagPattern = /^[a-z0-9][a-z0-9_-]{0,29}$/;

/**
 * Writes a note or tags on a trade or a session; answers all that stands on it now. Without any of them nothing is written.
 *
 * @throws UsageError USAGE_NOTE for words that are no note or tag, USAGE_TRADE for a name that no trade or session has
 */
export async function writeNote(
  context: Pick<Context, 'folders' | 'clock'>,
  { on, note, tags = [], off = [] }: NoteRequest,
): Promise<NotedThing> {
  if (note !== undefined && (note.trim() === '' || note.length > noteMost))
    throw new UsageError(
      'USAGE_NOTE',
      note.trim() === '' ? 'The note is empty.' : `The note has ${note.length} characters.`,
      `Write one of up to ${noteMost}.`,
    );
  for (const tag of [...tags, ...off])
    if (!tagPattern.test(tag))
      throw new UsageError(
        'USAGE_NOTE',
        `"${tag}" cannot be a tag.`,
        'A tag has lower-case letters, digits, - and _, such as late-entry.',
      );
  const stream = await existing(context, on);
  const at = context.clock.now();
  const words: readonly Note[] = [
    ...(note === undefined ? [] : [{ on, note: note.trim(), at }]),
    ...tags.map((tag) => ({ on, tag, at })),
    ...off.map((tag) => ({ on, off: tag, at })),
  ];
  for (const each of words) appendNote(streamFolder(context, stream.mode, stream.stream), each);
  const notes = notesOf(context, [stream]);
  return { on, tags: notes.tags.get(on) ?? [], notes: notes.remarks.get(on) ?? [] };
}

async function existing(context: Pick<Context, 'folders'>, on: string): Promise<WantedStream> {
  const [word, stream, session, trade] = on.split('/');
  const mode = journalModes.find((each) => each === word);
  const numbers = /^[^/]+\/[^/]+\/[1-9]\d{0,8}(\/[1-9]\d{0,8})?$/;
  if (mode === undefined || stream === undefined || !numbers.test(on))
    throw new UsageError(
      'USAGE_TRADE',
      `"${on}" names no trade and no session.`,
      'Write a trade like paper/main/1/12 or a session like paper/main/1; algo journal export trades.csv lists them.',
    );
  const [wanted] = chosenJournals(context, { mode, stream });
  const found = await withProjection(context, [wanted], ['trades', 'runs'], async (database) => {
    const sessions = await readSessions(database);
    if (!sessions.some((each) => String(each.session) === session)) return false;
    return trade === undefined || (await tradeExists(database, on));
  });
  if (found) return wanted;
  throw new UsageError(
    'USAGE_TRADE',
    `There is no ${trade === undefined ? 'session' : 'trade'} ${on}.`,
    `algo analyze --stream ${stream} --csv trades.csv and algo journal list show what there is.`,
  );
}
