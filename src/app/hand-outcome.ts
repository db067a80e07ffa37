import type { KiteClient } from '../adapters/kite/kite-client.ts';
import type { OrderOutcome } from '../adapters/kite/order-outcome.ts';
import { systemWaiting } from '../adapters/system/waiting.ts';
import { AuthError, BrokerError } from '../domain/errors.ts';
import type { Context } from './context.ts';

/** An order whose request was not answered is looked for this often before a person is asked to. */
const looks = 5;
const lookMs = 2_000;

/**
 * What became of a request, as an id of the broker's. One that was not answered is looked up by its tag, never sent again.
 *
 * @throws BrokerError BROKER_REFUSED in Kite's words, BROKER_NOT_SENT, BROKER_UNKNOWN; AuthError AUTH_TOKEN
 */
export async function idOf(
  { output }: Pick<Context, 'output'>,
  outcome: OrderOutcome,
  look: () => Promise<string | undefined>,
  sleep = systemWaiting.sleep,
): Promise<string> {
  switch (outcome.kind) {
    case 'acknowledged':
      return outcome.orderId;
    case 'refused':
      throw new BrokerError(
        'BROKER_REFUSED',
        `Kite refused it: ${outcome.message} (${outcome.errorType})`,
        'Nothing was changed. Correct what Kite says, and try again.',
      );
    case 'token-dead':
      throw new AuthError(
        'AUTH_TOKEN',
        `Kite does not take this session: ${outcome.message}`,
        'Run: algo login',
      );
    case 'not-sent':
      throw new BrokerError(
        'BROKER_NOT_SENT',
        `It never left this computer: ${outcome.why}.`,
        'Nothing was changed; it may be tried again.',
      );
    case 'unknown': {
      output.warn(`No clear answer came: ${outcome.why}. Looking for it in the order book.`);
      for (let at = 0; at < looks; at++) {
        const found = await look().catch(() => undefined);
        if (found !== undefined) return found;
        await sleep(lookMs);
      }
      throw new BrokerError(
        'BROKER_UNKNOWN',
        `Nobody knows whether it was carried out: ${outcome.why}. It was not seen within ${(looks * lookMs) / 1_000} seconds.`,
        'It may still show up for some minutes. Look with algo orders before anything is sent again.',
      );
    }
    default:
      return outcome satisfies never;
  }
}

/** The order with a tag, or undefined as long as the book does not have it. */
export function byTag(client: Pick<KiteClient, 'orders'>, tag: string): () => Promise<string | undefined> {
  return async () =>
    (await client.orders()).find((row) => row.tag === tag || row.tags.includes(tag))?.order_id;
}
