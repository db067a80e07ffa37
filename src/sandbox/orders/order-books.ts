import type { HeldOrder } from './held-order.ts';
import type { KiteTradeRow } from './order-row.ts';
import { refused } from './refusals.ts';

/** The orders of the day, of each user by himself, oldest first. */
export class OrderBooks {
  readonly #books = new Map<string, HeldOrder[]>();

  add(order: HeldOrder): void {
    const book = this.#books.get(order.userId) ?? [];
    this.#books.set(order.userId, book);
    book.push(order);
  }

  of(userId: string): readonly HeldOrder[] {
    return this.#books.get(userId) ?? [];
  }

  working(userId: string): HeldOrder[] {
    return this.of(userId).filter((order) => !order.ended);
  }

  /** Of everybody. A copy, since what is done with an order may bring in another. */
  allWorking(): HeldOrder[] {
    return [...this.#books.values()].flat().filter((order) => !order.ended);
  }

  /** @throws KiteRefusal OrderException when the day's book has no such order of this user */
  order(userId: string, orderId: string): HeldOrder {
    const found = this.of(userId).find((order) => order.orderId === orderId);
    if (found) return found;
    throw refused("Couldn't find that `order_id`.");
  }

  trades(userId: string): KiteTradeRow[] {
    return this.of(userId)
      .flatMap((order) => order.trades)
      .sort((a, b) => Number(a.trade_id) - Number(b.trade_id));
  }

  /** The book is for one day; after market orders are for the next. Answers the orders that are gone. */
  newDay(): HeldOrder[] {
    const gone: HeldOrder[] = [];
    for (const [userId, book] of this.#books) {
      const isKept = (order: HeldOrder) =>
        !order.ended && order.wanted.variety === 'amo' && !order.atExchange;
      gone.push(...book.filter((order) => !isKept(order)));
      this.#books.set(userId, book.filter(isKept));
    }
    return gone;
  }
}
