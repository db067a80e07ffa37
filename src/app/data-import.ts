import { BarIntake } from '../adapters/files/bar-intake.ts';
import { type Content, contentsOf } from '../adapters/files/contents.ts';
import { type FoundFile, findFiles } from '../adapters/files/find-files.ts';
import type { RawSeries } from '../adapters/files/raw-series.ts';
import { type Recognised, readText, type TextOptions } from '../adapters/files/read-text.ts';
import { BarSeries } from '../domain/bar-series.ts';
import { DataError, UsageError } from '../domain/errors.ts';
import { type Instrument, isDerivative } from '../domain/instrument.ts';
import { didYouMean } from '../domain/nearest.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { HistoryStore, SeriesBatch } from '../engine/ports.ts';
import type { ImportSummary } from '../reports/data-import-text.ts';
import type { Output } from './context.ts';
import { contractFacts, type ListedInstruments } from './contract-facts.ts';
import { type DataImportRequest, type ImportPlan, planImport } from './data-import-request.ts';
import { failureOf, isKeepable } from './import-failure.ts';
import { instrumentOf, type ListedDetails } from './import-naming.ts';
import { ImportPile } from './import-pile.ts';
import { ImportTally, type StoredChanges } from './import-tally.ts';
import { SessionCheck } from './session-check.ts';
import { settleFile } from './settle-file.ts';

export interface ImportDependencies {
  readonly history: HistoryStore;
  readonly output: Output;
  /** Without it nothing is said about bars outside trading hours. */
  readonly rulebook?: Rulebook | undefined;
  /** Bars in a transaction of a folder of more than 250 files. */
  readonly portionBars?: number | undefined;
  /** Archived instrument lists, asked about lots and codes. */
  readonly listed?: (ListedInstruments & ListedDetails) | undefined;
}

export type DataImportResult = ImportSummary;

/** Rows held before they go to the store: about 150 MB, some 900 daily files of a whole exchange. */
const pileRows = 2_000_000;

/** More files than this are checked first, then saved in portions. */
const uncheckedFiles = 250;

/** Bars in a transaction of a large folder. Each one reads the series it adds to, so many small ones would take longer. */
const portionBars = 1_000_000;

/** Files of NSE's daily report bundle (PR161225.zip) that hold no prices of instruments. */
const bundleExtras =
  /\.zip\/(.*\/)?(an|bc|bh|bm|corpbond|etf|ffix|gl|hl|ix|mcap|mto|nw|pr|readme|sme|tt|ttf)\d*\.(csv|txt|doc|docx)$/i;

/**
 * Reads price files and saves their bars, all of them or none: a file that cannot be taken leaves the store as it was. A
 * folder of more than 250 files is read twice, once to check all of it and once to save it, oldest first, a million bars to a
 * transaction. If that is interrupted, running it again finishes it: bars that are stored already stay as they are. With
 * `keepGoing` files that cannot be read are listed and the others saved; the result then names the failures.
 *
 * @throws UsageError for flags, paths and names that make no sense; DataError for a file that cannot be taken
 */
export async function importData(
  request: DataImportRequest,
  dependencies: ImportDependencies,
): Promise<DataImportResult> {
  const plan = planImport(request);
  const { files, passedOver } = findFiles(plan.paths);
  const known = await dependencies.history.instruments();
  const start = (settings: ImportPlan, output = dependencies.output) =>
    new ImportRun(settings, { ...dependencies, output }, known, passedOver);
  if (plan.dryRun || files.length <= uncheckedFiles) return start(plan).finish([files]);
  const check = start({ ...plan, dryRun: true });
  await check.finish([files], 'Checking');
  const { output } = dependencies;
  // What is wrong with the files was told while they were checked.
  return start(plan, { ...output, warn: () => undefined }).finish(
    check.portions(files, dependencies.portionBars ?? portionBars),
  );
}

