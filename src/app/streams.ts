import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, UsageError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';
import type { Context } from './context.ts';

/** Whose money a session moves: pretended or real. */
export const journalModes = ['paper', 'live'] as const;
export type JournalMode = (typeof journalModes)[number];

/** Journals of sessions: `<home>/data/journal/<mode>/<stream>`. */
export function streamFolder(
  { folders }: Pick<Context, 'folders'>,
  mode: JournalMode,
  stream: string,
): string {
  if (/^[a-z0-9][a-z0-9_-]{0,39}$/.test(stream)) return join(folders.data, 'journal', mode, stream);
  throw new UsageError(
    'USAGE_STREAM',
    `--stream received "${stream}".`,
    'A stream has a name of lower-case letters, digits, - and _, such as equity.',
  );
}

/** Names of the streams of a mode that have a journal, sorted. */
export function streamNames({ folders }: Pick<Context, 'folders'>, mode: JournalMode): readonly string[] {
  try {
    return readdirSync(join(folders.data, 'journal', mode)).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Which journals a command means; all of them where nothing is said. */
export interface StreamChoice {
  readonly mode?: string | undefined;
  readonly stream?: string | undefined;
}

export interface WantedStream {
  readonly mode: JournalMode;
  readonly stream: string;
}

/** Every stream that has a journal, of some modes. */
export function journalsOf(
  context: Pick<Context, 'folders'>,
  modes: readonly JournalMode[],
): readonly WantedStream[] {
  return modes.flatMap((mode) => streamNames(context, mode).map((stream) => ({ mode, stream })));
}

/** @throws UsageError USAGE_STREAM where there is none, naming those there are or what begins one */
export function chosenJournals(
  context: Pick<Context, 'folders'>,
  { mode = 'all', stream }: StreamChoice,
): readonly WantedStream[] {
  const all = journalsOf(context, journalModes);
  const found = all.filter(
    (each) => (mode === 'all' || each.mode === mode) && (stream === undefined || each.stream === stream),
  );
  if (found.length > 0) return found;
  const names = [...new Set(all.map((each) => each.stream))];
  const what = mode === 'all' ? 'journal' : `${mode} journal`;
  throw new UsageError(
    'USAGE_STREAM',
    stream === undefined
      ? `There is no ${what} yet.`
      : `There is no ${what} of a stream "${stream}".${didYouMean(stream, names)}`,
    names.length > 0 && stream !== undefined
      ? `Streams: ${names.join(', ')}.`
      : mode === 'live'
        ? 'Begin one: algo live NSE:INFY --strategy ema20_50_intraday --feed sandbox --confirm SBX001'
        : 'Begin one: algo paper --strategy ema20_50 --feed replay:2026-10-06',
  );
}
