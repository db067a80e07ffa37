import { BarSeries, hasOpenInterest } from '../../domain/bar-series.ts';
import { DataError } from '../../domain/errors.ts';
import type { Instrument, InstrumentKey } from '../../domain/instrument.ts';
import { joinedDays } from '../../domain/missing-days.ts';
import { istDayNumber } from '../../domain/time.ts';
import type { AnsweredDays, SeriesBatch } from '../../engine/ports.ts';
import { BarAppender } from './bar-appender.ts';
import { deleteBars, readBars, readManyBars } from './bar-rows.ts';
import { checksumOf } from './checksum.ts';
import type { Session } from './database.ts';
import { mergeBars } from './merge-bars.ts';
import { stepsPerRupeeOf } from './price-scale.ts';
import {
  type Contents,
  type SeriesEntry,
  type StoredRows,
  sortedContents,
  writeAnswered,
  writeContents,
} from './tables.ts';

/** A series that is being changed: all its bars, and from which row on the table differs. */
interface Draft {
  readonly entry: SeriesEntry | undefined;
  series: BarSeries;
  dirtyFrom: number;
}

// 100 MB of columns: many small files of a folder reach each series once, and a folder of any size fits in memory.
const draftRowsMax = 2_000_000;
// A daily file adds a bar to thousands of series. So many are read one by one; then all that are about as short are read at once.
const singleReads = 20;
const shortBars = 2_000;
const readAheadRows = 1_000_000;

/**
 * Lays batches over the stored series inside one transaction, which the caller begins and commits. Bars of a series stay in
 * order of time in the table: whatever follows the first changed bar is written again.
 */
export class SeriesWriter {
  readonly #session: Session;
  readonly #instruments: Map<InstrumentKey, Instrument>;
  readonly #entries: Map<string, SeriesEntry>;
  /** Keys of instruments and ids of series that have a row already. */
  readonly #stored: StoredRows;
  readonly #drafts = new Map<string, Draft>();
  readonly #renewed = new Map<InstrumentKey, Instrument>();
  readonly #answered: Map<string, AnsweredDays[]>;
  readonly #newlyAnswered = new Map<string, Pick<AnsweredDays, 'key' | 'timeframe'>>();
  /** Stored bars of series that nobody has asked for yet, by id. */
  #readAhead: ReadonlyMap<number, BarSeries> | undefined;
  #reads = 0;
  #draftRows = 0;
  #nextId: number;
  /** Rows that are new or changed so far. */
  changedRows = 0;
  readonly #actions: Contents['actions'];
  /** Whether anything was written. */
  touched = false;

