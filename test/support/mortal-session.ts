import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from './project-root.ts';
import { runJs } from './run-algo.ts';

const preload = pathToFileURL(join(projectRoot, 'test', 'support', 'die-at.mjs')).href;

/** A strategy with many orders, for days on which something happens all the time. */
export function writeBusyStrategy(home: string): void {
  mkdirSync(join(home, 'strategies'), { recursive: true });
  writeFileSync(
    join(home, 'strategies', 'busy.ts'),
    `import { defineStrategy } from 'algo/strategy';

export default defineStrategy({
  name: 'busy',
  about: 'Buys or sells every other bar, moves its stop once, and leaves after three.',
  timeframe: '1m',
  product: 'MIS',
  setup() {
    return {
      onBar({ session, position, buy, sell, exit, moveStop }) {
        if (position.flat && session.bar % 2 === 0) {
          if (session.bar % 4 === 0) buy({ stopLoss: 0.6, target: 0.4 });
          else sell({ stopLoss: 0.6, target: 0.4 });
        } else if (position.bars === 1) moveStop(0.5);
        else if (position.bars > 3) exit();
      },
    };
  },
});
`,
  );
}

export interface Fate {
  /** A label of die-at.mjs and its pass, such as `after-sync@7`. */
  readonly at?: string | undefined;
  /** Killed so long after it has said that it goes at the latest, wherever it is then. Milliseconds. */
  readonly afterMs?: number | undefined;
  /** Called when it has said that it goes. */
  readonly up?: (() => unknown) | undefined;
}

export interface Ended {
  readonly exitCode: number | null;
  /** `label` where the point was reached, `time` where the clock came first. */
  readonly killed: 'label' | 'time' | undefined;
  readonly said: string;
}

/** Runs `algo` in a home until it ends, or dies as it is fated to. */
export function mortal(
  home: string,
  args: readonly string[],
  { at, afterMs, up }: Fate = {},
): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(ALGO_|NODE_)/.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    ...{ ALGO_HOME: home, NO_COLOR: '1' },
    ...(at && { DIE_AT: at, NODE_OPTIONS: `--import=${preload}` }),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [runJs, ...args], {
      env,
      cwd: home,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    let late = false;
    const hear = (text: string) => {
      said += text;
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    let timer: NodeJS.Timeout | undefined;
    let goes = false;
    child.stderr.on('data', () => {
      if (goes || !said.includes('Session ')) return;
      goes = true;
      up?.();
      if (afterMs === undefined) return;
      timer = setTimeout(() => {
        late = true;
        child.kill('SIGKILL');
      }, afterMs);
    });
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer);
      resolve({ exitCode, said, killed: signal !== 'SIGKILL' ? undefined : late ? 'time' : 'label' });
    });
  });
}
