import { InvariantError } from '../../domain/errors.ts';
import { inMemory, type Session } from './database.ts';
import { fromLines, fromPacked, noRecords, type SessionCounts } from './journal-records.ts';
import { type MadeTable, type TableName, tableNames, tablesFor } from './journal-tables.ts';
import { literal } from './tables.ts';

/** One stream of a journal, its records packed into Parquet files that together hold every one of them once. */
export interface PackedStream {
  readonly mode: string;
  readonly stream: string;
  readonly files: readonly string[];
}

/** Packs records into Parquet. */
export type Pack = (job: {
  /** JSON lines, all of them sound. */
  readonly lines: string;
  /** Where to write; whoever writes beside it and renames keeps readers from seeing half of it. */
  readonly packed: string;
  readonly sessions: SessionCounts;
  /** How many records the tables are to be made of. */
  readonly records: number;
}) => Promise<void>;

/**
 * A database in memory for the tables of journals; nothing else can be kept waiting by it. `gather` packs what is not packed yet and
 * answers the streams; `work` finds the tables of `journal-tables.ts`.
 */
export function withJournal<T>(
  gather: (pack: Pack) => Promise<readonly PackedStream[]>,
  tables: readonly MadeTable[],
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return inMemory(async (session) => {
    const streams = await gather(async ({ lines, packed, records, sessions }) => {
      await session.run(
        `COPY (${fromLines(lines, sessions)}) TO ${literal(packed)} (FORMAT parquet, COMPRESSION snappy)`,
      );
      await checkCount(session, packed, records);
    });
    const parts = streams
      .filter(({ files }) => files.length > 0)
      .map(
        ({ mode, stream, files }) =>
          `SELECT ${literal(mode)} AS mode, ${literal(stream)} AS stream, * FROM (${fromPacked(files)})`,
      );
    const none = `SELECT NULL::VARCHAR AS mode, NULL::VARCHAR AS stream, * FROM (${noRecords})`;
    await session.run(`CREATE VIEW records AS ${parts.length > 0 ? parts.join(' UNION ALL ') : none}`);
    for (const sql of tablesFor(tables)) await session.run(sql);
    return work(session);
  });
}

/** Rows of every table. */
export async function countsOf(session: Session): Promise<Readonly<Record<TableName, number>>> {
  const counts = tableNames.map((name) => `(SELECT count(*) FROM ${name})::DOUBLE`);
  const numbers = await numbersOf(session, `SELECT ${counts.join(', ')}`);
  return Object.fromEntries(tableNames.map((name, at) => [name, numbers[at]])) as Record<TableName, number>;
}

/** Lines of another shape than expected are left out by the reader without a word, so they are counted. */
async function checkCount(session: Session, packed: string, records: number): Promise<void> {
  const [rows] = await numbersOf(session, `SELECT count(*)::DOUBLE FROM (${fromPacked([packed])})`);
  if (rows === records) return;
  throw new InvariantError(
    'BUG_PROJECTION',
    `Of ${records} records of a journal ${rows} came into its tables.`,
    'Please report this with the output of: algo journal verify',
  );
}

/** The one row of a query whose columns are all DOUBLE. */
async function numbersOf(session: Session, sql: string): Promise<readonly number[]> {
  const { duckdb } = session;
  const result = await session.run(sql);
  const chunk = await session.next(result);
  if (!chunk) return [];
  return Array.from({ length: duckdb.column_count(result) }, (_, column) => {
    const bytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, column), 8);
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
  });
}
