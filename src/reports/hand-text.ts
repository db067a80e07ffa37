import { notesOf, type OrderLine, ordersText, titleOf } from './broker-text.ts';
import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

interface Page {
  readonly account: string;
  readonly userId: string;
  readonly sandbox: boolean;
  readonly sent: boolean;
}

interface HandOrder extends Page {
  readonly action: 'place' | 'modify' | 'cancel';
  readonly variety: string;
  readonly form: Readonly<Record<string, string | number | boolean>>;
  readonly margin: string | null;
  readonly charges: string | null;
  readonly available: string | null;
  readonly before: OrderLine | null;
  readonly after: OrderLine | null;
  readonly orderId: string | null;
}

interface Leg {
  readonly trigger: string;
  readonly side: string;
  readonly quantity: number;
  readonly product: string;
  readonly price: string;
  readonly result: {
    readonly status: string;
    readonly orderId: string | null;
    readonly reason: string | null;
  } | null;
}

interface Trigger {
  readonly id: number;
  readonly status: string;
  readonly symbol: string;
  readonly legs: readonly Leg[];
  readonly expires: string | null;
}

interface HandTrigger extends Page {
  readonly action: 'place' | 'modify' | 'delete';
  readonly wanted: {
    readonly condition: { readonly trigger_values: readonly number[]; readonly last_price: number };
    readonly orders: readonly Readonly<Record<string, string | number | boolean>>[];
  } | null;
  readonly before: Trigger | null;
  readonly after: Trigger | null;
  readonly id: number | null;
}

/** What would be sent, or was, with what it costs by the broker's own reckoning. */
export function handText(page: HandOrder, screen: Screen): string {
  const costs = [
    ...(page.margin === null
      ? []
      : [`Ties up ${page.margin}${page.available === null ? '' : ` of ${page.available} available`}.`]),
    ...(page.charges === null ? [] : [`Charges ${page.charges}.`]),
  ];
  const standing = page.after ?? page.before;
  return [
    ...(Object.keys(page.form).length === 0 ? [] : [formText(page, screen)]),
    ...(standing === null ? [] : [ordersText({ ...page, sandbox: false, orders: [standing] }, screen)]),
    ...(costs.length > 0 ? [costs.join(' ')] : []),
    lastWord(page, page.orderId === null ? '' : `order ${page.orderId}`),
    ...notesOf(page),
  ].join('\n');
}

export function triggersText(
  page: Omit<Page, 'sent'> & { readonly triggers: readonly Trigger[] },
  screen: Screen,
): string {
  return tableText(
    {
      title: titleOf('Triggers', page),
      columns: ['id', 'instrument', 'status', 'when', 'then', { title: 'until', optional: true }],
      rows: page.triggers.flatMap((row) =>
        row.legs.map((leg) => [
          row.id,
          row.symbol,
          row.status,
          leg.trigger,
          `${leg.side} ${leg.quantity} ${leg.product} at ${leg.price}${resultText(leg)}`,
          row.expires?.slice(0, 10),
        ]),
      ),
      empty: 'No triggers.',
      notes: notesOf(page),
    },
    screen,
  );
}

export function triggerText(page: HandTrigger, screen: Screen): string {
  const { wanted } = page;
  const standing = page.after ?? page.before;
  return [
    ...(wanted === null
      ? []
      : wanted.orders.map(
          (order, at) =>
            `When ${order.exchange}:${order.tradingsymbol} trades at ${wanted.condition.trigger_values[at]} (last ${wanted.condition.last_price}): ${order.transaction_type} ${order.quantity} ${order.product} at ${order.price}.`,
        )),
    ...(standing === null ? [] : [triggersText({ ...page, sandbox: false, triggers: [standing] }, screen)]),
    lastWord(page, page.id === null ? '' : `trigger ${page.id}`),
    ...notesOf(page),
  ].join('\n');
}

function formText({ action, variety, form }: HandOrder, screen: Screen): string {
  return tableText(
    {
      title: `To ${action} (${variety})`,
      columns: ['field', 'value'],
      rows: Object.entries(form).map(([name, value]) => [name, String(value)]),
    },
    screen,
  );
}

function resultText({ result }: Leg): string {
  if (result === null) return '';
  const words = [result.status, result.orderId, result.reason].filter((word) => word !== null && word !== '');
  return `: ${words.join(', ')}`;
}

const done = { place: 'Placed', modify: 'Changed', cancel: 'Cancel asked for', delete: 'Deleted' } as const;

function lastWord(
  { sent, action, userId }: Page & { readonly action: keyof typeof done },
  what: string,
): string {
  return sent ? `${done[action]}: ${what}.` : `Nothing was sent. To ${action} it, add --confirm ${userId}`;
}
