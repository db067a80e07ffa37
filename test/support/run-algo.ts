import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program as a user starts it. */
export const runJs = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty folder of its own for a test to live in. */
export function emptyHome(): string {
  return mkdtempSync(join(tmpdir(), 'algo-home-'));
}

/** Runs `algo` with its own home and none of the caller's settings; resolves whatever the exit code. */
export function runAlgo(
  args: readonly string[],
  options: { home?: string; env?: Record<string, string> } = {},
): Promise<Finished> {
  const home = options.home ?? emptyHome();
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(ALGO_|NODE_|FORCE_COLOR|NO_COLOR)/.test(name),
  );
  const env = { ...Object.fromEntries(inherited), ALGO_HOME: home, NO_COLOR: '1', ...options.env };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [runJs, ...args], {
      env,
      cwd: home,
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
