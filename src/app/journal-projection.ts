import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session } from '../adapters/duckdb/database.ts';
import { type Pack, type PackedStream, withJournal } from '../adapters/duckdb/journal-database.ts';
import { packedVersion, tabledRecords } from '../adapters/duckdb/journal-records.ts';
import type { MadeTable } from '../adapters/duckdb/journal-tables.ts';
import { headOf, type JournalRecord } from '../adapters/journal/record-line.ts';
import {
  endOf,
  type Segment,
  type SegmentEnd,
  sealType,
  segmentNames,
  segmentsAfter,
  segmentType,
} from '../adapters/journal/segments.ts';
import type { Context } from './context.ts';
import { type JournalMode, streamFolder, type WantedStream } from './streams.ts';

/** A stream whose records the tables hold. */
export interface ProjectedStream {
  readonly mode: JournalMode;
  readonly stream: string;
  readonly segments: number;
  readonly records: number;
  /** What is wrong with the journal; the tables hold what comes before. */
  readonly faults: readonly string[];
}

/** A sealed file whose records are packed: found again as long as it has the size and date it had. */
interface PackedSegment extends SegmentEnd {
  readonly bytes: number;
  readonly changedAt: number;
  readonly records: number;
  /** Sessions of the stream that began in it or before. */
  readonly sessions: number;
}

interface PackedIndex {
  readonly version: number;
  readonly segments: readonly PackedSegment[];
}

/**
 * Makes tables of journals and hands them to `work`, in a database in memory. Takes no lock and can be done while sessions write: a
 * last line that is being written is left out. Records of sealed files are checked once and packed under the cache folder, from where
 * the next call takes them; whatever lies there may be deleted.
 *
 * @throws DataError DATA_TABLES
 */
export async function withProjection<T>(
  context: Pick<Context, 'folders'>,
  wanted: readonly WantedStream[],
  tables: readonly MadeTable[],
  work: (session: Session, streams: readonly ProjectedStream[]) => Promise<T>,
): Promise<T> {
  const drafts = mkdtempSync(join(tmpdir(), 'algo-journal-'));
  try {
    const projected: ProjectedStream[] = [];
    const gather = async (pack: Pack): Promise<readonly PackedStream[]> => {
      const streams: PackedStream[] = [];
      for (const { mode, stream } of wanted) {
        const { files, ...facts } = await packedStream(context, { mode, stream, drafts, pack });
        projected.push({ mode, stream, ...facts });
        streams.push({ mode, stream, files });
      }
      return streams;
    };
    return await withJournal(gather, tables, (session) => work(session, projected));
  } finally {
    rmSync(drafts, { recursive: true, force: true });
  }
}

/** Where the packed records of a stream lie. */
function packedFolder({ folders }: Pick<Context, 'folders'>, { mode, stream }: WantedStream): string {
  return join(folders.cache, 'journal', mode, stream);
}

/** Forgets what was packed of a stream, so that the next projection reads its journal from the first record. */
export function forgetPacked(context: Pick<Context, 'folders'>, wanted: WantedStream): void {
  rmSync(packedFolder(context, wanted), { recursive: true, force: true });
}

