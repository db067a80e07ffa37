import { createHash } from 'node:crypto';
import { type ZodType, z } from 'zod';
import { AuthError, BrokerError, UsageError } from '../../domain/errors.ts';
import {
  type KiteEndpointClass,
  type KiteInterval,
  kiteQuoteInstruments,
  kiteRequestsPerSecond,
} from '../../domain/kite-limits.ts';
import { kiteTime } from '../../domain/kite-time.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Clock } from '../../engine/ports.ts';
import { type Candles, readCandles } from './candles.ts';
import { openEnvelope } from './envelope.ts';
import { type OrderBudget, type OrderRequestKind, orderBudget } from './order-budget.ts';
import { cleanOutcome, type OrderOutcome, outcomeOf } from './order-outcome.ts';
import { Pace, type Passing, tried, type Waiting } from './pace.ts';
import { pinnedRoot } from './pinned-root.ts';
import {
  basketMarginSchema,
  contractNoteSchema,
  holdingSchema,
  ltpSchema,
  marginsSchema,
  ohlcSchema,
  orderMarginSchema,
  orderSchema,
  positionsSchema,
  profileSchema,
  quoteSchema,
  sessionSchema,
  tradeSchema,
  triggerIdSchema,
  triggerSchema,
} from './schemas.ts';
import { secretless } from './secrets.ts';
import { type Wire, type WireAnswer, WireFailure } from './send-request.ts';

/** Where Kite is and who asks. */
export interface KiteClientOptions {
  /** `https://api.kite.trade`, or a sandbox's root. */
  readonly root: string;
  /** Stands before every path. */
  readonly prefix?: string | undefined;
  readonly apiKey: string;
  /** Empty before a login. */
  readonly accessToken: string;
  readonly wire: Wire;
  readonly clock: Clock;
  readonly waiting: Waiting;
  readonly timeoutMs?: number | undefined;
  /** Shared by all clients of one account, since Kite counts orders by account; one of its own when not given. */
  readonly budget?: OrderBudget | undefined;
}

/** Kite's own clients wait so long. */
const usualTimeoutMs = 7_000;
/** Of what is said about an answer that is not as it should be; it may quote from it. */
const whyLengthMax = 300;
/** An order that finds no turn under Kite's limits within this is not sent: by then the market is another. */
const turnWaitMsMax = 3_000;

