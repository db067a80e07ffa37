import { existsSync } from 'node:fs';
import type { ArchivedListing, Listing } from '../../domain/listing.ts';
import type { IsoDate } from '../../domain/time.ts';
import { type OpenOptions, type Session, withDatabase } from './database.ts';
import { jsonRows, literal } from './tables.ts';

/** Which listings to find; every part that is given has to fit. */
export interface ListingQuestion {
  /** Listed on this day: seen on or before it and on or after it. */
  readonly day?: IsoDate;
  readonly exchange?: string;
  readonly tradingsymbol?: string;
  /** Part of the tradingsymbol or the name, in any case. */
  readonly words?: readonly string[];
  readonly underlying?: string;
  readonly type?: string;
  readonly expiry?: IsoDate;
  readonly limit?: number;
}

export interface ImportedList {
  readonly day: IsoDate;
  /** Rows in the list. */
  readonly listed: number;
  /** Rows that are new or differ from what was known; the others only became known for one more day. */
  readonly changed: number;
}

/** How many instruments of an exchange the list of a day had. */
export interface ArchivedList {
  readonly day: IsoDate;
  readonly exchange: string;
  readonly listed: number;
}

const definition = `
  CREATE TABLE IF NOT EXISTS listings (
    exchange VARCHAR NOT NULL, tradingsymbol VARCHAR NOT NULL, token DOUBLE NOT NULL, exchange_token DOUBLE NOT NULL,
    name VARCHAR NOT NULL, expiry VARCHAR NOT NULL, strike DOUBLE NOT NULL, tick_size DOUBLE NOT NULL,
    lot_size DOUBLE NOT NULL, type VARCHAR NOT NULL, segment VARCHAR NOT NULL, first_seen VARCHAR NOT NULL,
    last_seen VARCHAR NOT NULL
  );
  CREATE TABLE IF NOT EXISTS lists (day VARCHAR NOT NULL, exchange VARCHAR NOT NULL, rows INTEGER NOT NULL);
`;

/** What a row is; a contract of the same name expires once in ten years again. */
const identity = 's.exchange = l.exchange AND s.tradingsymbol = l.tradingsymbol AND s.expiry = l.expiry';
const details = ['token', 'exchange_token', 'name', 'strike', 'tick_size', 'lot_size', 'type', 'segment'];
const unchanged = details.map((column) => `s.${column} = l.${column}`).join(' AND ');

/** The broker's instrument lists of all imported days in a file of its own; a row is stored again only when it changes. */
export function openInstrumentArchive(options: Omit<OpenOptions, 'access'>) {
  return {
    /** Adds the list of a day, or the same list again, which changes nothing. Days may come in any order. */
    add: (day: IsoDate, listings: readonly Listing[]): Promise<ImportedList> =>
      withDatabase({ ...options, access: 'write' }, async (session) => {
        await session.run('BEGIN');
        await session.run(definition);
        await stage(session, listings);
        const changed = await merge(session, literal(day));
        await session.run('COMMIT');
        return { day, listed: listings.length, changed };
      }),
    /** Rows of each archived list, the newest day first. */
    async lists(): Promise<readonly ArchivedList[]> {
      if (!existsSync(options.file)) return [];
      return withDatabase({ ...options, access: 'read' }, async (session) => {
        const rows = await jsonRows(session, 'SELECT * FROM lists ORDER BY day DESC, exchange');
        return rows.map(({ day, exchange, rows: listed }) => ({ day, exchange, listed }));
      });
    },
    /** Listings sorted by exchange, underlying, expiry, strike and symbol, the newest first where one name has several. */
    async find(question: ListingQuestion): Promise<ArchivedListing[]> {
      if (!existsSync(options.file)) return [];
      return withDatabase({ ...options, access: 'read' }, async (session) => {
        const rows = await jsonRows(session, selectOf(question));
        return rows.map(listingOf);
      });
    },
  };
}

export type InstrumentArchive = ReturnType<typeof openInstrumentArchive>;

async function stage(
  { duckdb, connection, run, guard }: Session,
  listings: readonly Listing[],
): Promise<void> {
  await run(
    'CREATE OR REPLACE TEMP TABLE stage AS SELECT * EXCLUDE (first_seen, last_seen) FROM listings LIMIT 0',
  );
  guard(() => {
    const appender = duckdb.appender_create(connection, null, 'stage');
    for (const each of listings) {
      duckdb.append_varchar(appender, each.exchange);
      duckdb.append_varchar(appender, each.tradingsymbol);
      duckdb.append_double(appender, each.token);
      duckdb.append_double(appender, each.exchangeToken);
      duckdb.append_varchar(appender, each.name);
      duckdb.append_varchar(appender, each.expiry);
      duckdb.append_double(appender, each.strike);
      duckdb.append_double(appender, each.tickSize);
      duckdb.append_double(appender, each.lotSize);
      duckdb.append_varchar(appender, each.type);
      duckdb.append_varchar(appender, each.segment);
      duckdb.appender_end_row(appender);
    }
    duckdb.appender_close_sync(appender);
  });
}

