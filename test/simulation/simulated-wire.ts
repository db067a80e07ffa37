import {
  type Wire,
  type WireAnswer,
  WireFailure,
  type WireRequest,
} from '#src/adapters/kite/send-request.ts';
import { kiteTime } from '#src/domain/kite-time.ts';
import { secondMs } from '#src/domain/time.ts';
import type { SimulatedKite, Verdict } from './simulated-kite.ts';
import type { World } from './world.ts';

export interface RestFaults {
  /** Of an order request. */
  unsent: number;
  lostBefore: number;
  replyLost: number;
  replyLate: number;
  acceptLate: number;
  refused: number;
  ambiguous: number;
  serverError: number;
  brokenBody: number;
  /** Requests in a second from which the server answers 429 for a while. */
  storm: number;
  /** Of a read. */
  readFails: number;
  readStale: number;
  readPartial: number;
  readOdd: number;
}

export const calmRest: RestFaults = {
  ...{ unsent: 0, lostBefore: 0, replyLost: 0, replyLate: 0, acceptLate: 0, refused: 0, ambiguous: 0 },
  ...{ serverError: 0, brokenBody: 0, storm: 0, readFails: 0, readStale: 0, readPartial: 0, readOdd: 0 },
};

/** What the program sent, seen as its first byte left. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly form: URLSearchParams;
  readonly time: number;
  /** Each client of the program keeps to its own pace. */
  readonly client: object;
}

const refusals: readonly (readonly [string, string])[] = [
  ['InputException', 'Invalid quantity.'],
  ['MarginException', 'Insufficient funds. Required margin is 120.'],
  ['OrderException', 'The order was blocked by a rule.'],
  ['HoldingException', 'No holdings.'],
  ['PermissionException', 'Insufficient permission for that call.'],
];

/** The way between the program and Kite: every request is taken to the exchange, or not, and answered, or not. */
export class SimulatedWire implements Wire {
  faults: RestFaults = calmRest;
  readonly #world: World;
  readonly #kite: SimulatedKite;
  readonly #draw: () => number;
  /** The token of the day. */
  readonly #taken: (token: string) => boolean;
  onSent: (request: SentRequest) => void = () => undefined;
  #stormUntil = 0;
  readonly #life: number;

  constructor(world: World, kite: SimulatedKite, taken: (token: string) => boolean, draw: () => number) {
    this.#world = world;
    this.#kite = kite;
    this.#taken = taken;
    this.#draw = draw;
    this.#life = world.life;
  }

  close(): void {}

