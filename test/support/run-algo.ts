import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';

/** The program as a user starts it. */
export const runJs = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
const warmJs = fileURLToPath(new URL('warm-process.mjs', import.meta.url));
const distFolder = fileURLToPath(new URL('../../dist', import.meta.url));

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty folder of its own for a test to live in. */
export function emptyHome(): string {
  return mkdtempSync(join(tmpdir(), 'algo-home-'));
}

export interface RunOptions {
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `algo` in a process of its own, with its own home and none of the caller's settings; resolves whatever the exit code. */
export function runAlgo(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { env, cwd } = surroundings(options);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [runJs, ...args], {
      env,
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (exitCode) =>
      resolve({ exitCode, stdout, stderr: stderr.replace(/^Building algo.*\n/m, '') }),
    );
  });
}

let warm: Promise<ChildProcess> | undefined;
let asked = 0;

/**
 * The same, in a process that has run the other commands of the test file before: a fifth of the time. For tests of what a command
 * says; those of starting, stopping and running at the same time need processes of their own.
 */
export async function askAlgo(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  warm ??= warmProcess();
  const child = await warm;
  const id = ++asked;
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) =>
      reject(new Error(`"algo ${args.join(' ')}" ended its process: ${code}`));
    const heard = (answer: Finished & { readonly id: number }) => {
      if (answer.id !== id) return;
      child.off('message', heard).off('exit', ended);
      const { exitCode, stdout, stderr } = answer;
      resolve({ exitCode, stdout, stderr });
    };
    child.on('message', heard).once('exit', ended);
    child.send({ id, args, ...surroundings(options) });
  });
}

afterAll(async () => {
  (await warm)?.kill('SIGKILL');
});

/** The version shown builds what a process started by hand does not. */
async function warmProcess(): Promise<ChildProcess> {
  await runAlgo(['--version']);
  const child = fork(warmJs, [distFolder], {
    env: {},
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.setMaxListeners(0);
  await once(child, 'message');
  return child;
}

function surroundings({ home = emptyHome(), env = {} }: RunOptions) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(ALGO_|NODE_|FORCE_COLOR|NO_COLOR)/.test(name),
  );
  return { env: { ...Object.fromEntries(inherited), ALGO_HOME: home, NO_COLOR: '1', ...env }, cwd: home };
}
