import { z } from 'zod';
import { KiteRefusal, type Route } from '../http/route.ts';
import type { GttDesk, GttWanted } from './gtt-desk.ts';
import { input, required } from './wanted.ts';

const conditionShape = z.object({
  exchange: z.string(),
  tradingsymbol: z.string(),
  trigger_values: z.array(z.coerce.number().positive()).min(1).max(2),
  last_price: z.coerce.number().positive(),
});
const ordersShape = z
  .array(
    z.object({
      exchange: z.string(),
      tradingsymbol: z.string(),
      transaction_type: z.enum(['BUY', 'SELL']),
      quantity: z.coerce.number().int().positive(),
      order_type: z.literal('LIMIT'),
      product: z.enum(['CNC', 'NRML', 'MTF']),
      price: z.coerce.number().positive(),
    }),
  )
  .min(1)
  .max(2);

/** Triggers, and in Kite's own envelope what the sandbox does not have: alerts. */
export function gttRoutes(gtts: GttDesk): readonly Route[] {
  const idOf = (path: Readonly<Record<string, string>>) => Number(path.id);
  return [
    route('POST', '/gtt/triggers', ({ caller, form }) => ({
      trigger_id: gtts.place(caller.userId, wantedOf(form)),
    })),
    route('GET', '/gtt/triggers', ({ caller }) => gtts.list(caller.userId)),
    route('GET', '/gtt/triggers/:id', ({ caller, path }) => gtts.one(caller.userId, idOf(path))),
    route('PUT', '/gtt/triggers/:id', ({ caller, path, form }) => ({
      trigger_id: gtts.modify(caller.userId, idOf(path), wantedOf(form)),
    })),
    route('DELETE', '/gtt/triggers/:id', ({ caller, path }) => ({
      trigger_id: gtts.remove(caller.userId, idOf(path)),
    })),
    ...(['GET', 'POST', 'DELETE'] as const).map((method) => route(method, '/alerts', noAlerts)),
    ...(['GET', 'PUT'] as const).map((method) => route(method, '/alerts/:uuid', noAlerts)),
    route('GET', '/alerts/:uuid/history', noAlerts),
  ];
}

function route(
  method: Route['method'],
  path: string,
  answer: (request: Parameters<Route['handle']>[0]) => unknown,
): Route {
  return { method, path, limit: 'other', handle: (request) => ({ data: answer(request) }) };
}

function noAlerts(): never {
  throw new KiteRefusal('GeneralException', 'Alerts are not supported by the sandbox.', 501);
}

function wantedOf(form: URLSearchParams): GttWanted {
  const type = required(form, 'type');
  if (type !== 'single' && type !== 'two-leg') throw input('Invalid `type`. It should be single or two-leg.');
  return {
    type,
    condition: parsed(form, 'condition', conditionShape),
    orders: parsed(form, 'orders', ordersShape),
  };
}

function parsed<Shape extends z.ZodType>(form: URLSearchParams, name: string, shape: Shape): z.output<Shape> {
  const text = required(form, name);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw input(`Invalid \`${name}\`. It should be JSON.`);
  }
  const read = shape.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw input(`Invalid \`${name}\`: ${issue?.path.join('.')} ${issue?.message}`);
}
