import { readSegments } from '../adapters/journal/segments.ts';
import { readTag, streamCode } from '../adapters/kite/order-tag.ts';
import type { KiteHolding, KiteOrder, KitePosition } from '../adapters/kite/schemas.ts';
import { exitCodes, UsageError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';
import { type AccountPage, accountOf } from './broker-reads.ts';
import type { Context } from './context.ts';
import { type JournalView, journalView } from './journal-positions.ts';
import { kiteClientFor } from './kite-client.ts';
import { type SessionOptions, withKiteSession } from './kite-session.ts';
import { streamFolder, streamNames } from './streams.ts';

/** One instrument and product. Units; `holdings` is null but for delivery. */
export interface ReconcileRow {
  readonly symbol: string;
  readonly product: string;
  readonly journal: number;
  readonly broker: number;
  readonly holdings: number | null;
  readonly state: 'equal' | 'MISMATCH';
}

export interface ReconcilePage extends AccountPage {
  readonly streams: readonly string[];
  readonly rows: readonly ReconcileRow[];
  /** Orders in the book with the mark of one of the streams that no journal knows. */
  readonly strays: readonly { readonly orderId: string; readonly symbol: string; readonly status: string }[];
  /** Orders that have not ended by the journals: while there are any, a difference may only be news on its way. */
  readonly open: number;
  readonly mismatches: number;
  readonly exitCode: number;
}

/**
 * Compares what the journals of live sessions say is held with what the broker says. Every difference is a mismatch, whoever made it: a
 * trade by hand, the broker's square-off, or a fault of ours. Exit code 8 when there is one.
 *
 * @throws UsageError USAGE_STREAM for a stream that has no journal
 */
export async function reconcile(
  context: Context,
  request: SessionOptions & { readonly stream?: string | undefined },
): Promise<ReconcilePage> {
  const streams = streamsOf(context, request.stream);
  const views = streams.map((stream) =>
    journalView(readSegments(streamFolder(context, 'live', stream)).flatMap(({ records }) => records)),
  );
  return withKiteSession(context, request, async (session) => {
    const client = kiteClientFor(context, session);
    const orders = await client.orders();
    const { net } = await client.positions();
    const rows = reconciled(views, net, await client.holdings());
    const strays = straysOf(streams, views, orders);
    const mismatches = rows.filter(({ state }) => state === 'MISMATCH').length + strays.length;
    return {
      ...accountOf(session),
      streams,
      rows,
      strays,
      open: views.reduce((sum, { open }) => sum + open, 0),
      mismatches,
      exitCode: mismatches > 0 ? exitCodes.check : exitCodes.ok,
    };
  });
}

/** Every instrument and product that either side knows, sorted. Pure. */
export function reconciled(
  views: readonly Pick<JournalView, 'positions'>[],
  net: readonly Pick<KitePosition, 'exchange' | 'tradingsymbol' | 'product' | 'quantity' | 'multiplier'>[],
  holdings: readonly Pick<KiteHolding, 'tradingsymbol' | 'quantity' | 't1_quantity'>[],
): readonly ReconcileRow[] {
  const rows = new Map<string, { symbol: string; product: string; journal: number; broker: number }>();
  const rowOf = (symbol: string, product: string) => {
    const name = `${symbol} ${product}`;
    const row = rows.get(name) ?? { symbol, product, journal: 0, broker: 0 };
    rows.set(name, row);
    return row;
  };
  for (const { positions } of views)
    for (const { key, product, quantity } of positions) rowOf(key, product).journal += quantity;
  for (const { exchange, tradingsymbol, product, quantity, multiplier } of net)
    rowOf(`${exchange}:${tradingsymbol}`, product).broker += quantity * multiplier;
  return [...rows.values()]
    .filter(({ journal, broker }) => journal !== 0 || broker !== 0)
    .sort((a, b) => (`${a.symbol} ${a.product}` < `${b.symbol} ${b.product}` ? -1 : 1))
    .map((row) => {
      const held = row.product === 'CNC' ? heldOf(holdings, row.symbol) : null;
      return { ...row, holdings: held, state: agrees(row, held) ? 'equal' : 'MISMATCH' };
    });
}

/** Shares that were bought for delivery on an earlier day are holdings, beside those that the journal knows nothing of. */
function agrees({ journal, broker }: { journal: number; broker: number }, held: number | null): boolean {
  if (journal === broker) return true;
  return held !== null && journal > broker && journal <= broker + held;
}

function heldOf(
  holdings: readonly Pick<KiteHolding, 'tradingsymbol' | 'quantity' | 't1_quantity'>[],
  symbol: string,
): number {
  return holdings
    .filter(({ tradingsymbol }) => symbol.endsWith(`:${tradingsymbol}`))
    .reduce((sum, { quantity, t1_quantity: t1 }) => sum + quantity + (t1 ?? 0), 0);
}

function straysOf(
  streams: readonly string[],
  views: readonly JournalView[],
  orders: readonly KiteOrder[],
): ReconcilePage['strays'] {
  const codes = new Set(streams.map(streamCode));
  return orders
    .filter(({ tag, tags }) =>
      [tag, ...tags].some((text) => {
        const read = readTag(text ?? '');
        return read && codes.has(read.stream) && !views.some((view) => view.tags.has(text ?? ''));
      }),
    )
    .map((row) => ({
      orderId: row.order_id,
      symbol: `${row.exchange}:${row.tradingsymbol}`,
      status: row.status,
    }));
}

function streamsOf(context: Context, stream: string | undefined): readonly string[] {
  const names = streamNames(context, 'live');
  if (stream === undefined) return names;
  if (names.includes(stream)) return [stream];
  throw new UsageError(
    'USAGE_STREAM',
    `There is no journal of a live stream "${stream}".${didYouMean(stream, names)}`,
    names.length > 0 ? `Streams: ${names.join(', ')}.` : 'No live session has run in this home.',
  );
}
