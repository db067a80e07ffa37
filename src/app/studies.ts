import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, DataError, UsageError } from '../domain/errors.ts';
import type { LearnDocument } from '../reports/learn-json.ts';
import type { Finding } from '../research/learn/study.ts';
import type { Context } from './context.ts';
import { writeExportFile } from './export-file.ts';

/** A study as it is kept: what it showed, and the findings that proposals are made of. */
export interface KeptStudy {
  readonly format: 1;
  readonly document: LearnDocument;
  readonly findings: readonly Finding[];
}

/** Where studies are kept: `<home>/data/learn/<id>.json`. */
export function studiesFolder({ folders }: Pick<Context, 'folders'>): string {
  return join(folders.data, 'learn');
}

/** Keeps a study in place of the one with its id. @throws DataError DATA_WRITE */
export async function saveStudy(context: Pick<Context, 'folders'>, study: KeptStudy): Promise<void> {
  const folder = studiesFolder(context);
  mkdirSync(folder, { recursive: true });
  await writeExportFile(join(folder, `${study.document.study}.json`), `${JSON.stringify(study)}\n`);
}

/** A study by its id, the beginning of it, or `last`. @throws UsageError USAGE_STUDY, DataError DATA_STUDY */
export function openStudy(context: Pick<Context, 'folders'>, id: string): KeptStudy {
  const folder = studiesFolder(context);
  const names = namesIn(folder);
  const found = id === 'last' ? names.slice(0, 1) : names.filter((name) => name.startsWith(id.toLowerCase()));
  if (found.length !== 1)
    throw new UsageError(
      'USAGE_STUDY',
      names.length === 0
        ? `No study "${id}": none was made.`
        : `"${id}" begins ${found.length === 0 ? 'no study' : `${found.length} studies`}.`,
      names.length === 0 ? 'Run: algo learn run' : `There are: ${names.slice(0, 5).join(', ')}.`,
    );
  const file = join(folder, `${found[0]}.json`);
  const study = readStudy(file);
  if (study) return study;
  throw new DataError(
    'DATA_STUDY',
    `The study ${file} cannot be read.`,
    'Run algo learn run again; it takes its place.',
  );
}

/** Ids, the newest first. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .flatMap((name) => /^([0-9a-f]{12})\.json$/.exec(name)?.[1] ?? [])
      .map((name) => ({ name, savedAt: statSync(join(folder, `${name}.json`)).mtimeMs }))
      .sort((a, b) => b.savedAt - a.savedAt || (a.name < b.name ? -1 : 1))
      .map(({ name }) => name);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function readStudy(file: string): KeptStudy | undefined {
  try {
    const study = JSON.parse(readFileSync(file, 'utf8')) as KeptStudy;
    return study.format === 1 && Array.isArray(study.findings) ? study : undefined;
  } catch {
    // Damaged: the caller says so.
    return undefined;
  }
}
