import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SmallKiteOptions {
  readonly apiKey?: string;
  readonly apiSecret?: string;
  /** Whoever logs in. */
  readonly userId?: string;
  readonly accessToken?: string;
  readonly requestToken?: string;
}

/** As much of Kite as a login needs: the token exchange with its checksum, logout, profile, and quotes of NSE:INFY and the index. */
export async function smallKite(options: SmallKiteOptions = {}) {
  const {
    apiKey = 'testkey1',
    apiSecret = 'canary-api-secret-0123456789abcdef',
    userId = 'AB1234',
    accessToken = 'canaryAccessToken0123456789abcd',
    requestToken = 'canaryRequestToken0123456789abcd',
  } = options;
  const live = new Set<string>();
  const spent = new Set<string>();
  const requests: string[] = [];

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://small.kite');
    const form = new URLSearchParams(await bodyOf(request));
    const route = `${request.method} ${url.pathname}`;
    requests.push(route);
    if (request.headers['x-kite-version'] !== '3')
      return refuse(response, 400, 'InputException', 'Missing version.');
    if (route === 'POST /session/token') {
      const checksum = createHash('sha256')
        .update(apiKey + requestToken + apiSecret)
        .digest('hex');
      const fits =
        form.get('api_key') === apiKey &&
        form.get('request_token') === requestToken &&
        form.get('checksum') === checksum;
      if (!fits || spent.has(requestToken))
        return refuse(response, 403, 'TokenException', 'Token is invalid or has expired.');
      spent.add(requestToken);
      live.add(accessToken);
      return send(response, {
        user_id: userId,
        user_name: 'A Trader',
        user_shortname: 'Trader',
        user_type: 'individual',
        email: 'trader@example.com',
        broker: 'ZERODHA',
        exchanges: ['NSE', 'NFO'],
        products: ['CNC', 'MIS', 'NRML'],
        order_types: ['MARKET', 'LIMIT'],
        avatar_url: null,
        api_key: apiKey,
        access_token: accessToken,
        public_token: 'canaryPublicToken',
        enctoken: 'canaryEnctoken',
        refresh_token: '',
        silo: '',
        login_time: '2026-11-25 08:30:00',
        meta: { demat_consent: 'physical' },
      });
    }
    if (route === 'DELETE /session/token') {
      const token = url.searchParams.get('access_token') ?? form.get('access_token') ?? '';
      return live.delete(token)
        ? send(response, true)
        : refuse(response, 403, 'TokenException', 'Incorrect `api_key` or `access_token`.');
    }
    const [, token] = /^token [^:]+:(.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!token || !live.has(token))
      return refuse(response, 403, 'TokenException', 'Incorrect `api_key` or `access_token`.');
    if (route === 'GET /user/profile') {
      return send(response, {
        user_id: userId,
        user_type: 'individual',
        email: 'trader@example.com',
        user_name: 'A Trader',
        user_shortname: 'Trader',
        broker: 'ZERODHA',
        exchanges: ['NSE', 'NFO'],
        products: ['CNC', 'MIS', 'NRML'],
        order_types: ['MARKET', 'LIMIT'],
        avatar_url: null,
        meta: { demat_consent: 'physical' },
      });
    }
    if (route === 'GET /quote') {
      const asked = url.searchParams.getAll('i');
      return send(
        response,
        Object.fromEntries(asked.flatMap((key) => (quotes[key] ? [[key, quotes[key]]] : []))),
      );
    }
    return refuse(response, 404, 'GeneralException', 'Route not found');
  });
  // An app without market data: no price stream.
  server.on('upgrade', (_request, socket) =>
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    root: `http://127.0.0.1:${port}`,
    wsRoot: `ws://127.0.0.1:${port}`,
    port,
    apiKey,
    apiSecret,
    userId,
    accessToken,
    requestToken,
    requests,
    /** Tokens that hold. */
    live,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

const level = (price: number, quantity: number) => ({ price, quantity, orders: 2 });

/** A share with a book, and an index without one. */
const quotes: Readonly<Record<string, object>> = {
  'NSE:INFY': {
    instrument_token: 408_065,
    timestamp: '2026-11-25 09:30:00',
    last_trade_time: '2026-11-25 09:29:59',
    last_price: 1_512.5,
    last_quantity: 5,
    buy_quantity: 400,
    sell_quantity: 600,
    volume: 123_456,
    average_price: 1_510.25,
    oi: 0,
    oi_day_high: 0,
    oi_day_low: 0,
    net_change: 12.5,
    lower_circuit_limit: 1_350,
    upper_circuit_limit: 1_650,
    ohlc: { open: 1_501, high: 1_515, low: 1_499, close: 1_500 },
    depth: {
      buy: [level(1_512.4, 10), level(1_512.3, 20), level(1_512.2, 30), level(1_512.1, 40), level(1_512, 50)],
      sell: [
        level(1_512.6, 11),
        level(1_512.7, 21),
        level(1_512.8, 31),
        level(1_512.9, 41),
        level(1_513, 51),
      ],
    },
  },
  'NSE:NIFTY 50': {
    instrument_token: 256_265,
    timestamp: '2026-11-25 09:30:00',
    last_price: 25_000.05,
    net_change: 0,
    ohlc: { open: 24_900, high: 25_050, low: 24_880, close: 24_950.1 },
  },
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}

function send(response: ServerResponse, data: unknown): void {
  response
    .writeHead(200, { 'Content-Type': 'application/json' })
    .end(JSON.stringify({ status: 'success', data }));
}

function refuse(response: ServerResponse, status: number, errorType: string, message: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ status: 'error', message, error_type: errorType, data: null }));
}

