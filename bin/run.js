#!/usr/bin/env node
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const built = join(dist, 'help.txt');

// A published package ships dist and no sources; a checkout builds dist on first use and again after a source has changed.
const source = join(root, 'src');
if (existsSync(join(source, 'cli.ts')) && newest(source) > builtAt()) {
  process.stderr.write('Building algo from its sources, once...\n');
  const { build } = await import('./build.js');
  await build(root).catch((error) => {
    process.stderr.write(`The build failed: ${error.message}\n`);
    process.exit(1);
  });
}

const argv = process.argv.slice(2);
const [word] = argv;
if (argv.length === 0 || (argv.length === 1 && (word === '--help' || word === '-h' || word === 'help'))) {
  process.stdout.write(readFileSync(built, 'utf8'));
} else if (word === '--version' || word === '-v') {
  const { name, version } = JSON.parse(readFileSync(join(dist, 'package.json'), 'utf8'));
  process.stdout.write(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
} else {
  // Keeps compiled code between runs where Node can (22.1 and later).
  module.enableCompileCache?.();
  const { runCli } = await import('../dist/cli.js');
  await runCli(argv, {
    commands: dist,
    manifest: JSON.parse(readFileSync(join(dist, 'package.json'), 'utf8')),
  });
}

function builtAt() {
  return statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Latest change of a source and of what shapes a build. Written for speed: it runs before everything else. */
function newest(folder) {
  return Math.max(
    newestBelow(folder),
    ...['package.json', 'bin/build.js'].map((file) => statSync(join(root, file)).mtimeMs),
  );
}

function newestBelow(folder) {
  // A folder changes when a file in it appears or goes.
  let latest = statSync(folder).mtimeMs;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    const changed = entry.isDirectory() ? newestBelow(path) : statSync(path).mtimeMs;
    if (changed > latest) latest = changed;
  }
  return latest;
}