export interface HistoricalRequest {
  readonly token: number;
  readonly interval: KiteInterval;
  /** Both included, by the instant at which candles open. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly continuous?: boolean | undefined;
  readonly openInterest?: boolean | undefined;
}

/** Fields of an order form, by Kite's own names. */
export type OrderForm = Readonly<Record<string, string | number | boolean>>;
export type Variety = 'regular' | 'amo' | 'co' | 'iceberg' | 'auction';

export interface SendOptions {
  /** Tells the limits that it makes a position smaller; then it may use what entries may not. */
  readonly exit: boolean;
  /** Asked when its turn has come, right before the first byte: why it may not leave any more. */
  readonly withheld?: (() => string | undefined) | undefined;
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly limit: KiteEndpointClass;
  readonly query?: URLSearchParams;
  readonly form?: URLSearchParams;
  readonly json?: unknown;
}

export type KiteClient = ReturnType<typeof createKiteClient>;

/**
 * Kite Connect v3 for one session. Reads are paced to Kite's limits, tried again while they fail in passing, and checked; they throw
 * AuthError AUTH_TOKEN when the session is dead, and BrokerError: BROKER_UNREACHABLE, BROKER_LIMIT, BROKER_REPLY (an answer that is not
 * Kite's), BROKER_REFUSED (Kite's own words), BROKER_AWAY (maintenance).
 * Requests that place or change an order are sent once, whatever happens, and answer what is known of them.
 */
export function createKiteClient(options: KiteClientOptions) {
  const {
    root,
    prefix = '',
    apiKey,
    accessToken,
    wire,
    clock,
    waiting,
    timeoutMs = usualTimeoutMs,
    budget = orderBudget({ clock, waiting }),
  } = options;
  pinnedRoot(root, { secure: 'https', plain: 'http' });
  const clean = secretless([accessToken]);
  const checked = <T>(given: WireAnswer, schema: ZodType<T>, path: string): T =>
    checkedBy(clean, given, schema, path);
  const paces = Object.fromEntries(
    Object.entries(kiteRequestsPerSecond).map(([name, perSecond]) => [
      name,
      new Pace(perSecond, clock, waiting),
    ]),
  ) as Readonly<Record<KiteEndpointClass, Pace>>;

  function send(call: Call): Promise<WireAnswer> {
    return paces[call.limit].turn(() => carry(call));
  }

  function carry({ method, path, query, form, json }: Call): Promise<WireAnswer> {
    const url = new URL(`${root.replace(/\/+$/, '')}${prefix}${path}`);
    if (query) url.search = query.toString();
    const headers: Record<string, string> = { 'X-Kite-Version': '3', 'User-Agent': 'algo' };
    if (accessToken !== '') headers.Authorization = `token ${apiKey}:${accessToken}`;
    if (form) headers['Content-Type'] = 'application/x-www-form-urlencoded';
    if (json !== undefined) headers['Content-Type'] = 'application/json';
    const body = form ? form.toString() : json === undefined ? undefined : JSON.stringify(json);
    return wire.send({ method, url, headers, body, timeoutMs });
  }

  /** A read, or a request whose repetition changes nothing. */
  async function answer<T>(call: Call, read: (answer: WireAnswer) => T): Promise<T> {
    try {
      return await tried(waiting, async () => read(await send(call)), passingOf);
    } catch (error) {
      throw error instanceof WireFailure ? unreachable(root, error) : error;
    }
  }

  const data = <T>(call: Call, schema: ZodType<T>): Promise<T> =>
    answer(call, (given) => checked(given, schema, call.path));
  const get = <T>(
    path: string,
    schema: ZodType<T>,
    limit: KiteEndpointClass = 'other',
    query?: URLSearchParams,
  ): Promise<T> => data({ method: 'GET', path, limit, ...(query && { query }) }, schema);

  /** Sent at most once. `acknowledge` reads the data of an answer that is not an order's. */
  async function order(
    call: Call,
    kind: OrderRequestKind & Pick<SendOptions, 'withheld'>,
    acknowledge?: (data: unknown) => OrderOutcome,
  ): Promise<OrderOutcome> {
    const turn = await budget.take(kind, turnWaitMsMax);
    if (turn.kind === 'refused') return { kind: 'not-sent', why: turn.reason };
    try {
      const why = kind.withheld?.();
      if (why !== undefined) return { kind: 'not-sent', why };
      const { status, body } = await carry(call);
      return cleanOutcome(outcomeOf(openEnvelope(status, body), acknowledge), clean);
    } catch (error) {
      if (error instanceof WireFailure)
        return cleanOutcome(outcomeOf({ kind: 'failure', failure: error }), clean);
      throw error;
    } finally {
      turn.answered();
    }
  }

  function trigger(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    fields?: OrderForm,
  ): Promise<OrderOutcome> {
    const call: Call = { method, path, limit: 'order', ...(fields && { form: formOf(fields) }) };
    return order(call, { exit: method === 'DELETE', places: false }, (data) => {
      const answer = triggerIdSchema.safeParse(data);
      return answer.success
        ? { kind: 'acknowledged', orderId: String(answer.data.trigger_id), slices: [] }
        : { kind: 'unknown', why: 'an answer without a trigger id' };
    });
  }

  async function quotes<T>(
    path: string,
    most: number,
    schema: ZodType<Readonly<Record<string, T>>>,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, T>> {
    const found = new Map<string, T>();
    for (let from = 0; from < keys.length; from += most) {
      const query = new URLSearchParams(
        keys.slice(from, from + most).map((key): [string, string] => ['i', key]),
      );
      for (const [key, row] of Object.entries(await get(path, schema, 'quote', query))) found.set(key, row);
    }
    return found;
  }

  return {
    /** Turns a request token, which is good once, into the token of the day; sent once. */
    async generateSession({
      apiSecret,
      requestToken,
    }: {
      readonly apiSecret: string;
      readonly requestToken: string;
    }) {
      const checksum = createHash('sha256')
        .update(apiKey + requestToken + apiSecret)
        .digest('hex');
      const form = new URLSearchParams({ api_key: apiKey, request_token: requestToken, checksum });
      const call: Call = { method: 'POST', path: '/session/token', limit: 'other', form };
      try {
        const hide = secretless([apiSecret, requestToken, checksum]);
        return checkedBy(hide, await send(call), sessionSchema, call.path);
      } catch (error) {
        throw error instanceof WireFailure ? unreachable(root, error) : error;
      }
    },
    async logout(): Promise<void> {
      const query = new URLSearchParams({ api_key: apiKey, access_token: accessToken });
      await data({ method: 'DELETE', path: '/session/token', limit: 'other', query }, z.unknown());
    },

    profile: () => get('/user/profile', profileSchema),
    margins: () => get('/user/margins', marginsSchema),
    orders: () => get('/orders', z.array(orderSchema)),
    orderHistory: (orderId: string) => get(`/orders/${encodeURIComponent(orderId)}`, z.array(orderSchema)),
    trades: () => get('/trades', z.array(tradeSchema)),
    orderTrades: (orderId: string) =>
      get(`/orders/${encodeURIComponent(orderId)}/trades`, z.array(tradeSchema)),
    positions: () => get('/portfolio/positions', positionsSchema),
    holdings: () => get('/portfolio/holdings', z.array(holdingSchema)),

    /** By what was asked for; what Kite does not know is absent. */
    quote: (keys: readonly string[]) => quotes('/quote', kiteQuoteInstruments.quote, quoteSchema, keys),
    ohlc: (keys: readonly string[]) => quotes('/quote/ohlc', kiteQuoteInstruments.ohlc, ohlcSchema, keys),
    ltp: (keys: readonly string[]) => quotes('/quote/ltp', kiteQuoteInstruments.ltp, ltpSchema, keys),

    /** Candles of one request, whose span Kite limits (`kiteSpanDays`); the running candle is among them. */
    historical({
      token,
      interval,
      from,
      to,
      continuous = false,
      openInterest = false,
    }: HistoricalRequest): Promise<Candles> {
      const query = new URLSearchParams({
        from: kiteTime(from),
        to: kiteTime(to),
        continuous: continuous ? '1' : '0',
        oi: openInterest ? '1' : '0',
      });
      const path = `/instruments/historical/${token}/${interval}`;
      return answer({ method: 'GET', path, limit: 'historical', query }, (given) => {
        const candles = readCandles(checked(given, z.unknown(), path));
        if (typeof candles !== 'string') return candles;
        throw badReply(path, clean(candles));
      });
    },

    /** The instrument list of an exchange, or of all, as the CSV that Kite gives, and the server's day. */
    instruments(exchange?: string): Promise<{ readonly csv: Buffer; readonly date: EpochMs }> {
      const path = exchange === undefined ? '/instruments' : `/instruments/${encodeURIComponent(exchange)}`;
      return answer(
        { method: 'GET', path, limit: 'other' },
        ({ status, contentType, body, date, retryAfter }) => {
          const isList = status === 200 && body.subarray(0, 17).toString('latin1') === 'instrument_token,';
          if (isList) return { csv: body, date };
          checked({ status, contentType, body, date, retryAfter }, z.never(), path);
          throw badReply(path, 'not a list of instruments');
        },
      );
    },

    placeOrder: (variety: Variety, fields: OrderForm, options: SendOptions = { exit: false }) =>
      order(
        { method: 'POST', path: `/orders/${variety}`, limit: 'order', form: formOf(protectedForm(fields)) },
        { ...options, places: true },
      ),
    modifyOrder: (
      variety: Variety,
      orderId: string,
      fields: OrderForm,
      options: SendOptions = { exit: true },
    ) =>
      order(
        {
          method: 'PUT',
          path: orderPath(variety, orderId),
          limit: 'order',
          form: formOf(protectedForm(fields)),
        },
        { ...options, places: false },
      ),
    cancelOrder: (variety: Variety, orderId: string, fields: OrderForm = {}) =>
      order(
        { method: 'DELETE', path: orderPath(variety, orderId), limit: 'order', query: formOf(fields) },
        { exit: true, places: false },
      ),
    /** Turns a position into another product's. Acknowledged with an empty id, since Kite only says that it is done. */
    convertPosition: (fields: OrderForm) =>
      order(
        { method: 'PUT', path: '/portfolio/positions', limit: 'order', form: formOf(fields) },
        { exit: false, places: false },
        (data) =>
          data === true
            ? { kind: 'acknowledged', orderId: '', slices: [] }
            : { kind: 'unknown', why: 'an answer that does not say it is done' },
      ),

    triggers: () => get('/gtt/triggers', z.array(triggerSchema)),
    trigger: (triggerId: number) => get(`/gtt/triggers/${triggerId}`, triggerSchema),
    /** Sent once each, and answered as an order is; the acknowledged id is the trigger's. */
    placeTrigger: (fields: OrderForm) => trigger('POST', '/gtt/triggers', fields),
    modifyTrigger: (triggerId: number, fields: OrderForm) =>
      trigger('PUT', `/gtt/triggers/${triggerId}`, fields),
    deleteTrigger: (triggerId: number) => trigger('DELETE', `/gtt/triggers/${triggerId}`),

    orderMargins: (orders: readonly OrderForm[]) =>
      data(
        { method: 'POST', path: '/margins/orders', limit: 'other', json: orders },
        z.array(orderMarginSchema),
      ),
    basketMargins: (orders: readonly OrderForm[], considerPositions = true) =>
      data(
        {
          method: 'POST',
          path: '/margins/basket',
          limit: 'other',
          query: new URLSearchParams({ consider_positions: String(considerPositions) }),
          json: orders,
        },
        basketMarginSchema,
      ),
    contractNote: (orders: readonly OrderForm[]) =>
      data(
        { method: 'POST', path: '/charges/orders', limit: 'other', json: orders },
        z.array(contractNoteSchema),
      ),
  };
}

function orderPath(variety: Variety, orderId: string): string {
  if (/^[A-Za-z0-9-]{1,40}$/.test(orderId)) return `/orders/${variety}/${orderId}`;
  throw new UsageError(
    'USAGE_ORDER_ID',
    `"${orderId.slice(0, 60)}" is not an order id.`,
    'algo orders lists the orders of the day.',
  );
}

/** Kite takes no market order without protection since April 2026; -1 lets Kite choose the band. */
function protectedForm(fields: OrderForm): OrderForm {
  const market = fields.order_type === 'MARKET' || fields.order_type === 'SL-M';
  return market ? { market_protection: -1, ...fields } : fields;
}

function formOf(fields: OrderForm): URLSearchParams {
  return new URLSearchParams(
    Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]),
  );
}

