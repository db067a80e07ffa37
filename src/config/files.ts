import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { codeOf } from '../domain/errors.ts';
import { nearest } from '../domain/nearest.ts';

/** A configuration file that exists, by the name people know it by. */
export interface ConfigFile {
  readonly origin: string;
  readonly text: string;
}

/** `standing` files are found by their place in a configs folder; `named` ones were asked for with --config. */
export interface ConfigFiles {
  readonly standing: readonly ConfigFile[];
  readonly named: readonly ConfigFile[];
}

export interface FileRequest {
  readonly root: string;
  readonly home: string;
  readonly profile: string | undefined;
  /** ALGO_ENV. */
  readonly environment: string | undefined;
  /** Values of --config. */
  readonly files: readonly string[];
}

const profileName = /^[A-Za-z0-9][\w-]*$/;

/** Files of a configs folder that hold something else than settings. */
export const otherConfigFiles: readonly string[] = ['scans'];

/**
 * Configuration files in the order in which they apply: default, profile, their `.{env}` variants; --config by themselves.
 * Of each, the shipped file comes first and the one in the home folder over it.
 */
export function configFiles(request: FileRequest, problems: string[]): ConfigFiles {
  const folders = [...new Set([join(request.root, 'configs'), join(request.home, 'configs')])];
  const profile = request.profile === 'default' ? undefined : request.profile;
  const names = ['default', ...(profile ? [profile] : [])];
  const inFolders = (name: string): ConfigFile[] =>
    folders.flatMap((folder) => read(join(folder, `${name}.yaml`), request.home, problems) ?? []);

  const base = inFolders('default');
  const ofProfile = profile ? profileFiles(profile, folders, inFolders, problems) : [];
  const ofEnvironment = environmentFiles(request.environment, names, folders, inFolders, problems);
  const named = request.files.flatMap((path) => {
    const file = read(path, undefined, problems);
    if (!file) problems.push(`--config: ${path} does not exist`);
    return file ?? [];
  });
  return { standing: [...base, ...ofProfile, ...ofEnvironment], named };
}

/** Where files may lie that a configuration is read from, whether they exist or not. */
export function configPaths({ root, home, profile, environment, files }: FileRequest): readonly string[] {
  const names = ['default', ...(profile && profile !== 'default' ? [profile] : [])];
  const all = [...names, ...(environment ? names.map((name) => `${name}.${environment}`) : [])];
  const folders = [...new Set([join(root, 'configs'), join(home, 'configs')])];
  return [...folders.flatMap((folder) => all.map((name) => join(folder, `${name}.yaml`))), ...files];
}

/** Profiles of the shipped configs and of the home folder, `default` not among them. */
export function profileNames({
  root,
  home,
}: {
  readonly root: string;
  readonly home: string;
}): readonly string[] {
  const names = stems([join(root, 'configs'), join(home, 'configs')]);
  return names.filter(
    (name) => profileName.test(name) && name !== 'default' && !otherConfigFiles.includes(name),
  );
}

function profileFiles(
  profile: string,
  folders: readonly string[],
  inFolders: (name: string) => ConfigFile[],
  problems: string[],
): ConfigFile[] {
  const isProfile = profileName.test(profile) && !otherConfigFiles.includes(profile);
  const found = isProfile ? inFolders(profile) : [];
  if (found.length === 0) {
    const known = stems(folders).filter((stem) => profileName.test(stem) && !otherConfigFiles.includes(stem));
    problems.push(`--profile: ${unknown(`profile "${profile}"`, profile, known)}`);
  }
  return found;
}

function environmentFiles(
  environment: string | undefined,
  names: readonly string[],
  folders: readonly string[],
  inFolders: (name: string) => ConfigFile[],
  problems: string[],
): ConfigFile[] {
  if (!environment) return [];
  const known = [...new Set(stems(folders).flatMap((stem) => stem.split('.')[1] ?? []))];
  if (!known.includes(environment)) {
    problems.push(
      `ALGO_ENV: ${unknown(`environment "${environment}" (no configs/*.${environment}.yaml)`, environment, known)}`,
    );
    return [];
  }
  return names.flatMap((name) => inFolders(`${name}.${environment}`));
}

function unknown(what: string, typed: string, known: readonly string[]): string {
  const guess = nearest(typed, known);
  if (guess) return `unknown ${what}. Did you mean "${guess}"?`;
  return known.length > 0 ? `unknown ${what}. Known: ${known.join(', ')}.` : `unknown ${what}.`;
}

/** File names without `.yaml`, sorted: `default`, `equity`, `equity.prod`. */
function stems(folders: readonly string[]): string[] {
  const names = folders.flatMap((folder) =>
    statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [],
  );
  return [...new Set(names.flatMap((name) => /^(.+)\.yaml$/.exec(name)?.[1] ?? []))].sort();
}

function read(path: string, home: string | undefined, problems: string[]): ConfigFile | undefined {
  const near = home === undefined ? path : relative(home, path);
  const origin = near.startsWith('..') ? path : near;
  try {
    return { origin, text: readFileSync(path, 'utf8') };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    problems.push(
      `${origin}: cannot be read (${code === 'EISDIR' ? 'it is a folder' : code || String(error)})`,
    );
    return { origin, text: '' };
  }
}
