import type { KiteClient, OrderForm, Variety } from '../adapters/kite/kite-client.ts';
import { streamCode, tagNonce, writeTag } from '../adapters/kite/order-tag.ts';
import type { KiteOrder } from '../adapters/kite/schemas.ts';
import { systemWaiting } from '../adapters/system/waiting.ts';
import { BrokerError, codeOf, isAlgoError, messageOf, UsageError } from '../domain/errors.ts';
import { parseKey } from '../domain/instrument.ts';
import { istDayNumber } from '../domain/time.ts';
import { type AccountPage, accountOf, type OrderRow, orderRow, rupees } from './broker-reads.ts';
import { consented } from './consent.ts';
import type { Context } from './context.ts';
import { byTag, idOf } from './hand-outcome.ts';
import { kiteClientFor } from './kite-client.ts';
import { type KiteSession, type SessionOptions, withKiteSession } from './kite-session.ts';
import { wireProtection } from './wire-protection.ts';

/** What every order by hand asks. */
export interface HandOptions extends SessionOptions {
  /** Client id; without it nothing is sent. */
  readonly confirm?: string | undefined;
}

export interface PlaceRequest extends HandOptions {
  readonly side: 'BUY' | 'SELL';
  readonly symbol: string;
  /** As Kite counts: units, lots on MCX and in currencies. */
  readonly quantity: number;
  readonly type: string;
  readonly product: string;
  readonly validity: string;
  readonly variety: Variety;
  readonly price?: number | undefined;
  readonly trigger?: number | undefined;
}

export interface ChangeRequest extends HandOptions {
  readonly orderId: string;
  readonly type?: string | undefined;
  readonly quantity?: number | undefined;
  readonly price?: number | undefined;
  readonly trigger?: number | undefined;
  readonly validity?: string | undefined;
}

/** What would be sent, or was. */
export interface HandPage extends AccountPage {
  readonly action: 'place' | 'modify' | 'cancel';
  readonly variety: string;
  /** Kite's own fields, as they go over the wire. */
  readonly form: OrderForm;
  /** What the order ties up and costs by the broker's own reckoning, decimal strings of rupees; null where it cannot say. */
  readonly margin: string | null;
  readonly charges: string | null;
  readonly available: string | null;
  /** The order as it stands, for one that is changed or cancelled. */
  readonly before: OrderRow | null;
  readonly sent: boolean;
  /** The order after it was sent; null when nothing was, or when the book does not show it yet. */
  readonly after: OrderRow | null;
  readonly orderId: string | null;
}

/** An order by hand: shows what would be sent and what it costs, and sends it once when it is confirmed. */
export function placeByHand(context: Context, request: PlaceRequest): Promise<HandPage> {
  const form = placeFormOf(request, wireProtection(context.config));
  return withKiteSession(context, request, async (session) => {
    const client = kiteClientFor(context, session);
    const confirmed = consented(session, request.confirm);
    const costs = await costsOf(context, client, { ...form, variety: request.variety });
    const page = { ...pageOf(session, 'place', request.variety, form), ...costs };
    if (!confirmed) return page;
    const tag = handTag(context);
    const outcome = await client.placeOrder(request.variety, { ...form, tag }, { exit: false });
    const orderId = await idOf(context, outcome, byTag(client, tag));
    return { ...page, form: { ...form, tag }, ...(await afterwards(client, orderId)) };
  });
}

/** Changes an order of the day, by whomever it was placed. @throws BrokerError BROKER_ORDER when the book has none of that id */
export function modifyByHand(context: Context, request: ChangeRequest): Promise<HandPage> {
  const form = changeFormOf(request);
  return withKiteSession(context, request, async (session) => {
    const client = kiteClientFor(context, session);
    const confirmed = consented(session, request.confirm);
    const row = await bookRow(client, request.orderId);
    const page = { ...pageOf(session, 'modify', row.variety, form), before: orderRow(row) };
    if (!confirmed) return page;
    const outcome = await client.modifyOrder(varietyOf(row), row.order_id, form);
    const orderId = await idOf(context, outcome, async () => undefined);
    return { ...page, ...(await afterwards(client, orderId)) };
  });
}

/** @throws as `modifyByHand` */
export function cancelByHand(
  context: Context,
  request: HandOptions & { readonly orderId: string },
): Promise<HandPage> {
  return withKiteSession(context, request, async (session) => {
    const client = kiteClientFor(context, session);
    const confirmed = consented(session, request.confirm);
    const row = await bookRow(client, request.orderId);
    const page = { ...pageOf(session, 'cancel', row.variety, {}), before: orderRow(row) };
    if (!confirmed) return page;
    const outcome = await client.cancelOrder(varietyOf(row), row.order_id);
    const orderId = await idOf(context, outcome, async () => {
      const now = await bookRow(client, row.order_id);
      return now.status === 'CANCELLED' ? now.order_id : undefined;
    });
    return { ...page, ...(await afterwards(client, orderId)) };
  });
}

