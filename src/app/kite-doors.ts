import { showPage } from '../adapters/system/show-page.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { systemWaiting } from '../adapters/system/waiting.ts';
import { type KiteQuote, kiteRequests } from '../adapters/vault/kite-requests.ts';
import { codeOf } from '../domain/errors.ts';
import { kiteRequestsPerSecond } from '../domain/kite-limits.ts';
import { secondMs } from '../domain/time.ts';
import type { Context } from './context.ts';
import { personAtTerminal } from './kite-accounts.ts';
import type { KiteDoor, LoginDoors } from './login.ts';
import type { BrokerQuote, QuoteDoor } from './quote.ts';
import { runningSandbox } from './running-sandbox.ts';

/** The broker as a login sees it. */
export function kiteDoor({ config }: Pick<Context, 'config'>): KiteDoor {
  return kiteRequests({ timeoutMs: config.kite.timeoutMs, env: process.env });
}

/** Quotes. One second's question may have been taken by another command: then the next second is waited for, three times at most. */
export function quoteDoor({ config }: Pick<Context, 'config'>, waiting: Waiting = systemWaiting): QuoteDoor {
  const { quotes } = kiteRequests({ timeoutMs: config.kite.timeoutMs, env: process.env });
  return {
    async quote(session, keys) {
      for (let attempt = 1; ; attempt++) {
        try {
          return new Map([...(await quotes(session, keys))].map(([key, row]) => [key, quoteOf(row)]));
        } catch (error) {
          if (codeOf(error) !== 'BROKER_LIMIT' || attempt > limitRetries) throw error;
          await waiting.sleep(limitWaitMs * (1 + waiting.random()));
        }
      }
    },
  };
}

interface Waiting {
  sleep(ms: number): Promise<void>;
  random(): number;
}

/** Kite counts quotes by the calendar second; several programs that were refused together should not come back together. */
const limitRetries = 3;
const limitWaitMs = secondMs / kiteRequestsPerSecond.quote;

export function loginDoors(context: Context): LoginDoors {
  return {
    person: personAtTerminal,
    clock: systemClock,
    kite: kiteDoor(context),
    sandbox: () => runningSandbox(context),
    showPage,
  };
}

function quoteOf(row: KiteQuote): BrokerQuote {
  return {
    token: row.instrument_token,
    time: row.timestamp,
    lastTradeTime: row.last_trade_time,
    lastPrice: row.last_price,
    lastQuantity: row.last_quantity ?? null,
    averagePrice: row.average_price ?? null,
    volume: row.volume ?? null,
    openInterest: row.oi ?? null,
    ...row.ohlc,
    lowerCircuit: row.lower_circuit_limit ?? null,
    upperCircuit: row.upper_circuit_limit ?? null,
    buyQuantity: row.buy_quantity ?? null,
    sellQuantity: row.sell_quantity ?? null,
    // Levels that nobody fills come as zeros.
    bids: (row.depth?.buy ?? []).filter(({ quantity }) => quantity > 0),
    asks: (row.depth?.sell ?? []).filter(({ quantity }) => quantity > 0),
  };
}