const envelope = async (answer: Response): Promise<Record<string, unknown>> => {
  const { data, message } = JSON.parse(await answer.text());
  if (answer.ok) return Object(data);
  throw Object.assign(new Error(String(message)), { code: 'AUTH_TOKEN', exitCode: 4 });
};

const away = (): never => {
  throw Object.assign(new Error('Kite cannot be reached (ECONNREFUSED).'), {
    code: 'BROKER_AWAY',
    exitCode: 6,
  });
};

interface Session {
  readonly root: string;
  readonly apiKey: string;
  readonly accessToken: string;
}

const ask = (path: string, { root, apiKey, accessToken }: Session, method = 'GET') =>
  fetch(`${root}${path}`, {
    method,
    headers: { 'X-Kite-Version': '3', Authorization: `token ${apiKey}:${accessToken}` },
  })
    .catch(away)
    .then(envelope);

/** The door to the small Kite, for tests of what stands on this side of it. */
export const smallKiteDoor = {
  async generateSession({
    root,
    apiKey,
    apiSecret,
    requestToken,
  }: {
    readonly root: string;
    readonly apiKey: string;
    readonly apiSecret: string;
    readonly requestToken: string;
  }) {
    const checksum = createHash('sha256')
      .update(apiKey + requestToken + apiSecret)
      .digest('hex');
    const body = new URLSearchParams({ api_key: apiKey, request_token: requestToken, checksum });
    const sent = await fetch(`${root}/session/token`, {
      method: 'POST',
      headers: { 'X-Kite-Version': '3' },
      body,
    }).catch(away);
    const data = await envelope(sent);
    return {
      userId: String(data.user_id),
      userName: String(data.user_name),
      accessToken: String(data.access_token),
    };
  },
  async logout(session: Session) {
    await ask(
      `/session/token?api_key=${session.apiKey}&access_token=${session.accessToken}`,
      session,
      'DELETE',
    );
  },
  async profile(session: Session) {
    const data = await ask('/user/profile', session);
    return { userId: String(data.user_id), userName: String(data.user_name), exchanges: ['NSE', 'NFO'] };
  },
};
