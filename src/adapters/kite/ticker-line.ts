import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { kiteTokensPerSocket } from '../../domain/kite-limits.ts';
import type { Cancel, TimerClock } from '../../engine/ports.ts';

const tickerModes = ['ltp', 'quote', 'full'] as const;

/** How much is told of an instrument: its price; the day's range, volume and totals too; the book and open interest as well. */
export type TickerMode = (typeof tickerModes)[number];

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
  /** Hears everything before it is read. */
  readonly recorder?: FrameRecorder | undefined;
  /** Makes connections of another kind, such as one that plays a recording; `TickerLine` when left out. */
  readonly line?: ((listener: LineListener) => Line) | undefined;
}

/** Takes what comes over a ticker's connections, as it comes. Called within the socket's own turn; what it keeps it copies. */
export interface FrameRecorder {
  binary(frame: Uint8Array): void;
  text(frame: string): void;
  connections(standing: number, wanted: number, loss: TickerLoss | undefined): void;
}

/** Why a connection is not there. `mute`: it stood, and nothing came over it, not even a heartbeat. */
export type TickerLoss = 'closed' | 'mute' | 'unreachable' | 'refused';

/** Kite sends a heartbeat each second, so three without anything is silence. */
const silenceMsMax = 3_000;
const firstBackoffMs = 500;
const longestBackoffMs = 30_000;
const handshakeMsMax = 7_000;
const frameBytesMax = 1_048_576;

/** What a connection tells its ticker. */
export interface LineListener {
  binary(frame: Uint8Array): void;
  text(frame: string): void;
  changed(loss: TickerLoss | undefined): void;
  refused(): void;
}

/** What a ticker asks of a connection. */
export type Line = Pick<
  TickerLine,
  'stands' | 'room' | 'isEmpty' | 'carries' | 'subscribe' | 'unsubscribe' | 'setMode' | 'open' | 'end'
>;

/** One connection and the instruments it carries, each with its mode. It asks for them anew whenever it comes back. */
export class TickerLine {
  stands = false;
  readonly #options: TickerOptions;
  readonly #modes = new Map<number, TickerMode>();
  readonly #listener: LineListener;
  #socket: WebSocket | undefined;
  #attempts = 0;
  #ended = false;
  #heardAt = 0;
  #timer: Cancel = () => undefined;

  constructor(options: TickerOptions, listener: LineListener) {
    this.#options = options;
    this.#listener = listener;
  }

  /** Instruments that it can take besides those it carries. */
  get room(): number {
    return kiteTokensPerSocket - this.#modes.size;
  }

  get isEmpty(): boolean {
    return this.#modes.size === 0;
  }

  carries(token: number): boolean {
    return this.#modes.has(token);
  }

  /** Not more than there is `room` for. */
  subscribe(tokens: readonly number[], mode: TickerMode): void {
    for (const token of tokens) this.#modes.set(token, mode);
    if (this.stands) this.#ask(tokens, mode);
  }

  unsubscribe(tokens: readonly number[]): void {
    for (const token of tokens) this.#modes.delete(token);
    if (this.stands && tokens.length > 0) this.#send({ a: 'unsubscribe', v: tokens });
  }

  setMode(tokens: readonly number[], mode: TickerMode): void {
    for (const token of tokens) this.#modes.set(token, mode);
    if (this.stands && tokens.length > 0) this.#send({ a: 'mode', v: [mode, tokens] });
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
    for (const mode of tickerModes)
      this.#ask(
        [...this.#modes].filter(([, wanted]) => wanted === mode).map(([token]) => token),
        mode,
      );
    this.#watch(socket);
    this.#listener.changed(undefined);
  }

  /** The mode is always said: what Kite assumes of a bare subscription is not documented. */
  #ask(tokens: readonly number[], mode: TickerMode): void {
    if (tokens.length === 0) return;
    this.#send({ a: 'subscribe', v: tokens });
    this.#send({ a: 'mode', v: [mode, tokens] });
  }

  #send(message: { readonly a: string; readonly v: unknown }): void {
    this.#socket?.send(JSON.stringify(message));
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
