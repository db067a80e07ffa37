import type { OrderId } from './order.ts';

/**
 * What is known of orders that have not ended, found by their id. As large as those need it to be, however many have ended:
 * a list with a place for every id would be copied again and again while a run sends its thousands.
 */
export class OrderTable<Item> {
  private items: (Item | undefined)[];
  private ids: Float64Array;

  /** `places` is a power of two: an id's place is a mask of it. */
  constructor(places = 64) {
    this.items = new Array<Item | undefined>(places).fill(undefined);
    this.ids = new Float64Array(places);
  }

  get(id: OrderId): Item | undefined {
    const place = id & (this.ids.length - 1);
    return this.ids[place] === id ? this.items[place] : undefined;
  }

  set(id: OrderId, item: Item): void {
    let place = id & (this.ids.length - 1);
    while (this.items[place] !== undefined && this.ids[place] !== id) {
      this.grow();
      place = id & (this.ids.length - 1);
    }
    this.items[place] = item;
    this.ids[place] = id;
  }

  delete(id: OrderId): void {
    const place = id & (this.ids.length - 1);
    if (this.ids[place] === id) this.items[place] = undefined;
  }

  /** Ids apart in the smaller table are apart in the larger one too. */
  private grow(): void {
    const { items, ids } = this;
    this.items = new Array<Item | undefined>(ids.length * 2).fill(undefined);
    this.ids = new Float64Array(ids.length * 2);
    for (let at = 0; at < ids.length; at++) {
      const place = ids[at] & (this.ids.length - 1);
      if (items[at] === undefined) continue;
      this.items[place] = items[at];
      this.ids[place] = ids[at];
    }
  }
}
