import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { createGunzip } from 'node:zlib';
import { ConfigError, codeOf, messageOf } from '../../domain/errors.ts';

/** Bytes of an answer after it was unpacked; the list of all instruments is about 8 MB. */
const answerBytesMax = 32 * 1_048_576;
const jsonBytesMax = 10 * 1_048_576;

/** A request as it goes out. The address holds no secret but what Kite itself wants in a query. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** From the start to the last byte of the answer, ms. */
  readonly timeoutMs: number;
}

export interface WireAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Seconds of a Retry-After header; NaN without one. */
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
  const options = { keepAlive: true, maxSockets: 16, scheduling: 'lifo' } as const;
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
    let settled = false;
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const options = { method, headers: { 'Accept-Encoding': 'gzip', ...headers, ...length } };
    const request = secure
      ? httpsRequest(url, { ...options, agent: secure })
      : httpRequest(url, { ...options, agent: plain });
    const timer = setTimeout(() => fail('TIMEOUT', `no whole answer within ${timeoutMs} ms`), timeoutMs);

    function fail(code: string, message: string): void {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      request.destroy();
      reject(new WireFailure(!connected, code, message));
    }

    request.on('socket', (socket: Socket) => {
      // A kept connection takes the bytes at once. A new one holds them back until it stands, with TLS until the handshake is done.
      if (request.reusedSocket) connected = true;
      else
        socket.once(secure ? 'secureConnect' : 'connect', () => {
          connected = true;
        });
    });
    request.on('error', (error) => fail(codeOf(error) || 'ERROR', messageOf(error)));
    request.on('response', (response) => {
      connected = true;
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
    request.end(body);
  });
}

function headOf({ statusCode = 0, headers }: IncomingMessage): Omit<WireAnswer, 'body'> {
  const after = headers['retry-after'];
  return {
    status: statusCode,
    contentType: headers['content-type'] ?? '',
    retryAfter: after !== undefined && /^\d{1,5}$/.test(after) ? Number(after) : Number.NaN,
    date: headers.date === undefined ? Number.NaN : Date.parse(headers.date),
  };
}

/** The whole body, unpacked and bounded; a body that ends before its length is a failure. */
async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const packed = response.headers['content-encoding'] === 'gzip';
  const most = /json/.test(response.headers['content-type'] ?? '') ? jsonBytesMax : answerBytesMax;
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
