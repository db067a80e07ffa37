import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { systemClock } from '../adapters/system/system-clock.ts';
import { loadRulebook } from '../config/rulebook.ts';
import { speedOf } from '../domain/duration.ts';
import { AlgoError, codeOf, DataError, exitCodes, UsageError } from '../domain/errors.ts';
import { dayNumberOf, instantOf, isoDateOfDay, isoInstant, istDate, minuteOfClock } from '../domain/time.ts';
import type { SandboxStarted } from '../reports/sandbox-text.ts';
import { stormOf } from '../sandbox/faults/storm.ts';
import { accountOf } from '../sandbox/http/accounts.ts';
import type { ServedRequest } from '../sandbox/http/kite-server.ts';
import { isOwnUrl } from '../sandbox/http/login-page.ts';
import { storedDays } from '../sandbox/market/stored-days.ts';
import { restrictionsOf } from '../sandbox/orders/restrictions.ts';
import { postbackUrl } from '../sandbox/postbacks/postbacks.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import type { Context } from './context.ts';
import { archiveOf, listingsOn } from './instruments.ts';
import { historyOf } from './open-history.ts';
import { redirectUrlOf, usualRedirectPort } from './profile.ts';
import { askSandbox } from './sandbox-control.ts';
import { readNotice, removeNotice, removeOwnNotice, writeNotice } from './sandbox-notice.ts';
import { ensureSyntheticMarket, syntheticFutures } from './synthetic-market.ts';

/** What the flags say. */
export interface SandboxRequest {
  readonly port: number;
  readonly date?: string | undefined;
  /** `HH:MM`, India time. */
  readonly at?: string | undefined;
  /** `60x`. */
  readonly speed: string;
  readonly paused: boolean;
  readonly seed: number;
  /** `AB1234,CD5678`. */
  readonly accounts: string;
  readonly staticIp: boolean;
  readonly limits: boolean;
  readonly autoLogin: boolean;
  readonly nights: 'leap' | 'run';
  readonly prefix?: string | undefined;
  /** Where updates of every account's orders are posted; on this computer. */
  readonly postback?: string | undefined;
  /** Seed of a storm of faults from the start; calm when left out. */
  readonly storm?: number | undefined;
  /** Where the login page sends the browser, on this computer. */
  readonly redirect?: string | undefined;
  /** What the broker refuses besides the usual: `ban=SBIN`, `edis`. */
  readonly restrict?: readonly string[] | undefined;
  /** Rupees of every account in each segment; the broker's usual ten lakh when left out. */
  readonly cash?: number | undefined;
  /** `HH:MM` of the first day, India time of the sandbox. */
  readonly until?: string | undefined;
  /** File that gets a line of JSON for each request. */
  readonly requestLog?: string | undefined;
}

/** A sandbox that runs until somebody stops it. */
export interface RunningSandbox extends SandboxStarted {
  /** Resolves once a client, a clock or a signal ends it; then it is closed. */
  readonly down: Promise<void>;
  close(): Promise<void>;
}

const userPattern = /^[A-Z]{2,3}\d{3,6}$/;

/**
 * Puts the sandbox together and starts it: rules, stored days, accounts, matching. A home without any history gets the invented market first.
 *
 * @throws UsageError USAGE_SANDBOX, USAGE_RESTRICT, USAGE_SPEED, USAGE_TIME, USAGE_DATE for what makes no sense
 * @throws AlgoError SANDBOX_RUNNING (exit 75) when one runs in this home
 * @throws ConfigError CONFIG_SANDBOX_POSTBACK for a postback URL that leads elsewhere
 * @throws DataError DATA_MISSING when nothing is stored for the day
 */
export async function sandboxUp(context: Context, request: SandboxRequest): Promise<RunningSandbox> {
  const plan = checkedRequest(request);
  await refuseSecond(context);
  const store = historyOf(context);
  const rulebook = loadRulebook(context.folders.root, context.folders.home);
  if (context.config.universe === 'synthetic-futures') await syntheticFutures(context, store, rulebook);
  else if ((await store.list()).length === 0) await ensureSyntheticMarket(context, store, rulebook);
  const days = await storedDays({
    ...{ store, rulebook, seed: request.seed },
    listingsOf: (newest) => listingsOn(archiveOf(context), isoDateOfDay(plan.dayNumber ?? newest)),
  });
  const dayNumber = plan.dayNumber ?? days.newestDay;
  if (dayNumber === undefined)
    throw new DataError('DATA_MISSING', 'The history holds no bars to play.', 'Run: algo data generate');

  const secret = randomBytes(24).toString('hex');
  const logRequest = requestLog(request.requestLog);
  let tellDown: () => void = () => undefined;
  const down = new Promise<void>((resolve) => {
    tellDown = resolve;
  });
  const sandbox = await started(request.port, () =>
    startSandbox({
      ...{ base: systemClock, days, rulebook, seed: request.seed, dayNumber, minute: plan.minute },
      ...{ speed: plan.speed, paused: request.paused, port: request.port, prefix: request.prefix },
      ...{ accounts: plan.accounts, limits: request.limits, autoLogin: request.autoLogin },
      ...{
        broker: {
          restrictions: plan.restrictions,
          openingCash:
            request.cash === undefined ? undefined : { equity: request.cash, commodity: request.cash },
        },
        staticIpRefused: request.staticIp,
        overnight: request.nights,
        secret,
        onDown: tellDown,
      },
      faults: request.storm === undefined ? [] : stormOf(request.storm),
      onFailure: (error) => context.log.error({ error }, 'sandbox'),
      onRequest: logRequest,
    }),
  );
  const { dayNumber: played } = sandbox.market;
  if (played !== dayNumber)
    context.output.note(
      `Nothing is stored for ${isoDateOfDay(dayNumber)}; the sandbox plays ${isoDateOfDay(played)}.`,
    );
  if (plan.until !== undefined)
    sandbox.market.clock.at(instantOf(sandbox.market.dayNumber, plan.until), tellDown);
  const { url, wsUrl } = sandbox;
  const accounts = plan.accounts.map(({ userId, apiKey, apiSecret }) => ({ userId, apiKey, apiSecret }));
  const { prefix = '' } = request;
  if (!writeNotice(context.folders, { pid: process.pid, url, wsUrl, prefix, secret, accounts })) {
    await sandbox.close();
    throw alreadyRunning('another start');
  }
  return {
    ...startedOf(sandbox, request, plan.speed),
    down,
    async close() {
      removeOwnNotice(context.folders, process.pid);
      await sandbox.close();
      await store.close();
    },
  };
}