async function packedStream(
  context: Pick<Context, 'folders'>,
  { mode, stream, drafts, pack }: WantedStream & { readonly drafts: string; readonly pack: Pack },
) {
  const folder = streamFolder(context, mode, stream);
  const cache = packedFolder(context, { mode, stream });
  const known = stillThere(folder, cache);
  const files = known.map(({ number }) => packedFile(cache, number));
  const faults: string[] = [];
  let records = known.reduce((sum, segment) => sum + segment.records, 0);
  let segments = known.length;
  let sessions = known.at(-1)?.sessions ?? 0;
  const kept = [...known];
  for (const segment of segmentsAfter(folder, known.at(-1), readHead)) {
    segments += 1;
    const tabled = segment.records.filter(({ t }) => kinds.has(t)).length;
    records += tabled;
    faults.push(...segment.faults.map((fault) => `${segment.path} ${fault}`));
    if (tabled > 0 || segment.sealed) {
      const name = join(drafts, `${mode}-${stream}-${segment.number}`);
      const lines = soundLines(segment, name);
      const draft = `${name}.parquet`;
      const starts = segment.records.filter(({ t }) => t === 'session').map(({ s }) => s);
      await pack({ lines, packed: draft, records: tabled, sessions: { before: sessions, starts } });
      sessions += starts.length;
      const keep = segment.sealed && segment.faults.length === 0 && kept.length === segment.number - 1;
      const packed = keep ? keptFile(draft, packedFile(cache, segment.number), cache) : draft;
      files.push(packed);
      if (packed !== draft)
        kept.push({ ...endOf(segment), ...stampOf(segment.path), records: tabled, sessions });
    }
    // Behind a fault nothing can be trusted to belong here.
    if (segment.faults.length > 0) break;
  }
  if (kept.length > known.length) writeIndex(cache, { version: packedVersion, segments: kept });
  return { files, segments, records, faults };
}

const kinds: ReadonlySet<string> = new Set(tabledRecords);

/** Only the ends of files are read as a whole; everything else is DuckDB's to read. */
function readHead(line: Uint8Array): JournalRecord | undefined {
  return headOf(line, segmentEnds);
}

const segmentEnds: ReadonlySet<string> = new Set([segmentType, sealType]);

/** The sound records of a file beside which a session may be writing; a sealed one stays as it is. */
function soundLines({ path, soundBytes, tornBytes, sealed }: Segment, to: string): string {
  if (sealed && tornBytes === 0) return path;
  writeFileSync(to, readFileSync(path).subarray(0, soundBytes), { mode: 0o600 });
  return to;
}

/** Moves a packed file to where the next projection finds it; where that cannot be, it stays where it is. */
function keptFile(draft: string, path: string, folder: string): string {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(beside, readFileSync(draft), { mode: 0o600 });
    renameSync(beside, path);
    return path;
  } catch {
    // A full or read-only disk costs the next projection its time and nothing else.
    rmSync(beside, { force: true });
    return draft;
  }
}

/** The packed files from the first on that are those of the journal as it is now. */
function stillThere(folder: string, cache: string): readonly PackedSegment[] {
  const { segments } = readIndex(cache);
  const names = new Set(segmentNames(folder));
  const changed = segments.findIndex(({ number, bytes, changedAt }) => {
    const name = `${String(number).padStart(6, '0')}.ndjson`;
    if (!names.has(name) || !statSync(packedFile(cache, number), { throwIfNoEntry: false })) return true;
    const now = stampOf(join(folder, name));
    return now.bytes !== bytes || now.changedAt !== changedAt;
  });
  return changed < 0 ? segments : segments.slice(0, changed);
}

function stampOf(path: string): { readonly bytes: number; readonly changedAt: number } {
  const { size, mtimeMs } = statSync(path);
  return { bytes: size, changedAt: mtimeMs };
}

function packedFile(cache: string, number: number): string {
  return join(cache, `${String(number).padStart(6, '0')}.parquet`);
}

const none: PackedIndex = { version: packedVersion, segments: [] };

function readIndex(cache: string): PackedIndex {
  try {
    const index: PackedIndex = JSON.parse(readFileSync(join(cache, 'index.json'), 'utf8'));
    return index.version === packedVersion && Array.isArray(index.segments) ? index : none;
  } catch {
    // Missing or damaged: it is made again.
    return none;
  }
}

function writeIndex(cache: string, index: PackedIndex): void {
  const path = join(cache, 'index.json');
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, JSON.stringify(index), { mode: 0o600 });
    renameSync(draft, path);
  } catch {
    // As above: only the next projection's time is lost.
    rmSync(draft, { force: true });
  }
}
