import type { EpochMs } from '../../domain/time.ts';
import type { Clock } from '../../engine/ports.ts';
import { chanceOf } from './chance.ts';
import { type FaultName, type FaultPlace, faultKindOf, faultNames } from './fault-names.ts';
import { ActiveFault, type FaultReport, type FaultRule, type FaultSite } from './fault-rule.ts';

/** What is done to a request or a reply instead of what should be. */
export type HttpFault =
  /** The request stays without an answer. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'reset' }
  /** Waits, then goes on as usual. Milliseconds of the sandbox's clock. */
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'answer'; readonly status: number; readonly contentType: string; readonly body: string }
  /** Announces the whole length and breaks off after so many bytes. */
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  /** The caller's access token dies; then the request goes its usual way into a refusal. */
  | { readonly kind: 'kill-token' };

/** One Kite request, as the server sees it before it looks at its token. */
export interface FaultRequest {
  readonly method: string;
  /** Without the query: `/orders/regular`. */
  readonly path: string;
  readonly user?: string | undefined;
}

/** How an order frame or a postback goes out. */
export interface FramePlan {
  /** 0 when it is dropped. */
  readonly copies: number;
  readonly delayMs: number;
  /** Goes out after the next one of the same user. */
  readonly afterNext: boolean;
}

export type SocketFault = 'mute' | 'stall' | 'close' | 'garbage';

/** What an order meets at the exchange. */
export interface OrderFault {
  /** The exchange's words of a rejection. */
  readonly rejection: string | undefined;
  /** In how many parts a fill comes; 1 for a whole one. */
  readonly parts: number;
}

/**
 * What goes wrong on a sandbox day. Every question is one draw of the rules that apply, so ask once for each event.
 * The same seed, rules and events give the same faults; a rule's draws do not depend on the other rules.
 */
export interface FaultPlan {
  /** Before a request is looked at. Undefined: nothing happens. */
  before(request: FaultRequest): HttpFault | undefined;
  /** After a request was carried out and before its answer goes out. */
  after(request: FaultRequest): HttpFault | undefined;
  /** What a client gets to see of a successful answer: the order book may lag behind or come in another order. */
  visible(request: FaultRequest, data: unknown): unknown;
  orderFrame(user: string): FramePlan;
  /** Before a frame or a heartbeat goes to a socket of the user. */
  socket(user: string): SocketFault | undefined;
  /** Status with which a socket is refused. */
  socketRefusal(user: string): number | undefined;
  order(user: string): OrderFault;
  /** Draws of frames of nonsense, 0 to 1. */
  chance(): number;
  set(rule: FaultRule): void;
  /** One fault, or all. */
  clear(name?: FaultName): void;
  list(): readonly FaultReport[];
  /** How often each fault has struck since the sandbox started, also of rules that are over. */
  struck(): Readonly<Partial<Record<FaultName, number>>>;
}

const socketFaults: ReadonlyMap<string, SocketFault> = new Map([
  ['socket-mute', 'mute'],
  ['socket-stall', 'stall'],
  ['socket-close', 'close'],
  ['socket-garbage', 'garbage'],
]);
const usualFrame: FramePlan = { copies: 1, delayMs: 0, afterNext: false };
const usualOrder: OrderFault = { rejection: undefined, parts: 1 };