class ImportRun {
  readonly #plan: ImportPlan;
  readonly #dependencies: ImportDependencies;
  readonly #known: Map<string, Instrument>;
  readonly #intake: BarIntake;
  readonly #pile = new ImportPile();
  readonly #sessions: SessionCheck;
  readonly #textOptions: TextOptions;
  readonly #tally: ImportTally;
  /** Symbols of all files, in capitals. */
  readonly #seen = new Set<string>();
  /** Of each file, by path, the time of its first bar and how many it has. */
  readonly #facts = new Map<string, { first: number; bars: number }>();
  /** Shares by file symbol; their rows say nothing that could differ from file to file. */
  readonly #shares = new Map<string, Instrument>();
  #path = '';
  /** Files of all portions. */
  #total = 0;

  constructor(
    plan: ImportPlan,
    dependencies: ImportDependencies,
    known: readonly Instrument[],
    passedOver: readonly string[],
  ) {
    this.#plan = plan;
    this.#dependencies = dependencies;
    this.#known = new Map(known.map((instrument) => [instrument.key, instrument]));
    this.#intake = new BarIntake({ skipBadRows: plan.skipBadRows });
    this.#sessions = new SessionCheck(dependencies.rulebook);
    const { format, columns, order, series, zone } = plan;
    this.#tally = new ImportTally(passedOver);
    const facts = contractFacts(dependencies.rulebook, dependencies.listed);
    const wanted = (symbol: string) => this.#wanted(symbol);
    this.#textOptions = { format, columns, order, series, zone, facts, wanted };
  }

  /** Files that were read, by the time of their first bar, so that saving them adds to the ends of series; so many bars at a time. */
  portions(files: readonly FoundFile[], size: number): FoundFile[][] {
    const factsOf = ({ path }: FoundFile) =>
      this.#facts.get(path) ?? { first: Number.NEGATIVE_INFINITY, bars: 0 };
    const portions: FoundFile[][] = [[]];
    let bars = 0;
    for (const file of [...files].sort((a, b) => factsOf(a).first - factsOf(b).first)) {
      if (bars >= size) {
        portions.push([]);
        bars = 0;
      }
      portions[portions.length - 1].push(file);
      bars += factsOf(file).bars;
    }
    return portions;
  }

