import { BarIntake } from '../adapters/files/bar-intake.ts';
import { type Content, contentsOf } from '../adapters/files/contents.ts';
import { findFiles } from '../adapters/files/find-files.ts';
import { type Recognised, readText, type TextOptions } from '../adapters/files/read-text.ts';
import { BarSeries } from '../domain/bar-series.ts';
import { DataError, UsageError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { nearest } from '../domain/nearest.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { isoInstant } from '../domain/time.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { HistoryStore, SeriesBatch } from '../engine/ports.ts';
import type { FailedFile, ImportSummary } from '../reports/data-import-text.ts';
import type { Output } from './context.ts';
import { type DataImportRequest, type ImportPlan, planImport } from './data-import-request.ts';
import { instrumentOf } from './import-naming.ts';
import { ImportPile } from './import-pile.ts';
import { SessionCheck } from './session-check.ts';
import { settleFile } from './settle-file.ts';

export interface ImportDependencies {
  readonly history: HistoryStore;
  readonly output: Output;
  /** Without it nothing is said about bars outside trading hours. */
  readonly rulebook?: Rulebook | undefined;
}

export type DataImportResult = ImportSummary;

/** Rows held before they go to the store: about 70 MB. */
const pileRows = 1_000_000;

/**
 * Reads price files and saves their bars, all of them or none. With `keepGoing` files that cannot be read are listed and
 * the others saved; the result then names the failures.
 *
 * @throws UsageError for flags, paths and names that make no sense; DataError for a file that cannot be taken
 */
export async function importData(
  request: DataImportRequest,
  dependencies: ImportDependencies,
): Promise<DataImportResult> {
  const plan = planImport(request);
  const run = new ImportRun(plan, dependencies, await dependencies.history.instruments());
  return run.finish();
}

class ImportRun {
  readonly #plan: ImportPlan;
  readonly #dependencies: ImportDependencies;
  readonly #known: Map<string, Instrument>;
  readonly #intake: BarIntake;
  readonly #pile = new ImportPile();
  readonly #sessions: SessionCheck;
  readonly #textOptions: TextOptions;
  readonly #skipped = new Map<string, { count: number; first: string }>();
  readonly #layouts = new Map<string, number>();
  readonly #notes = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #failed: FailedFile[] = [];
  readonly #series = new Map<
    string,
    { key: string; timeframe: Timeframe; bars: number; first: number; last: number }
  >();
  #passedOver: readonly string[] = [];
  #files = 0;
  #rowsRead = 0;
  #bars = 0;

  constructor(plan: ImportPlan, dependencies: ImportDependencies, known: readonly Instrument[]) {
    this.#plan = plan;
    this.#dependencies = dependencies;
    this.#known = new Map(known.map((instrument) => [instrument.key, instrument]));
    this.#intake = new BarIntake({ skipBadRows: plan.skipBadRows });
    this.#sessions = new SessionCheck(dependencies.rulebook);
    const { format, columns, order, series, zone } = plan;
    this.#textOptions = { format, columns, order, series, zone, wanted: (symbol) => this.#wanted(symbol) };
  }

  async finish(): Promise<DataImportResult> {
    const { history } = this.#dependencies;
    let changes: { new: number; changed: number; unchanged: number } | undefined;
    if (this.#plan.dryRun) {
      for await (const _ of this.#batches());
    } else {
      const before = await storedBars(history);
      const written = await history.saveAll(this.#batches());
      const added = (await storedBars(history)) - before;
      changes = { new: added, changed: written - added, unchanged: this.#bars - written };
    }
    for (const note of this.#sessions.notes()) this.#notes.add(note);
    const series = [...this.#series.values()].sort((a, b) =>
      a.key === b.key ? (a.timeframe < b.timeframe ? -1 : 1) : a.key < b.key ? -1 : 1,
    );
    const first = series.reduce((least, each) => Math.min(least, each.first), Number.POSITIVE_INFINITY);
    const last = series.reduce((most, each) => Math.max(most, each.last), Number.NEGATIVE_INFINITY);
    return {
      dryRun: this.#plan.dryRun,
      files: { read: this.#files, failed: this.#failed, passedOver: this.#passedOver },
      layouts: [...this.#layouts].map(([about, files]) => ({ about, files })),
      rowsRead: this.#rowsRead,
      bars: {
        total: this.#bars,
        new: changes?.new ?? null,
        changed: changes?.changed ?? null,
        unchanged: changes?.unchanged ?? null,
      },
      instruments: new Set(series.map(({ key }) => key)).size,
      first: series.length > 0 ? isoInstant(first) : null,
      last: series.length > 0 ? isoInstant(last) : null,
      series: series.map((each) => ({ ...each, first: isoInstant(each.first), last: isoInstant(each.last) })),
      skipped: [...this.#skipped].map(([reason, { count, first: where }]) => ({
        reason,
        count,
        first: where,
      })),
      notes: [...this.#notes],
    };
  }

  /** Reads file after file; a failure ends the iteration, which makes the store forget what it was given. */
  async *#batches(): AsyncGenerator<SeriesBatch> {
    const { files, passedOver } = findFiles(this.#plan.paths);
    this.#passedOver = passedOver;
    const progress = this.#dependencies.output.progress('Importing', files.length);
    for (const [index, file] of files.entries()) {
      progress.step(index, file.name);
      for (const content of this.#guard(file.name, () => contentsOf(file.path, file.name)) ?? []) {
        await this.#take(content);
        if (this.#pile.rows >= pileRows) yield* this.#flush();
      }
    }
    yield* this.#flush();
    this.#refuseUnknownSymbols();
    if (this.#bars === 0 && this.#failed.length === 0) throw this.#nothing();
    progress.done(`bars: ${this.#bars}`);
  }

  #guard<T>(file: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#failure(file, error);
      return undefined;
    }
  }

  async #take(content: Content): Promise<void> {
    try {
      const { name } = content;
      const intake = this.#intake;
      intake.begin(name, this.#pile.fileIndexOf(name), 'line');
      const recognised = await this.#read(content);
      const bars = settleFile(this.#plan, intake, recognised);
      const ready = bars.map(({ symbol, timeframe, series }) => ({
        series,
        timeframe,
        instrument: this.#instrument(name, symbol, recognised, bars.length),
      }));
      for (const { instrument, timeframe, series } of ready) {
        this.#pile.add(instrument, timeframe, series, intake.unit);
        if (this.#plan.stamps === 'start') this.#sessions.stamps(instrument, timeframe, series);
      }
      if (bars.length > 0 && this.#plan.timeframe === undefined && recognised.timeframe === undefined) {
        this.#notes.add(`Timeframe ${bars[0].timeframe}, from the spacing of the bars.`);
      }
      this.#layouts.set(recognised.about, (this.#layouts.get(recognised.about) ?? 0) + 1);
      this.#files++;
      this.#rowsRead += intake.rowsRead;
      for (const { reason, count, first } of intake.skipped()) {
        const entry = this.#skipped.get(reason);
        this.#skipped.set(reason, { count: (entry?.count ?? 0) + count, first: entry?.first ?? first });
      }
    } catch (error) {
      this.#failure(content.name, error);
    }
  }

  async #read(content: Content): Promise<Recognised> {
    if (content.kind === 'bytes') {
      if (this.#plan.format === 'parquet')
        throw new DataError(
          'DATA_LAYOUT',
          `${content.name} is not Parquet.`,
          'Leave --format out to let the content decide.',
        );
      return readText(content.read(), this.#textOptions, this.#intake);
    }
    if (this.#plan.format !== undefined && this.#plan.format !== 'parquet') {
      throw new DataError(
        'DATA_LAYOUT',
        `${content.name} is Parquet, not ${this.#plan.format}.`,
        'Leave --format out to let the content decide.',
      );
    }
    const { readParquet } = await import('./read-parquet.ts');
    return readParquet(content.path, this.#textOptions, this.#intake);
  }

  #instrument(file: string, symbol: string, recognised: Recognised, symbols: number): Instrument {
    const { naming } = this.#plan;
    if (naming.as && symbols > 1) {
      throw new UsageError(
        'USAGE_SYMBOL',
        `--as names one instrument, but ${file} holds ${symbols} symbols.`,
        'Use --exchange instead, or pick one with --symbols.',
      );
    }
    const { exchange, indices } = recognised;
    const instrument = instrumentOf(
      naming,
      { file, symbol, exchange, indices, details: this.#intake.details.get(symbol) },
      this.#known,
    );
    const lotKnown =
      naming.lot ?? this.#intake.details.get(symbol)?.lotSize ?? this.#known.get(instrument.key)?.lotSize;
    if (lotKnown === undefined && instrument.kind !== 'EQ' && instrument.kind !== 'INDEX') {
      this.#notes.add(`Lot size of ${instrument.key} taken as 1; say it with --lot.`);
    }
    this.#known.set(instrument.key, instrument);
    return instrument;
  }

  *#flush(): Generator<SeriesBatch> {
    for (const { instrument, timeframe, series } of this.#pile.empty(this.#plan.skipBadRows)) {
      const bars = asBarSeries(instrument, timeframe, series);
      const name = `${bars.key} ${timeframe}`;
      const so = this.#series.get(name);
      const [first, last] = [bars.time[0], bars.time[bars.length - 1]];
      this.#series.set(name, {
        key: bars.key,
        timeframe,
        bars: (so?.bars ?? 0) + bars.length,
        first: Math.min(so?.first ?? first, first),
        last: Math.max(so?.last ?? last, last),
      });
      this.#bars += bars.length;
      this.#sessions.bars(instrument, bars);
      yield { instrument, series: bars };
    }
    const { repeats, first } = this.#pile.repeated();
    if (repeats > 0)
      this.#skipped.set('repeats of another row', {
        count: (this.#skipped.get('repeats of another row')?.count ?? 0) + repeats,
        first,
      });
  }

  #wanted(symbol: string): boolean {
    const upper = symbol.toUpperCase();
    const { symbols } = this.#plan;
    if (symbols === undefined || symbol === '') return true;
    this.#seen.add(upper);
    return symbols.has(upper) || [...symbols].some((each) => each.endsWith(`:${upper}`));
  }

  #refuseUnknownSymbols(): void {
    for (const symbol of this.#plan.symbols ?? []) {
      const bare = symbol.slice(symbol.indexOf(':') + 1);
      if (this.#seen.has(bare) || this.#seen.has(symbol) || this.#failed.length > 0) continue;
      const guess = nearest(bare, this.#seen);
      throw new DataError(
        'DATA_SYMBOL',
        `No file has symbol "${symbol}".${guess ? ` Did you mean "${guess}"?` : ''}`,
        'Correct --symbols.',
      );
    }
  }

  #nothing(): DataError {
    const reasons = [...this.#skipped].map(([reason, { count }]) => `${count} ${reason}`).join(', ');
    return new DataError(
      'DATA_EMPTY',
      `No bar is left to import${reasons ? `: ${reasons}` : ''}.`,
      'Check --from, --to, --symbols and --series.',
    );
  }

  #failure(file: string, error: unknown): void {
    const { code, message, fix = null, error: cause } = failureOf(file, error);
    if (!this.#plan.keepGoing || !keepable.test(code)) throw cause;
    this.#failed.push({ file, code, message, fix });
    this.#dependencies.output.warn(message);
  }
}

/** Faults of one file, which need not keep the others out. */
const keepable = /^(DATA_|USAGE_(SYMBOL|EXCHANGE|COLUMNS)$)/;

/** What the operating system refuses is a fact about the file; anything else is ours and goes on as it is. */
function failureOf(
  file: string,
  error: unknown,
): { code: string; message: string; fix: string | undefined; error: unknown } {
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) throw error;
  const [code, message] = [String(error.code), String(error.message)];
  if ('syscall' in error) {
    const read = new DataError(
      'DATA_READ',
      `${file} cannot be read: ${message.split(',')[0]}.`,
      'Check that the file may be read.',
      error,
    );
    return { code: read.code, message: read.message, fix: read.fix, error: read };
  }
  return {
    code,
    message,
    fix: 'fix' in error && typeof error.fix === 'string' ? error.fix : undefined,
    error,
  };
}

function asBarSeries(
  instrument: Instrument,
  timeframe: Timeframe,
  raw: { readonly length: number } & Pick<BarSeries, 'time' | 'open' | 'high' | 'low' | 'close' | 'volume'>,
): BarSeries {
  const bars = new BarSeries(instrument.key, timeframe);
  for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const)
    bars[name] = raw[name].subarray(0, raw.length);
  bars.length = raw.length;
  return bars;
}

async function storedBars(history: HistoryStore): Promise<number> {
  return (await history.list()).reduce((sum, { bars }) => sum + bars, 0);
}
