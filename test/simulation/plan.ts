import { type Config, defaultConfig } from '#src/config/schema.ts';
import type { Instrument } from '#src/domain/instrument.ts';
import { dayNumberOf, instantOf, minuteMs } from '#src/domain/time.ts';
import type { ExchangeFaults } from './simulated-kite.ts';
import type { StreamFaults } from './simulated-stream.ts';
import type { RestFaults } from './simulated-wire.ts';
import { draws, type KillPoint, killPoints } from './world.ts';

/** A Tuesday on which the exchanges are open. */
export const simulatedDay = dayNumberOf('2026-10-06');
const openMinute = 555;

/** Something that happens once at an instant, milliseconds after the session begins. */
export type Happening =
  | { readonly at: number; readonly what: 'kill-process'; readonly power: boolean }
  | {
      readonly at: number;
      readonly what: 'kill-at-point';
      readonly point: KillPoint;
      readonly power: boolean;
      readonly skip: number;
    }
  | { readonly at: number; readonly what: 'stop-process' }
  | { readonly at: number; readonly what: 'freeze'; readonly ms: number }
  | { readonly at: number; readonly what: 'token-dies'; readonly loginAfterMs: number }
  | { readonly at: number; readonly what: 'disk'; readonly kind: 'ENOSPC' | 'EIO-write' | 'EIO-sync' }
  | { readonly at: number; readonly what: 'wall-jump'; readonly ms: number }
  | { readonly at: number; readonly what: 'hand-order'; readonly own: boolean }
  | { readonly at: number; readonly what: 'broker-squares-off' }
  | {
      readonly at: number;
      readonly what: 'kill-switch';
      readonly flatten: boolean;
      readonly releaseAfterMs: number;
    };

/** What one seed chose. */
export interface Plan {
  readonly instruments: readonly Instrument[];
  readonly strategies: readonly string[];
  readonly params: readonly string[];
  readonly config: Config;
  /** Instants of the day: the world begins, the market, faults end, the session is to end. */
  readonly begins: number;
  readonly opens: number;
  readonly calmFrom: number;
  readonly until: number;
  /** `HH:MM` of the session's end. */
  readonly untilClock: string;
  /** Everything is closed by the kill switch near the end, so that books can be compared at rest. */
  readonly flattens: boolean;
  readonly rest: RestFaults;
  readonly stream: StreamFaults;
  readonly exchange: ExchangeFaults;
  readonly slowSyncMs: number;
  readonly restartMs: number;
  readonly happenings: readonly Happening[];
}

