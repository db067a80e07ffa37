import { z } from 'zod';
import { isOption } from '../../domain/instrument.ts';
import { kiteMultiplier } from '../../domain/kite-multiplier.ts';
import { toPaise } from '../../domain/money.ts';
import type { Rulebook } from '../../domain/rulebook.ts';
import { istDayNumber } from '../../domain/time.ts';
import type { ZerodhaCharges } from '../../domain/zerodha-charges.ts';
import type { Route } from '../http/route.ts';
import type { Listed, SandboxMarket } from '../market/market.ts';
import { type KiteCharges, kiteCharges, noCharges } from './contract-note.ts';
import { blockOf, type Exposure } from './margin.ts';
import type { OrderDesk } from './order-desk.ts';
import { type Portfolio, segmentOf } from './portfolio.ts';
import { input, isCash, type KiteProduct } from './wanted.ts';

interface MarginRouteParts {
  readonly market: SandboxMarket;
  readonly rulebook: Rulebook;
  readonly desk: OrderDesk;
  readonly portfolioOf: (userId: string) => Portfolio;
  readonly charges: ZerodhaCharges;
}

const orderShape = z.object({
  exchange: z.string(),
  tradingsymbol: z.string(),
  transaction_type: z.enum(['BUY', 'SELL']),
  variety: z.string().default('regular'),
  product: z.enum(['CNC', 'NRML', 'MIS', 'MTF', 'CO']),
  order_type: z.enum(['MARKET', 'LIMIT', 'SL', 'SL-M']).default('MARKET'),
  quantity: z.coerce.number().int().positive(),
  price: z.coerce.number().nonnegative().default(0),
  trigger_price: z.coerce.number().nonnegative().default(0),
});
const noteShape = orderShape.extend({ average_price: z.coerce.number().positive() });
type AskedOrder = z.infer<typeof orderShape>;

interface MarginRow {
  readonly type: string;
  readonly tradingsymbol: string;
  readonly exchange: string;
  readonly span: number;
  readonly exposure: number;
  readonly option_premium: number;
  readonly additional: number;
  readonly bo: number;
  readonly cash: number;
  readonly var: number;
  readonly pnl: { readonly realised: number; readonly unrealised: number };
  readonly leverage: number;
  readonly charges: KiteCharges;
  readonly total: number;
}

/** What orders would tie up and cost, before they are placed. */
export function marginRoutes(parts: MarginRouteParts): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/margins/orders',
      limit: 'other',
      handle({ json, query }) {
        const rows = listOf(json, orderShape).map((order) => marginRow(parts, order));
        return { data: query.get('mode') === 'compact' ? rows.map(compact) : rows };
      },
    },
    {
      method: 'POST',
      path: '/margins/basket',
      limit: 'other',
      handle({ json, query, caller }) {
        const orders = listOf(json, orderShape);
        const rows = orders.map((order) => marginRow(parts, order));
        const held =
          query.get('consider_positions') === 'true' ? heldOf(parts.portfolioOf(caller.userId)) : [];
        const initial = sumRow(rows);
        const final = combined(parts, orders, held);
        const shown = query.get('mode') === 'compact' ? rows.map(compact) : rows;
        return { data: { initial, final, orders: shown, charges: initial.charges } };
      },
    },
    {
      method: 'POST',
      path: '/charges/orders',
      limit: 'other',
      handle: ({ json }) => ({ data: listOf(json, noteShape).map((order) => noteRow(parts, order)) }),
    },
  ];
}

function listOf<Shape extends z.ZodType>(json: unknown, shape: Shape): z.output<Shape>[] {
  const read = z.array(shape).min(1).safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw input(`Invalid orders: ${issue?.path.join('.')} ${issue?.message}`);
}

