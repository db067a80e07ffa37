import type { RecordFields, RecordLog } from '#src/adapters/journal/journal-log.ts';
import type { JournalRecord } from '#src/adapters/journal/record-line.ts';
import type { BacktestCast } from '#src/app/backtest-run.ts';
import type { SessionExchange } from '#src/app/session-exchange.ts';
import { SessionPlayer } from '#src/app/session-player.ts';
import type { OrderChange, OrderEvent, OrderId, OrderIntent } from '#src/domain/order.ts';
import type { OrderListener } from '#src/engine/ports.ts';

/** A journal of a session in memory: what is appended is read as it would be from the disk. */
export class HeldLog implements RecordLog {
  readonly records: JournalRecord[] = [];

  append(fields: RecordFields): void {
    const line = JSON.stringify({ s: this.records.length + 1, v: 1, ...fields });
    this.records.push(JSON.parse(line));
  }

  flush(): void {}
}

/** A session of its own over a cast, or one that knows what an earlier one wrote. */
export function heldPlayer(cast: BacktestCast, log: RecordLog, exchange?: SessionExchange): SessionPlayer {
  const session = { id: 'held', entries: [], records: [], markedUntil: Number.NEGATIVE_INFINITY };
  return new SessionPlayer(cast, log, session, exchange);
}

/** A broker that answers between two bars, as a real one does: every eleventh entry is rejected, of every seventh nothing is known before the day ends. */
export class AnsweringBroker implements SessionExchange {
  readonly #working = new Map<OrderId, OrderIntent>();
  readonly #lost = new Set<OrderId>();
  readonly #news: OrderEvent[] = [];
  #listener: OrderListener | undefined;
  #entries = 0;
  #fills = 0;

  readonly broker = {
    connect: (listener: OrderListener) => {
      this.#listener = listener;
    },
    submit: (order: OrderIntent) => {
      this.#working.set(order.id, { ...order });
    },
    modify: (id: OrderId, change: OrderChange) => this.#change(id, change),
    cancel: (id: OrderId) => {
      if (this.#working.delete(id))
        this.#news.push({ type: 'cancelled', id, time: 0, reason: 'cancelled by us' });
    },
  };

  readonly market: SessionExchange['market'] = (engine) => engine;
  readonly open = (): void => undefined;

  /** What has happened by an instant at which the market stands at a price, and at a day's end what is left of the day. */
  answer(time: number, price: number, dayEnds: boolean): void {
    for (const [id, order] of [...this.#working]) {
      const event = this.#answerTo(order, time, price);
      if (event !== undefined) this.#news.push(event);
      if (dayEnds && event?.type !== 'filled' && event?.type !== 'rejected')
        this.#news.push({ type: 'cancelled', id, time, reason: 'the day is over' });
      if (dayEnds || (event && event.type !== 'unknown')) this.#working.delete(id);
      if (event?.type === 'unknown') this.#lost.add(id);
    }
    for (const event of this.#news.splice(0)) this.#listener?.orderEvent({ ...event, time });
  }

  #change(id: OrderId, change: OrderChange): void {
    const order = this.#working.get(id);
    if (!order) return;
    this.#working.set(id, { ...order, ...change });
    this.#news.push({ type: 'modified', id, time: 0, ...(change.trigger && { trigger: change.trigger }) });
  }

  #answerTo(order: OrderIntent, time: number, price: number): OrderEvent | undefined {
    const { id, quantity, role } = order;
    if (this.#lost.has(id) || !reached(order, price)) return undefined;
    if (role === 'entry') this.#entries += 1;
    if (role === 'entry' && this.#entries % 11 === 0)
      return { type: 'rejected', id, time, reason: 'RMS: margin exceeds' };
    if (role === 'entry' && this.#entries % 7 === 0) return { type: 'unknown', id, time };
    this.#fills += 1;
    return { type: 'filled', id, time, quantity, price, tradeId: this.#fills };
  }
}

function reached({ type, side, price: limit, trigger }: OrderIntent, price: number): boolean {
  const buys = side === 'BUY';
  if (type === 'MARKET') return true;
  if (type === 'LIMIT') return buys ? price <= limit : price >= limit;
  return buys ? price >= trigger : price <= trigger;
}
