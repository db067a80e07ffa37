import type { Paise } from '../../domain/money.ts';
import type { EquityCurve } from '../../domain/run-result.ts';
import type { EpochMs } from '../../domain/time.ts';

/** Whose capital it is, and how much of it. */
export interface SessionAccount {
  readonly mode: string;
  readonly stream: string;
  readonly capitalPaise: Paise;
}

/** Value of one session's account at an instant; `place` is the session's in the list. */
export interface SessionMark {
  readonly place: number;
  readonly time: EpochMs;
  readonly equityPaise: Paise;
  readonly held: boolean;
}

/**
 * One account of several sessions: what all of them start with is the capital, and each adds what it has earned so far. Sessions of one
 * stream follow one another, so only the first of each brings capital.
 */
export function joinedAccount(
  sessions: readonly SessionAccount[],
  marks: readonly SessionMark[],
): { readonly capitalPaise: number; readonly equity: EquityCurve } {
  const streams = new Set<string>();
  let capitalPaise = 0;
  for (const { mode, stream, capitalPaise: own } of sessions) {
    if (!streams.has(`${mode}/${stream}`)) capitalPaise += own;
    streams.add(`${mode}/${stream}`);
  }
  const time: number[] = [];
  const equityPaise: number[] = [];
  const exposed: number[] = [];
  const earned = new Float64Array(sessions.length);
  const held = new Uint8Array(sessions.length);
  let total = capitalPaise;
  for (const mark of marks) {
    const now = mark.equityPaise - (sessions[mark.place]?.capitalPaise ?? 0);
    total += now - earned[mark.place];
    earned[mark.place] = now;
    held[mark.place] = mark.held ? 1 : 0;
    const row = time.at(-1) === mark.time ? time.length - 1 : time.length;
    time[row] = mark.time;
    equityPaise[row] = total;
    exposed[row] = held.includes(1) ? 1 : 0;
  }
  return {
    capitalPaise,
    equity: {
      time: Float64Array.from(time),
      equityPaise: Float64Array.from(equityPaise),
      exposed: Uint8Array.from(exposed),
      length: time.length,
    },
  };
}