/** `rules` are in force from the start. */
export function createFaultPlan(options: {
  readonly seed: number;
  readonly clock: Clock;
  readonly rules?: readonly FaultRule[];
}): FaultPlan {
  const { seed, clock } = options;
  const active = new Map<FaultName, ActiveFault>();
  const totals: Partial<Record<FaultName, number>> = {};
  const chance = chanceOf(seed, 'nonsense');
  const shuffle = chanceOf(seed, 'shuffle');
  const hiddenUntil = new Map<string, EpochMs>();
  const settings = new Map<FaultName, number>();

  function set(rule: FaultRule): void {
    // A fault that is set again draws anew, and still depends on the seed alone.
    const times = (settings.get(rule.name) ?? 0) + 1;
    settings.set(rule.name, times);
    active.set(rule.name, new ActiveFault(rule, clock.now(), chanceOf(seed, `${rule.name} ${times}`)));
  }

  /** The fault, when it strikes here. */
  function struckBy(name: FaultName, site: FaultSite): ActiveFault | undefined {
    const fault = active.get(name);
    return fault?.draws(site, clock.now()) ? struck(fault) : undefined;
  }

  /** The first fault of a place that is drawn, in the order of the catalogue. All draw, so that none shifts another. */
  function first(place: FaultPlace, site: FaultSite): ActiveFault | undefined {
    if (active.size === 0) return undefined;
    const drawn = faultNames
      .filter((name) => faultKindOf(name).place === place)
      .map((name) => active.get(name))
      .filter((fault) => fault?.draws(site, clock.now()));
    return drawn[0] && struck(drawn[0]);
  }

  function struck(fault: ActiveFault): ActiveFault {
    const { name } = fault.rule;
    totals[name] = (totals[name] ?? 0) + 1;
    fault.strike();
    return fault;
  }

  function hideLate(request: FaultRequest, data: unknown): void {
    for (const id of placedIds(data)) {
      const late = struckBy('late-order', request);
      if (late) hiddenUntil.set(id, clock.now() + late.value);
    }
  }

  function shown(row: unknown): boolean {
    const until = hiddenUntil.get(String(Reflect.get(Object(row), 'order_id')));
    return until === undefined || clock.now() >= until;
  }

  for (const rule of options.rules ?? []) set(rule);

  return {
    before: (request) => httpFault(first('request', request)),
    after: (request) => httpFault(first('reply', request)),

    visible(request, data) {
      if (active.size === 0 && hiddenUntil.size === 0) return data;
      if (request.method === 'POST' && request.path.startsWith('/orders/')) hideLate(request, data);
      if (request.method !== 'GET' || !Array.isArray(data)) return data;
      if (request.path !== '/orders' && request.path !== '/trades') return data;
      const rows = data.filter(shown);
      return struckBy('unsorted-orders', request) ? shuffled(rows, shuffle) : rows;
    },

    orderFrame(user) {
      if (active.size === 0) return usualFrame;
      if (struckBy('frame-drop', { user })) return { ...usualFrame, copies: 0 };
      return {
        copies: struckBy('frame-twice', { user })?.value ?? 1,
        delayMs: struckBy('frame-delay', { user })?.value ?? 0,
        afterNext: struckBy('frame-swap', { user }) !== undefined,
      };
    },

    socket(user) {
      return socketFaults.get(first('socket', { user })?.rule.name ?? '');
    },

    socketRefusal: (user) => struckBy('socket-refuse', { user })?.value,

    order(user) {
      if (active.size === 0) return usualOrder;
      const rejected = struckBy('reject-order', { user }) !== undefined;
      return {
        rejection: rejected
          ? 'Order rejected by the exchange: injected by a fault of the sandbox.'
          : undefined,
        parts: struckBy('split-fill', { user })?.value ?? 1,
      };
    },

    chance,
    set,

    clear(name) {
      if (name) active.delete(name);
      else active.clear();
      if (!name || name === 'late-order') hiddenUntil.clear();
    },

    list: () =>
      [...active.values()].filter((fault) => !fault.isOver(clock.now())).map((fault) => fault.report()),
    struck: () => ({ ...totals }),
  };
}

function httpFault(fault: ActiveFault | undefined): HttpFault | undefined {
  if (!fault) return undefined;
  switch (fault.rule.name) {
    case 'timeout-before':
    case 'timeout-after':
      return { kind: 'silence' };
    case 'slow-accept':
    case 'slow-reply':
      return { kind: 'wait', ms: fault.value };
    case 'reset-before':
    case 'reset-after':
      return { kind: 'reset' };
    case 'too-many':
      return jsonError(429, 'NetworkException', 'Too many requests');
    case 'error-json':
    case 'error-after':
      return jsonError(fault.value, errorTypeOf(fault.value), 'Gateway timed out. Please try again.');
    case 'error-html':
      return htmlPage(fault.value, `${fault.value} Bad Gateway`);
    case 'html-before':
    case 'html-after':
      return htmlPage(200, 'Kite is under maintenance');
    case 'empty':
      return { kind: 'answer', status: 200, contentType: 'application/json', body: '' };
    case 'truncate':
      return { kind: 'truncate', afterBytes: fault.value };
    case 'token-death':
      return { kind: 'kill-token' };
    default:
      return undefined;
  }
}

/** Kite's type for a failure of its own. */
function errorTypeOf(status: number): string {
  if (status === 502) return 'DataException';
  return status === 503 || status === 504 || status === 429 ? 'NetworkException' : 'GeneralException';
}

function jsonError(status: number, type: string, message: string): HttpFault {
  const body = JSON.stringify({ status: 'error', message, data: null, error_type: type });
  return { kind: 'answer', status, contentType: 'application/json', body };
}

function htmlPage(status: number, title: string): HttpFault {
  const body = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { kind: 'answer', status, contentType: 'text/html; charset=utf-8', body };
}

/** Order ids in the answer to a placed order, in either shape of a sliced one. */
function placedIds(data: unknown): string[] {
  const rows = Array.isArray(data) ? data : [data, ...childrenOf(data)];
  return rows.map((row) => Reflect.get(Object(row), 'order_id')).filter((id) => typeof id === 'string');
}

function childrenOf(data: unknown): unknown[] {
  const children: unknown = Reflect.get(Object(data), 'children');
  return Array.isArray(children) ? children : [];
}

function shuffled<T>(rows: readonly T[], chance: () => number): T[] {
  return rows
    .map((row) => ({ row, place: chance() }))
    .sort((a, b) => a.place - b.place)
    .map(({ row }) => row);
}
