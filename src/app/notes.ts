import { readNotes } from '../adapters/journal/notes-file.ts';
import type { BookedTrade } from '../research/analysis/trading-record.ts';
import type { Context } from './context.ts';
import { streamFolder, type WantedStream } from './streams.ts';

/** Words on trades and sessions, by their names `paper/main/1/12` and `paper/main/1`. */
export interface Notes {
  readonly remarks: ReadonlyMap<string, readonly string[]>;
  readonly tags: ReadonlyMap<string, readonly string[]>;
}

export function notesOf(context: Pick<Context, 'folders'>, streams: readonly WantedStream[]): Notes {
  const remarks = new Map<string, string[]>();
  const tags = new Map<string, Set<string>>();
  for (const { mode, stream } of streams) {
    for (const { on, note, tag, off } of readNotes(streamFolder(context, mode, stream)).notes) {
      if (note !== undefined) remarks.set(on, [...(remarks.get(on) ?? []), note]);
      if (tag !== undefined) tags.set(on, (tags.get(on) ?? new Set<string>()).add(tag));
      if (off !== undefined) tags.get(on)?.delete(off);
    }
  }
  return { remarks, tags: new Map([...tags].map(([on, words]) => [on, [...words].sort()])) };
}

/** A trade with its own words and those of its session. */
export function noted(trade: BookedTrade, session: number, { remarks, tags }: Notes): BookedTrade {
  if (tags.size === 0 && remarks.size === 0) return trade;
  const names = [`${trade.mode}/${trade.stream}/${session}`, trade.name];
  const own = [...new Set(names.flatMap((name) => tags.get(name) ?? []))].sort();
  const said = names.flatMap((name) => remarks.get(name) ?? []);
  return {
    ...trade,
    ...(own.length > 0 && { tags: own }),
    ...(said.length > 0 && { remarks: said }),
  };
}
