import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Rooms below `src`, and the rooms each may import besides itself. Everything points downwards. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  indicators: ['domain'],
  strategy: ['domain', 'indicators'],
  engine: ['domain', 'indicators', 'strategy'],
  config: ['domain'],
  research: ['domain', 'indicators'],
  reports: ['domain', 'research'],
  adapters: ['domain', 'indicators', 'strategy', 'engine/ports.ts', 'engine/journal-entry.ts'],
  sandbox: ['domain', 'engine/ports.ts', 'adapters/simulated'],
  app: ['domain', 'indicators', 'strategy', 'engine', 'adapters', 'sandbox', 'config', 'research', 'reports'],
  commands: ['domain', 'app', 'config', 'reports', 'research'],
  'cli.ts': ['domain', 'app', 'commands'],
};

/** Each outside library has one room; a room ending in a slash is a folder below `src`. */
const libraryRooms: Readonly<Record<string, readonly string[]>> = {
  '@duckdb/node-api': ['src/adapters/duckdb/'],
  '@duckdb/node-bindings': ['src/adapters/duckdb/'],
  '@oclif/core': ['src/commands/', 'src/cli.ts', 'bin/'],
  esbuild: ['src/adapters/strategy-files/', 'bin/build.js'],
  pino: ['src/adapters/system/'],
  technicalindicators: ['src/adapters/candlesticks/'],
  tsx: ['bin/dev.js'],
  ws: ['src/adapters/kite/', 'src/sandbox/'],
  yaml: ['src/config/'],
  zod: [
    'src/config/',
    'src/strategy/',
    'src/commands/',
    'src/reports/',
    'src/adapters/',
    'src/app/',
    'src/sandbox/',
  ],
};

const sources = filesBelow('src');
const everything = [
  ...sources,
  ...filesBelow('strategies'),
  ...filesBelow('bin'),
  ...filesBelow('test'),
  ...filesBelow('bench'),
];

describe('architecture', () => {
  test('the walk finds the sources', () => {
    expect(sources).toContain('src/domain/errors.ts');
    expect(importsOf('src/cli.ts')).toContain('./domain/errors.ts');
  });

  test('imports point downwards only', () => {
    expect(sources.flatMap((file) => importsOf(file).flatMap((target) => upward(file, target)))).toEqual([]);
  });

  test('adapters do not see each other', () => {
    const seen = sources
      .filter((file) => file.startsWith('src/adapters/'))
      .flatMap((file) =>
        importsOf(file)
          .map((target) => resolved(file, target))
          .filter((target) => target?.startsWith('src/adapters/') && folderOf(target) !== folderOf(file))
          .map((target) => `${file} imports ${target}`),
      );
    expect(seen).toEqual([]);
  });

  test('each outside library has one room', () => {
    const strays = [...sources, ...filesBelow('bin')].flatMap((file) =>
      importsOf(file)
        // The program's own public door appears in the text of new strategies.
        .filter(
          (target) => !target.startsWith('.') && !target.startsWith('node:') && target !== 'algo/strategy',
        )
        .filter((target) => !allowedLibrary(file, target))
        .map((target) => `${file} imports ${target}`),
    );
    expect(strays).toEqual([]);
  });

  test('strategies import the public door only', () => {
    const strays = filesBelow('strategies').flatMap((file) =>
      importsOf(file)
        .filter((target) => target !== 'algo/strategy')
        .map((target) => `${file} imports ${target}`),
    );
    expect(strays).toEqual([]);
  });

  test.each([
    ['the wall clock', /\bDate\.now\(|\bnew Date\(\)/, 'src/adapters/system/system-clock.ts'],
    ['chance', /\bMath\.random\(/, 'src/adapters/system/waiting.ts'],
  ])('%s is read in one file at most', (_name, pattern, only) => {
    const readers = sources.filter((file) => file !== only && pattern.test(codeOf(file)));
    expect(readers).toEqual([]);
  });

  test('the engine neither waits nor knows its mode', () => {
    const engine = sources.filter((file) => file.startsWith('src/engine/'));
    expect(engine.length).toBeGreaterThan(0);
    expect(engine.filter((file) => /\bawait\b|\bsetTimeout\b|\bsetInterval\b/.test(namesOf(file)))).toEqual(
      [],
    );
    expect(engine.filter((file) => /\b(backtest|paper|live)\b/i.test(namesOf(file)))).toEqual([]);
  });

  test('the tree holds the present only', () => {
    const leftovers = everything.filter((file) =>
      /(_v\d|\bv\d+\.|\.bak|backup|_old|_new\b|copy\.)/i.test(file),
    );
    expect(leftovers).toEqual([]);
    const grabBags = everything.filter((file) =>
      /(^|\/)(utils?|misc|common|shared|helpers?)(\.ts|\/)/.test(file),
    );
    expect(grabBags).toEqual([]);
    const promise = new RegExp(
      `\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')}|${['X', 'XX'].join('')})\\b`,
    );
    expect(everything.filter((file) => promise.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});

/** `src/indicators/ema.ts imports src/engine; indicators may import only: domain`, or nothing when all is well. */
function upward(file: string, target: string): string[] {
  const to = resolved(file, target);
  if (!to) return [];
  const room = roomOf(file);
  if (!to.startsWith('src/')) return [`${file} imports ${to}, which lies outside src`];
  const allowed = mayImport[room];
  if (!allowed) return [`${file} lies in no known room`];
  if (roomOf(to) === room || allowed.some((name) => to === `src/${name}` || to.startsWith(`src/${name}/`)))
    return [];
  return [`${file} imports src/${roomOf(to)}; ${room} may import only: ${allowed.join(', ') || 'nothing'}`];
}

function allowedLibrary(file: string, target: string): boolean {
  const library = Object.keys(libraryRooms).find((name) => target === name || target.startsWith(`${name}/`));
  return (
    library !== undefined &&
    (libraryRooms[library] ?? []).some(
      (room) => file === room || (room.endsWith('/') && file.startsWith(room)),
    )
  );
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.[tj]s$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function importsOf(file: string): string[] {
  const statements =
    /(?:^\s*(?:import|export)\b[^;'"]*?\bfrom\s*|^\s*import\s*|\bimport\(\s*)['"]([^'"]+)['"]/gm;
  return [...codeOf(file).matchAll(statements)].flatMap((match) => match[1] ?? []);
}

/** The text without its comments, so that prose about a rule does not break it. */
function codeOf(file: string): string {
  return readFileSync(join(root, file), 'utf8').replace(/^\s*(\/\*[\s\S]*?\*\/|\/\/.*$)/gm, '');
}

/** The code without its comments, its messages and its imports: what it names and branches on. */
function namesOf(file: string): string {
  return codeOf(file)
    .replace(/^import .*$/gm, '')
    .replace(/'[^'\n]*\s[^'\n]*'|`[^`]*`/g, "''");
}

function resolved(file: string, target: string): string | undefined {
  return target.startsWith('.') ? join(dirname(file), target).split(sep).join('/') : undefined;
}

function roomOf(file: string): string {
  return file.split('/')[1] ?? '';
}

function folderOf(file: string): string {
  return file.split('/').slice(0, 3).join('/');
}
