import { createKiteClient, type KiteClient } from '../adapters/kite/kite-client.ts';
import { createWire } from '../adapters/kite/send-request.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { systemWaiting } from '../adapters/system/waiting.ts';
import type { Context } from './context.ts';

/** Where Kite is and whose token it gets; a `KiteSession` is one. The token is empty before a login. */
export interface KiteCredentials {
  readonly root: string;
  readonly prefix: string;
  readonly apiKey: string;
  readonly accessToken: string;
}

/** Kite's client for a session, in real time. One for all requests of a command, since each keeps to Kite's limits by itself. */
export function kiteClientFor(
  { config }: Pick<Context, 'config'>,
  { root, prefix, apiKey, accessToken }: KiteCredentials,
): KiteClient {
  return createKiteClient({
    ...{ root, prefix, apiKey, accessToken },
    wire: createWire(process.env),
    clock: systemClock,
    waiting: systemWaiting,
    timeoutMs: config.kite.timeoutMs,
  });
}