  send(request: WireRequest): Promise<WireAnswer> {
    const world = this.#world;
    if (world.life !== this.#life) return new Promise(() => undefined);
    const { method } = request;
    const form = new URLSearchParams(request.body ?? '');
    const path = request.url.pathname;
    const orders = method !== 'GET';
    if (orders) {
      world.point('before-send');
      world.trace(`program: ${method} ${path} ${form.toString()}`);
    }
    return new Promise((resolve, reject) => {
      const answer = (ms: number, given: WireAnswer) =>
        world.forProgram(ms, () => {
          if (orders) world.trace(`program hears ${given.status} of ${method} ${path}`);
          resolve(given);
        });
      const fail = (ms: number, unsent: boolean, code: string) =>
        world.forProgram(ms, () => {
          if (orders) world.trace(`program hears ${code} of ${method} ${path}`);
          reject(new WireFailure(unsent, code, code === 'TIMEOUT' ? 'no answer in time' : 'connection lost'));
        });
      const there = 3 + this.#draw() * 60;
      const back = 3 + this.#draw() * 60;
      const ways = { there, back, answer, fail, timeoutMs: request.timeoutMs };
      if (orders) {
        this.#order(request, form, ways);
        // What has left is on its way whatever becomes of the process.
        world.point('after-send');
      } else this.#read(request, ways);
    });
  }

  #order(
    { method, url, headers, timeoutMs }: WireRequest,
    form: URLSearchParams,
    { there, back, answer, fail }: Ways,
  ): void {
    const world = this.#world;
    const act = (): Verdict => this.#act(method, url.pathname, form);
    /** At the exchange, whether or not anybody still waits for it. */
    const arrive = (ms: number, then: (verdict: Verdict) => void = () => undefined) =>
      world.after(ms, () => then(act()));
    if (this.#hits('unsent', 'rest:not-sent')) {
      // The connection never stood: not a byte has left.
      fail(there, true, 'ECONNREFUSED');
      return;
    }
    this.onSent({ method, path: url.pathname, form, time: world.time, client: this });
    if (!this.#taken(tokenOf(headers))) {
      answer(there + back, errorAnswer(403, 'TokenException', 'Incorrect `api_key` or `access_token`.'));
    } else if (world.mono < this.#stormUntil || this.#hits('storm', 'rest:429-storm')) {
      if (world.mono >= this.#stormUntil) this.#stormUntil = world.mono + 1_000 + this.#draw() ** 3 * 120_000;
      world.count('rest:429');
      answer(there + back, {
        ...errorAnswer(429, 'NetworkException', 'Too many requests'),
        retryAfter: this.#draw() < 0.5 ? 1 + Math.floor(this.#draw() * 5) : Number.NaN,
      });
    } else if (this.#hits('lostBefore', 'rest:lost-before-accept')) {
      if (this.#draw() < 0.5) fail(timeoutMs, false, 'TIMEOUT');
      else fail(there, false, 'ECONNRESET');
    } else if (this.#hits('replyLost', 'rest:accepted-reply-lost')) {
      arrive(there);
      if (this.#draw() < 0.5) fail(timeoutMs, false, 'TIMEOUT');
      else fail(there + back, false, 'ECONNRESET');
    } else if (this.#hits('acceptLate', 'rest:accept-late')) {
      arrive(this.#draw() * 90_000);
      fail(timeoutMs, false, 'TIMEOUT');
    } else if (this.#hits('refused', 'rest:400-definitive')) {
      const [type, words] = refusals[Math.floor(this.#draw() * refusals.length)];
      answer(there + back, errorAnswer(400, type, words));
    } else if (this.#hits('ambiguous', 'rest:400-ambiguous')) {
      if (this.#draw() < 0.5) arrive(there);
      const words =
        'Request timed out at the order system. Please check the order book and confirm before placing again.';
      answer(
        there + back,
        errorAnswer(400, this.#draw() < 0.5 ? 'OrderException' : 'NetworkException', words),
      );
    } else if (this.#hits('serverError', 'rest:5xx')) {
      if (this.#draw() < 0.5) arrive(there);
      const status = [500, 502, 503, 504][Math.floor(this.#draw() * 4)];
      answer(
        there + back,
        this.#draw() < 0.5 ? page(status) : errorAnswer(status, 'GeneralException', 'Something went wrong'),
      );
    } else if (this.#hits('brokenBody', 'rest:200-broken')) {
      arrive(there, (verdict) => {
        if (world.life !== this.#life) return;
        const whole = 'orderId' in verdict ? JSON.stringify(envelope({ order_id: verdict.orderId })) : '{}';
        const broken = [
          '',
          '<html>busy</html>',
          whole.slice(0, Math.floor(this.#draw() * whole.length)),
          '{"status":"success","data":{}}',
        ];
        answer(back, plain(200, broken[Math.floor(this.#draw() * broken.length)]));
      });
    } else {
      const late = this.#hits('replyLate', 'rest:reply-late') ? this.#draw() * 90_000 : 0;
      arrive(there, (verdict) => {
        if (world.life !== this.#life) return;
        world.forProgram(0, () => world.point('before-answer'));
        if (there + back + late >= timeoutMs) fail(timeoutMs - there, false, 'TIMEOUT');
        else if ('orderId' in verdict) answer(back + late, jsonAnswer({ order_id: verdict.orderId }));
        else answer(back + late, errorAnswer(verdict.status, verdict.errorType, verdict.message));
      });
    }
  }

  #act(method: string, path: string, form: URLSearchParams): Verdict {
    const [, , , id = ''] = path.split('/');
    if (method === 'POST') return this.#kite.place(form);
    return method === 'PUT' ? this.#kite.modify(id, form) : this.#kite.cancel(id);
  }

  #read({ url, headers, timeoutMs }: WireRequest, { there, back, answer, fail }: Ways): void {
    const world = this.#world;
    if (!this.#taken(tokenOf(headers))) {
      answer(there + back, errorAnswer(403, 'TokenException', 'Incorrect `api_key` or `access_token`.'));
      return;
    }
    if (this.#hits('readFails', 'read:failure')) {
      const kind = this.#draw();
      if (kind < 0.3) fail(timeoutMs, false, 'TIMEOUT');
      else if (kind < 0.6) fail(there, false, 'ECONNRESET');
      else if (kind < 0.8) answer(there + back, page(502));
      else answer(there + back, errorAnswer(503, 'NetworkException', 'Gateway'));
      return;
    }
    const stale = this.#hits('readStale', 'read:stale') ? this.#draw() * 10 * secondMs : 0;
    world.after(there, () => {
      if (world.life !== this.#life) return;
      let data = this.#data(url, world.time - stale);
      if (Array.isArray(data)) data = this.#rows(data);
      answer(back, jsonAnswer(data));
    });
  }

  /** A list need not be whole, nor sorted, nor without words that nobody knows. */
  #rows(rows: readonly unknown[]): readonly unknown[] {
    let given = rows;
    if (this.#hits('readPartial', 'read:partial')) given = given.filter(() => this.#draw() < 0.7);
    if (this.#hits('readOdd', 'read:unordered')) given = [...given].reverse();
    if (this.#hits('readOdd', 'read:new-fields'))
      given = given.map((row) => ({ ...Object(row), meta: { new: [1, null] }, guid: null }));
    if (this.#hits('readOdd', 'read:number-as-text'))
      given = given.map((row) => ({
        ...Object(row),
        quantity: String(Reflect.get(Object(row), 'quantity')),
      }));
    return given;
  }

  #data(url: URL, time: number): unknown {
    const { pathname } = url;
    if (pathname === '/orders') return this.#kite.rows(time);
    if (pathname === '/trades') return this.#kite.tradeRows(time);
    if (pathname === '/portfolio/positions') return { net: this.#positions(time), day: [] };
    if (pathname === '/portfolio/holdings') return [];
    if (pathname === '/user/margins') return { equity: margins, commodity: margins };
    const [, token] = /^\/instruments\/historical\/(\d+)\//.exec(pathname) ?? [];
    if (token !== undefined) return { candles: this.#candles(Number(token), url.searchParams) };
    throw new Error(`the simulated Kite has no ${pathname}`);
  }

  #positions(time: number): readonly unknown[] {
    return [...this.#kite.net((trade) => trade.time <= time)].map(([name, quantity]) => {
      const [key = '', product] = name.split(' ');
      const [exchange, tradingsymbol] = key.split(':');
      const zeros = [
        ...['overnight_quantity', 'average_price', 'close_price', 'last_price', 'value', 'pnl', 'm2m'],
        ...[
          'unrealised',
          'realised',
          'buy_quantity',
          'buy_price',
          'buy_value',
          'sell_quantity',
          'sell_price',
        ],
        ...['sell_value', 'day_buy_quantity', 'day_buy_price', 'day_buy_value', 'day_sell_quantity'],
        ...['day_sell_price', 'day_sell_value'],
      ];
      return {
        ...Object.fromEntries(zeros.map((field) => [field, 0])),
        ...{ tradingsymbol, exchange, instrument_token: 1, product, quantity, multiplier: 1 },
      };
    });
  }

  #candles(token: number, query: URLSearchParams): readonly unknown[] {
    const [from = '', to = ''] = [query.get('from'), query.get('to')].map((text) => text ?? '');
    return (this.#kite.market.candles.get(token) ?? [])
      .map((candle) => ({ ...candle, stamp: kiteTime(candle.time) }))
      .filter(({ stamp }) => stamp >= from && stamp <= to)
      .map(({ stamp, open, high, low, close, volume }) => [
        `${stamp.replace(' ', 'T')}+0530`,
        ...[open, high, low, close].map((paise) => paise / 100),
        volume,
      ]);
  }

  #hits(name: keyof RestFaults, label: string): boolean {
    const chance = this.faults[name];
    if (chance <= 0 || this.#draw() >= chance) return false;
    this.#world.count(label);
    return true;
  }
}

interface Ways {
  readonly there: number;
  readonly back: number;
  readonly answer: (ms: number, given: WireAnswer) => void;
  readonly fail: (ms: number, unsent: boolean, code: string) => void;
}

const margins = {
  ...{ enabled: true, net: 100_000_000, available: { cash: 100_000_000 }, utilised: {} },
};

function tokenOf(headers: Readonly<Record<string, string>>): string {
  return String(headers.Authorization).split(':')[1] ?? '';
}

const envelope = (data: unknown) => ({ status: 'success', data });
const jsonAnswer = (data: unknown): WireAnswer => plain(200, JSON.stringify(envelope(data)));

function errorAnswer(status: number, errorType: string, message: string): WireAnswer {
  return plain(status, JSON.stringify({ status: 'error', message, error_type: errorType, data: null }));
}

function page(status: number): WireAnswer {
  return { ...plain(status, '<html><body>Bad gateway</body></html>'), contentType: 'text/html' };
}

function plain(status: number, text: string): WireAnswer {
  return {
    ...{ status, contentType: 'application/json', retryAfter: Number.NaN, date: Number.NaN },
    body: Buffer.from(text),
  };
}