function listedOf({ market }: MarginRouteParts, { exchange, tradingsymbol }: AskedOrder): Listed {
  const listed = market.byKey(`${exchange}:${tradingsymbol}`);
  if (!listed || listed.instrument.kind === 'INDEX')
    throw input(`Invalid instrument ${exchange}:${tradingsymbol}.`);
  return listed;
}

function priceOf({ market }: MarginRouteParts, listed: Listed, { price, trigger_price }: AskedOrder): number {
  return price || trigger_price || (market.quote(listed.instrument.key)?.lastPrice ?? 0);
}

function marginRow(parts: MarginRouteParts, order: AskedOrder): MarginRow {
  const { rulebook, market } = parts;
  const listed = listedOf(parts, order);
  const price = priceOf(parts, listed, order);
  const day = istDayNumber(market.clock.now());
  const pending = {
    quantity: order.quantity,
    value: order.quantity * price * kiteMultiplier(listed.instrument),
  };
  const block = blockOf(rulebook.contracts, day, {
    ...flat(listed, productOf(listed, order.product)),
    ...(order.transaction_type === 'BUY' ? { buys: pending } : { sells: pending }),
  });
  const cash = isCash(listed.instrument);
  const total = block.delivery + block.span + block.exposure + block.premium;
  const leverage = cash && total > 0 ? Math.round(pending.value / total) : 1;
  return {
    type: segmentOf(listed),
    tradingsymbol: order.tradingsymbol,
    exchange: order.exchange,
    span: block.span,
    exposure: cash ? 0 : block.exposure,
    option_premium: block.premium,
    additional: 0,
    bo: 0,
    cash: 0,
    var: cash ? block.delivery + block.exposure : 0,
    pnl: { realised: 0, unrealised: 0 },
    leverage,
    charges: chargesOf(parts, listed, order, price),
    total,
  };
}

/** All orders together, with positions where asked: what hedges is netted, as the clearing house does within an underlying. */
function combined(
  parts: MarginRouteParts,
  orders: readonly AskedOrder[],
  held: readonly Exposure[],
): MarginRow {
  const day = istDayNumber(parts.market.clock.now());
  const exposures = new Map<string, Exposure>();
  for (const each of held) exposures.set(`${each.listed.instrument.key} ${each.product}`, each);
  let premium = 0;
  for (const order of orders) {
    const listed = listedOf(parts, order);
    const product = productOf(listed, order.product);
    const name = `${listed.instrument.key} ${product}`;
    const known = exposures.get(name) ?? flat(listed, product);
    const buys = order.transaction_type === 'BUY';
    const value = order.quantity * priceOf(parts, listed, order) * kiteMultiplier(listed.instrument);
    if (isOption(listed.instrument)) premium += buys ? value : -value;
    const side = buys ? known.buys : known.sells;
    const grown = { quantity: side.quantity + order.quantity, value: side.value + value };
    exposures.set(name, { ...known, ...(buys ? { buys: grown } : { sells: grown }) });
  }
  let cashMargin = 0;
  const byUnderlying = new Map<string, { span: number; exposure: number; cover: number }>();
  for (const each of exposures.values()) {
    const block = blockOf(parts.rulebook.contracts, day, each);
    const { instrument } = each.listed;
    if (isCash(instrument)) {
      cashMargin += block.delivery + block.exposure;
      continue;
    }
    const group = `${instrument.underlying} ${instrument.expiry}`;
    const sum = byUnderlying.get(group) ?? { span: 0, exposure: 0, cover: 0 };
    sum.span += block.span;
    sum.exposure += block.exposure;
    sum.cover += coverOf(parts, day, each, exposures.values());
    byUnderlying.set(group, sum);
  }
  let span = 0;
  let exposure = 0;
  for (const sum of byUnderlying.values()) {
    span += Math.max(0, sum.span - sum.cover);
    exposure += sum.exposure;
  }
  return {
    ...emptyRow,
    span,
    exposure,
    option_premium: premium,
    var: cashMargin,
    total: span + exposure + premium + cashMargin,
  };
}

