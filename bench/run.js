import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

// The benchmarks are bundled as the product is, so that both are the same kind of JavaScript to V8. Beside the packages,
// because those that stay outside the bundle are found from there.
const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = join(root, 'node_modules', '.cache', 'bench');
await build({
  entryPoints: [
    join(root, 'bench', 'main.ts'),
    join(root, 'bench', 'sweep-worker.ts'),
    join(root, 'bench', 'memory-worker.ts'),
  ],
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'error',
});
const { main } = await import(pathToFileURL(join(outdir, 'main.mjs')).href);
process.exitCode = await main({ root, only: process.argv.slice(2) });
