import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { codeOf } from '../../domain/errors.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Clock, TimerClock } from '../../engine/ports.ts';
import { applyFault, type WholeReply } from '../faults/apply-fault.ts';
import type { FaultPlan, FaultRequest, HttpFault } from '../faults/fault-plan.ts';
import type { Accounts } from './accounts.ts';
import { errorReply, packed, successReply } from './envelope.ts';
import type { CountedRequest } from './limits.ts';
import { loginPage } from './login-page.ts';
import { type Body, readBody } from './read-body.ts';
import { type Caller, KiteRefusal, type KiteReply, type Route } from './route.ts';
import { createRouter } from './router.ts';
import { sameText } from './same-text.ts';
import type { OpenRoute } from './session-routes.ts';

/** Names under which a browser or a program reaches this computer itself. */
const ownNames: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** Real seconds that an idle connection stays open. */
const keepAliveMs = 20_000;

/** What is asked of the sandbox itself, not of Kite; the body is JSON. */
export type Control = (path: string, body: unknown) => Promise<unknown> | unknown;

/** A request that a client has made, once it is over. */
export interface ServedRequest {
  /** When it came in, epoch ms of real time, by which limits are counted too. */
  readonly at: EpochMs;
  readonly method: string;
  /** Without the prefix, and without the query, which may hold a token. */
  readonly path: string;
  /** Null where no living session was named. */
  readonly user: string | null;
  /** Null when the client got no answer. */
  readonly status: number | null;
}

export interface KiteServerParts {
  readonly routes: readonly Route[];
  readonly openRoutes: readonly OpenRoute[];
  readonly accounts: Accounts;
  readonly faults: FaultPlan;
  readonly clock: TimerClock & { catchUp(): void };
  /** Stands before every path: `/oms`. Empty for none. */
  readonly prefix: string;
  /** Throws the refusal of a request too many. */
  readonly count: (request: CountedRequest) => void;
  /** Orders are refused as from a computer that is not on the app's list. */
  readonly staticIpRefused: () => boolean;
  /** Says yes on the login page by itself. */
  readonly autoLogin: boolean;
  readonly control: Control;
  /** What `x-sandbox-secret` has to say for it; undefined asks for nothing. */
  readonly secret: string | undefined;
  /** Told of what went wrong inside, which a client only sees as status 500. */
  readonly onFailure: (error: unknown) => void;
  /** Real time. */
  readonly base: Clock;
  /** Told of every request to Kite, also of those that a fault left without an answer. */
  readonly onRequest: (request: ServedRequest) => void;
}

/** A request on its way, with what is known of it so far. */
interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** Without the prefix. */
  readonly path: string;
  readonly site: FaultRequest;
  readonly body: Body;
}

/**
 * Kite's HTTP side. Whatever happens, the answer is Kite's envelope with Kite's status, unless a fault says otherwise.
 * Listens nowhere yet; answers only to names of this computer, so that no page on the web can talk to it through a browser.
 */
