import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AuthError, codeOf } from '../../domain/errors.ts';
import type { TimerClock } from '../../engine/ports.ts';

/** Path of the redirect address that the Kite app is registered with. */
export const redirectPath = '/kite/redirect';
/** Name under which the nonce travels through Kite's `redirect_params`. */
export const nonceName = 'state';
/** A person types password and one-time code in less; a listener that stays open is a door that stays open. */
export const redirectWaitMs = 120_000;
const socketTimeoutMs = 5_000;
const connectionsMax = 16;
/** Wrong requests after which the listener closes: somebody is trying. */
const refusedMax = 50;

/** Kite's are 32 letters and digits. */
export const requestTokenPattern = /^[A-Za-z0-9]{8,64}$/;

export interface Redirect {
  /** The port that was taken; the asked one unless that was 0. */
  readonly port: number;
  /** @throws AuthError AUTH_REDIRECT when the login failed or nobody came in time */
  readonly requestToken: Promise<string>;
  close(): void;
}

/**
 * Waits on 127.0.0.1 for the browser that comes back from Kite's login, once.
 *
 * A request counts only with the exact path and host, one `request_token` of the right form and the nonce of this login;
 * every other one is refused and changes nothing, because any page open in the browser can send one.
 *
 * @throws AuthError AUTH_LISTENER when the port is taken
 */
export async function listenForRedirect({
  port,
  nonce,
  clock,
  waitMs = redirectWaitMs,
  onStranger,
}: {
  readonly port: number;
  readonly nonce: string;
  readonly clock: TimerClock;
  readonly waitMs?: number;
  /** Told once, of the first login that comes back without this one's nonce. */
  readonly onStranger?: () => void;
}): Promise<Redirect> {
  let settled = false;
  let refusals = 0;
  let strange = false;
  let outcome: { resolve(token: string): void; reject(error: Error): void } | undefined;
  const requestToken = new Promise<string>((resolve, reject) => {
    outcome = { resolve, reject };
  });
  // The caller may look at it later than it fails.
  requestToken.catch(() => undefined);

  const server = createServer(
    { maxHeaderSize: 16_384, headersTimeout: socketTimeoutMs, requestTimeout: socketTimeoutMs },
    (request, response) => {
      const { port: taken } = server.address() as AddressInfo;
      const reading = settled
        ? ({ refused: 410, why: 'This login is over.' } as const)
        : readRedirect(request, taken, nonce);
      if ('refused' in reading) {
        answer(response, reading.refused, reading.why);
        refusals++;
        if (reading.refused === 400 && !strange) {
          strange = true;
          onStranger?.();
        }
        if (refusals >= refusedMax)
          fail(`${refusals} requests came that were not Kite's answer to this login`);
        return;
      }
      settled = true;
      const page =
        'failure' in reading
          ? 'Kite did not complete the login. The terminal says more.'
          : 'The login came back. Go on in the terminal; this page may be closed.';
      answer(response, 200, page);
      response.once('close', () => {
        close();
        if ('failure' in reading) outcome?.reject(redirectError(reading.failure));
        else outcome?.resolve(reading.requestToken);
      });
    },
  );
  server.maxConnections = connectionsMax;
  server.setTimeout(socketTimeoutMs);

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const taken = codeOf(cause) === 'EADDRINUSE';
      reject(
        new AuthError(
          'AUTH_LISTENER',
          `Port ${port} of 127.0.0.1 ${taken ? 'is in use' : `cannot be listened on (${codeOf(cause)})`}.`,
          'Is another algo login waiting? Otherwise run: algo login --paste',
          cause,
        ),
      );
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, resolve);
  });
  const cancel = clock.at(clock.now() + waitMs, () =>
    fail(
      refusals === 0
        ? `Nobody came back from the login within ${Math.round(waitMs / 1_000)} s`
        : `Nobody came back from this login within ${Math.round(waitMs / 1_000)} s; ${refusals} other request${refusals === 1 ? ' was' : 's were'} refused`,
    ),
  );

  function close(): void {
    cancel();
    server.close();
    server.closeAllConnections();
  }
  function fail(why: string): void {
    if (settled) return;
    settled = true;
    close();
    outcome?.reject(redirectError(why));
  }
  return {
    port: (server.address() as AddressInfo).port,
    requestToken,
    close: () => fail('The login was called off'),
  };
}

function redirectError(why: string): AuthError {
  return new AuthError(
    'AUTH_REDIRECT',
    `${why}.`,
    'Run algo login again; or algo login --paste, and paste the address the browser ends at.',
  );
}

type Reading =
  | { readonly requestToken: string }
  | { readonly failure: string }
  | { readonly refused: number; readonly why: string };

function readRedirect(
  { method, url = '', headers, headersDistinct }: IncomingMessage,
  port: number,
  nonce: string,
): Reading {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  // Another name for this computer means a page that rebinds its own name to 127.0.0.1.
  if (headersDistinct.host?.length !== 1 || !hosts.includes(headers.host ?? ''))
    return { refused: 421, why: 'Wrong host.' };
  const mark = url.indexOf('?');
  if ((mark < 0 ? url : url.slice(0, mark)) !== redirectPath)
    return { refused: 404, why: 'Nothing is here.' };
  if (method !== 'GET') return { refused: 405, why: 'Only the login itself comes here.' };
  return readRedirectQuery(new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)), nonce);
}

/** What Kite's redirect says. `nonce` undefined where there is nothing to compare with. */
export function readRedirectQuery(query: URLSearchParams, nonce: string | undefined): Reading {
  const only = (name: string) => {
    const values = query.getAll(name);
    return values.length === 1 ? values[0] : undefined;
  };
  if (nonce !== undefined && !same(only(nonceName) ?? '', nonce)) {
    return { refused: 400, why: 'This is not the login that the terminal waits for.' };
  }
  if (only('status') !== 'success') return { failure: 'Kite says that the login did not succeed' };
  const token = only('request_token') ?? '';
  return requestTokenPattern.test(token)
    ? { requestToken: token }
    : { refused: 400, why: 'There is no request token in this address.' };
}

function same(received: string, expected: string): boolean {
  const one = Buffer.from(received);
  const other = Buffer.from(expected);
  return one.length === other.length && timingSafeEqual(one, other);
}

/** A page without scripts, styles or anything that was received. */
function answer(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy':
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>algo login</title><p>${sentence}</p></html>\n`,
  );
}
