import { countText, shortHash } from './format.ts';

/** Where a replay first did something else than was recorded. */
export interface Divergence {
  /** Number of the record in the journal. */
  readonly record: number;
  readonly expected: string;
  readonly came: string;
}

/** What came of playing a session's journal again. */
export interface ReplayVerdict {
  /** Orders and marks of a journal were compared, or the bars that were built of a recording. */
  readonly of: 'journal' | 'recording';
  readonly stream: string;
  readonly mode: 'paper' | 'live';
  readonly session: string;
  readonly records: number;
  /** Orders and what happened to them. `marks` are those of the account; of a recording the instants at which bars closed. */
  readonly entries: number;
  readonly marks: number;
  readonly ended: boolean;
  /** Of every order, fill and trade. */
  readonly hash: string;
  readonly divergence: Divergence | undefined;
}

export function replayVerdictDocument({ divergence, ...verdict }: ReplayVerdict) {
  return { ...verdict, same: divergence === undefined, divergence: divergence ?? null };
}

export type ReplayVerdictDocument = ReturnType<typeof replayVerdictDocument>;

export function replayVerdictText(verdict: ReplayVerdict): string {
  const { mode, session, stream, records, entries, marks, ended, hash, divergence } = verdict;
  const { of } = verdict;
  const head =
    of === 'recording'
      ? `Recording of ${mode} session ${session} on stream ${stream}: the bars of ${countText(marks)} instants were compared.`
      : `${mode === 'live' ? 'Live' : 'Paper'} session ${session} on stream ${stream}, ${ended ? 'ended' : 'not ended'}: ${countText(records)} records, ${countText(entries)} orders and answers, ${countText(marks)} marks.`;
  if (!divergence)
    return `${head}\n${of === 'recording' ? 'Built of its frames again they are those that the session was told.' : 'It was played again and did the same to the last digit.'} Result ${shortHash(hash)}`;
  return [
    head,
    `Played again it took another way at record ${countText(divergence.record)}.`,
    `  recorded: ${divergence.expected}`,
    `  replayed: ${divergence.came}`,
  ].join('\n');
}
