/**
 * Why nothing new is opened. `HALT_FEED` prices are silent or old, `HALT_TOKEN` the broker's session is dead, `HALT_RECONCILE` our
 * positions and the broker's differ, `HALT_KILL` a person said so, `HALT_LOSS` the account lost what it may, `HALT_BREAKER` too many
 * orders failed, `HALT_CLOCK` time jumped, `HALT_DISK` the journal cannot be written, `HALT_INSTRUMENTS` the list is not today's,
 * `HALT_PAUSE` a person paused, `HALT_OBSERVE` the session only looks on, `HALT_START` recovery has not ended.
 */
export const haltCodes = [
  'HALT_FEED',
  'HALT_TOKEN',
  'HALT_RECONCILE',
  'HALT_KILL',
  'HALT_LOSS',
  'HALT_BREAKER',
  'HALT_CLOCK',
  'HALT_DISK',
  'HALT_INSTRUMENTS',
  'HALT_PAUSE',
  'HALT_OBSERVE',
  'HALT_START',
] as const;
export type HaltCode = (typeof haltCodes)[number];

export interface Halt {
  readonly code: HaltCode;
  /** In a trader's words. */
  readonly why: string;
}

/** What the gate may know of the halts. */
export interface HaltView {
  readonly any: boolean;
  /** Those that stand, the oldest first. */
  reasons(): readonly Halt[];
}

/**
 * The reasons for which entries are refused at the moment; exits pass always. Each code stands at most once and goes only when it is
 * cleared. Setting and clearing are inputs of a run: whoever does it writes it down, so that a replay halts at the same place.
 */
export class Halts implements HaltView {
  readonly #standing = new Map<HaltCode, Halt>();
  /** A field, since the gate asks before every order. */
  any = false;

  /** Answers whether the code is new. One that stands keeps its place and first reason. */
  set(code: HaltCode, why: string): boolean {
    if (this.#standing.has(code)) return false;
    this.#standing.set(code, { code, why });
    this.any = true;
    return true;
  }

  /** Answers whether the code stood. */
  clear(code: HaltCode): boolean {
    const stood = this.#standing.delete(code);
    this.any = this.#standing.size > 0;
    return stood;
  }

  has(code: HaltCode): boolean {
    return this.#standing.has(code);
  }

  reasons(): readonly Halt[] {
    return [...this.#standing.values()];
  }
}
