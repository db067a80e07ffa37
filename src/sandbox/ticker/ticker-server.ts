import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { kiteSockets } from '../../domain/kite-limits.ts';
import { secondMs } from '../../domain/time.ts';
import type { Cancel, TimerClock } from '../../engine/ports.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { Quote, SandboxMarket } from '../market/market.ts';
import { Connection, type Subscribers, type Subscription } from './connection.ts';
import { type OrderApp, OrderlySender, type OrderRow, orderPayload } from './order-frames.ts';

/** Bytes of one message of a client; 3,000 tokens take 33,000. */
const messageBytesMax = 1_048_576;

/** The sandbox's WebSocket: ticks of what a client watches, and the updates of its user's orders. */
export interface TickerServer {
  /** Takes over an upgrade of the HTTP server: lets the client in or refuses it with a status. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sends an update of an order to every connection of the user. */
  orderUpdate(userId: string, row: OrderRow): void;
  readonly connections: number;
  close(): void;
}

export interface TickerOptions {
  readonly market: SandboxMarket;
  readonly faults: FaultPlan;
  /** Beats the heart: the host's clock, since clients count real seconds even while the sandbox stands still. */
  readonly beat: TimerClock;
  /** Whose token it is; undefined for a dead or strange one, or another app's. */
  authenticate(apiKey: string, accessToken: string): { readonly userId: string } | undefined;
  /** The app that signs the updates of a user's orders; undefined sends none. */
  app(userId: string): OrderApp | undefined;
}

/**
 * Serves ticks over WebSocket as Kite does. A session that dies leaves its open sockets alone, as on Kite (forum 19843).
 * Paths: any; the server that owns the port decides which upgrades come here.
 */
export function createTickerServer({ market, faults, beat, authenticate, app }: TickerOptions): TickerServer {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: messageBytesMax,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const connections = new Set<Connection>();
  const subscriptions = new TokenIndex();
  const frames = new OrderlySender(faults, market.clock);
  const stopPrints = market.onPrint((quote) => tell(subscriptions, quote));
  let cancelBeat: Cancel = beat.at(beat.now() + secondMs, onBeat);

  function onBeat(): void {
    for (const connection of connections) connection.beat();
    cancelBeat = beat.at(beat.now() + secondMs, onBeat);
  }

  /** The status of a refusal, or whose connection it is. */
  function admitted(request: IncomingMessage): number | { userId: string; apiKey: string } {
    const query = new URL(request.url ?? '/', 'http://sandbox').searchParams;
    const apiKey = query.get('api_key') ?? '';
    const session = authenticate(apiKey, query.get('access_token') ?? '');
    if (!session) return 403;
    const refusal = faults.socketRefusal(session.userId);
    if (refusal) return refusal;
    const open = [...connections].filter((connection) => connection.apiKey === apiKey).length;
    return open >= kiteSockets ? 429 : { userId: session.userId, apiKey };
  }

  function serve(socket: WebSocket, owner: { userId: string; apiKey: string }): void {
    const connection = new Connection({ socket, ...owner, market, faults, subscribers: subscriptions });
    connections.add(connection);
    socket.on('close', () => {
      connections.delete(connection);
      connection.close();
    });
  }

  return {
    upgrade(request, socket, head) {
      const owner = admitted(request);
      if (typeof owner === 'number') refuse(socket, owner);
      else server.handleUpgrade(request, socket, head, (client) => serve(client, owner));
    },

    orderUpdate(userId, row) {
      const signer = app(userId);
      if (!signer) return;
      const text = JSON.stringify({ type: 'order', data: orderPayload(userId, row, signer) });
      frames.send(userId, () => {
        for (const connection of connections) if (connection.userId === userId) connection.sendText(text);
      });
    },

    get connections() {
      return connections.size;
    },

    close() {
      stopPrints();
      cancelBeat();
      frames.close();
      for (const connection of connections) connection.close();
      connections.clear();
      server.close();
    },
  };
}

/** Who watches a token, on any connection. */
class TokenIndex implements Subscribers {
  readonly #watchers = new Map<number, Subscription[]>();

  add(subscription: Subscription): void {
    const { token } = subscription.listed.listing;
    const watchers = this.#watchers.get(token);
    if (watchers) watchers.push(subscription);
    else this.#watchers.set(token, [subscription]);
  }

  remove(subscription: Subscription): void {
    const { token } = subscription.listed.listing;
    const rest = this.of(token).filter((other) => other !== subscription);
    if (rest.length > 0) this.#watchers.set(token, rest);
    else this.#watchers.delete(token);
  }

  of(token: number): readonly Subscription[] {
    return this.#watchers.get(token) ?? nobody;
  }
}

const nobody: readonly Subscription[] = [];

function tell(subscriptions: TokenIndex, quote: Quote): void {
  const watchers = subscriptions.of(quote.listed.listing.token);
  for (let index = 0; index < watchers.length; index++) {
    const subscription = watchers[index];
    subscription.connection.print(subscription, quote);
  }
}

function refuse(socket: Duplex, status: number): void {
  const type = status === 403 ? 'TokenException' : 'NetworkException';
  const message = status === 403 ? 'Incorrect `api_key` or `access_token`.' : 'Too many requests';
  const body = JSON.stringify({ status: 'error', message, data: null, error_type: type });
  // A client that has gone meanwhile needs no answer.
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
