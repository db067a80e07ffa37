#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { settings } from '@oclif/core';
import { register } from 'tsx/esm/api';

// Runs the sources without a build. oclif's own transpiler does not know TypeScript 7, so tsx does it.
settings.enableAutoTranspile = false;
register();

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const globPatterns = ['**/*.ts', '!*-command.ts', '!*-flags.ts', '!reported-error.ts', '!command-help.ts'];
manifest.oclif = {
  ...manifest.oclif,
  plugins: [],
  commands: { strategy: 'pattern', target: './src/commands', globPatterns },
};
const { runCli } = await import('../src/cli.ts');
await runCli(process.argv.slice(2), { commands: root, manifest });