/** SPAN that a bought option takes off a sold one of its kind, underlying and expiry: the loss is bounded by the strikes' distance. */
function coverOf(parts: MarginRouteParts, day: number, bought: Exposure, all: Iterable<Exposure>): number {
  const { instrument } = bought.listed;
  const long = bought.quantity + bought.buys.quantity - bought.sells.quantity;
  if (!isOption(instrument) || long <= 0) return 0;
  let cover = 0;
  let left = long;
  for (const sold of all) {
    const other = sold.listed.instrument;
    const short = -(sold.quantity + sold.buys.quantity - sold.sells.quantity);
    if (short <= 0 || other.kind !== instrument.kind || other.underlying !== instrument.underlying) continue;
    if (other.expiry !== instrument.expiry) continue;
    const matched = Math.min(left, short);
    left -= matched;
    const { span } = blockOf(parts.rulebook.contracts, day, sold);
    const own = (span * matched) / short;
    const bound = Math.abs((other.strike ?? 0) - (instrument.strike ?? 0)) * matched;
    cover += Math.max(0, own - bound);
  }
  return cover;
}

const emptyRow: MarginRow = {
  type: '',
  tradingsymbol: '',
  exchange: '',
  span: 0,
  exposure: 0,
  option_premium: 0,
  additional: 0,
  bo: 0,
  cash: 0,
  var: 0,
  pnl: { realised: 0, unrealised: 0 },
  leverage: 0,
  charges: noCharges,
  total: 0,
};

function sumRow(rows: readonly MarginRow[]): MarginRow {
  const sum = (value: (row: MarginRow) => number) => rows.reduce((total, row) => total + value(row), 0);
  return {
    ...emptyRow,
    span: sum((row) => row.span),
    exposure: sum((row) => row.exposure),
    option_premium: sum((row) => row.option_premium),
    var: sum((row) => row.var),
    total: sum((row) => row.total),
  };
}

function compact({ type, tradingsymbol, exchange, total, charges }: MarginRow) {
  return { type, tradingsymbol, exchange, total, charges };
}

function noteRow(parts: MarginRouteParts, order: z.infer<typeof noteShape>) {
  const listed = listedOf(parts, order);
  const { transaction_type, tradingsymbol, exchange, variety, product, order_type, quantity } = order;
  return {
    ...{ transaction_type, tradingsymbol, exchange, variety, product, order_type, quantity },
    price: order.average_price,
    charges: chargesOf(parts, listed, order, order.average_price),
  };
}

function chargesOf(parts: MarginRouteParts, listed: Listed, order: AskedOrder, price: number): KiteCharges {
  const { instrument } = listed;
  const units = order.quantity * kiteMultiplier(instrument);
  const product = productOf(listed, order.product);
  return kiteCharges(parts.charges, instrument, istDayNumber(parts.market.clock.now()), {
    side: order.transaction_type,
    product: product === 'CO' ? 'MIS' : product === 'MTF' ? 'CNC' : product,
    quantity: units,
    valuePaise: toPaise(units * price),
  });
}

/** @throws KiteRefusal for a product that the segment does not have */
function productOf(listed: Listed, product: KiteProduct): KiteProduct {
  const cash = isCash(listed.instrument);
  if (cash ? product === 'NRML' : product === 'CNC' || product === 'MTF')
    throw input(`Invalid \`product\` ${product} for ${listed.instrument.exchange}.`);
  return product;
}

function flat(listed: Listed, product: KiteProduct): Exposure {
  const none = { quantity: 0, value: 0 };
  return { listed, product, quantity: 0, averagePrice: 0, buys: none, sells: none };
}

function heldOf({ positions }: Portfolio): Exposure[] {
  return [...positions.values()]
    .filter(({ quantity }) => quantity !== 0)
    .map(({ listed, product, quantity, averagePrice }) => ({
      ...flat(listed, product),
      quantity,
      averagePrice,
    }));
}
