import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHistory } from '#src/adapters/duckdb/history.ts';
import { dataGenerate, type GenerateRequest } from '#src/app/data-generate.ts';
import type { HistoryStore } from '#src/engine/ports.ts';
import { accountOf } from '#src/sandbox/http/accounts.ts';
import { type StoredDays, storedDays } from '#src/sandbox/market/stored-days.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '#src/sandbox/sandbox.ts';
import { day, india } from './india.ts';
import { HeldClock } from './scripted-market.ts';

/** A history in a folder of its own with an invented market in it. */
export async function inventedHistory(request: Partial<GenerateRequest> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'algo-sandbox-'));
  const store: HistoryStore = openHistory({
    file: join(folder, 'history.duckdb'),
    cacheFolder: join(folder, 'cache'),
    waiting: { sleep: () => new Promise((resolve) => setImmediate(resolve)), random: () => 0.5 },
  });
  await dataGenerate(
    { store, rulebook: india },
    { seed: 7, from: '2026-09-01', days: 5, symbols: 2, timeframe: '1m', ...request },
  );
  return {
    store,
    async remove() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const known = new WeakMap<HistoryStore, Promise<StoredDays>>();

/** What a store holds does not change while its tests run. */
function daysOf(store: HistoryStore): Promise<StoredDays> {
  const days = known.get(store) ?? storedDays({ store, rulebook: india, seed: 7 });
  known.set(store, days);
  return days;
}

/** The third of the five days, a Thursday. */
export const playedDay = '2026-09-03';

/** Two users and their apps. */
export const accounts = ['AB1234', 'CD5678'].map((user) => accountOf(user, 'http://127.0.0.1:5999/callback'));

export interface HeldSandbox extends Sandbox {
  /** Real time of the sandbox, moved by hand: limits count its seconds. */
  readonly base: HeldClock;
}

/** A sandbox on a free port whose clock goes forward by `market.clock.step` alone, on the third of five invented days. */
export async function heldSandbox(
  store: HistoryStore,
  options: Partial<SandboxOptions> = {},
): Promise<HeldSandbox> {
  const base = new HeldClock();
  const days = await daysOf(store);
  const sandbox = await startSandbox({
    ...{ base, days, rulebook: india, seed: 7, speed: 1, paused: true, port: 0, accounts, limits: false },
    dayNumber: day(playedDay),
    onFailure: (error) => {
      throw error;
    },
    ...options,
  });
  return { ...sandbox, base };
}
