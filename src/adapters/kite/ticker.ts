import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { kiteSockets, kiteTokensPerSocket } from '../../domain/kite-limits.ts';
import type { Cancel, TimerClock } from '../../engine/ports.ts';
import { pinnedRoot } from './pinned-root.ts';
import { TickColumns } from './tick-columns.ts';
import { type FrameCounts, noCounts, readFrame } from './ticker-frame.ts';

export type TickerMode = 'ltp' | 'quote' | 'full';

export interface TickerOptions {
  /** `wss://ws.kite.trade`, or a sandbox's. */
  readonly wsRoot: string;
  readonly apiKey: string;
  readonly accessToken: string;
  /** Further parameters of the address, which some roots want. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly clock: TimerClock;
  /** 0 up to, not including, 1. */
  readonly random: () => number;
}

/** Why a connection is not there. `mute`: it stood, and nothing came over it, not even a heartbeat. */
export type TickerLoss = 'closed' | 'mute' | 'unreachable' | 'refused';

export interface TickerListener {
  /** The columns have a new tick in this slot. Called within the socket's own turn: take what is needed and go. */
  tick(slot: number): void;
  /** An order of this user changed, on whatever platform. A hint: frames are lost, doubled and late. */
  order?(frame: OrderFrame): void;
  /** Connections that stand, of those that are wanted. Orders have to be read anew whenever one came back. */
  connections?(standing: number, wanted: number, loss: TickerLoss | undefined): void;
  /** The session is dead: nothing is tried again until there is a new one. */
  tokenDead?(): void;
  /** Kite's words of an error frame, such as too many instruments. */
  trouble?(message: string): void;
}

const orderFrame = z.object({
  order_id: z.string().min(1).max(64),
  status: z.string(),
  tag: z.string().nullish(),
  filled_quantity: z.number().min(0),
  quantity: z.number().min(0),
  average_price: z.number().min(0),
  tradingsymbol: z.string(),
  exchange: z.string(),
  transaction_type: z.string(),
  status_message: z.string().nullish(),
});
/** What is believed of an order frame; everything else is read from the order book. */
export type OrderFrame = z.output<typeof orderFrame>;

/** Kite sends a heartbeat each second, so three without anything is silence. */
const silenceMsMax = 3_000;
const firstBackoffMs = 500;
const longestBackoffMs = 30_000;
const handshakeMsMax = 7_000;
const frameBytesMax = 1_048_576;

/**
 * Market data of up to 9,000 instruments over up to three connections, which come back by themselves and ask for their instruments
 * anew. Several tickers live side by side; nothing here ends the process.
 */
export class Ticker {
  readonly columns: TickColumns;
  readonly counts: FrameCounts = noCounts();
  /** Text frames of a kind or shape that is not known. */
  unknownFrames = 0;
  readonly #options: TickerOptions;
  readonly #listener: TickerListener;
  readonly #lines: readonly Line[];
  #dead = false;

  /** @throws UsageError USAGE_TOKENS beyond 9,000 instruments, ConfigError CONFIG_KITE_ROOT for an address that secrets must not go to */
  constructor(options: TickerOptions, tokens: readonly number[], mode: TickerMode, listener: TickerListener) {
    pinnedRoot(options.wsRoot, { secure: 'wss', plain: 'ws' });
    this.#options = options;
    this.#listener = listener;
    this.columns = new TickColumns(tokens);
    // Without instruments one connection is kept for the order frames.
    const shards = Math.min(kiteSockets, Math.max(1, Math.ceil(tokens.length / kiteTokensPerSocket)));
    this.#lines = Array.from(
      { length: shards },
      (_, at) =>
        new Line(
          options,
          tokens.slice(at * kiteTokensPerSocket, (at + 1) * kiteTokensPerSocket),
          mode,
          this.#ears(),
        ),
    );
  }

  connect(): void {
    for (const line of this.#lines) line.open();
  }

  /** Ends every connection; nothing comes after it. */
  close(): void {
    for (const line of this.#lines) line.end();
  }

  get standing(): number {
    return this.#lines.filter((line) => line.stands).length;
  }

  #ears(): LineListener {
    const { clock } = this.#options;
    return {
      binary: (frame) => {
        const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
        readFrame(view, this.columns, clock.now(), this.counts, this.#tick);
      },
      text: (frame) => this.#text(frame),
      changed: (loss) => this.#listener.connections?.(this.standing, this.#lines.length, loss),
      refused: () => this.#tokenDead(),
    };
  }

  readonly #tick = (slot: number): void => this.#listener.tick(slot);

  #tokenDead(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.close();
    this.#listener.tokenDead?.();
  }

  #text(frame: string): void {
    let document: unknown;
    try {
      document = JSON.parse(frame);
    } catch {
      this.unknownFrames += 1;
      return;
    }
    const { type, data } = Object(document);
    if (type === 'order') {
      const parsed = orderFrame.safeParse(data);
      if (parsed.success) this.#listener.order?.(parsed.data);
      else this.unknownFrames += 1;
    } else if (type === 'error') this.#listener.trouble?.(String(data).slice(0, 500));
    else if (type !== 'message') this.unknownFrames += 1;
  }
}

