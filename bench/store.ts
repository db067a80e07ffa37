import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBars } from '../src/adapters/duckdb/bar-rows.ts';
import { checksumOf } from '../src/adapters/duckdb/checksum.ts';
import { readColumns, writeColumns } from '../src/adapters/duckdb/column-cache.ts';
import { withDatabase } from '../src/adapters/duckdb/database.ts';
import { openHistory } from '../src/adapters/duckdb/history.ts';
import { readContents } from '../src/adapters/duckdb/tables.ts';
import { resample } from '../src/domain/resample.ts';
import type { Measured } from './measure.ts';
import { barsPerSymbol, minuteBars } from './minute-bars.ts';
import { compare, median } from './rounds.ts';

const rounds = 7;
const writeRounds = 5;
const symbols = 4;

/** The history store on five years of minutes: writing, size, reading, and the column cache against a bare file read. */
export async function measureStore(): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'algo-bench-'));
  try {
    return await measureIn(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureIn(folder: string): Promise<Measured[]> {
  const waiting = { sleep: async () => undefined, random: () => 0.5 };
  const file = join(folder, 'history.duckdb');
  const cacheFolder = join(folder, 'cache');
  const store = openHistory({ file, cacheFolder, waiting });
  const batches = Array.from({ length: symbols }, (_, symbol) => {
    const series = minuteBars(symbol + 1);
    const [exchange, tradingsymbol] = series.key.split(':');
    const instrument = { key: series.key, exchange, tradingsymbol, tickSize: 0.05, lotSize: 1 };
    return { instrument: { ...instrument, rules: 'NSE', kind: 'EQ' } as const, series };
  });
  const bars = symbols * barsPerSymbol;
  const writes: number[] = [];
  for (let round = 0; round < writeRounds; round++) {
    const other = join(folder, `write-${round}.duckdb`);
    const fresh = openHistory({ file: other, cacheFolder, waiting });
    writes.push(await seconds(() => fresh.saveAll(batches)));
    rmSync(other);
  }
  const writing = median(writes);
  await store.saveAll(batches);
  const bytesPerBar = statSync(file).size / bars;

  const reads: number[] = [];
  await withDatabase({ file, access: 'read', waiting, threads: 1 }, async (session) => {
    const { series } = await readContents(session, file);
    for (let round = 0; round < rounds; round++)
      reads.push(await seconds(() => readBars(session, series[1])));
  });
  const reading = median(reads);

  const [{ key }] = await store.list();
  const series = await store.load(key, '1m', { from: -Infinity, to: Infinity });
  const plain = join(folder, 'plain');
  const columns = [series.time, series.open, series.high, series.low, series.close, series.volume];
  writeFileSync(
    plain,
    Buffer.concat(columns.map((column) => new Uint8Array(column.buffer, 0, series.length * 8))),
  );
  const entry = await withDatabase({ file, access: 'read', waiting, threads: 1 }, async (session) => {
    const { series: entries } = await readContents(session, file);
    return entries[0];
  });
  writeColumns(cacheFolder, entry, series);
  const [raw, cached] = compare(
    [
      { name: 'raw file read', run: () => lastTime(readPlain(plain, series.length)) },
      {
        name: 'column cache',
        run: () => lastTime(readColumns(cacheFolder, entry)?.time ?? new Float64Array(1)),
      },
    ],
    { rounds },
  );
  const [hashing] = compare([{ name: 'checksum', run: () => checksumOf(series) }], { rounds });
  const [resampling] = compare([{ name: 'resample', run: () => resample(series, '15m').series.length }], {
    rounds,
  });

  const input = (count: number) => `${count.toLocaleString('en-IN')} bars`;
  const rate = (count: number, time: number) => `${(count / time / 1e6).toFixed(1)} M bars/s`;
  const megabytes = (series.length * 48) / 1e6;
  const line = (
    measure: string,
    count: number,
    goal: string,
    measured: string,
    met: boolean | undefined,
  ): Measured => ({
    measure,
    input: input(count),
    goal,
    measured,
    met,
  });
  return [
    line('store: write', bars, '≥ 5 M bars/s', rate(bars, writing), bars / writing >= 5e6),
    line('store: size', bars, '≤ 12 bytes a bar', `${bytesPerBar.toFixed(1)} bytes a bar`, bytesPerBar <= 12),
    line(
      'store: DuckDB to columns',
      barsPerSymbol,
      '≥ 10 M bars/s',
      rate(barsPerSymbol, reading),
      barsPerSymbol / reading >= 1e7,
    ),
    line('store: raw file read', barsPerSymbol, 'reference', rate(barsPerSymbol, raw.seconds), undefined),
    {
      ...line(
        'store: column cache',
        barsPerSymbol,
        '≥ 60 % of a raw file read',
        `${(100 / cached.ratio).toFixed(0)} % (${rate(barsPerSymbol, cached.seconds)})`,
        cached.equal && cached.ratio <= 1 / 0.6,
      ),
      ...(cached.equal ? { ratio: cached.ratio } : { wrong: true as const }),
    },
    line(
      'store: checksum',
      barsPerSymbol,
      '≥ 500 MB/s',
      `${(megabytes / hashing.seconds).toFixed(0)} MB/s`,
      megabytes / hashing.seconds >= 500,
    ),
    line('store: 1m to 15m', barsPerSymbol, '', rate(barsPerSymbol, resampling.seconds), undefined),
  ];
}

/** CPU seconds of this process, all its threads. */
async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function lastTime(time: Float64Array): number {
  return time[barsPerSymbol - 1];
}

/** What reading the same columns costs when nothing is decoded or checked: six float64 columns, fresh memory. */
function readPlain(path: string, length: number): Float64Array {
  const handle = openSync(path, 'r');
  let first = new Float64Array(0);
  for (let column = 0; column < 6; column++) {
    const values = new Float64Array(length);
    readSync(handle, new Uint8Array(values.buffer));
    if (column === 0) first = values;
  }
  closeSync(handle);
  return first;
}
