import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type PatchedSetting, patchedYaml } from '../config/patch-yaml.ts';
import { codeOf, UsageError } from '../domain/errors.ts';
import { patchOf, proposalsOf } from '../research/learn/proposals.ts';
import type { Context } from './context.ts';
import { writeExportFile } from './export-file.ts';
import { openStudy, studiesFolder } from './studies.ts';

/** A settings file before and after; `before` is undefined where there is none yet. */
export interface SettingsChange {
  readonly study: string;
  readonly file: string;
  readonly before: string | undefined;
  /** Undefined takes the file away again. */
  readonly after: string | undefined;
}

/** What an applied change is undone from. */
interface AppliedChange {
  readonly file: string;
  readonly before: string | null;
  /** SHA-256 of what was written. */
  readonly written: string;
}

/**
 * The change that a study's proposals make to the user's settings file, on top of the settings in force. Nothing is written.
 *
 * @throws UsageError USAGE_STUDY, USAGE_LEARN when there is nothing to apply or no file of the user's own
 */
export function proposedChange(
  context: Pick<Context, 'folders' | 'config'>,
  { study: id, profile }: { readonly study: string; readonly profile: string | undefined },
): SettingsChange {
  const { document, findings } = openStudy(context, id);
  const patch = patchOf(proposalsOf(findings, context.config.strategies));
  const settings: PatchedSetting[] = Object.entries(patch).flatMap(([strategy, rules]) =>
    Object.entries(rules).map(([key, value]) => ({ path: ['strategies', strategy, key], value })),
  );
  const same = settings.every(({ path: [, strategy, key], value }) => {
    const rules: Readonly<Record<string, unknown>> = context.config.strategies[strategy] ?? {};
    return JSON.stringify(rules[key]) === JSON.stringify(value);
  });
  if (same)
    throw new UsageError(
      'USAGE_LEARN',
      `Study ${document.study} ${settings.length === 0 ? 'proposes nothing' : 'proposes only what is in force already'}.`,
      'algo learn show tells what it found.',
    );
  const file = settingsFile(context, profile);
  const before = textOf(file);
  return { study: document.study, file, before, after: patchedYaml(file, before ?? '', settings) };
}

/** Writes a change and keeps what it is undone from. @throws DataError DATA_WRITE */
export async function applyChange(context: Pick<Context, 'folders'>, change: SettingsChange): Promise<void> {
  const { study, file, before = null, after = '' } = change;
  const undo: AppliedChange = { file, before, written: hashOf(after) };
  await writeExportFile(undoFile(context, study), `${JSON.stringify(undo)}\n`);
  mkdirSync(dirname(file), { recursive: true });
  await writeExportFile(file, after);
}

/**
 * The change that takes an applied study back.
 *
 * @throws UsageError USAGE_UNDO when it was not applied, or its file was edited since
 */
export function undoingChange(context: Pick<Context, 'folders'>, id: string): SettingsChange {
  const { study } = openStudy(context, id).document;
  const text = textOf(undoFile(context, study));
  if (text === undefined)
    throw new UsageError('USAGE_UNDO', `Study ${study} is not applied.`, 'Apply it first: algo learn apply');
  const { file, before, written } = JSON.parse(text) as AppliedChange;
  const now = textOf(file);
  if (now === undefined || hashOf(now) !== written)
    throw new UsageError(
      'USAGE_UNDO',
      `${file} was changed after study ${study} was applied, and undoing would lose that.`,
      'Take the rules under strategies out by hand.',
    );
  return { study, file, before: now, after: before ?? undefined };
}

/** Writes what was there before. @throws DataError DATA_WRITE */
export async function undoChange(
  context: Pick<Context, 'folders'>,
  { study, file, after }: SettingsChange,
): Promise<void> {
  if (after === undefined) rmSync(file);
  else await writeExportFile(file, after);
  rmSync(undoFile(context, study));
}

/** The user's own file of the profile in use: the shipped ones belong to the program. */
function settingsFile({ folders: { home, root } }: Pick<Context, 'folders'>, profile = 'default'): string {
  if (home !== root) return join(home, 'configs', `${profile}.yaml`);
  throw new UsageError(
    'USAGE_LEARN',
    `The settings under ${home} are those that come with the program, and are not written to.`,
    'Give a folder of your own with --home or ALGO_HOME.',
  );
}

function undoFile(context: Pick<Context, 'folders'>, study: string): string {
  return join(studiesFolder(context), `${study}.applied`);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