  constructor(session: Session, contents: Contents) {
    this.#session = session;
    this.#instruments = new Map(contents.instruments.map((instrument) => [instrument.key, instrument]));
    this.#entries = new Map(contents.series.map((entry) => [nameOf(entry), entry]));
    this.#stored = {
      instruments: new Set(contents.instruments.map(({ key }) => key)),
      series: new Set(contents.series.map(({ id }) => id)),
    };
    this.#actions = contents.actions;
    this.#answered = new Map();
    for (const each of contents.answered) {
      const name = nameOf(each);
      this.#answered.set(name, [...(this.#answered.get(name) ?? []), each]);
    }
    this.#nextId = 1 + contents.series.reduce((most, { id }) => Math.max(most, id), 0);
  }

  async add(batch: SeriesBatch): Promise<void> {
    const { instrument, series, replace } = batch;
    this.#refuseMix(batch);
    this.#markAnswered(batch);
    if (series.length === 0 && !replace) return;
    if (!sameInstrument(this.#instruments.get(instrument.key), instrument)) {
      this.#instruments.set(instrument.key, instrument);
      this.#renewed.set(instrument.key, instrument);
    }
    const name = nameOf(series);
    const draft = this.#drafts.get(name) ?? (await this.#drafted(name, series));
    const before = draft.series.length;
    if (replace) {
      // Rows that stay are written again; that is rare, and simpler than telling them apart.
      const { changed } = mergeBars(new BarSeries(series.key, series.timeframe), series);
      draft.series = series.slice(0, series.length);
      draft.dirtyFrom = 0;
      this.changedRows += Math.abs(before - changed);
      this.#draftRows += series.length - before;
      return;
    }
    const merged = mergeBars(draft.series, series);
    draft.series = merged.series;
    if (merged.changed > 0) draft.dirtyFrom = Math.min(draft.dirtyFrom, merged.firstChanged);
    this.changedRows += merged.changed;
    this.#draftRows += draft.series.length - before;
    if (this.#draftRows > draftRowsMax) await this.flush();
  }

  /** Writes what is only in memory. Call it once more at the end. */
  async flush(): Promise<void> {
    const changed: SeriesEntry[] = [];
    const appender = new BarAppender(this.#session);
    for (const [name, draft] of this.#drafts) {
      if (draft.dirtyFrom === Infinity) continue;
      const { entry, from } = await this.#cleared(draft);
      appender.append(entry, draft.series, from);
      this.#entries.set(name, entry);
      changed.push(entry);
    }
    appender.close();
    const instruments = [...this.#renewed.values()];
    if (changed.length + instruments.length > 0) {
      await writeContents(this.#session, { instruments, series: changed }, this.#stored);
      this.touched = true;
    }
    for (const [name, series] of this.#newlyAnswered) {
      await writeAnswered(this.#session, series, this.#answered.get(name) ?? []);
      this.touched = true;
    }
    this.#newlyAnswered.clear();
    this.#renewed.clear();
    this.#drafts.clear();
    // What was read ahead is no longer what is stored.
    this.#readAhead = undefined;
    this.#draftRows = 0;
  }

  /** What the store holds besides bars once everything is flushed: what reading it again would tell, and quicker. */
  get contents(): Contents {
    return sortedContents({
      instruments: [...this.#instruments.values()],
      series: [...this.#entries.values()],
      actions: this.#actions,
      answered: [...this.#answered.values()].flat(),
    });
  }

  /** Invented prices and real ones of one name are never in one store: a result on both would be about neither. */
  #refuseMix({ instrument, series, replace }: SeriesBatch): void {
    const known = this.#instruments.get(instrument.key);
    if (!known || (known.synthetic ?? false) === (instrument.synthetic ?? false)) return;
    const kept = [...this.#entries.values()].some(
      (entry) =>
        entry.key === instrument.key && entry.bars > 0 && !(replace && entry.timeframe === series.timeframe),
    );
    if (!kept) return;
    const [stored, coming] = known.synthetic ? ['invented', 'real'] : ['real', 'invented'];
    throw new DataError(
      'DATA_SYNTHETIC_MIX',
      `The stored bars of ${instrument.key} are ${stored}, those to be saved are ${coming}: they are never mixed. Nothing was saved.`,
      'Keep the two apart: use another home with --home, or another history with --set data.history=data/other.duckdb.',
    );
  }

  #markAnswered({ series, replace, answered }: SeriesBatch): void {
    const name = nameOf(series);
    const before = replace ? [] : (this.#answered.get(name) ?? []);
    if (answered === undefined && !(replace && this.#answered.has(name))) return;
    const { key, timeframe } = series;
    const source = answered?.source ?? '';
    const others = before.filter((each) => each.source !== source);
    const joined = joinedDays([
      ...before.filter((each) => each.source === source),
      ...(answered?.days ?? []),
    ]).map((days) => ({ key, timeframe, source, ...days }));
    this.#answered.set(name, [...others, ...joined]);
    this.#newlyAnswered.set(name, { key, timeframe });
  }

  async #drafted(name: string, { key, timeframe }: BarSeries): Promise<Draft> {
    const entry = this.#entries.get(name);
    const series = entry ? await this.#storedBars(entry) : new BarSeries(key, timeframe);
    const draft = { entry, series, dirtyFrom: Infinity };
    this.#drafts.set(name, draft);
    this.#draftRows += series.length;
    return draft;
  }

  async #storedBars(entry: SeriesEntry): Promise<BarSeries> {
    this.#reads++;
    if (this.#reads > singleReads && entry.bars <= shortBars) this.#readAhead ??= await this.#shortSeries();
    return this.#readAhead?.get(entry.id) ?? readBars(this.#session, entry);
  }

  #shortSeries(): Promise<ReadonlyMap<number, BarSeries>> {
    const wanted: SeriesEntry[] = [];
    let rows = 0;
    for (const entry of this.#entries.values()) {
      if (entry.bars > shortBars || this.#drafts.has(nameOf(entry))) continue;
      rows += entry.bars;
      if (rows > readAheadRows) break;
      wanted.push(entry);
    }
    return readManyBars(this.#session, wanted);
  }

  /** Takes out of the table what is written again, and answers what the series will be and from which row on. */
  async #cleared({ entry, series, dirtyFrom }: Draft): Promise<{ entry: SeriesEntry; from: number }> {
    const id = entry?.id ?? this.#nextId++;
    const stepsPerRupee = stepsPerRupeeOf(series, entry ? dirtyFrom : 0, entry?.stepsPerRupee);
    const openInterest = hasOpenInterest(series);
    const restored = entry && (entry.stepsPerRupee !== stepsPerRupee || entry.openInterest !== openInterest);
    const from = restored ? 0 : dirtyFrom;
    if (entry && from < entry.bars)
      await deleteBars(this.#session, entry, restored || from === 0 ? entry.first : series.time[from]);
    const { key, timeframe, length: bars } = series;
    return {
      from,
      entry: {
        ...{ id, key, timeframe, bars },
        first: series.time[0],
        last: series.time[series.length - 1],
        days: daysOf(series),
        ...{ stepsPerRupee, openInterest },
        checksum: checksumOf(series),
      },
    };
  }
}

function nameOf(series: { readonly key: string; readonly timeframe: string }): string {
  return `${series.key} ${series.timeframe}`;
}

function sameInstrument(known: Instrument | undefined, instrument: Instrument): boolean {
  return known !== undefined && JSON.stringify(sorted(known)) === JSON.stringify(sorted(instrument));
}

function sorted(instrument: Instrument): [string, unknown][] {
  return Object.entries(instrument).sort(([a], [b]) => (a < b ? -1 : 1));
}

function daysOf({ time, length }: BarSeries): number {
  let days = 0;
  let last = Number.NaN;
  for (let row = 0; row < length; row++) {
    const day = istDayNumber(time[row]);
    if (day !== last) days++;
    last = day;
  }
  return days;
}
