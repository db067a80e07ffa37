import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sessionOrUnknown } from '../../src/domain/missing-days.ts';
import { isoInstant, istDayNumber, minuteMs, startOfDay } from '../../src/domain/time.ts';
import { day, india, share } from './india.ts';

/** What a request meets instead of its answer. */
export type Trouble = 'ok' | 'busy' | 'down' | 'html' | 'cut' | 'reset' | 'dead-token' | 'refused';

export interface CandleServerOptions {
  /** The server's clock. */
  readonly now: () => number;
  readonly trouble?: (number: number, url: URL) => Trouble;
  /** Called when a request is about to be answered. */
  readonly answering?: (number: number) => void;
  /** Rupees of a share on a day; changes when it was adjusted since. */
  readonly price?: ((symbol: string, dayNumber: number) => number) | undefined;
  /** A session in which a symbol did not trade at all. */
  readonly idle?: (symbol: string, dayNumber: number) => boolean;
}

export const tokensOf: Readonly<Record<string, number>> = { INFY: 408_065, TCS: 2_953_217, SBIN: 779_521 };

/** As much of Kite and of Yahoo as past bars need, on loopback, with made prices: the same question has the same answer. */
export async function candleServer(options: CandleServerOptions) {
  const log: { readonly at: number; readonly path: string }[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stub');
    response.setHeader('date', new Date(options.now()).toUTCString());
    if (request.method === 'HEAD') return void response.end();
    log.push({ at: Date.now(), path: `${url.pathname}${url.search}` });
    const trouble = options.trouble?.(log.length, url) ?? 'ok';
    options.answering?.(log.length);
    troubled(trouble, request, response, () => bodyOf(url));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  function bodyOf(url: URL): string {
    if (url.pathname === '/instruments') return listCsv();
    const kite = /^\/instruments\/historical\/(\d+)\/(\w+)$/.exec(url.pathname);
    if (kite) {
      const symbol = Object.keys(tokensOf).find((name) => tokensOf[name] === Number(kite[1])) ?? '';
      const stamp = (name: string) => Date.parse(`${url.searchParams.get(name)?.replace(' ', 'T')}+05:30`);
      const bars = barsOf(symbol, kite[2] === 'day' ? 'day' : 'minute', stamp('from'), stamp('to'));
      const candles = bars.map(({ time, price, volume }) => [
        isoInstant(time).replace('+05:30', '+0530'),
        ...[price, price + 1, price - 1, price + 0.5, volume],
      ]);
      return JSON.stringify({ status: 'success', data: { candles } });
    }
    const symbol = decodeURIComponent(url.pathname.split('/').at(-1) ?? '').replace('.NS', '');
    const seconds = (name: string) => Number(url.searchParams.get(name)) * 1_000;
    const frame = url.searchParams.get('interval') === '1d' ? 'day' : 'minute';
    const bars = barsOf(symbol, frame, seconds('period1'), seconds('period2') - 1);
    const column = (value: (price: number) => number) => bars.map(({ price }) => value(price));
    const quote = {
      open: column((price) => price),
      high: column((price) => price + 1),
      low: column((price) => price - 1),
      close: column((price) => price + 0.5),
      volume: bars.map(({ volume }) => volume),
    };
    const result = [{ timestamp: bars.map(({ time }) => time / 1_000), indicators: { quote: [quote] } }];
    return JSON.stringify({ chart: { result, error: null } });
  }

  function barsOf(symbol: string, frame: 'day' | 'minute', from: number, to: number) {
    const bars: { time: number; price: number; volume: number }[] = [];
    for (let each = istDayNumber(from); each <= istDayNumber(Math.min(to, options.now())); each++) {
      const session = sessionOrUnknown(india.calendar, share, each);
      if (!session || session === 'unknown' || options.idle?.(symbol, each)) continue;
      const base = options.price?.(symbol, each) ?? 100 + (each % 50) + symbol.length;
      if (frame === 'day') bars.push({ time: startOfDay(each), price: base, volume: 1_000 + (each % 7) });
      // Every seventh minute nobody trades: a gap, not a bar without volume.
      else
        for (let time = session.open; time < session.close; time += minuteMs)
          if ((time / minuteMs) % 7 !== 0)
            bars.push({ time, price: base + ((time / minuteMs) % 20) / 20, volume: (time / minuteMs) % 100 });
    }
    return bars.filter(({ time }) => time >= from && time <= to && time <= options.now());
  }

  return {
    root: `http://127.0.0.1:${port}`,
    log,
    /** Most requests in any calendar second. */
    busiestSecond() {
      const seconds = new Map<number, number>();
      for (const { at } of log) {
        const second = Math.floor(at / 1_000);
        seconds.set(second, (seconds.get(second) ?? 0) + 1);
      }
      return Math.max(...seconds.values());
    },
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

export type CandleServer = Awaited<ReturnType<typeof candleServer>>;

/** Lists as Kite sends them. */
export function listCsv(symbols: readonly string[] = Object.keys(tokensOf)): string {
  const header =
    'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange';
  const shares = symbols.map((symbol) => {
    const token = tokensOf[symbol] ?? 1_000 * 256 + 1;
    return `${token},${token >> 8},${symbol},"${symbol} LTD",0,,0,0.05,1,EQ,NSE,NSE`;
  });
  const contracts = [
    '12345602,48225,NIFTY26OCTFUT,"NIFTY",0,2026-10-27,0,0.1,65,FUT,NFO-FUT,NFO',
    '12345858,48226,NIFTY26NOVFUT,"NIFTY",0,2026-11-24,0,0.1,65,FUT,NFO-FUT,NFO',
  ];
  return `${[header, ...shares, ...contracts].join('\n')}\n`;
}

function troubled(
  trouble: Trouble,
  request: IncomingMessage,
  response: ServerResponse,
  body: () => string,
): void {
  const json = (status: number, text: string) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  const error = (status: number, type: string, message: string) =>
    json(status, JSON.stringify({ status: 'error', message, error_type: type, data: null }));
  switch (trouble) {
    case 'ok':
      json(200, body());
      return;
    case 'busy':
      error(429, 'NetworkException', 'Too many requests');
      return;
    case 'down':
      error(503, 'NetworkException', 'The service is away');
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>maintenance</html>');
      return;
    case 'cut': {
      const text = body();
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
      response.write(text.slice(0, text.length >> 1), () => response.destroy());
      return;
    }
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'dead-token':
      error(403, 'TokenException', 'Incorrect `api_key` or `access_token`.');
      return;
    case 'refused':
      error(400, 'InputException', 'invalid token');
      return;
    default:
      trouble satisfies never;
  }
}

/** 2026-09-30 18:00 in India, a Wednesday after the close. */
export const evening = startOfDay(day('2026-09-30')) + 18 * 60 * minuteMs;
