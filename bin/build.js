import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { build as bundle } from 'esbuild';

/** Modules of oclif's that only some commands call: evaluated on first use instead of at start. */
const lazyModules = ['ejs', 'semver', 'cli-spinners'];

/** Modules of oclif's for searching commands and plugins on disk; the manifest makes that unnecessary, and they are 140 kB to parse. */
const absentModules = ['minimatch', 'tinyglobby', 'lilconfig'];

/** Never bundled: native code, and the bundler itself, which strategies need at run time. */
const external = [
  '@duckdb/*',
  'esbuild',
  'tsx',
  'tsx/*',
  ...builtinModules,
  ...builtinModules.map((name) => `node:${name}`),
];

/** How long shared parts of earlier builds are kept, days. */
const keptDays = 7;

/**
 * Bundles the sources into `dist`: one small file per command, shared parts in chunks, oclif's manifest and the help text.
 * Everything is made in a folder beside it and renamed at the end, so that a reader sees all of a build or nothing,
 * and two builds at the same time do no harm.
 */
export async function build(root) {
  const dist = join(root, 'dist');
  const work = join(root, `dist.${process.pid}.tmp`);
  rmSync(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const startedAt = statSync(work).mtimeMs;
  try {
    await bundle({
      entryPoints: entryPoints(root),
      outdir: work,
      outbase: join(root, 'src'),
      chunkNames: 'chunks/[name]-[hash]',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      minifyWhitespace: true,
      minifySyntax: true,
      legalComments: 'none',
      external,
      define: {
        'process.env.ALGO_BUILD': JSON.stringify(hashOfSources(join(root, 'src', 'config'))),
        'process.env.ALGO_SOURCES': JSON.stringify(hashOfSources(join(root, 'src'))),
      },
      plugins: [leanOclif(), englishZod(), lazy(), absent()],
      banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
      logLevel: 'error',
    });
    await describe(root, work);
    keepChunks(dist, work);
    await replace(work, dist, startedAt);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function entryPoints(root) {
  const source = join(root, 'src');
  const commands = filesBelow(join(source, 'commands')).filter((file) =>
    /^export default class/m.test(readFileSync(file, 'utf8')),
  );
  const fixed = [
    ['cli', 'cli.ts'],
    ['strategy', 'strategy/index.ts'],
  ];
  return [
    ...commands.map((file) => ({ in: file, out: relative(source, file).replace(/\.ts$/, '') })),
    ...fixed.map(([out, file]) => ({ in: join(source, file), out })).filter((entry) => existsSync(entry.in)),
  ];
}

/**
 * Names the code of this build: its idea of a configuration, so that a remembered one is not mistaken for it after an
 * update, and the whole of it, so that a kept result is not blamed for what a change of the code did.
 */
function hashOfSources(folder) {
  const hash = createHash('sha256');
  for (const file of filesBelow(folder)) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Writes what run.js and oclif read before any command: package.json with the topics, the manifest, the help of `algo` itself. */
async function describe(root, work) {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const pjson = {
    name: own.name,
    version: own.version,
    description: own.description,
    type: 'module',
    dependencies: own.dependencies,
  };
  pjson.oclif = { ...own.oclif, commands: { strategy: 'pattern', target: './commands' }, plugins: [] };
  writeFileSync(join(work, 'package.json'), JSON.stringify(pjson));

  const { Config, Help, Plugin } = await import('@oclif/core');
  const plugin = new Plugin({
    root: work,
    pjson,
    isRoot: true,
    ignoreManifest: true,
    errorOnManifestCreate: true,
  });
  await plugin.load();
  writeFileSync(join(work, 'oclif.manifest.json'), JSON.stringify(plugin.manifest));

  const config = await Config.load({ root: work, pjson, userPlugins: false, devPlugins: false });
  const lines = [];
  const help = new Help(config, { all: false, maxWidth: 100 });
  help.log = (...text) => lines.push(text.join(' '));
  await help.showRootHelp();
  writeFileSync(join(work, 'help.txt'), `${stripVTControlCharacters(lines.join('\n')).trimEnd()}\n`);
}

/**
 * The new build takes the place of the old one. Where another process has finished meanwhile, its build is as good as ours
 * and stays: somebody may be running from it.
 */
/**
 * A program that is running loads parts when it first needs them. Their names carry a hash of their content, so those of the
 * build before can stay beside the new ones, and an update does not pull the ground from under a session.
 */
function keepChunks(dist, work) {
  const earlier = join(dist, 'chunks');
  if (!existsSync(earlier)) return;
  const now = statSync(work).mtimeMs;
  for (const name of readdirSync(earlier)) {
    const from = join(earlier, name);
    const to = join(work, 'chunks', name);
    const { mtimeMs } = statSync(from);
    if (existsSync(to) || now - mtimeMs > keptDays * 86_400_000) continue;
    cpSync(from, to, { preserveTimestamps: true });
  }
}

async function replace(work, dist, startedAt) {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      await rename(work, dist);
      return;
    } catch {
      if (builtAt(dist) >= startedAt) return;
      // A folder that is not empty cannot be renamed over; the stale one is moved away first.
      const stale = `${work}.${attempt}`;
      await rename(dist, stale).catch(() => undefined);
      rmSync(stale, { recursive: true, force: true });
    }
  }
  throw new Error(`${dist} could not be replaced`);
}

/** When a build was finished, in epoch ms; 0 when there is none. */
function builtAt(dist) {
  return statSync(join(dist, 'help.txt'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** `@oclif/core` as one import would load its whole library; commands need three parts of it. */
function leanOclif() {
  return {
    name: 'lean-oclif',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^@oclif\/core$/ }, ({ importer }) =>
        importer.includes('node_modules') ? undefined : { path: 'oclif', namespace: 'lean' },
      );
      onLoad({ filter: /.*/, namespace: 'lean' }, () => ({
        contents:
          "export * as Args from '@oclif/core/args';export * as Flags from '@oclif/core/flags';export { Command } from '@oclif/core/command';",
        resolveDir: fileURLToPath(new URL('..', import.meta.url)),
      }));
    },
  };
}

/** Stands in for a CommonJS module until one of its members is asked for. */
function lazy() {
  const names = new RegExp(`^(${lazyModules.join('|')})$`);
  return {
    name: 'lazy',
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: names }, async ({ path, kind, resolveDir, pluginData }) => {
        if (kind !== 'require-call' || pluginData === 'real') return undefined;
        const real = await resolve(path, { kind, resolveDir, pluginData: 'real' });
        return { path: real.path, namespace: 'lazy' };
      });
      onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({
        contents: `let real;const load=()=>real??=require(${JSON.stringify(path)});module.exports=new Proxy(function(){},{get:(_,key)=>load()[key],has:(_,key)=>key in load(),apply:(_,self,args)=>load().apply(self,args)});`,
        resolveDir: '/',
      }));
    },
  };
}

/** Fails loudly when a module that is left out is needed after all. */
function absent() {
  return {
    name: 'absent',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^(${absentModules.join('|')})$`) }, ({ path }) => ({
        path,
        namespace: 'absent',
      }));
      onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
        contents: `module.exports=new Proxy({},{get(_,key){if(key==='__esModule')return false;throw new Error(${JSON.stringify(path)}+' is not part of the bundle')}})`,
      }));
    },
  };
}

/** zod brings its messages in fifty languages; English is the one we show. */
function englishZod() {
  return {
    name: 'english-zod',
    setup({ onLoad }) {
      onLoad({ filter: /zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
        contents: "export { default as en } from './en.js';",
      }));
    },
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await build(fileURLToPath(new URL('..', import.meta.url)));
}