/** Swarm: each fault is on or off by the seed, and as strong as the seed says. */
export function planOf(seed: number, { faults = true }: { readonly faults?: boolean } = {}): Plan {
  const draw = draws(Math.imul(seed, 0x85ebca6b) ^ 0x1234567);
  const on = (share: number) => faults && draw() < share;
  const often = (most: number, share = 0.55) => {
    const strength = draw();
    return on(share) ? most * strength * strength + most * 0.05 : 0;
  };
  const afternoon = draw() < 0.35;
  const minutes = 24 + Math.floor(draw() * 24);
  const opens = instantOf(simulatedDay, afternoon ? 930 - minutes : openMinute);
  const last = afternoon ? 930 : openMinute + minutes;
  const until = instantOf(simulatedDay, last);
  const span = until - opens;
  // In the afternoon calm begins well before intraday positions are squared off.
  const calmFrom = until - Math.min(span * 0.6, (afternoon ? 22 : 11) * minuteMs);
  const instruments = ['ALPHA', 'BETA', 'GAMMA'].slice(0, 1 + Math.floor(draw() * 3)).map(shareOf);
  const extra = [
    'ema20_50_intraday',
    'mean_reversion_intraday',
    'supertrend',
    'vwap_filter',
    'fno_intraday_trend',
  ];
  const strategies = draw() < 0.5 ? ['busy'] : ['busy', extra[Math.floor(draw() * extra.length)]];
  const params = [`busy.seed=${1 + Math.floor(draw() * 1e6)}`];
  if (strategies.includes('ema20_50_intraday'))
    params.push('ema20_50_intraday.fast=3', 'ema20_50_intraday.slow=8');
  const storms = faults && draw() < 0.75;
  const strong = storms ? 1 : 0;

  const happenings: Happening[] = [];
  const at = () => Math.floor(draw() * (calmFrom - opens - minuteMs));
  const some = (share: number, most: number, make: () => Happening) => {
    if (on(share))
      for (let times = 1 + Math.floor(draw() * most); times > 0; times--) happenings.push(make());
  };
  some(0.5, 3, () => ({ at: at(), what: 'kill-process', power: draw() < 0.5 }));
  some(0.6, 4, () => ({
    ...{ at: at(), what: 'kill-at-point', power: draw() < 0.5, skip: Math.floor(draw() * 6) },
    point: killPoints[Math.floor(draw() * killPoints.length)],
  }));
  some(0.2, 1, () => ({ at: at(), what: 'stop-process' }));
  some(0.3, 3, () => ({ at: at(), what: 'freeze', ms: 1_000 + draw() ** 3 * 300_000 }));
  some(0.25, 1, () => ({ at: at(), what: 'token-dies', loginAfterMs: 10_000 + draw() * 90_000 }));
  some(0.2, 2, () => {
    const kinds = ['ENOSPC', 'EIO-write', 'EIO-sync'] as const;
    return { at: at(), what: 'disk', kind: kinds[Math.floor(draw() * kinds.length)] };
  });
  some(0.2, 2, () => ({ at: at(), what: 'wall-jump', ms: (draw() - 0.5) * 2 * 20_000 }));
  some(0.25, 2, () => ({ at: at(), what: 'hand-order', own: draw() < 0.3 }));
  some(0.1, 1, () => ({ at: at(), what: 'broker-squares-off' }));
  some(0.3, 1, () => ({
    ...{ at: at(), what: 'kill-switch', flatten: draw() < 0.5 },
    releaseAfterMs: draw() < 0.3 ? Number.POSITIVE_INFINITY : 60_000 + draw() * 300_000,
  }));
  happenings.sort((one, other) => one.at - other.at);

  return {
    ...{ instruments, strategies, params, happenings, opens, until, calmFrom },
    config: configOf(draw),
    begins: opens - (draw() < 0.5 ? 60_000 : -20_000),
    untilClock: `${String(Math.floor(last / 60)).padStart(2, '0')}:${String(last % 60).padStart(2, '0')}`,
    flattens: draw() < 0.5,
    rest: {
      unsent: often(0.1) * strong,
      lostBefore: often(0.12) * strong,
      replyLost: often(0.15) * strong,
      replyLate: often(0.15) * strong,
      acceptLate: often(0.1) * strong,
      refused: often(0.1) * strong,
      ambiguous: often(0.1) * strong,
      serverError: often(0.15) * strong,
      brokenBody: often(0.1) * strong,
      storm: often(0.03) * strong,
      readFails: often(0.3),
      readStale: often(0.5),
      readPartial: often(0.2),
      readOdd: often(0.1),
    },
    stream: {
      drop: often(0.01),
      silence: often(0.005),
      stall: often(0.005),
      damaged: often(0.02),
      late: often(0.05),
      frameLost: often(0.6),
      frameTwice: often(0.4),
      frameLate: often(0.5),
      frameGarbage: often(0.2),
    },
    exchange: {
      partial: often(0.8, 0.7),
      rejectAtExchange: often(0.15),
      rejectAfterOpen: often(0.05),
      slowMs: on(0.5) ? 50 + draw() ** 3 * 20_000 : 60,
      fillWhileCancelling: often(0.6),
      modifyRefused: often(0.4),
    },
    slowSyncMs: on(0.2) ? draw() * 5_000 : 0,
    restartMs: 500 + draw() ** 3 * 240_000,
  };
}

function shareOf(symbol: string): Instrument {
  return {
    ...{ key: `NSE:${symbol}`, exchange: 'NSE', tradingsymbol: symbol, rules: 'NSE', kind: 'EQ' },
    ...{ tickSize: 0.05, lotSize: 1 },
  };
}

/** Limits that bind now and then, so that it shows when one of them does not hold. */
function configOf(draw: () => number): Config {
  const config = defaultConfig();
  const maybe = (share: number, value: () => number) => (draw() < share ? value() : 'none');
  return {
    ...config,
    mode: 'live',
    capital: 1_000_000,
    charges: 'none',
    sizing: { ...config.sizing, rule: 'quantity', quantity: 5 + Math.floor(draw() * 40) },
    risk: {
      ...config.risk,
      maxOpenPositions: 1 + Math.floor(draw() * 4),
      maxPositionValuePercent: 20,
      maxOrderValue: maybe(0.3, () => 40_000),
      maxEntriesPerDay: maybe(0.4, () => 5 + Math.floor(draw() * 25)),
      maxEntriesPerMinute: maybe(0.4, () => 1 + Math.floor(draw() * 3)),
      priceCollarPercent: maybe(0.5, () => 1),
      maxDeployedCapital: maybe(0.3, () => 60_000),
      breakerRejections: 5,
      lossKillPercent: 2,
    },
  };
}