function startedOf(
  sandbox: Sandbox,
  { seed, paused, prefix = '' }: SandboxRequest,
  speed: number,
): SandboxStarted {
  const { url, wsUrl, market } = sandbox;
  return {
    ...{ url, wsUrl, prefix, speed, paused, seed },
    day: istDate(market.hours.open),
    now: isoInstant(market.clock.now()),
    instruments: market.listed.length,
    synthetic: market.listed.some(({ instrument }) => instrument.synthetic),
    accounts: sandbox.accounts.list.map(({ userId, apiKey, apiSecret }) => ({
      ...{ userId, apiKey, apiSecret },
      loginUrl: `${url}/connect/login?v=3&api_key=${apiKey}`,
    })),
  };
}

function checkedRequest(request: SandboxRequest) {
  const speed = speedOf(request.speed);
  const users = request.accounts.split(',').map((user) => user.trim().toUpperCase());
  const strange = users.find((user) => !userPattern.test(user));
  if (strange !== undefined || new Set(users).size !== users.length)
    throw refused(`The accounts were "${request.accounts}".`, 'Write client ids once each: AB1234,CD5678.');
  if (request.prefix !== undefined && !/^(\/[\w-]+)+$/.test(request.prefix))
    throw refused(`The prefix was "${request.prefix}".`, 'Write it as /oms.');
  const posted = request.postback === undefined ? undefined : postbackUrl(request.postback);
  const redirect = request.redirect ?? redirectUrlOf({ redirectPort: usualRedirectPort });
  if (!isOwnUrl(redirect))
    throw refused(
      `The redirect URL was "${redirect}".`,
      'Use one on this computer: http://127.0.0.1:5000/callback.',
    );
  return {
    speed,
    restrictions: restrictionsOf(request.restrict ?? []),
    accounts: users.map((user) => ({ ...accountOf(user, redirect), postbackUrl: posted })),
    dayNumber: request.date === undefined ? undefined : dayNumberOf(request.date),
    minute: request.at === undefined ? undefined : minuteOfClock(request.at),
    until: request.until === undefined ? undefined : minuteOfClock(request.until),
  };
}

/** Adds a line for each request to the file, which may be there already. */
function requestLog(file: string | undefined): (served: ServedRequest) => void {
  if (file === undefined) return () => undefined;
  const add = (text: string) => appendFileSync(file, text, { mode: 0o600 });
  try {
    add('');
  } catch (cause) {
    throw refused(`The request log ${file} cannot be written (${codeOf(cause)}).`, 'Name another file.');
  }
  return (served) => add(`${JSON.stringify(served)}\n`);
}

/** The notice of a sandbox that was killed stays behind; whether somebody answers there tells. */
async function refuseSecond({ folders }: Context): Promise<void> {
  const said = readNotice(folders);
  if (!said) return;
  try {
    await askSandbox(said, '/sandbox/state', {});
  } catch {
    // Nobody answers, or somebody else does who took the port since: it is stale.
    removeNotice(folders);
    return;
  }
  throw alreadyRunning(said.url);
}

function alreadyRunning(where: string): AlgoError {
  return new AlgoError(
    exitCodes.running,
    'SANDBOX_RUNNING',
    `A sandbox runs in this home already: ${where}.`,
    'Use it, or run: algo sandbox down. Another home (--home) can have its own.',
  );
}

async function started(port: number, start: () => Promise<Sandbox>): Promise<Sandbox> {
  try {
    return await start();
  } catch (cause) {
    const code = codeOf(cause);
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw cause;
    throw new UsageError(
      'USAGE_SANDBOX',
      code === 'EACCES' ? `Port ${port} may not be used.` : `Port ${port} is taken.`,
      'Choose another with --port, or 0 for a free one.',
      cause,
    );
  }
}

function refused(message: string, fix: string): UsageError {
  return new UsageError('USAGE_SANDBOX', message, fix);
}
