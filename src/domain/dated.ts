/** A row of a dated table: in force on the days `from` to `to`, both included; an open end is Infinity. */
export interface Dated {
  /** Day number in India. */
  readonly from: number;
  readonly to: number;
  /** Circular, page or data set. Holds the word UNVERIFIED where nobody has checked the row. */
  readonly source: string;
}

/** Dated rows by key, oldest first within a key. */
export type DatedTable<Row extends Dated> = ReadonlyMap<string, readonly Row[]>;

/** Rows of a table by key. A row may stand under several keys. */
export function datedTable<Row extends Dated>(
  rows: readonly Row[],
  keysOf: (row: Row) => readonly string[],
): DatedTable<Row> {
  const table = new Map<string, Row[]>();
  for (const row of rows) {
    for (const key of keysOf(row)) {
      const known = table.get(key);
      if (known) known.push(row);
      else table.set(key, [row]);
    }
  }
  for (const known of table.values()) known.sort((a, b) => a.from - b.from);
  return table;
}

/** The row in force on a day, or nothing. Newest first, since most questions are about recent years. */
export function inForce<Row extends Dated>(
  rows: readonly Row[] | undefined,
  dayNumber: number,
): Row | undefined {
  if (rows === undefined) return undefined;
  for (let i = rows.length - 1; i >= 0; i--) {
    if (rows[i].from <= dayNumber && dayNumber <= rows[i].to) return rows[i];
  }
  return undefined;
}

export function isUnverified(row: Dated): boolean {
  return row.source.includes('UNVERIFIED');
}
