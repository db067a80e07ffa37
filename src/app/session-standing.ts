import type { ProcessHealth } from '../adapters/system/process-health.ts';
import type { InstrumentKey } from '../domain/instrument.ts';
import { decimalOf } from '../domain/money.ts';
import type { HeldTrade } from '../domain/run-result.ts';
import { type EpochMs, isoInstant } from '../domain/time.ts';
import type { Engine } from '../engine/engine.ts';
import { isSet, type Limit, type RiskLimits } from '../engine/risk/limits.ts';
import { priceText, rounded } from '../reports/format.ts';
import type {
  RunningProcess,
  SessionStanding,
  StandingLimit,
  StandingPosition,
} from '../reports/session-standing.ts';
import type { SessionPlayer } from './session-player.ts';

/** What of a session does not change while it runs. */
export type SessionIdentity = Pick<
  SessionStanding,
  'mode' | 'stream' | 'session' | 'feed' | 'strategies' | 'instruments' | 'version' | 'build' | 'synthetic'
> & { readonly startedAt: EpochMs; readonly capitalPaise: number };

export interface StandingParts {
  readonly identity: SessionIdentity;
  readonly player: SessionPlayer;
  readonly stopping: boolean;
  readonly now: EpochMs;
  /** When the newest tick was stamped; NaN before the first. */
  readonly heardAt: EpochMs;
  /** Newest prices that were heard, rupees. */
  readonly prices: ReadonlyMap<InstrumentKey, number>;
  readonly limits: RiskLimits;
  readonly config: string;
  readonly health: ProcessHealth;
}

/** How a running session stands at this moment. */
export function runningStanding(parts: StandingParts): SessionStanding {
  const { identity, player, stopping, prices, config } = parts;
  const { startedAt: _started, capitalPaise, ...known } = identity;
  const { engine } = player;
  const halts = player.halts.reasons().map(({ code, why }) => ({
    code,
    why,
    since: instantOrNull(player.haltedSince.get(code)),
  }));
  const closes = new Map(engine.account.held.map(({ instrument, close }) => [instrument.key, close]));
  return {
    ...known,
    running: true,
    state: stopping ? 'STOPPING' : halts.length > 0 ? 'HALTED' : 'READY',
    halts,
    lastBar: instantOrNull(player.toldUntil),
    positions: engine
      .heldTrades()
      .map((trade) => positionOf(trade, prices.get(trade.key) ?? closes.get(trade.key))),
    equity: decimalOf(Math.round(equityNow(engine, prices))),
    capital: decimalOf(capitalPaise),
    config,
    process: processOf(parts),
  };
}

function processOf({
  identity,
  player,
  now,
  heardAt,
  prices,
  limits,
  health,
}: StandingParts): RunningProcess {
  const { engine } = player;
  return {
    pid: process.pid,
    startedAt: isoInstant(identity.startedAt),
    now: isoInstant(now),
    feedAgeMs: Number.isFinite(heardAt) ? Math.max(0, Math.round(now - heardAt)) : null,
    orders: engine
      .ordersUnderWay()
      .map(({ key, price, trigger, product: _product, time: _time, ...order }) => ({
        ...order,
        instrument: key,
        price: price === null ? null : priceText(price),
        trigger: trigger === null ? null : priceText(trigger),
      })),
    dayPnl: decimalOf(Math.round(equityNow(engine, prices) - engine.account.dayStartEquityPaise)),
    limits: limitsUsed(engine, limits),
    ...health,
  };
}

/** A position as far as a trade under way tells it; null figures without a price. */
export function positionOf(trade: HeldTrade, lastPrice: number | undefined): StandingPosition {
  const { key, strategy, product, direction, quantity, entryPrice, entryTime, stop, target } = trade;
  const sign = direction === 'LONG' ? 1 : -1;
  return {
    instrument: key,
    ...{ strategy, product, quantity },
    side: direction === 'LONG' ? 'BUY' : 'SELL',
    entryPrice: priceText(entryPrice),
    since: isoInstant(entryTime),
    stop: stop === undefined ? null : priceText(stop),
    target: target === undefined ? null : priceText(target),
    lastPrice: lastPrice === undefined ? null : priceText(lastPrice),
    pnl:
      lastPrice === undefined
        ? null
        : decimalOf(Math.round((lastPrice - entryPrice) * sign * quantity * 100)),
  };
}

/** The account's value with what is open at the newest prices rather than the last closes, paise. */
function equityNow({ account }: Engine, prices: ReadonlyMap<InstrumentKey, number>): number {
  let value = account.equityPaise;
  for (const { instrument, close, netQuantity } of account.held)
    value += ((prices.get(instrument.key) ?? close) - close) * netQuantity * 100;
  return value;
}

function limitsUsed(engine: Engine, limits: RiskLimits): readonly StandingLimit[] {
  const { account } = engine;
  const lostPaise = account.dayStartEquityPaise - account.equityPaise;
  const percentOf = (paise: number, whole: number) => (whole > 0 ? (Math.max(0, paise) / whole) * 100 : 0);
  const rows: readonly (readonly [keyof RiskLimits, Limit | undefined, () => number])[] = [
    ['maxOpenPositions', limits.maxOpenPositions, () => account.held.length],
    ['maxOpenEntries', limits.maxOpenEntries, () => engine.openEntries],
    ['maxEntriesPerDay', limits.maxEntriesPerDay, () => engine.entriesToday],
    ['maxDeployedCapital', limits.maxDeployedCapital, () => account.deployedPaise / 100],
    [
      'maxDailyLossPercent',
      limits.maxDailyLossPercent,
      () => percentOf(lostPaise, account.dayStartEquityPaise),
    ],
    ['lossKillPercent', limits.lossKillPercent, () => percentOf(lostPaise, account.capitalPaise)],
    [
      'dailyTargetPercent',
      limits.dailyTargetPercent,
      () => percentOf(-lostPaise, account.dayStartEquityPaise),
    ],
    [
      'maxDrawdownPercent',
      limits.maxDrawdownPercent,
      () => percentOf(account.peakEquityPaise - account.equityPaise, account.peakEquityPaise),
    ],
  ];
  return rows.flatMap(([key, limit, used]) =>
    isSet(limit) ? [{ key: `risk.${key}`, used: rounded(used()), limit }] : [],
  );
}

function instantOrNull(time: EpochMs | undefined): string | null {
  return time !== undefined && Number.isFinite(time) ? isoInstant(time) : null;
}