/** Lays the staged list over the archive; answers how many of its rows were not known as they are. */
async function merge(session: Session, day: string): Promise<number> {
  // A later or earlier list may have said something else in between; then a row is not carried over it.
  const between = (older: string, newer: string) =>
    `NOT EXISTS (SELECT 1 FROM listings o WHERE o.exchange = l.exchange AND o.tradingsymbol = l.tradingsymbol
      AND o.expiry = l.expiry AND o.rowid <> l.rowid AND o.first_seen <= ${newer} AND o.last_seen >= ${older})`;
  await session.run(
    `UPDATE listings AS l SET last_seen = ${day} FROM stage s
     WHERE ${identity} AND ${unchanged} AND l.last_seen < ${day} AND ${between('l.last_seen', day)}`,
  );
  await session.run(
    `UPDATE listings AS l SET first_seen = ${day} FROM stage s
     WHERE ${identity} AND ${unchanged} AND l.first_seen > ${day} AND ${between(day, 'l.first_seen')}`,
  );
  // What is known to have been otherwise on days before and after is cut in two around the day.
  const known = `EXISTS (SELECT 1 FROM listings l WHERE ${identity} AND ${unchanged} AND l.first_seen <= ${day} AND l.last_seen >= ${day})`;
  await session.run(
    `CREATE OR REPLACE TEMP TABLE fresh AS SELECT DISTINCT * FROM stage s WHERE NOT ${known}`,
  );
  await session.run(
    `DELETE FROM listings AS l USING fresh s WHERE ${identity} AND l.first_seen = ${day} AND l.last_seen = ${day}`,
  );
  const dayBefore = `strftime(${day}::DATE - 1, '%Y-%m-%d')`;
  const dayAfter = `strftime(${day}::DATE + 1, '%Y-%m-%d')`;
  await session.run(
    `INSERT INTO listings SELECT l.* REPLACE (${dayAfter} AS first_seen) FROM listings l JOIN fresh s ON ${identity}
     WHERE l.first_seen <= ${day} AND l.last_seen > ${day}`,
  );
  await session.run(
    `UPDATE listings AS l SET last_seen = ${dayBefore} FROM fresh s
     WHERE ${identity} AND l.first_seen < ${day} AND l.last_seen >= ${day}`,
  );
  await session.run(
    `DELETE FROM listings AS l USING fresh s WHERE ${identity} AND l.first_seen = ${day} AND l.last_seen > ${day}`,
  );
  await session.run(`INSERT INTO listings SELECT *, ${day}, ${day} FROM fresh`);
  await session.run(`DELETE FROM lists WHERE day = ${day} AND exchange IN (SELECT exchange FROM stage)`);
  await session.run(`INSERT INTO lists SELECT ${day}, exchange, count(*) FROM stage GROUP BY exchange`);
  const [{ count }] = await jsonRows(session, 'SELECT count(*) AS count FROM fresh');
  return count;
}

function selectOf(question: ListingQuestion): string {
  const { day, exchange, tradingsymbol, words = [], underlying, type, expiry, limit = 1_000_000 } = question;
  const limits = [
    ...(day === undefined ? [] : [`first_seen <= ${literal(day)} AND last_seen >= ${literal(day)}`]),
    ...(exchange === undefined ? [] : [`exchange = ${literal(exchange)}`]),
    ...(tradingsymbol === undefined ? [] : [`tradingsymbol = ${literal(tradingsymbol)}`]),
    ...words.map(
      (word) =>
        `contains(upper(exchange || ':' || tradingsymbol || ' ' || name), ${literal(word.toUpperCase())})`,
    ),
    ...(underlying === undefined ? [] : [`name = ${literal(underlying)} AND expiry <> ''`]),
    ...(type === undefined ? [] : [`type = ${literal(type)}`]),
    ...(expiry === undefined ? [] : [`expiry = ${literal(expiry)}`]),
  ];
  return `SELECT * FROM listings WHERE ${['true', ...limits].join(' AND ')}
    ORDER BY exchange, name, expiry, strike, tradingsymbol, first_seen DESC LIMIT ${limit}`;
}

// biome-ignore lint/suspicious/noExplicitAny: a row of our own table, whose columns the definition above fixes
function listingOf(row: Record<string, any>): ArchivedListing {
  const { exchange, tradingsymbol, token, name, expiry, strike, type, segment } = row;
  return {
    ...{ exchange, tradingsymbol, token, exchangeToken: row.exchange_token, name, expiry, strike },
    ...{ tickSize: row.tick_size, lotSize: row.lot_size, type, segment },
    ...{ firstSeen: row.first_seen, lastSeen: row.last_seen },
  };
}
