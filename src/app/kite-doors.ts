import type { KiteClient } from '../adapters/kite/kite-client.ts';
import type { KiteQuote } from '../adapters/kite/schemas.ts';
import { showPage } from '../adapters/system/show-page.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { AuthError, codeOf, messageOf } from '../domain/errors.ts';
import type { Context } from './context.ts';
import { personAtTerminal } from './kite-accounts.ts';
import { kiteClientFor } from './kite-client.ts';
import type { KiteSession } from './kite-session.ts';
import type { KiteDoor, LoginDoors } from './login.ts';
import type { BrokerQuote, QuoteDoor } from './quote.ts';
import { runningSandbox } from './running-sandbox.ts';

/** The broker as a login sees it. */
export function kiteDoor(context: Pick<Context, 'config'>): KiteDoor {
  return {
    async generateSession({ apiSecret, requestToken, ...address }) {
      const client = kiteClientFor(context, { ...address, accessToken: '' });
      const given = await client.generateSession({ apiSecret, requestToken }).catch((error: unknown) => {
        throw codeOf(error) === 'AUTH_TOKEN' ? notTaken(error) : error;
      });
      return { userId: given.user_id, userName: given.user_name ?? '', accessToken: given.access_token };
    },
    logout: (session) => kiteClientFor(context, session).logout(),
    async profile(session) {
      const found = await kiteClientFor(context, session).profile();
      return { userId: found.user_id, userName: found.user_name ?? '', exchanges: found.exchanges };
    },
  };
}

/** There is no session yet that could have died. */
function notTaken(error: unknown): AuthError {
  return new AuthError(
    'AUTH_REQUEST_TOKEN',
    `The login is not taken. ${messageOf(error)}`,
    'A request token is good once and for a few minutes: run algo login again. If it stays so, the API secret is wrong: algo profile add … --replace',
    error,
  );
}

/** Quotes through one client, which keeps to Kite's limit from question to question. */
export function quoteDoor(context: Pick<Context, 'config'>): QuoteDoor {
  let open: { readonly session: KiteSession; readonly client: KiteClient } | undefined;
  return {
    async quote(session, keys) {
      if (open?.session !== session) open = { session, client: kiteClientFor(context, session) };
      return new Map([...(await open.client.quote(keys))].map(([key, row]) => [key, quoteOf(row)]));
    },
  };
}

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
