import type { Interval } from '../../domain/time.ts';
import type { Timeframe } from '../../domain/timeframe.ts';
import { type OpenOptions, withDatabase } from './database.ts';
import { literal } from './tables.ts';

export interface BarExport {
  readonly format: 'csv' | 'parquet';
  /** A file, or a folder that does not exist yet when the bars are partitioned. */
  readonly target: string;
  /** A folder `symbol=…/timeframe=…` for each series. */
  readonly partition: boolean;
  readonly series: readonly { readonly key: string; readonly timeframe: Timeframe }[];
  readonly span: Interval;
  /** With a column `oi`, empty where it is not known. */
  readonly openInterest: boolean;
}

/** Writes stored bars into a file or folder, ordered by symbol, timeframe and time. Times carry India's offset. */
export function exportBars(options: Omit<OpenOptions, 'access'>, wanted: BarExport): Promise<void> {
  const { format, target, partition, series, span, openInterest } = wanted;
  const names = series.map(({ key, timeframe }) => `(${literal(key)}, ${literal(timeframe)})`).join(', ');
  const limits = [
    `(key, timeframe) IN (${names})`,
    ...(Number.isFinite(span.from) ? [`time >= to_timestamp(${span.from / 1_000})`] : []),
    ...(Number.isFinite(span.to) ? [`time < to_timestamp(${span.to / 1_000})`] : []),
  ];
  const figure = (column: string) =>
    format === 'csv' ? `regexp_replace(${column}::VARCHAR, '\\.0$', '') AS ${column}` : column;
  const time = format === 'csv' ? "strftime(time, '%Y-%m-%dT%H:%M:%S+05:30') AS time" : 'time';
  const columns = [
    'key AS symbol',
    'timeframe',
    time,
    ...['open', 'high', 'low', 'close', 'volume', ...(openInterest ? ['oi'] : [])].map(figure),
  ];
  const written = [
    format === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT parquet, COMPRESSION zstd',
    ...(partition ? ['PARTITION_BY (symbol, timeframe), WRITE_PARTITION_COLUMNS true'] : []),
  ];
  return withDatabase({ ...options, access: 'read' }, async (session) => {
    await session.run(
      `COPY (SELECT ${columns.join(', ')} FROM bars WHERE ${limits.join(' AND ')} ORDER BY bars.key, bars.timeframe, bars.time)
       TO ${literal(target)} (${written.join(', ')})`,
    );
  });
}
