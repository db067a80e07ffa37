import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

// The benchmarks are bundled as the product is, so that both are the same kind of JavaScript to V8. Beside the packages,
// because those that stay outside the bundle are found from there.
const root = fileURLToPath(new URL('..', import.meta.url));
const bundled = join(root, 'node_modules', '.cache', 'bench', 'main.mjs');
await build({
  entryPoints: [join(root, 'bench', 'main.ts')],
  outfile: bundled,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'error',
});
const { main } = await import(pathToFileURL(bundled).href);
process.exitCode = await main({ root, only: process.argv.slice(2) });