  /** Reads the files and saves each portion in a transaction of its own. */
  async finish(portions: readonly (readonly FoundFile[])[], label = 'Importing'): Promise<DataImportResult> {
    const { history, output } = this.#dependencies;
    this.#total = portions.reduce((sum, { length }) => sum + length, 0);
    const progress = output.progress(label, this.#total);
    let changes: StoredChanges | undefined;
    let read = 0;
    const batches = (portion: readonly FoundFile[]) =>
      this.#batches(portion, ({ name }) => progress.step(read++, name));
    if (this.#plan.dryRun) {
      for (const portion of portions) for await (const _ of batches(portion));
      progress.done();
    } else {
      const before = await storedBars(history);
      let written = 0;
      for (const portion of portions) written += await history.saveAll(batches(portion));
      progress.done(`bars: ${this.#tally.bars}`);
      const added = (await storedBars(history)) - before;
      changes = { new: added, changed: written - added, unchanged: this.#tally.bars - written };
    }
    for (const note of this.#sessions.notes()) this.#tally.notes.add(note);
    return this.#tally.summary(changes);
  }

  /** Reads file after file; a failure ends the iteration, which makes the store forget what it was given. */
  async *#batches(
    files: readonly FoundFile[],
    began: (file: FoundFile) => void,
  ): AsyncGenerator<SeriesBatch> {
    for (const file of files) {
      began(file);
      this.#path = file.path;
      for (const content of this.#guard(file.name, () => contentsOf(file.path, file.name)) ?? []) {
        if (bundleExtras.test(content.name)) this.#tally.passedOver.push(content.name);
        else await this.#take(content);
        if (this.#pile.rows >= pileRows) yield* this.#flush();
      }
    }
    yield* this.#flush();
    if (files.length === this.#total) this.#refuseNothing();
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
      for (const underlying of intake.lotVolumes) {
        this.#tally.notes.add(
          `Volume of ${underlying} contracts counts lots: no table and no imported instrument list says how many units a lot has.`,
        );
      }
      for (const { instrument, timeframe, series } of ready) {
        const facts = this.#facts.get(this.#path) ?? { first: Number.POSITIVE_INFINITY, bars: 0 };
        this.#facts.set(this.#path, {
          first: Math.min(facts.first, series.time[0]),
          bars: facts.bars + series.length,
        });
        this.#pile.add(instrument, timeframe, series, intake.unit);
        if (this.#plan.stamps === 'start') this.#sessions.stamps(instrument, timeframe, series);
      }
      if (bars.length > 0 && this.#plan.timeframe === undefined && recognised.timeframe === undefined) {
        this.#tally.notes.add(`Timeframe ${bars[0].timeframe}, from the spacing of the bars.`);
      }
      this.#tally.fileRead(recognised.about, intake.rowsRead);
      for (const { reason, count, first } of intake.skipped()) this.#tally.rowsSkipped(reason, count, first);
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
    const details = this.#intake.details.get(symbol);
    const share = details || symbol === '' ? undefined : `${exchange} ${indices} ${symbol}`;
    const seen = share === undefined ? undefined : this.#shares.get(share);
    if (seen) return seen;
    const { listed } = this.#dependencies;
    const instrument = instrumentOf(
      naming,
      { file, symbol, exchange, indices, details },
      this.#known,
      listed,
    );
    if (share !== undefined) this.#shares.set(share, instrument);
    const lotKnown =
      naming.lot ??
      details?.lotSize ??
      listed?.detailsOf(instrument.key)?.lotSize ??
      this.#known.get(instrument.key)?.lotSize;
    const toldOfLots = this.#intake.lotVolumes.has(details?.underlying ?? '');
    if (lotKnown === undefined && !toldOfLots && instrument.kind !== 'EQ' && instrument.kind !== 'INDEX') {
      this.#tally.notes.add(`Lot size of ${instrument.key} taken as 1; say it with --lot.`);
    }
    this.#known.set(instrument.key, instrument);
    return instrument;
  }

  *#flush(): Generator<SeriesBatch> {
    for (const { instrument, timeframe, series } of this.#pile.empty(this.#plan.skipBadRows)) {
      const bars = asBarSeries(instrument, timeframe, series);
      this.#tally.barsTaken(bars);
      this.#sessions.bars(instrument, bars);
      yield { instrument, series: bars };
    }
    const { repeats, first } = this.#pile.repeated();
    if (repeats > 0) this.#tally.rowsSkipped('repeats of another row', repeats, first);
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
      if (this.#seen.has(bare) || this.#seen.has(symbol) || this.#tally.failed.length > 0) continue;
      const hint = didYouMean(bare, this.#seen);
      throw new DataError('DATA_SYMBOL', `No file has symbol "${symbol}".${hint}`, 'Correct --symbols.');
    }
  }

  #refuseNothing(): void {
    this.#refuseUnknownSymbols();
    if (this.#tally.bars === 0 && this.#tally.failed.length === 0) throw this.#nothing();
  }

  #nothing(): DataError {
    const reasons = this.#tally.skippedText;
    return new DataError(
      'DATA_EMPTY',
      `No bar is left to import${reasons ? `: ${reasons}` : ''}.`,
      'Check --from, --to, --symbols and --series.',
    );
  }

  #failure(file: string, error: unknown): void {
    const failure = failureOf(file, error);
    const { code, message, fix = null } = failure;
    if (!this.#plan.keepGoing || !isKeepable(failure)) throw failure.error;
    this.#tally.failed.push({ file, code, message, fix });
    this.#dependencies.output.warn(message);
  }
}

function asBarSeries(instrument: Instrument, timeframe: Timeframe, raw: RawSeries): BarSeries {
  const bars = new BarSeries(instrument.key, timeframe);
  for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const)
    bars[name] = raw[name].subarray(0, raw.length);
  bars.length = raw.length;
  const openInterest = raw.openInterest?.subarray(0, raw.length);
  // Vendors and Kite write 0 for shares and indices, which have none.
  if (isDerivative(instrument) || openInterest?.some((units) => units > 0)) bars.openInterest = openInterest;
  return bars;
}

async function storedBars(history: HistoryStore): Promise<number> {
  return (await history.list()).reduce((sum, { bars }) => sum + bars, 0);
}
