import { request } from 'node:http';
import { ConfigError } from '../../domain/errors.ts';
import type { TimerClock } from '../../engine/ports.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { type OrderApp, OrderlySender, type OrderRow, orderPayload } from '../ticker/order-frames.ts';

/** A receiver that takes longer is given up. */
const answerWithinMs = 5_000;

/** Statuses that Kite posts; the interim ones are seen over the socket only. */
const postedStatuses = new Set(['COMPLETE', 'REJECTED', 'CANCELLED', 'UPDATE', 'OPEN']);

/** The app of an account and where its updates are posted. */
export interface PostbackApp extends OrderApp {
  /** Loopback only; undefined posts nothing. */
  readonly postbackUrl: string | undefined;
}

export interface Postbacks {
  orderUpdate(userId: string, row: OrderRow & { readonly status: string }): void;
  /** Posts that were answered with success, and those that were not. Nothing is sent again, as on Kite. */
  readonly counts: { readonly delivered: number; readonly failed: number };
  /** Resolves when what is under way has ended. */
  close(): Promise<void>;
}

/** Posts the updates of orders to their account's URL, signed with the app's secret. */
export function createPostbacks(options: {
  readonly clock: TimerClock;
  readonly faults: FaultPlan;
  app(userId: string): PostbackApp | undefined;
}): Postbacks {
  const sender = new OrderlySender(options.faults, options.clock);
  const counts = { delivered: 0, failed: 0 };
  const underWay = new Set<Promise<void>>();

  function post(url: string, body: string): void {
    const done = delivered(url, body).then((ok) => {
      counts[ok ? 'delivered' : 'failed'] += 1;
      underWay.delete(done);
    });
    underWay.add(done);
  }

  return {
    counts,

    orderUpdate(userId, row) {
      const app = options.app(userId);
      const url = app?.postbackUrl;
      if (!app || !url || !postedStatuses.has(row.status)) return;
      const body = JSON.stringify(orderPayload(userId, row, app));
      sender.send(userId, () => post(url, body));
    },

    async close() {
      sender.close();
      await Promise.all(underWay);
    },
  };
}

/**
 * A postback URL that stays on this machine.
 * @throws ConfigError CONFIG_SANDBOX_POSTBACK for any other
 */
export function postbackUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url?.hostname ?? '');
  if (url?.protocol === 'http:' && loopback) return url.href;
  throw new ConfigError(
    'CONFIG_SANDBOX_POSTBACK',
    `The sandbox posts to this machine only, and received the postback URL "${text}".`,
    'Use a URL such as http://127.0.0.1:8080/postback.',
  );
}

/** Whether the receiver took it. A receiver that is absent or refuses is its owner's affair, so nothing is thrown. */
function delivered(url: string, body: string): Promise<boolean> {
  return new Promise((resolve) => {
    const posting = request(
      url,
      {
        method: 'POST',
        agent: false,
        timeout: answerWithinMs,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume();
        response.on('close', () => resolve((response.statusCode ?? 500) < 300));
      },
    );
    posting.on('timeout', () => posting.destroy());
    posting.on('error', () => resolve(false));
    posting.end(body);
  });
}
