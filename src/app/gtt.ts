import type { KiteClient, OrderForm } from '../adapters/kite/kite-client.ts';
import type { KiteTrigger } from '../adapters/kite/schemas.ts';
import { DataError, UsageError } from '../domain/errors.ts';
import { parseKey } from '../domain/instrument.ts';
import { isoInstant } from '../domain/time.ts';
import { priceText } from '../reports/format.ts';
import { type AccountPage, accountOf } from './broker-reads.ts';
import { consented } from './consent.ts';
import type { Context } from './context.ts';
import type { HandOptions } from './hand-order.ts';
import { idOf } from './hand-outcome.ts';
import { kiteClientFor } from './kite-client.ts';
import { type KiteSession, type SessionOptions, withKiteSession } from './kite-session.ts';

/** One price that is waited for, and the limit order that it sends. Rupees as decimal strings. */
export interface TriggerLeg {
  readonly trigger: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly product: string;
  readonly price: string;
  /** What the exchange or the broker made of its order; null before. Triggered is not filled. */
  readonly result: {
    readonly status: string;
    readonly orderId: string | null;
    readonly reason: string | null;
  } | null;
}

export interface TriggerRow {
  readonly id: number;
  readonly type: string;
  readonly status: string;
  readonly symbol: string;
  readonly legs: readonly TriggerLeg[];
  readonly created: string | null;
  readonly expires: string | null;
}

export interface TriggersPage extends AccountPage {
  readonly triggers: readonly TriggerRow[];
}

export interface TriggerRequest extends HandOptions {
  readonly side: 'BUY' | 'SELL';
  readonly symbol: string;
  readonly quantity: number;
  readonly product: string;
  /** One or two prices that are waited for, and as many limit prices. */
  readonly triggers: readonly number[];
  readonly prices: readonly number[];
}

export interface TriggerPage extends AccountPage {
  readonly action: 'place' | 'modify' | 'delete';
  /** What would be sent, or was; null for a deletion. */
  readonly wanted: TriggerWanted | null;
  readonly before: TriggerRow | null;
  readonly sent: boolean;
  readonly id: number | null;
  readonly after: TriggerRow | null;
}

interface TriggerWanted {
  readonly type: 'single' | 'two-leg';
  readonly condition: {
    readonly exchange: string;
    readonly tradingsymbol: string;
    readonly trigger_values: readonly number[];
    readonly last_price: number;
  };
  readonly orders: readonly OrderForm[];
}

/** Triggers that are active or ended within the last week. */
export function triggersPage(context: Context, options: SessionOptions): Promise<TriggersPage> {
  return withKiteSession(context, options, async (session) => {
    const rows = await kiteClientFor(context, session).triggers();
    return { ...accountOf(session), triggers: rows.map(triggerRow) };
  });
}

/** Shows the trigger that would be placed, and places it once when it is confirmed. @throws as `idOf` */
export function placeTrigger(context: Context, request: TriggerRequest): Promise<TriggerPage> {
  return withKiteSession(context, request, async (session) => {
    const client = kiteClientFor(context, session);
    const confirmed = consented(session, request.confirm);
    const wanted = await wantedOf(client, request);
    const page = pageOf(session, 'place', wanted, null);
    if (!confirmed) return page;
    // A trigger carries no tag: one that waits for the same prices and was not there before is it.
    const known = new Set((await client.triggers()).map(({ id }) => id));
    const outcome = await client.placeTrigger(formOf(wanted));
    const id = await idOf(context, outcome, async () => {
      const rows = await client.triggers();
      const found = rows.find((row) => !known.has(row.id) && isSame(row, wanted));
      return found && String(found.id);
    });
    return { ...page, ...(await afterwards(client, Number(id))) };
  });
}

/** Puts other prices or quantities into an active trigger. */
export function modifyTrigger(
  context: Context,
  request: TriggerRequest & { readonly id: number },
): Promise<TriggerPage> {
  return withKiteSession(context, request, async (session) => {
    const client = kiteClientFor(context, session);
    const confirmed = consented(session, request.confirm);
    const before = triggerRow(await client.trigger(request.id));
    const wanted = await wantedOf(client, request);
    const page = pageOf(session, 'modify', wanted, before);
    if (!confirmed) return page;
    const outcome = await client.modifyTrigger(request.id, formOf(wanted));
    const id = await idOf(context, outcome, async () =>
      isSame(await client.trigger(request.id), wanted) ? String(request.id) : undefined,
    );
    return { ...page, ...(await afterwards(client, Number(id))) };
  });
}

