import { join } from 'node:path';
import { holdLock } from '../adapters/duckdb/process-lock.ts';
import { JournalLog } from '../adapters/journal/journal-log.ts';
import { toPaise } from '../domain/money.ts';
import { isSet, type RiskLimits } from '../engine/risk/limits.ts';
import type { SessionReport } from '../reports/session-text.ts';
import { type BrokerDoor, brokerDoor } from './broker-door.ts';
import type { Context } from './context.ts';
import { liveConsent } from './live-consent.ts';
import { liveExchange } from './live-exchange.ts';
import { logged } from './session-log.ts';
import { streamFolder } from './streams.ts';
import { type DayMode, type DayRequest, tradingDay } from './trading-day.ts';

export interface LiveRequest extends DayRequest {
  /** Client id that has to be typed. */
  readonly confirm?: string | undefined;
}

/**
 * A trading day with real money at Kite, or with the sandbox's as a rehearsal. One session an account, since limits count by account.
 * Undefined when the markets are closed today.
 *
 * @throws ConfigError, UsageError and RiskStop without the consents; AlgoError RUNNING (75); what a paper day throws
 */
export async function live(
  context: Context,
  request: LiveRequest,
  signal: AbortSignal,
  openDoor: typeof brokerDoor = brokerDoor,
): Promise<SessionReport | undefined> {
  const door = await openDoor(context, request);
  try {
    const { userId } = liveConsent(context, door.session(), request);
    const stream = userId.toLowerCase();
    const folder = streamFolder(context, 'live', stream);
    const release = await holdLock(join(folder, 'engine.lock.duckdb'), `The live session of ${userId}`);
    try {
      const log = JournalLog.open({ folder });
      try {
        const told = logged(context, { command: 'live', stream });
        const mode = liveMode(told, { stream, folder });
        return await tradingDay(told, { ...request, stream }, { mode, door, log, folder, signal });
      } finally {
        log.close();
      }
    } finally {
      release();
    }
  } finally {
    door.clock.stop();
  }
}

/** Orders rejected within a minute, and percent of the capital lost in a day, at which a live session stops opening. */
const rejectionsMax = 5;
const lossPercentMax = 2;

/** A profile may set both; leaving them out does not trade real money without them. */
export function liveLimits(limits: RiskLimits): RiskLimits {
  const { breakerRejections, lossKillPercent } = limits;
  return {
    ...limits,
    breakerRejections: isSet(breakerRejections) ? breakerRejections : rejectionsMax,
    lossKillPercent: isSet(lossKillPercent) ? lossKillPercent : lossPercentMax,
  };
}

/** Kite as the exchange, with a breaker and a loss limit, and no more capital than the account holds. */
export function liveMode(
  context: Context,
  place: { readonly stream: string; readonly folder: string },
): DayMode {
  return {
    mode: 'live',
    exchange: (parts) => liveExchange(context, place, parts),
    limits: liveLimits,
    capital: (door, configured) => affordable(context, door, configured),
  };
}

/** The account may not trade more than it holds, whatever was configured. */
async function affordable(context: Context, door: BrokerDoor, configuredPaise: number): Promise<number> {
  const { equity, commodity } = await door.client().margins();
  const funds = toPaise(Math.max(0, equity?.net ?? 0, commodity?.net ?? 0));
  if (funds >= configuredPaise) return configuredPaise;
  context.output.warn(
    `The account holds less than the capital of the configuration; the session trades with ₹${funds / 100}.`,
  );
  return funds;
}