export function createKiteServer(parts: KiteServerParts): Server {
  const route = createRouter(parts.routes);
  const openRoute = createRouter(parts.openRoutes);
  const opens = (method: string, path: string) =>
    parts.openRoutes.some(
      (open) => open.path === path && (open.method === method || path !== '/session/token'),
    );

  const server = createServer((request, response) => {
    // A client that goes away while it is answered is no failure of ours.
    response.on('error', () => undefined);
    void serve(request, response).catch((error) => {
      parts.onFailure(error);
      response.destroy();
    });
  });
  server.keepAliveTimeout = keepAliveMs;
  return server;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOwnName(request.headers.host)) {
      send(
        request,
        response,
        errorReply(new KiteRefusal('PermissionException', 'This host name is not served.')),
      );
      return;
    }
    parts.clock.catchUp();
    // A client that goes by its broker's time lives in the sandbox's day.
    response.setHeader('date', new Date(parts.clock.now()).toUTCString());
    const asked = `http://sandbox${request.url ?? '/'}`;
    if (!URL.canParse(asked)) {
      send(request, response, errorReply(new KiteRefusal('GeneralException', 'Route not found', 404)));
      return;
    }
    const url = new URL(asked);
    const kite = withoutPrefix(url.pathname, parts.prefix);
    if (url.pathname.startsWith('/sandbox/')) {
      send(request, response, await controlled(request, url.pathname));
      return;
    }
    if (kite === '/connect/login' || url.pathname === '/connect/login') {
      send(request, response, await loggedIn(request, url));
      return;
    }
    await visited(request, response, url, kite);
  }

  async function controlled(request: IncomingMessage, path: string): Promise<WholeReply> {
    try {
      if (request.method !== 'POST') throw new KiteRefusal('GeneralException', 'Method not allowed', 405);
      // A form of another page in a browser cannot send this type without being asked first, and is not answered.
      if (!(request.headers['content-type'] ?? '').startsWith('application/json'))
        throw new KiteRefusal('InputException', 'Send JSON.', 415);
      if (parts.secret !== undefined && !sameText(request.headers['x-sandbox-secret'], parts.secret))
        throw new KiteRefusal('PermissionException', 'Only the owner of the sandbox may steer it.');
      const { json } = await readBody(request);
      const answer = JSON.stringify(await parts.control(path, json));
      return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(answer) };
    } catch (error) {
      return refused(error);
    }
  }

  async function loggedIn(request: IncomingMessage, url: URL): Promise<WholeReply> {
    try {
      const { form } = await readBody(request);
      const asked = { method: request.method ?? 'GET', query: url.searchParams, form };
      return loginPage(parts.accounts, asked, parts.autoLogin);
    } catch (error) {
      return refused(error);
    }
  }

  async function visited(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    path: string | undefined,
  ): Promise<void> {
    const known = callerOf(request);
    const site = { method: request.method ?? 'GET', path: path ?? url.pathname, user: known?.userId };
    const at = parts.base.now();
    response.once('close', () =>
      parts.onRequest({
        ...{ at, method: site.method, path: site.path, user: site.user ?? null },
        status: response.headersSent ? response.statusCode : null,
      }),
    );
    if ((await struck(parts.faults.before(site), site, response)) === 'done') return;
    let reply: WholeReply;
    try {
      if (path === undefined) throw new KiteRefusal('GeneralException', 'Route not found', 404);
      const answered = await answer({ request, response, url, path, site, body: await readBody(request) });
      reply = successReply(
        'data' in answered ? { data: parts.faults.visible(site, answered.data) } : answered,
      );
    } catch (error) {
      reply = refused(error);
    }
    reply = packed(reply, request.headers['accept-encoding']);
    if (reply.status === 200 && (await struck(parts.faults.after(site), site, response, reply)) === 'done')
      return;
    send(request, response, reply);
  }

  async function struck(
    fault: HttpFault | undefined,
    { user }: FaultRequest,
    response: ServerResponse,
    reply?: WholeReply,
  ): Promise<'go-on' | 'done'> {
    if (!fault) return 'go-on';
    if (fault.kind === 'kill-token' && user !== undefined) parts.accounts.kill(user);
    return applyFault(fault, response, parts.clock, reply);
  }

  async function answer(visit: Visit): Promise<KiteReply> {
    const { site, request, path, url, body } = visit;
    // Older clients send no version; Kite serves them its newest, and another version not at all.
    const version = request.headers['x-kite-version'];
    if (version !== undefined && version !== '3')
      throw new KiteRefusal('InputException', 'Invalid `X-Kite-Version`. Send 3.');
    if (opens(site.method, path)) {
      const found = openRoute(site.method, path);
      return found.route.handle({ query: url.searchParams, form: body.form });
    }
    const found = route(site.method, path);
    if (version === undefined)
      throw new KiteRefusal('InputException', 'Missing header `X-Kite-Version`. Send 3.');
    const caller = callerOf(request);
    if (!caller) throw new KiteRefusal('TokenException', 'Incorrect `api_key` or `access_token`.');
    const { limit } = found.route;
    const places = limit === 'order' && site.method === 'POST' && path.startsWith('/orders/');
    parts.count({ caller, limit, places });
    if (limit === 'order' && site.method !== 'GET' && parts.staticIpRefused())
      throw new KiteRefusal(
        'PermissionException',
        'Orders are accepted from the whitelisted IPs of the app only.',
      );
    return found.route.handle({ caller, path: found.path, query: url.searchParams, ...body });
  }

  function callerOf({ headers: { authorization } }: IncomingMessage): Caller | undefined {
    const match = /^token ([^:\s]+):(\S+)$/.exec(authorization ?? '');
    const session = match ? parts.accounts.session(match[1], match[2]) : undefined;
    return session && { userId: session.account.userId, apiKey: session.account.apiKey };
  }

  function refused(error: unknown): WholeReply {
    // Nor is one that breaks off in the middle of its request.
    if (!(error instanceof KiteRefusal) && codeOf(error) !== 'ECONNRESET') parts.onFailure(error);
    return errorReply(error);
  }
}

/** Also for upgrades to a WebSocket. */
export function isOwnName(host: string | undefined): boolean {
  return host !== undefined && ownNames.includes(host.replace(/:\d+$/, '').toLowerCase());
}

function withoutPrefix(path: string, prefix: string): string | undefined {
  if (prefix === '') return path;
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined;
}

function send(request: IncomingMessage, response: ServerResponse, reply: WholeReply): void {
  // What was not read of a refused body would be taken for the next request.
  const unread = !request.complete && reply.status >= 400;
  response.writeHead(reply.status, {
    ...reply.headers,
    'content-length': String(reply.body.length),
    ...(unread ? { connection: 'close' } : {}),
  });
  response.end(reply.body);
}
