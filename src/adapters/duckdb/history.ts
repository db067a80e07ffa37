import { existsSync } from 'node:fs';
import { BarSeries } from '../../domain/bar-series.ts';
import type { CorporateAction } from '../../domain/corporate-action.ts';
import type { Instrument, InstrumentKey } from '../../domain/instrument.ts';
import type { Interval } from '../../domain/time.ts';
import { type Timeframe, timeframes } from '../../domain/timeframe.ts';
import type { HistoryStore, SeriesBatch, StoredSeries } from '../../engine/ports.ts';
import { readBars, readManyBars } from './bar-rows.ts';
import { readCatalogue, stampOf, writeCatalogue } from './catalogue.ts';
import { checksumOf } from './checksum.ts';
import { hasColumns, readColumns, withinSpan, writeColumns } from './column-cache.ts';
import { stretchesOf } from './coverage.ts';
import { damagedStore, type Session, type Waiting, withDatabase } from './database.ts';
import { SeriesWriter } from './series-writer.ts';
import {
  type Contents,
  emptyContents,
  prepareTables,
  readContents,
  type SeriesEntry,
  sortedContents,
  writeActions,
} from './tables.ts';

// Bars are read and written one series after the other; more threads only wait for each other.
const threads = 1;

const always: Interval = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** Bars that are read in one go when the cache is made ready: about 50 MB. */
const barsAtOnce = 1_000_000;

export interface HistoryOptions {
  /** Path of the database; created by the first save. */
  readonly file: string;
  /** Holds column files, one a series, safe to delete at any time. */
  readonly cacheFolder: string;
  readonly waiting: Waiting;
}

/**
 * OHLCV history in a DuckDB file. Every call opens the file, works and closes it; a call that finds the catalogue and the
 * column cache up to date does not load DuckDB at all.
 */
