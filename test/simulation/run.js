import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundled } from './bundle.js';
import { mutants } from './mutants.js';

/*
 * The simulation is bundled as the product is, with the computer beneath the program replaced by the world's.
 * `--bugs` plays seeds against every planted fault, each in a process of its own, until it is found.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const args = process.argv.slice(2);
const after = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const planted = after('--mutant');
if (args.includes('--bugs')) process.exitCode = await hunt();
else {
  const mutant = mutants.find(({ name }) => name === planted);
  if (planted !== undefined && mutant === undefined) throw new Error(`There is no mutant ${planted}.`);
  const { main } = await bundled(root, mutant);
  process.exitCode = await main({ root, args });
}

/** Answers the exit code: 8 when a planted fault was not found within `--seeds`. */
async function hunt() {
  const only = after('--only')?.split(',');
  const wanted = mutants.filter(({ name }) => only === undefined || only.includes(name));
  const seeds = after('--seeds') ?? '200';
  const found = [];
  const queue = [...wanted];
  const worker = async () => {
    for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
      const { code, text } = await played(mutant.name, seeds);
      const [, seed, invariant] = /seed (\d+) violates (INV-\d+)/.exec(text) ?? [];
      const [, count] = /(\d+) seeds were played/.exec(text) ?? [];
      if (seed === undefined)
        console.log(
          `${mutant.name.padEnd(28)} NOT FOUND within ${seeds} seeds (exit ${code})\n${text.slice(-600)}`,
        );
      else {
        found.push(Number(count));
        console.log(
          `${mutant.name.padEnd(28)} found by ${invariant} in seed ${seed} after ${count} (breaks ${mutant.invariant})`,
        );
      }
    }
  };
  await Promise.all(Array.from({ length: Number(after('--jobs') ?? 1) }, worker));
  const sorted = found.sort((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)];
  console.log(
    `${found.length} of ${wanted.length} planted faults were found; half of them within ${median} seeds, all within ${sorted.at(-1)}.`,
  );
  return found.length === wanted.length ? 0 : 8;
}

function played(name, seeds) {
  return new Promise((resolve) => {
    const child = fork(
      fileURLToPath(import.meta.url),
      ['--mutant', name, '--seeds', seeds, '--fresh', '--stop', '--brief'],
      {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    let text = '';
    child.stdout.on('data', (part) => {
      text += part;
    });
    child.stderr.on('data', (part) => {
      text += part;
    });
    child.on('close', (code) => resolve({ code, text }));
  });
}
