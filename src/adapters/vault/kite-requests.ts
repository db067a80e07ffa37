import { createHash } from 'node:crypto';
import { type ZodType, z } from 'zod';
import { AuthError, BrokerError, ConfigError, codeOf, messageOf } from '../../domain/errors.ts';

/*
 * The few requests of a login and of quotes. All of them read or concern the session only; none of them can trade.
 * Wire: Kite Connect v3 documentation as of 2026-07-14.
 */

/** A quote of 500 instruments is about 700 kB. */
const bytesMax = 10_000_000;

export interface KiteAddress {
  readonly root: string;
  readonly prefix: string;
}

export interface KiteCredentials extends KiteAddress {
  readonly apiKey: string;
  readonly accessToken: string;
}

const person = z.object({
  user_id: z.string().regex(/^[A-Za-z0-9]{1,32}$/),
  user_name: z.string().nullish(),
  exchanges: z.array(z.string()).nullish(),
});
const opened = person.extend({
  access_token: z.string().regex(/^[\w.~+/=-]{8,512}$/),
  api_key: z.string().nullish(),
});

const price = z.number().min(0);
const count = z.number().min(0);
const level = z.object({ price, quantity: count, orders: count });
const quote = z.object({
  instrument_token: z.int().min(1),
  timestamp: z.string().nullish(),
  last_trade_time: z.string().nullish(),
  last_price: price,
  last_quantity: count.nullish(),
  average_price: price.nullish(),
  volume: count.nullish(),
  buy_quantity: count.nullish(),
  sell_quantity: count.nullish(),
  oi: count.nullish(),
  lower_circuit_limit: price.nullish(),
  upper_circuit_limit: price.nullish(),
  ohlc: z.object({ open: price, high: price, low: price, close: price }),
  depth: z.object({ buy: z.array(level).max(20), sell: z.array(level).max(20) }).nullish(),
});
const failure = z.object({ message: z.string(), error_type: z.string() });

/** One quote as Kite sends it, its times as epoch ms. */
export type KiteQuote = Omit<z.output<typeof quote>, 'timestamp' | 'last_trade_time'> & {
  readonly timestamp: number | null;
  readonly last_trade_time: number | null;
};

