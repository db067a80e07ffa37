import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../src/app/context.ts';
import { type Config, defaultConfig } from '../../src/config/schema.ts';
import type { TimerClock } from '../../src/engine/ports.ts';

/** A context with a home of its own, a clock that the test sets, and what was said. */
export function vaultContext(kite: Partial<Config['kite']> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'algo-vault-'));
  const said: string[] = [];
  const silent = () => undefined;
  const config = defaultConfig();
  const time = { now: Date.UTC(2026, 10, 25, 3, 0) };
  const clock: TimerClock = { now: () => time.now, at: () => silent };
  const context: Context = {
    folders: { root: home, home, data: join(home, 'data'), cache: join(home, 'cache') },
    config: { ...config, kite: { ...config.kite, ...kite } },
    output: {
      progress: () => ({ step: silent, done: silent }),
      warn: (message) => said.push(message),
      note: (message) => said.push(message),
    },
    clock,
    log: { error: silent, warn: silent, info: silent, debug: silent, flush: async () => undefined },
  };
  return { context, said, time, clock, secrets: join(home, 'secrets') };
}
