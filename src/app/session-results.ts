import type { RecordFields } from '../adapters/journal/journal-log.ts';
import type { JournalRecord } from '../adapters/journal/record-line.ts';
import { chargeLines } from '../domain/charges.ts';
import type { ClosedTrade, HeldTrade, RefusalCount } from '../domain/run-result.ts';
import { type EpochMs, istDayNumber } from '../domain/time.ts';

/** What a session has come to so far; the engine is one. */
export interface SoFar {
  readonly account: { readonly fills: number };
  readonly tradeCount: number;
  /** Paise by charge line, of every contract note so far, in the order of `chargeLines`. */
  readonly notes: { readonly totals: Float64Array };
  heldTrades(): readonly HeldTrade[];
  endedToday(): readonly ClosedTrade[];
  settledSince(count: number): readonly ClosedTrade[];
  refusals(): readonly RefusalCount[];
}

/** `open` while it is held, `closed` with charges as estimated, `settled` with those of the evening's contract note. */
type TradeStatus = 'open' | 'closed' | 'settled';

/**
 * Writes round trips and refused signals into a session's journal. They follow from its orders and bars, so they are written `soon`
 * and come again by themselves when the session goes on after an interruption; what is recorded already is not written twice.
 */
export class SessionResults {
  readonly #append: (fields: RecordFields) => void;
  /** The newest record of each trade and refusal, as text. */
  readonly #written = new Map<string, string>();
  #settled = 0;
  #fills = -1;
  #day = Number.NaN;

  constructor(append: (fields: RecordFields) => void, recorded: readonly JournalRecord[]) {
    this.#append = append;
    for (const { s, v, ...fields } of recorded) {
      const name = nameOf(fields);
      if (name !== undefined) this.#written.set(name, JSON.stringify(fields));
    }
  }

  /** To be called after every mark. Refusals and the lines of contract notes are counted up and written once a day. */
  marked(time: EpochMs, soFar: SoFar): void {
    const day = istDayNumber(time - 1);
    if (day !== this.#day && !Number.isNaN(this.#day)) this.#dayEnded(soFar);
    this.#day = day;
    this.#trades(soFar);
  }

  /** To be called when the session stops, for good or not. */
  stopped(soFar: SoFar): void {
    this.#trades(soFar);
    this.#dayEnded(soFar);
  }

  #trades(soFar: SoFar): void {
    const { fills } = soFar.account;
    if (soFar.tradeCount > this.#settled) {
      for (const trade of soFar.settledSince(this.#settled)) this.#trade('settled', trade);
      this.#settled = soFar.tradeCount;
    }
    if (fills === this.#fills) return;
    this.#fills = fills;
    for (const trade of soFar.endedToday()) this.#trade('closed', trade);
    for (const trade of soFar.heldTrades()) this.#trade('open', trade);
  }

  #trade(status: TradeStatus, trade: HeldTrade): void {
    this.#write({ t: 'trade', status, trade });
  }

  #dayEnded(soFar: SoFar): void {
    const lines = Object.fromEntries(chargeLines.map((line, at) => [line, soFar.notes.totals[at]]));
    if (soFar.notes.totals.some((paise) => paise !== 0)) this.#write({ t: 'costs', lines });
    for (const refusal of soFar.refusals()) this.#write({ t: 'refusal', refusal });
  }

  #write(fields: RecordFields): void {
    const name = nameOf(fields);
    const text = JSON.stringify(fields);
    if (name === undefined || this.#written.get(name) === text) return;
    this.#written.set(name, text);
    this.#append(fields);
  }
}

/** Whose newest state a record tells. */
function nameOf(fields: RecordFields): string | undefined {
  if (fields.t === 'trade') return `trade ${Object(fields.trade).id}`;
  if (fields.t === 'costs') return 'costs';
  if (fields.t !== 'refusal') return undefined;
  const { strategy, key, code } = Object(fields.refusal);
  return `refusal ${strategy} ${key} ${code}`;
}
