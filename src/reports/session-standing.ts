/** Where a session stands, as JSON shows it: money and prices as decimal strings, instants ISO-8601 in India. */
export interface SessionStanding {
  readonly mode: 'paper' | 'live';
  readonly stream: string;
  readonly session: string;
  /** False when no process runs it; what follows is then what its journal says. */
  readonly running: boolean;
  /**
   * `READY` may open positions, `HALTED` may not and says why, `STOPPING` ends once nothing is held. Of one that does not run: `ENDED` or
   * `ABANDONED`, and `STOPPED` (by a person) or `INTERRUPTED`, which go on when they are started again.
   */
  readonly state: 'READY' | 'HALTED' | 'STOPPING' | 'ENDED' | 'STOPPED' | 'INTERRUPTED' | 'ABANDONED';
  readonly halts: readonly StandingHalt[];
  readonly feed: string;
  readonly strategies: readonly string[];
  readonly instruments: number;
  readonly lastBar: string | null;
  readonly positions: readonly StandingPosition[];
  readonly equity: string | null;
  readonly capital: string;
  /** Of the build that runs it, or wrote it last. */
  readonly version: string;
  readonly build: string | null;
  /** Hash of the settings in force. */
  readonly config: string;
  readonly synthetic: boolean;
  /** What only the process itself knows; null where none runs. */
  readonly process: RunningProcess | null;
}

export interface StandingHalt {
  readonly code: string;
  readonly why: string;
  readonly since: string | null;
}

export interface StandingPosition {
  readonly instrument: string;
  readonly strategy: string;
  readonly product: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly entryPrice: string;
  readonly since: string;
  readonly stop: string | null;
  readonly target: string | null;
  /** At the newest price that was heard; null where nothing is heard. Before charges. */
  readonly lastPrice: string | null;
  readonly pnl: string | null;
}

export interface RunningProcess {
  readonly pid: number;
  readonly startedAt: string;
  /** The market's time. */
  readonly now: string;
  /** Milliseconds of the market's time since the newest tick; null before the first. */
  readonly feedAgeMs: number | null;
  readonly orders: readonly StandingOrder[];
  /** Of the day, open positions at the newest prices among it. */
  readonly dayPnl: string;
  readonly limits: readonly StandingLimit[];
  readonly loopLagMs: { readonly p99: number; readonly max: number };
  readonly memoryMb: number;
}

export interface StandingOrder {
  readonly id: number;
  readonly strategy: string;
  readonly instrument: string;
  readonly side: 'BUY' | 'SELL';
  readonly type: string;
  readonly purpose: string;
  readonly quantity: number;
  readonly filled: number;
  readonly price: string | null;
  readonly trigger: string | null;
}

/** How much of a limit is used, both in its own unit. */
export interface StandingLimit {
  readonly key: string;
  readonly used: number;
  readonly limit: number;
}
