import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, UsageError } from '../domain/errors.ts';
import type { Context } from './context.ts';

/** Journals of sessions: `<home>/data/journal/<mode>/<stream>`. */
export function streamFolder({ folders }: Pick<Context, 'folders'>, mode: 'paper', stream: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,39}$/.test(stream)) return join(folders.data, 'journal', mode, stream);
  throw new UsageError(
    'USAGE_STREAM',
    `--stream received "${stream}".`,
    'A stream has a name of lower-case letters, digits, - and _, such as equity.',
  );
}

/** Names of the streams of a mode that have a journal, sorted. */
export function streamNames({ folders }: Pick<Context, 'folders'>, mode: 'paper'): readonly string[] {
  try {
    return readdirSync(join(folders.data, 'journal', mode)).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
