import type { RecordOrder } from './broker-parts.ts';
import { tagsOf } from './leg-rows.ts';
import { readTag } from './order-tag.ts';
import type { KiteOrder } from './schemas.ts';

export type Origin = 'foreign' | 'other-stream' | 'earlier-session' | 'unrecorded';

/** Orders of the account that are not this stream's: by hand, by the broker, by another program. Written down, never touched. */
export class ExternalOrders {
  readonly #record: RecordOrder;
  readonly #ownStream: string;
  readonly #formerTags: ReadonlySet<string>;
  /** What was written last of each. */
  readonly #known = new Map<string, string>();

  constructor(record: RecordOrder, ownStream: string, formerTags: ReadonlySet<string>) {
    this.#record = record;
    this.#ownStream = ownStream;
    this.#formerTags = formerTags;
  }

  /** A row of the book; written down when it is new, when something filled and when it has ended. Answers where one that is new comes from. */
  saw(row: KiteOrder): Origin | undefined {
    const state = `${row.filled_quantity} ${row.status}`;
    const known = this.#known.get(row.order_id);
    if (known === state) return undefined;
    this.#known.set(row.order_id, state);
    const tags = tagsOf(row);
    const origin = this.#originOf(tags);
    this.#record(
      {
        t: 'external',
        orderId: row.order_id,
        origin,
        ...{ exchange: row.exchange, tradingsymbol: row.tradingsymbol, product: row.product },
        ...{ side: row.transaction_type, quantity: row.quantity, filled: row.filled_quantity },
        ...{ status: row.status, tags, placedBy: row.placed_by },
      },
      'soon',
    );
    return known === undefined ? origin : undefined;
  }

  /** `unrecorded` is this stream's own mark on an order that its journal does not know: another machine runs the same stream. */
  #originOf(tags: readonly string[]): Origin {
    if (tags.some((tag) => this.#formerTags.has(tag))) return 'earlier-session';
    const [ours] = tags.map(readTag).filter((tag) => tag !== undefined);
    if (ours === undefined) return 'foreign';
    return ours.stream === this.#ownStream ? 'unrecorded' : 'other-stream';
  }
}
