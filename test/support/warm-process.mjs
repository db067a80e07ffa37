import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// A process that runs one command after the other, each as if it were the first: loading the program and its libraries takes
// longer than most commands do. What it answers is what a process of its own would have printed.

const dist = process.argv[2];
const { runCli } = await import(pathToFileURL(join(dist, 'cli.js')).href);
const installation = {
  commands: dist,
  manifest: JSON.parse(readFileSync(join(dist, 'package.json'), 'utf8')),
};
const signals = ['SIGINT', 'SIGTERM', 'uncaughtException'];

async function run({ args, env, cwd }) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.argv = [process.argv[0], join(dist, '..', 'bin', 'run.js'), ...args];
  process.exitCode = 0;
  const said = { stdout: '', stderr: '' };
  const writes = new Map();
  for (const name of ['stdout', 'stderr']) {
    writes.set(name, process[name].write);
    process[name].write = (text, encoding, done) => {
      said[name] += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
      (typeof encoding === 'function' ? encoding : done)?.();
      return true;
    };
  }
  try {
    await runCli(args, installation);
  } catch (error) {
    process.exitCode = 1;
    said.stderr += `${error.stack}\n`;
  } finally {
    for (const [name, write] of writes) process[name].write = write;
    for (const name of signals) process.removeAllListeners(name);
  }
  return { exitCode: Number(process.exitCode ?? 0), ...said };
}

// One after the other, since output, environment and folder belong to the whole process.
let queue = Promise.resolve();
process.on('message', ({ id, ...asked }) => {
  queue = queue.then(async () => process.send?.({ id, ...(await run(asked)) }));
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
