import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Modules of the program that reach the computer, and what stands in for each. */
const standIns = {
  'src/adapters/system/system-clock.ts': 'system-clock.ts',
  'src/adapters/system/time-limit.ts': 'time-limit.ts',
  'src/adapters/system/waiting.ts': 'waiting.ts',
  'src/adapters/system/watch-files.ts': 'watch-files.ts',
  'src/adapters/system/control-socket.ts': 'control-socket.ts',
  'src/adapters/system/process-health.ts': 'process-health.ts',
  'src/adapters/duckdb/process-lock.ts': 'process-lock.ts',
  'src/app/open-history.ts': 'open-history.ts',
  'src/app/strategy-folders.ts': 'strategy-folders.ts',
};

/** Rooms whose files are the world's. */
const onItsDisk = ['src/adapters/journal/', 'src/adapters/system/', 'src/app/', 'src/config/'];

/**
 * Bundles the simulation and answers its exports. A `mutant` is a fault planted into one source on the way.
 *
 * @param {string} root
 * @param {{ name: string, file: string, find: string, replace: string }} [mutant]
 */
export async function bundled(root, mutant) {
  const outfile = join(root, 'node_modules', '.cache', 'simulation', `${mutant?.name ?? 'main'}.mjs`);
  const folder = join(root, 'test', 'simulation');
  await build({
    entryPoints: [join(folder, 'main.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
    sourcemap: 'inline',
    plugins: [simulated(root, folder), ...(mutant ? [planted(root, mutant)] : [])],
  });
  return import(`${pathToFileURL(outfile)}?${Date.now()}`);
}

function simulated(root, folder) {
  const standIn = (name) => ({ path: join(folder, 'stand-ins', name) });
  return {
    name: 'simulated',
    setup({ onResolve }) {
      onResolve({ filter: /^#src\// }, ({ path, ...rest }) =>
        replaced(join(root, 'src', path.slice(5)), rest),
      );
      onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, ...rest }) =>
        replaced(join(rest.resolveDir, path), rest),
      );
      onResolve({ filter: /^algo\/strategy$/ }, () => ({ path: join(root, 'src', 'strategy', 'index.ts') }));
      onResolve({ filter: /^node:fs$/ }, ({ importer }) =>
        onItsDisk.some((room) => importer.startsWith(join(root, room))) ? standIn('node-fs.ts') : undefined,
      );
      onResolve({ filter: /^ws$/ }, () => standIn('ws.ts'));
      function replaced(path) {
        const name = standIns[relative(root, path).replaceAll('\\', '/')];
        return name === undefined ? { path } : standIn(name);
      }
    },
  };
}

/** Changes one source; its text has to be there exactly once, else the mutant tells of a program that is no more. */
function planted(root, { name, file, find, replace }) {
  return {
    name: 'planted',
    setup({ onLoad }) {
      const path = join(root, file);
      onLoad({ filter: /\.ts$/ }, async (args) => {
        if (args.path !== path) return undefined;
        const text = await readFile(path, 'utf8');
        const times = text.split(find).length - 1;
        if (times !== 1)
          throw new Error(
            `Mutant ${name} is stale: its text is ${times} times in ${file}, expected once. Write it anew.`,
          );
        return { contents: text.replace(find, () => replace), loader: 'ts' };
      });
    },
  };
}