interface LineListener {
  binary(frame: Uint8Array): void;
  text(frame: string): void;
  changed(loss: TickerLoss | undefined): void;
  refused(): void;
}

/** One connection and the instruments it carries. */
class Line {
  stands = false;
  readonly #options: TickerOptions;
  readonly #tokens: readonly number[];
  readonly #mode: TickerMode;
  readonly #listener: LineListener;
  #socket: WebSocket | undefined;
  #attempts = 0;
  #ended = false;
  #heardAt = 0;
  #timer: Cancel = () => undefined;

  constructor(options: TickerOptions, tokens: readonly number[], mode: TickerMode, listener: LineListener) {
    this.#options = options;
    this.#tokens = tokens;
    this.#mode = mode;
    this.#listener = listener;
  }

  open(): void {
    const { wsRoot, apiKey, accessToken, parameters = {} } = this.#options;
    const url = new URL(wsRoot);
    for (const [name, value] of Object.entries({ api_key: apiKey, access_token: accessToken, ...parameters }))
      url.searchParams.set(name, value);
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: frameBytesMax,
      handshakeTimeout: handshakeMsMax,
      followRedirects: false,
      // Whatever the environment says of certificates.
      rejectUnauthorized: true,
      headers: { 'X-Kite-Version': '3' },
    });
    this.#socket = socket;
    socket.binaryType = 'nodebuffer';
    socket.on('open', () => this.#opened(socket));
    socket.on('message', (frame, isBinary) => this.#heard(frame, isBinary));
    socket.on('ping', () => {
      this.#heardAt = this.#options.clock.now();
    });
    socket.on('unexpected-response', (_request, response) => this.#turnedAway(socket, response));
    // The address, which holds the token, is in the library's words; what matters follows with `close`.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#lost(socket, this.stands ? 'closed' : 'unreachable'));
  }

  end(): void {
    this.#ended = true;
    this.#timer();
    this.stands = false;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.terminate();
  }

  #opened(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.stands = true;
    this.#heardAt = this.#options.clock.now();
    if (this.#tokens.length > 0) {
      socket.send(JSON.stringify({ a: 'subscribe', v: this.#tokens }));
      socket.send(JSON.stringify({ a: 'mode', v: [this.#mode, this.#tokens] }));
    }
    this.#watch(socket);
    this.#listener.changed(undefined);
  }

  #heard(frame: unknown, isBinary: boolean): void {
    this.#heardAt = this.#options.clock.now();
    // Standing is not enough: a server that takes connections only to close them must not be asked again and again at once.
    this.#attempts = 0;
    if (isBinary && frame instanceof Uint8Array) this.#listener.binary(frame);
    else this.#listener.text(String(frame));
  }

  /** A socket can stay open and mute for ever. */
  #watch(socket: WebSocket): void {
    const { clock } = this.#options;
    this.#timer = clock.at(this.#heardAt + silenceMsMax, () => {
      if (this.#socket !== socket) return;
      if (clock.now() - this.#heardAt < silenceMsMax) this.#watch(socket);
      else {
        this.#lost(socket, 'mute');
        socket.terminate();
      }
    });
  }

  #turnedAway(socket: WebSocket, { statusCode }: IncomingMessage): void {
    if (statusCode === 403 || statusCode === 401) {
      this.#ended = true;
      socket.terminate();
      this.#listener.refused();
    } else socket.terminate();
  }

  #lost(socket: WebSocket, loss: TickerLoss): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.stands = false;
    this.#timer();
    if (this.#ended) return;
    this.#listener.changed(loss);
    const { clock, random } = this.#options;
    // Full jitter: a thousand programs that lost one server do not come back at one instant.
    const most = Math.min(longestBackoffMs, firstBackoffMs * 2 ** this.#attempts);
    this.#attempts = Math.min(this.#attempts + 1, 16);
    this.#timer = clock.at(clock.now() + most * random(), () => this.open());
  }
}