/** A failure that may pass, marked so that a read is tried again. */
class PassingFailure extends BrokerError implements Passing {
  readonly passing = true;
  readonly retryAfterSeconds: number;

  constructor(code: string, message: string, fix: string, retryAfterSeconds = Number.NaN) {
    super(code, message, fix);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

function passingOf(error: unknown): Passing | undefined {
  if (error instanceof PassingFailure) return error;
  return error instanceof WireFailure ? { passing: true, retryAfterSeconds: Number.NaN } : undefined;
}

/** The answer's data, checked. @throws AuthError AUTH_TOKEN, BrokerError BROKER_… */
function checkedBy<T>(
  clean: (text: string) => string,
  { status, body, retryAfter }: WireAnswer,
  schema: ZodType<T>,
  path: string,
): T {
  const opened = openEnvelope(status, body);
  if (opened.kind === 'garbled') {
    const busy = status >= 500 || status === 429 || status === 200;
    const what = `Kite answered ${path} with status ${status}, ${opened.why}.`;
    if (busy)
      throw new PassingFailure(
        'BROKER_REPLY',
        what,
        'Kite may be under maintenance; try again in a minute.',
        retryAfter,
      );
    throw new BrokerError('BROKER_REPLY', what, 'Check kite.root and kite.prefix in the configuration.');
  }
  if (opened.kind === 'error') throw refusal({ ...opened, message: clean(opened.message) }, path, retryAfter);
  const parsed = schema.safeParse(opened.data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const why = `${issue?.path.join('.') || 'data'}: ${issue?.message ?? 'another shape'}`;
  throw badReply(path, clean(why).slice(0, whyLengthMax));
}

function refusal(
  {
    status,
    errorType,
    message,
  }: { readonly status: number; readonly errorType: string; readonly message: string },
  path: string,
  retryAfter: number,
): Error {
  const words = `${message} (${errorType}, status ${status})`;
  if (status === 403 && errorType === 'TokenException')
    return new AuthError('AUTH_TOKEN', `Kite does not take this session: ${words}`, 'Run: algo login');
  if (status === 429)
    return new PassingFailure(
      'BROKER_LIMIT',
      `Kite was asked too often for ${path}: ${words}`,
      'Wait a few seconds.',
      retryAfter,
    );
  if (status >= 500)
    return new PassingFailure(
      'BROKER_AWAY',
      `Kite could not answer ${path}: ${words}`,
      'Try again in a minute; status.zerodha.com tells of outages.',
      retryAfter,
    );
  return new BrokerError(
    'BROKER_REFUSED',
    `Kite refused ${path}: ${words}`,
    'See what Kite says; nothing was changed here.',
  );
}

function badReply(path: string, why: string): BrokerError {
  return new BrokerError(
    'BROKER_REPLY',
    `Kite's answer to ${path} is not as documented: ${why}.`,
    'Try again; if it stays so, please report it.',
  );
}

function unreachable(root: string, { code, message }: WireFailure): BrokerError {
  return new BrokerError(
    'BROKER_UNREACHABLE',
    `${new URL(root).host} cannot be reached: ${message} (${code}).`,
    'Check the network, kite.root in the configuration, and status.zerodha.com.',
  );
}