function placeFormOf(request: PlaceRequest, marketProtection: number): OrderForm {
  const { exchange, tradingsymbol } = parseKey(request.symbol);
  const { type, price, trigger } = request;
  if (!(Number.isSafeInteger(request.quantity) && request.quantity > 0))
    throw new UsageError(
      'USAGE_QUANTITY',
      `The quantity received was ${request.quantity}.`,
      'Give a whole number above 0: units, or lots on MCX and in currencies.',
    );
  const limited = type === 'LIMIT' || type === 'SL';
  const stops = type === 'SL' || type === 'SL-M';
  return {
    exchange,
    tradingsymbol,
    transaction_type: request.side,
    quantity: request.quantity,
    order_type: type,
    product: request.product,
    validity: request.validity,
    ...(limited ? { price: needed('price', type, price) } : unwanted('price', type, price)),
    ...(stops ? { trigger_price: needed('trigger', type, trigger) } : unwanted('trigger', type, trigger)),
    ...(limited ? {} : { market_protection: marketProtection }),
  };
}

function needed(flag: string, type: string, value: number | undefined): number {
  if (value !== undefined && value > 0) return value;
  throw new UsageError('USAGE_ORDER', `A ${type} order needs --${flag}.`, `Add --${flag} <rupees>.`);
}

function unwanted(flag: string, type: string, value: number | undefined): OrderForm {
  if (value === undefined) return {};
  throw new UsageError('USAGE_ORDER', `A ${type} order takes no --${flag}.`, `Leave --${flag} ${value} out.`);
}

function changeFormOf({ type, quantity, price, trigger, validity }: ChangeRequest): OrderForm {
  const form: OrderForm = {
    ...(type === undefined ? {} : { order_type: type }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(price === undefined ? {} : { price }),
    ...(trigger === undefined ? {} : { trigger_price: trigger }),
    ...(validity === undefined ? {} : { validity }),
  };
  if (Object.keys(form).length > 0) return form;
  throw new UsageError(
    'USAGE_ORDER',
    'Nothing was named that should change.',
    'Add --price, --trigger, --quantity, --type or --validity.',
  );
}

function pageOf(
  session: KiteSession,
  action: HandPage['action'],
  variety: string,
  form: OrderForm,
): HandPage {
  return {
    ...accountOf(session),
    ...{ action, variety, form, margin: null, charges: null, available: null },
    ...{ before: null, sent: false, after: null, orderId: null },
  };
}

/** The broker's own reckoning. That it cannot be had must not keep anybody from getting out of a position. */
async function costsOf(
  { output }: Context,
  client: KiteClient,
  order: OrderForm,
): Promise<Pick<HandPage, 'margin' | 'charges' | 'available'>> {
  try {
    const { price = 0, trigger_price = 0, ...rest } = order;
    const [cost] = await client.orderMargins([{ ...rest, price, trigger_price }]);
    const margins = await client.margins();
    const segment = order.exchange === 'MCX' ? margins.commodity : margins.equity;
    return {
      margin: cost === undefined ? null : rupees(cost.total),
      charges: cost?.charges ? rupees(cost.charges.total) : null,
      available: segment === undefined ? null : rupees(segment.net),
    };
  } catch (error) {
    if (!isAlgoError(error) || codeOf(error) === 'AUTH_TOKEN') throw error;
    output.warn(`The broker could not say what it costs: ${messageOf(error)}`);
    return { margin: null, charges: null, available: null };
  }
}

async function bookRow(client: KiteClient, orderId: string): Promise<KiteOrder> {
  const row = (await client.orders()).find((each) => each.order_id === orderId);
  if (row) return row;
  throw new BrokerError(
    'BROKER_ORDER',
    `The order book of today has no order ${orderId}.`,
    'algo orders lists it.',
  );
}

const varieties: readonly Variety[] = ['regular', 'amo', 'co', 'iceberg', 'auction'];

function varietyOf({ variety, order_id: id }: KiteOrder): Variety {
  const known = varieties.find((each) => each === variety);
  if (known) return known;
  throw new BrokerError(
    'BROKER_VARIETY',
    `Order ${id} is of variety "${variety}", which algo does not know.`,
    'Change it in Kite itself.',
  );
}

/** The answer is there; that the book cannot be read changes nothing about it. */
async function afterwards(
  client: KiteClient,
  orderId: string,
): Promise<Pick<HandPage, 'sent' | 'after' | 'orderId'>> {
  const rows = await client.orders().catch(() => []);
  const row = rows.find((each) => each.order_id === orderId);
  return { sent: true, orderId, after: row === undefined ? null : orderRow(row) };
}

/** Marks an order by hand, so that it can be found when its answer is lost. */
function handTag({ clock }: Context): string {
  const nonce = tagNonce(systemWaiting.random());
  return writeTag({ stream: streamCode('hand'), dayNumber: istDayNumber(clock.now()), id: 0, leg: 0, nonce });
}
