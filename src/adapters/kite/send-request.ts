import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { createGunzip } from 'node:zlib';
import { ConfigError, codeOf, messageOf } from '../../domain/errors.ts';

/** Bytes of an answer after it was unpacked; the list of all instruments has about 13 MB and grows. */
const listBytesMax = 64 * 1_048_576;
const answerBytesMax = 10 * 1_048_576;

/** A name has to be found, a connection to stand and its certificate to be checked within this. */
const connectMsMax = 5_000;
/** From the head to the last byte of the list of all instruments, over a slow line. */
const listMsMax = 60_000;
/** A connection that idled longer is not used again: closed by the server in that moment, it would leave an order's fate unknown. */
const idleMsMax = 4_000;

/**
 * A computer that was too busy to look comes back with its timers first and its sockets after them: what came in time is still read
 * within this.
 */
const graceMs = 100;

/** A request as it goes out. The address holds no secret but what Kite itself wants in a query. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** From the first byte of the request to the end of the answer's head, and from there to its last byte, ms. */
  readonly timeoutMs: number;
}

export interface WireAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Seconds that a Retry-After header asks to wait, which is a number or a date; NaN without one. */
  readonly retryAfter: number;
  /** The server's own time from its Date header, epoch ms; NaN without one. */
  readonly date: number;
  readonly body: Buffer;
}

/**
 * How a request failed without a whole answer. `unsent` is true only where no byte of it can have reached the server: the connection
 * never stood. Everything after that may have been read and acted upon.
 */
export class WireFailure extends Error {
  readonly unsent: boolean;
  readonly code: string;

  constructor(unsent: boolean, code: string, message: string) {
    super(message);
    this.unsent = unsent;
    this.code = code;
  }
}

/** Sends requests to one server over connections that are kept. */
export interface Wire {
  send(request: WireRequest): Promise<WireAnswer>;
  close(): void;
}

/**
 * Connections to Kite. Redirects are answers like any other and never followed. Certificates are always checked.
 *
 * @throws ConfigError CONFIG_TLS when the environment switches the check of certificates off
 */
export function createWire(env: Readonly<Record<string, string | undefined>> = {}): Wire {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    throw new ConfigError(
      'CONFIG_TLS',
      'NODE_TLS_REJECT_UNAUTHORIZED=0 switches the check of certificates off; nothing is sent to Kite that way.',
      'Run: unset NODE_TLS_REJECT_UNAUTHORIZED',
    );
  const options = { keepAlive: true, maxSockets: 16, scheduling: 'lifo', timeout: idleMsMax } as const;
  const plain = new HttpAgent(options);
  const secure = new HttpsAgent({ ...options, rejectUnauthorized: true, minVersion: 'TLSv1.2' });
  return {
    send: (request) => sent(request, request.url.protocol === 'https:' ? { secure } : { plain }),
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

function sent(
  { method, url, headers, body, timeoutMs }: WireRequest,
  { plain, secure }: { readonly plain?: HttpAgent; readonly secure?: HttpsAgent },
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    let connected = false;
    let answered = false;
    let settled = false;
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const options = { method, headers: { 'Accept-Encoding': 'gzip', ...headers, ...length } };
    const request = secure
      ? httpsRequest(url, { ...options, agent: secure })
      : httpRequest(url, { ...options, agent: plain });
    let timer = within(Math.min(connectMsMax, timeoutMs), 'no connection');

    function within(ms: number, what: string): NodeJS.Timeout {
      const over = () => fail('TIMEOUT', `${what} within ${ms} ms`);
      return setTimeout(() => {
        timer = setTimeout(over, graceMs);
      }, ms);
    }
    function fail(code: string, message: string): void {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      request.destroy();
      reject(new WireFailure(!connected, code, message));
    }

    // Nothing is written before the connection stands and, with TLS, its certificate was found good: then it is certain what was not
    // sent, and no secret is ever on its way to a stranger.
    request.on('socket', (socket: Socket) => {
      if (request.reusedSocket) write();
      else socket.once(secure ? 'secureConnect' : 'connect', write);
    });
    function write(): void {
      if (settled) return;
      connected = true;
      clearTimeout(timer);
      timer = within(timeoutMs, 'no answer');
      request.end(body);
    }
    request.on('error', (error) => fail(codeOf(error) || 'ERROR', messageOf(error)));
    request.on('close', () => {
      // With a head, what became of the body is told by whoever reads it.
      if (!answered) fail('CLOSED', 'the connection was closed');
    });
    request.on('response', (response) => {
      answered = true;
      clearTimeout(timer);
      timer = within(isList(response) ? listMsMax : timeoutMs, 'no whole answer');
      bodyOf(response).then(
        (bytes) => {
          if (settled) return;
          settled = true;
          clearTimeout(timer);
          resolve({ ...headOf(response), body: bytes });
        },
        (error) => fail(codeOf(error) || 'BODY', messageOf(error)),
      );
    });
  });
}

function headOf({ statusCode = 0, headers }: IncomingMessage): Omit<WireAnswer, 'body'> {
  const after = headers['retry-after'];
  const date = headers.date === undefined ? Number.NaN : Date.parse(headers.date);
  return {
    status: statusCode,
    contentType: headers['content-type'] ?? '',
    retryAfter: secondsUntil(after, date),
    date,
  };
}

/** A date is counted from the server's own, so that our clock does not matter. */
function secondsUntil(after: string | undefined, date: number): number {
  if (after === undefined) return Number.NaN;
  if (/^\d{1,9}$/.test(after)) return Number(after);
  return Math.max(0, (Date.parse(after) - date) / 1_000);
}

function isList({ headers }: IncomingMessage): boolean {
  return /csv/.test(headers['content-type'] ?? '');
}

/** The whole body, unpacked and bounded; a body that ends before its length is a failure. */
async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  const packed = encoding === 'gzip';
  if (!packed && encoding !== 'identity') throw new Error(`the answer is packed as ${encoding}`);
  const most = isList(response) ? listBytesMax : answerBytesMax;
  const stream = packed ? response.pipe(createGunzip()) : response;
  if (packed) response.on('error', (error) => stream.destroy(error));
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of stream) {
    bytes += part.length;
    if (bytes > most) {
      response.destroy();
      throw new Error(`the answer is longer than ${most} bytes`);
    }
    parts.push(part);
  }
  if (!response.complete) throw new Error('the answer was cut');
  return Buffer.concat(parts);
}
