import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { SandboxStarted } from '../../src/reports/sandbox-text.ts';
import type { ServedRequest } from '../../src/sandbox/http/kite-server.ts';
import { runJs } from './run-algo.ts';

export interface SandboxProcess {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  /** What it prints when it can be reached. */
  readonly started: Promise<SandboxStarted>;
}

/** Starts `algo sandbox up` in a home of its own. */
export function sandboxProcess(home: string, ...flags: readonly string[]): SandboxProcess {
  const env = { ...process.env, ALGO_HOME: home, NODE_OPTIONS: '', NO_COLOR: '1' };
  const child = spawn(process.execPath, [runJs, 'sandbox', 'up', '--json', ...flags], { env, cwd: home });
  const exit = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    said += part;
  });
  const started = new Promise<SandboxStarted>((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.endsWith('}\n')) resolve(JSON.parse(text));
    });
    void exit.then((code) => reject(new Error(`the sandbox ended with ${code}: ${said}`)));
  });
  return { child, exit, started };
}

/** The requests of a log that `--request-log` wrote, in the order in which they came in. */
export function requestsIn(file: string): readonly ServedRequest[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line): ServedRequest => JSON.parse(line)).sort((one, other) => one.at - other.at);
}

/** Most instants, rising, within any stretch of so many milliseconds. */
export function busiest(times: readonly number[], windowMs: number): number {
  let first = 0;
  return times.reduce((most, time, last) => {
    while (time - times[first] >= windowMs) first += 1;
    return Math.max(most, last - first + 1);
  }, 0);
}
