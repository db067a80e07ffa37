import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxStarted } from '../../src/reports/sandbox-text.ts';

/** A row of the broker's order book, its trades or its positions, as it comes. */
type Row = Readonly<Record<string, unknown>>;
interface Line extends Row {
  readonly t: string;
}

/**
 * What the broker says of a day beside what a journal says, by nothing of the program's own: plain requests, plain JSON. Answers every
 * way in which they differ, each as a sentence.
 */
export async function differences(sandbox: SandboxStarted, journal: string): Promise<readonly string[]> {
  const ask = await asking(sandbox);
  const [orders, trades, positions] = await Promise.all([
    ask('/orders'),
    ask('/trades'),
    ask('/portfolio/positions'),
  ]);
  const lines = linesOf(journal);
  return [
    ...onceEach(rows(orders), lines),
    ...everyFill(rows(orders), rows(trades), lines),
    ...samePositions(rows(Reflect.get(Object(positions), 'net')), lines),
  ];
}

/** The ids of broker orders that a journal's session had, for a guard against a day on which nothing happened. */
export function counted(journal: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { t } of linesOf(journal)) counts[t] = (counts[t] ?? 0) + 1;
  return counts;
}

async function asking({ url, accounts: [account] }: SandboxStarted) {
  const page = await fetch(`${account.loginUrl}&auto=1`, { redirect: 'manual' });
  const requestToken = new URL(page.headers.get('location') ?? url).searchParams.get('request_token') ?? '';
  const checksum = createHash('sha256')
    .update(account.apiKey + requestToken + account.apiSecret)
    .digest('hex');
  const body = new URLSearchParams({ api_key: account.apiKey, request_token: requestToken, checksum });
  const session: unknown = await (await fetch(`${url}/session/token`, { method: 'POST', body })).json();
  const authorization = `token ${account.apiKey}:${Object(session).data.access_token}`;
  return async (path: string): Promise<unknown> => {
    const answer = await fetch(url + path, { headers: { authorization, 'x-kite-version': '3' } });
    return Object(await answer.json()).data;
  };
}

/** INV-01 and INV-02: nothing at the broker that was not written down first, and nothing twice or lost. */
function onceEach(orders: readonly Row[], lines: readonly Line[]): string[] {
  const sent = lines.filter(({ t }) => t === 'sent').map(({ tag }) => String(tag));
  const settled = new Set(
    lines.filter(({ t }) => ['not_placed', 'not_sent', 'leg_over'].includes(t)).map(({ tag }) => String(tag)),
  );
  const ours = orders.map(({ tag }) => String(tag)).filter((tag) => tag.startsWith('A') && tag.length === 19);
  const legs = ours.map((tag) => tag.slice(6, 11));
  const intents = lines
    .filter(({ t }) => t === 'intent')
    .map(({ order }) => Number(Reflect.get(Object(order), 'id')));
  return [
    ...twice(ours).map((tag) => `${tag} is at the broker twice`),
    ...twice(legs).map((leg) => `order and leg ${leg} were sent twice`),
    ...twice(intents).map((id) => `intent ${id} is in the journal twice`),
    ...ours
      .filter((tag) => !sent.includes(tag))
      .map((tag) => `${tag} is at the broker and not in the journal`),
    ...sent
      .filter((tag) => !ours.includes(tag) && !settled.has(tag))
      .map((tag) => `${tag} was sent, is not at the broker, and nothing was settled of it`),
  ];
}

/** INV-04: each trade of the broker's in ours is one fill of the journal, and no other. */
function everyFill(orders: readonly Row[], trades: readonly Row[], lines: readonly Line[]): string[] {
  const tags = new Map(orders.map(({ order_id, tag }) => [order_id, String(tag)]));
  const ours = trades.filter(({ order_id }) => tags.get(order_id)?.startsWith('A'));
  const fills = lines
    .filter(({ t }) => t === 'order')
    .map(({ event }) => Object(event))
    .filter(({ type }) => type === 'filled');
  const there = ours.map(({ trade_id, quantity }) => `${trade_id}: ${quantity}`);
  const here = fills.map(({ tradeId, quantity }) => `${tradeId}: ${quantity}`);
  return [
    ...twice(here).map((fill) => `fill ${fill} is in the journal twice`),
    ...there.filter((fill) => !here.includes(fill)).map((fill) => `fill ${fill} is missing in the journal`),
    ...here.filter((fill) => !there.includes(fill)).map((fill) => `fill ${fill} never happened`),
  ];
}

/** INV-05: what the fills of the journal add up to is what the broker says is held. */
function samePositions(positions: readonly Row[], lines: readonly Line[]): string[] {
  const held = new Map<string, number>();
  const orders = new Map<unknown, { side: string; key: string }>();
  for (const { t, order, event } of lines) {
    if (t === 'intent') orders.set(Object(order).id, Object(order));
    const { type, id, quantity } = Object(event);
    const of = orders.get(id);
    if (t === 'order' && type === 'filled' && of)
      held.set(of.key, (held.get(of.key) ?? 0) + (of.side === 'BUY' ? quantity : -quantity));
  }
  const there = new Map(
    positions.map(({ exchange, tradingsymbol, quantity }) => [
      `${exchange}:${tradingsymbol}`,
      Number(quantity),
    ]),
  );
  return [...new Set([...held.keys(), ...there.keys()])]
    .filter((key) => (held.get(key) ?? 0) !== (there.get(key) ?? 0))
    .map((key) => `${key}: the journal holds ${held.get(key) ?? 0}, the broker ${there.get(key) ?? 0}`);
}

/** Every whole line of a journal's files. */
export function linesOf(folder: string): readonly Line[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ndjson') && name !== 'notes.ndjson')
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
    .map((line) => JSON.parse(line));
}

function rows(value: unknown): readonly Row[] {
  return Array.isArray(value) ? value : [];
}

function twice<T>(all: readonly T[]): readonly T[] {
  return all.filter((each, place) => all.indexOf(each) < place);
}