export function deleteTrigger(
  context: Context,
  request: HandOptions & { readonly id: number },
): Promise<TriggerPage> {
  return withKiteSession(context, request, async (session) => {
    const client = kiteClientFor(context, session);
    const confirmed = consented(session, request.confirm);
    const before = triggerRow(await client.trigger(request.id));
    const page = pageOf(session, 'delete', null, before);
    if (!confirmed) return page;
    const outcome = await client.deleteTrigger(request.id);
    const id = await idOf(context, outcome, async () =>
      (await client.trigger(request.id)).status === 'active' ? undefined : String(request.id),
    );
    return { ...page, ...(await afterwards(client, Number(id))) };
  });
}

async function wantedOf(client: KiteClient, request: TriggerRequest): Promise<TriggerWanted> {
  const { side, symbol, quantity, product, triggers, prices } = request;
  const { exchange, tradingsymbol, key } = parseKey(symbol);
  if (triggers.length < 1 || triggers.length > 2 || triggers.length !== prices.length)
    throw new UsageError(
      'USAGE_GTT',
      `${triggers.length} triggers and ${prices.length} prices were given.`,
      'Give --trigger and --price once, or both twice: the stop first, then the target.',
    );
  const last = (await client.ltp([key])).get(key)?.last_price;
  if (last === undefined)
    throw new DataError(
      'DATA_SYMBOL',
      `The broker does not know ${key}.`,
      'Run: algo instruments search <word>',
    );
  const legs = triggers.map((trigger, at) => ({ trigger, price: prices[at] ?? Number.NaN }));
  // Kite takes the values of a pair from low to high.
  legs.sort((a, b) => a.trigger - b.trigger);
  return {
    type: legs.length === 1 ? 'single' : 'two-leg',
    condition: {
      exchange,
      tradingsymbol,
      trigger_values: legs.map(({ trigger }) => trigger),
      last_price: last,
    },
    orders: legs.map(({ price }) => ({
      ...{ exchange, tradingsymbol, transaction_type: side, quantity, order_type: 'LIMIT', product, price },
    })),
  };
}

function formOf({ type, condition, orders }: TriggerWanted): OrderForm {
  return { type, condition: JSON.stringify(condition), orders: JSON.stringify(orders) };
}

function isSame(row: KiteTrigger, wanted: TriggerWanted): boolean {
  const { condition } = wanted;
  return (
    row.status === 'active' &&
    row.condition.tradingsymbol === condition.tradingsymbol &&
    row.condition.exchange === condition.exchange &&
    row.condition.trigger_values.join() === condition.trigger_values.join() &&
    row.orders.map(({ quantity, price }) => `${quantity}@${price}`).join() ===
      wanted.orders.map(({ quantity, price }) => `${quantity}@${price}`).join()
  );
}

function pageOf(
  session: KiteSession,
  action: TriggerPage['action'],
  wanted: TriggerWanted | null,
  before: TriggerRow | null,
): TriggerPage {
  return { ...accountOf(session), action, wanted, before, sent: false, id: null, after: null };
}

async function afterwards(
  client: KiteClient,
  id: number,
): Promise<Pick<TriggerPage, 'sent' | 'id' | 'after'>> {
  const row = await client.trigger(id).catch(() => undefined);
  return { sent: true, id, after: row === undefined ? null : triggerRow(row) };
}

function triggerRow(row: KiteTrigger): TriggerRow {
  const { condition } = row;
  return {
    id: row.id,
    type: row.type,
    status: row.status,
    symbol: `${condition.exchange}:${condition.tradingsymbol}`,
    legs: row.orders.map((order, at) => {
      const result = order.result?.order_result;
      return {
        trigger: priceText(condition.trigger_values[at] ?? Number.NaN),
        side: order.transaction_type,
        quantity: order.quantity,
        product: order.product,
        price: priceText(order.price),
        result: result
          ? { status: result.status, orderId: result.order_id, reason: result.rejection_reason }
          : null,
      };
    }),
    created: row.created_at === null ? null : isoInstant(row.created_at),
    expires: row.expires_at === null ? null : isoInstant(row.expires_at),
  };
}
