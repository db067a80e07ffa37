import { rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { openHistory } from '#src/adapters/duckdb/history.ts';
import { dataGenerate } from '#src/app/data-generate.ts';
import { dayMs, isoDateOfDay, istDayNumber, secondMs } from '#src/domain/time.ts';
import { accountOf } from '#src/sandbox/http/accounts.ts';
import type { SandboxClock } from '#src/sandbox/market/market.ts';
import { storedDays } from '#src/sandbox/market/stored-days.ts';
import { type Sandbox, startSandbox } from '#src/sandbox/sandbox.ts';
import { india } from '../support/india.ts';
import { emptyHome } from '../support/run-algo.ts';
import { HeldClock } from '../support/scripted-market.ts';
import { type OfficialKite, officialKite } from './official-kite.ts';

/** What a test of the official client stands on: a sandbox whose clocks it holds, and a client that is logged in. */
export interface Rehearsal {
  readonly sandbox: Sandbox;
  readonly root: string;
  readonly wsRoot: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly userId: string;
  readonly clock: SandboxClock;
  /** Logged in. */
  readonly kite: OfficialKite;
  /** Access token of `kite`. */
  readonly accessToken: string;
  /** Where the login page sends the browser, after its user said yes. */
  login(): Promise<URL>;
  requestToken(): Promise<string>;
  /** Logs `kite` in again. */
  renew(): Promise<void>;
  /** Real time goes on a second, by which requests are limited. */
  nextSecond(): void;
  /** The market goes on so many of its seconds. */
  play(seconds: number): void;
  /** The date so many days before the sandbox's, `YYYY-MM-DD`. */
  dayBefore(days: number): string;
  raw(method: string, path: string, headers?: Readonly<Record<string, string>>): Promise<RawReply>;
  close(): Promise<void>;
}

export interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * A sandbox of its own for a test file, at 10:00 of the eighth day of a small invented market, standing still.
 * It has an index, three stocks, and futures.
 */
export async function openRehearsal(options: { readonly postbackUrl?: string } = {}): Promise<Rehearsal> {
  const home = emptyHome();
  const store = openHistory({
    file: join(home, 'history.duckdb'),
    cacheFolder: join(home, 'cache'),
    waiting: { sleep: () => Promise.resolve(), random: () => 0.5 },
  });
  const from = '2026-05-04';
  await dataGenerate(
    { store, rulebook: india },
    {
      seed: 11,
      from,
      days: 8,
      symbols: 3,
      timeframe: '1m',
      with: ['futures'],
    },
  );
  const base = new HeldClock();
  const account = {
    ...accountOf('SB0001', 'http://127.0.0.1:1/'),
    postbackUrl: options.postbackUrl,
  };
  const days = await storedDays({ store, rulebook: india, seed: 11 });
  const dayNumber = days.newestDay ?? 0;
  const failures: unknown[] = [];
  const sandbox = await startSandbox({
    base,
    days,
    rulebook: india,
    seed: 11,
    dayNumber,
    minute: 600,
    speed: 1,
    paused: true,
    port: 0,
    accounts: [account],
    onFailure: (error) => failures.push(error),
  });
  const { apiKey, apiSecret, userId } = account;
  const { clock } = sandbox.market;
  const kite = officialKite({ apiKey, root: sandbox.url });

  async function login(): Promise<URL> {
    const page = await raw('GET', `/connect/login?v=3&api_key=${apiKey}&auto=1`);
    return new URL(page.headers.location ?? '');
  }

  async function requestToken(): Promise<string> {
    return (await login()).searchParams.get('request_token') ?? '';
  }

  let accessToken = '';
  async function renew(): Promise<void> {
    accessToken = String((await kite.generateSession(await requestToken(), apiSecret)).access_token);
  }

  function raw(method: string, path: string, headers: Readonly<Record<string, string>> = {}) {
    const usual = { 'x-kite-version': '3', authorization: `token ${apiKey}:${accessToken}` };
    const sent = Object.entries({ ...usual, ...headers }).filter(([, value]) => value !== '');
    return new Promise<RawReply>((resolve, reject) => {
      const asked = request(
        new URL(encodeURI(path), sandbox.url),
        { method, agent: false, headers: Object.fromEntries(sent) },
        async (response) => {
          const parts: Buffer[] = [];
          for await (const part of response) parts.push(part);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString(),
          });
        },
      );
      asked.on('error', reject);
      asked.end();
    });
  }

  await renew();
  return {
    ...{ sandbox, root: sandbox.url, wsRoot: `${sandbox.wsUrl}/`, apiKey, apiSecret, userId, clock, kite },
    ...{ login, requestToken, renew, raw },
    get accessToken() {
      return accessToken;
    },
    nextSecond: () => base.step(secondMs),
    play: (seconds) => clock.step(seconds * secondMs),
    dayBefore: (back) => isoDateOfDay(istDayNumber(clock.now() - back * dayMs)),
    async close() {
      await sandbox.close();
      await store.close();
      rmSync(home, { recursive: true, force: true });
      if (failures.length > 0) throw failures[0];
    },
  };
}
