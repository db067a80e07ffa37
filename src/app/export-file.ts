import { existsSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { DataError, messageOf, UsageError } from '../domain/errors.ts';

/** A file that a flag asks for, and what its name may end in. */
export interface ExportFile {
  readonly flag: string;
  readonly file: string;
  readonly endings: readonly string[];
  /** A good name, for the error's advice. */
  readonly example: string;
}

/** Says before a long run what would go wrong at its end. @throws UsageError USAGE_EXPORT */
export function checkExportFile({ flag, file, endings, example }: ExportFile): void {
  const path = resolve(file);
  if (!endings.includes(extname(path).toLowerCase())) {
    const ends = endings.length > 1 ? `neither in ${endings.join(' nor in ')}` : `not in ${endings[0]}`;
    throw new UsageError(
      'USAGE_EXPORT',
      `${flag} received "${file}", which ends ${ends}.`,
      `Name it like ${example}.`,
    );
  }
  if (statSync(dirname(path), { throwIfNoEntry: false })?.isFile())
    throw new UsageError(
      'USAGE_EXPORT',
      `"${file}" lies in ${dirname(path)}, which is a file.`,
      `Name a folder that exists, or only ${example}.`,
    );
  if (!existsSync(dirname(path)))
    throw new UsageError(
      'USAGE_EXPORT',
      `The folder of "${file}" does not exist.`,
      `Make it first: mkdir -p ${dirname(path)}`,
    );
  if (existsSync(path) && statSync(path).isDirectory())
    throw new UsageError('USAGE_EXPORT', `"${file}" is a folder.`, `Name a file in it, like ${example}.`);
}

/** Writes a text; whoever reads the file sees all of it or what was there before. @throws DataError DATA_WRITE */
export async function writeExportFile(file: string, text: string): Promise<void> {
  const path = resolve(file);
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new DataError(
      'DATA_WRITE',
      `"${file}" could not be written: ${messageOf(cause)}`,
      'Check the disk and the rights of the folder.',
      cause,
    );
  }
}