/** Kite's requests under one time limit. @throws AuthError AUTH_TOKEN, AUTH_REQUEST_TOKEN; BrokerError BROKER_… */
export function kiteRequests({
  timeoutMs,
  env,
}: {
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}) {
  async function asked<T>(
    request: KiteAddress & {
      readonly method: string;
      readonly path: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: URLSearchParams;
    },
    schema: ZodType<T>,
  ): Promise<T> {
    const { root, prefix, method, path, headers, body } = request;
    refuseUnverified(root, env);
    const { status, text } = await answerOf(`${root}${prefix}${path}`, {
      method,
      headers: { 'X-Kite-Version': '3', ...headers },
      ...(body && { body }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const document = jsonOf(text, status);
    if (status !== 200) throw refusal(status, document);
    const data = schema.safeParse(Reflect.get(Object(document), 'data'));
    if (data.success) return data.data;
    const fields = [...new Set(data.error.issues.map(({ path: at }) => at.join('.')))].slice(0, 5).join(', ');
    throw new BrokerError(
      'BROKER_ANSWER',
      `Kite's answer is not as documented: ${fields || 'no data'}.`,
      'Try again; if it stays so, please report it.',
    );
  }

  const authorized = ({ apiKey, accessToken }: KiteCredentials) => ({
    Authorization: `token ${apiKey}:${accessToken}`,
  });

  return {
    /** Turns a request token into the token of the day. */
    async generateSession({
      apiKey,
      apiSecret,
      requestToken,
      ...address
    }: KiteAddress & { readonly apiKey: string; readonly apiSecret: string; readonly requestToken: string }) {
      const checksum = createHash('sha256')
        .update(apiKey + requestToken + apiSecret)
        .digest('hex');
      const body = new URLSearchParams({ api_key: apiKey, request_token: requestToken, checksum });
      try {
        const given = await asked({ ...address, method: 'POST', path: '/session/token', body }, opened);
        return { userId: given.user_id, userName: given.user_name ?? '', accessToken: given.access_token };
      } catch (error) {
        if (codeOf(error) !== 'AUTH_TOKEN') throw error;
        // There is no session yet that could have died.
        throw new AuthError(
          'AUTH_REQUEST_TOKEN',
          `Kite does not take this login: ${messageOf(Reflect.get(Object(error), 'cause'))}`,
          'A request token is good once and for a few minutes: run algo login again. If it stays so, the API secret is wrong: algo profile add … --replace',
        );
      }
    },

    async logout(session: KiteCredentials): Promise<void> {
      const query = new URLSearchParams({ api_key: session.apiKey, access_token: session.accessToken });
      await asked(
        { ...session, method: 'DELETE', path: `/session/token?${query}`, headers: authorized(session) },
        z.unknown(),
      );
    },

    async profile(session: KiteCredentials) {
      const found = await asked(
        { ...session, method: 'GET', path: '/user/profile', headers: authorized(session) },
        person,
      );
      return { userId: found.user_id, userName: found.user_name ?? '', exchanges: found.exchanges ?? [] };
    },

    /** Full quotes by `NSE:INFY`; what Kite does not know is absent. */
    async quotes(session: KiteCredentials, keys: readonly string[]): Promise<ReadonlyMap<string, KiteQuote>> {
      const query = new URLSearchParams(keys.map((key): [string, string] => ['i', key]));
      const found = await asked(
        { ...session, method: 'GET', path: `/quote?${query}`, headers: authorized(session) },
        z.record(z.string(), quote),
      );
      return new Map(
        Object.entries(found).map(([key, { timestamp, last_trade_time, ...rest }]) => [
          key,
          { ...rest, timestamp: epochOf(timestamp), last_trade_time: epochOf(last_trade_time) },
        ]),
      );
    },
  };
}

/** `2026-11-25 09:30:00`, India time without saying so. Null for anything else. */
function epochOf(text: string | null | undefined): number | null {
  if (!text || !/^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}$/.test(text)) return null;
  const time = Date.parse(`${text.replace(' ', 'T')}+05:30`);
  return Number.isNaN(time) ? null : time;
}

/** Whoever switched the check of certificates off for another program must not have it off for this one. */
function refuseUnverified(root: string, env: Readonly<Record<string, string | undefined>>): void {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED !== '0' || !root.startsWith('https:')) return;
  throw new ConfigError(
    'CONFIG_TLS',
    'NODE_TLS_REJECT_UNAUTHORIZED=0 switches the check of certificates off; a session is not sent that way.',
    'Run: unset NODE_TLS_REJECT_UNAUTHORIZED',
  );
}

async function answerOf(
  address: string,
  options: RequestInit,
): Promise<{ readonly status: number; readonly text: string }> {
  const { host } = new URL(address);
  try {
    const answer = await fetch(address, options);
    return { status: answer.status, text: await boundedText(answer) };
  } catch (cause) {
    if (codeOf(cause).startsWith('BROKER_')) throw cause;
    const timedOut = Reflect.get(Object(cause), 'name') === 'TimeoutError';
    const why = timedOut
      ? 'no answer in time'
      : codeOf(Reflect.get(Object(cause), 'cause')) || messageOf(cause);
    // Without the cause: it may hold the address, whose query holds the token.
    throw new BrokerError(
      'BROKER_AWAY',
      `${host} cannot be reached (${why}).`,
      'Check the network, and status.zerodha.com.',
    );
  }
}

async function boundedText(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += part.length;
    if (bytes > bytesMax)
      throw new BrokerError('BROKER_ANSWER', `Kite's answer is longer than ${bytesMax} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function jsonOf(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BrokerError(
      'BROKER_ANSWER',
      `Kite answered with status ${status} and something that is not JSON.`,
      'Kite may be under maintenance; try again in a minute.',
    );
  }
}

/** Kite's own words, kept beside ours. */
function refusal(status: number, document: unknown): AuthError | BrokerError {
  const { data } = failure.safeParse(document);
  const words = data ? `${data.message} (${data.error_type}, ${status})` : `status ${status}`;
  if (status === 403 && data?.error_type === 'TokenException') {
    return new AuthError(
      'AUTH_TOKEN',
      `Kite does not take this session: ${words}`,
      'Run: algo login',
      new Error(data.message),
    );
  }
  if (status === 429)
    return new BrokerError('BROKER_LIMIT', `Kite was asked too often: ${words}`, 'Wait a few seconds.');
  return new BrokerError(
    'BROKER_REFUSED',
    `Kite refused: ${words}`,
    'See what Kite says; nothing was changed here.',
  );
}
