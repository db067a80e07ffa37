import { describe, expect, test } from '@jest/globals';
import { OrderTable } from '../../src/domain/order-table.ts';

describe('a table of orders that have not ended', () => {
  test('finds an order by its id until it ends', () => {
    const table = new OrderTable<string>();
    table.set(1, 'one');
    expect(table.get(1)).toBe('one');
    table.delete(1);
    expect(table.get(1)).toBeUndefined();
    expect(table.get(2)).toBeUndefined();
  });

  test('keeps an old order while thousands come and go', () => {
    const table = new OrderTable<number>(4);
    table.set(3, 3);
    for (let id = 4; id < 5_000; id++) {
      table.set(id, id);
      expect(table.get(id)).toBe(id);
      if (id % 3 !== 0) table.delete(id);
    }
    expect(table.get(3)).toBe(3);
    expect(table.get(4_998)).toBe(4_998);
    expect(table.get(4_999)).toBeUndefined();
  });

  test('an id that shares its place with another is not mistaken for it', () => {
    const table = new OrderTable<string>(4);
    table.set(1, 'one');
    expect(table.get(5)).toBeUndefined();
    table.delete(5);
    expect(table.get(1)).toBe('one');
  });
});