export function openHistory({ file, cacheFolder, waiting }: HistoryOptions): HistoryStore {
  let known: { readonly stamp: string; readonly contents: Contents } | undefined;

  /** What is stored now, from memory, the catalogue or the database, whichever is cheapest and still true. */
  async function contents(): Promise<Contents> {
    if (!existsSync(file)) return emptyContents;
    const stamp = stampOf(file);
    if (stamp && known?.stamp === stamp) return known.contents;
    const catalogued = stamp && readCatalogue(file, stamp);
    if (stamp && catalogued) {
      known = { stamp, contents: catalogued };
      return catalogued;
    }
    return withDatabase({ file, threads, access: accessFor(stamp), waiting }, contentsFrom);
  }

  // A commit that still waits in the log is carried into the file by opening it for writing.
  function accessFor(stamp: string | undefined): 'read' | 'write' {
    return stamp ? 'read' : 'write';
  }

  async function contentsFrom(session: Session): Promise<Contents> {
    if (!stampOf(file)) await session.run('CHECKPOINT');
    // Under the lock the file is still the one that was read.
    else if (known && known.stamp === stampOf(file)) return known.contents;
    const found = await readContents(session, file);
    remember(found);
    return found;
  }

  /** Ends a transaction after which the file holds `contents`. */
  async function commit(session: Session, contents: Contents): Promise<void> {
    await session.run('COMMIT');
    if (!stampOf(file)) await session.run('CHECKPOINT');
    remember(contents);
  }

  // Only under the lock: nobody else changes the file between looking at it and writing down what it holds.
  function remember(found: Contents): void {
    const stamp = stampOf(file);
    if (!stamp) return;
    writeCatalogue(file, stamp, found);
    known = { stamp, contents: found };
  }

  async function within(key: InstrumentKey, timeframe: Timeframe, span: Interval): Promise<BarSeries> {
    const entry = entryIn(await contents(), key, timeframe);
    if (!entry) return new BarSeries(key, timeframe);
    return readColumns(cacheFolder, entry, span) ?? withinSpan(await rebuilt(key, timeframe), span);
  }

  function rebuilt(key: InstrumentKey, timeframe: Timeframe): Promise<BarSeries> {
    return withDatabase({ file, threads, access: accessFor(stampOf(file)), waiting }, async (session) => {
      // Another process may have saved since we looked, so look again under the lock.
      const entry = entryIn(await contentsFrom(session), key, timeframe);
      return entry ? cached(session, entry) : new BarSeries(key, timeframe);
    });
  }

  async function cached(session: Session, entry: SeriesEntry): Promise<BarSeries> {
    return kept(entry, await readBars(session, entry));
  }

  /** Puts into the cache what the database gave, once it is seen to be what was saved. */
  function kept(entry: SeriesEntry, series: BarSeries): BarSeries {
    if (checksumOf(series) !== entry.checksum) {
      throw damagedStore(
        file,
        `the ${entry.timeframe} bars of ${entry.key} are not the ones that were saved.`,
      );
    }
    writeColumns(cacheFolder, entry, series);
    return series;
  }

  async function prepare(wanted: Iterable<Pick<StoredSeries, 'key' | 'timeframe'>>): Promise<void> {
    const names = new Set(Array.from(wanted, ({ key, timeframe }) => `${key} ${timeframe}`));
    const lacking = ({ series }: Contents) =>
      series.filter(
        (entry) => names.has(`${entry.key} ${entry.timeframe}`) && !hasColumns(cacheFolder, entry),
      );
    if (lacking(await contents()).length < 2) return;
    await withDatabase({ file, threads, access: accessFor(stampOf(file)), waiting }, async (session) => {
      for (const entries of gathered(lacking(await contentsFrom(session)))) {
        const found = await readManyBars(session, entries);
        for (const entry of entries)
          kept(entry, found.get(entry.id) ?? new BarSeries(entry.key, entry.timeframe));
      }
    });
  }

  function saveAll(batches: Iterable<SeriesBatch> | AsyncIterable<SeriesBatch>): Promise<number> {
    return withDatabase({ file, threads, access: 'write', waiting }, async (session) => {
      await session.run('BEGIN');
      let writer: SeriesWriter;
      try {
        writer = new SeriesWriter(session, await prepareTables(session, file));
        for await (const batch of batches) await writer.add(batch);
        await writer.flush();
      } catch (cause) {
        // The cause says more than a rollback that fails with it; closing without a commit undoes the same.
        await session.run('ROLLBACK').catch(() => undefined);
        throw cause;
      }
      await commit(session, writer.contents);
      return writer.changedRows;
    });
  }

  async function saveActions(actions: readonly CorporateAction[]): Promise<number> {
    return withDatabase({ file, threads, access: 'write', waiting }, async (session) => {
      await session.run('BEGIN');
      const before = await prepareTables(session, file);
      const stored = new Map(before.actions.map((each) => [nameOf(each), each]));
      const changed = actions.filter((each) => {
        const same = stored.get(nameOf(each));
        return same?.factor !== each.factor || same.kind !== each.kind;
      });
      await writeActions(session, changed);
      for (const each of changed) stored.set(nameOf(each), each);
      await commit(session, sortedContents({ ...before, actions: [...stored.values()] }));
      return changed.length;
    });
  }

  return {
    load: within,
    prepare,
    save: (instrument, series) => saveAll([{ instrument, series }]),
    saveAll,
    coverage: async (key, timeframe) => stretchesOf(await within(key, timeframe, always)),
    instruments: async (): Promise<readonly Instrument[]> => (await contents()).instruments,
    actions: async () => (await contents()).actions,
    saveActions,
    answered: async () => (await contents()).answered,
    list: async () => listed((await contents()).series),
    // Nothing is held between calls.
    close: async () => undefined,
  };
}

function nameOf({ key, exDay }: CorporateAction): string {
  return `${key} ${exDay}`;
}

function entryIn({ series }: Contents, key: InstrumentKey, timeframe: Timeframe): SeriesEntry | undefined {
  return series.find((entry) => entry.key === key && entry.timeframe === timeframe);
}

/** Series in the order in which they lie in the database, as many at a time as memory holds lightly. */
function* gathered(entries: readonly SeriesEntry[]): Generator<readonly SeriesEntry[]> {
  let some: SeriesEntry[] = [];
  let bars = 0;
  for (const entry of [...entries].sort((a, b) => a.id - b.id)) {
    if (some.length > 0 && bars + entry.bars > barsAtOnce) {
      yield some;
      some = [];
      bars = 0;
    }
    some.push(entry);
    bars += entry.bars;
  }
  if (some.length > 0) yield some;
}

function listed(series: readonly SeriesEntry[]): StoredSeries[] {
  const rank = (entry: StoredSeries) => timeframes.indexOf(entry.timeframe);
  return series
    .map(({ id, ...entry }) => entry)
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : rank(a) - rank(b)));
}
