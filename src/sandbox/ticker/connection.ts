import type { WebSocket } from 'ws';
import { kiteTokensPerSocket } from '../../domain/kite-limits.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { Listed, Quote, SandboxMarket } from '../market/market.ts';
import { clientMessage } from './client-message.ts';
import { packetBytes, packetBytesMax, type TickMode, writePacket } from './packet.ts';

/** Bytes that may wait for a slow reader before its ticks are held back and merged. */
const waitingBytesMax = 262_144;

const heartbeat = Buffer.alloc(1);

/** One token of one connection. */
export interface Subscription {
  readonly connection: Connection;
  readonly listed: Listed;
  mode: TickMode;
  /** The newest packet is due. */
  due: boolean;
  newest: Buffer;
  /** What the client has; zeros until the first packet. */
  sent: Buffer;
}

/** Who shares a connection's ticks: the server's index of tokens. */
export interface Subscribers {
  add(subscription: Subscription): void;
  remove(subscription: Subscription): void;
}

/** One socket of a client: what it watches and what is due to it. */
export class Connection {
  readonly userId: string;
  readonly apiKey: string;
  readonly #socket: WebSocket;
  readonly #market: SandboxMarket;
  readonly #faults: FaultPlan;
  readonly #subscribers: Subscribers;
  readonly #watched = new Map<number, Subscription>();
  /** Subscriptions with a packet due, `#dueCount` of them. */
  readonly #due: Subscription[] = [];
  #dueCount = 0;
  #dueTime = 0;
  #scheduled = false;
  #spoke = false;
  #mute = false;
  #stalled = false;

  constructor(parts: {
    readonly socket: WebSocket;
    readonly userId: string;
    readonly apiKey: string;
    readonly market: SandboxMarket;
    readonly faults: FaultPlan;
    readonly subscribers: Subscribers;
  }) {
    this.userId = parts.userId;
    this.apiKey = parts.apiKey;
    this.#socket = parts.socket;
    this.#market = parts.market;
    this.#faults = parts.faults;
    this.#subscribers = parts.subscribers;
    this.#socket.on('message', (data, isBinary) => this.#hear(isBinary ? '' : data.toString()));
    // A broken socket is followed by its close, which is all there is to do about it.
    this.#socket.on('error', () => this.#socket.terminate());
  }

  /** A print of something watched. Ticks of one instant leave together, so a new instant sends what is due of the last. */
  print(subscription: Subscription, quote: Quote): void {
    if (this.#dueCount > 0 && quote.time !== this.#dueTime) this.#flush();
    this.#dueTime = quote.time;
    this.#take(subscription, quote);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#turnEnds);
  }

  /** Order frames wait for nothing and are never left out. */
  sendText(text: string): void {
    this.#spoke = true;
    if (!this.#mute && this.#isOpen()) this.#socket.send(text);
  }

  /** A second has passed: one byte to a client that heard nothing in it. */
  beat(): void {
    if (!this.#spoke) this.#send(heartbeat, false);
    this.#spoke = false;
  }

  close(): void {
    for (const subscription of this.#watched.values()) this.#subscribers.remove(subscription);
    this.#watched.clear();
    this.#socket.terminate();
  }

  #hear(text: string): void {
    const message = clientMessage(text);
    if (typeof message === 'string') this.#complain(message);
    else if (message.kind === 'subscribe') this.#subscribe(message.tokens);
    else if (message.kind === 'unsubscribe') this.#unsubscribe(message.tokens);
    else this.#setMode(message.mode, message.tokens);
  }

  // The last tick comes at once, also to a second subscription and outside the hours of the market. Forum 766.
  #subscribe(tokens: readonly number[]): void {
    let refused = 0;
    for (const token of tokens) {
      const known = this.#watched.get(token);
      if (known) this.#again(known, known.mode);
      else if (this.#watched.size >= kiteTokensPerSocket) refused += 1;
      else this.#watch(token);
    }
    this.#flush();
    if (refused > 0)
      this.#complain(
        `Subscription limit of ${kiteTokensPerSocket} instruments exceeded: ${refused} not subscribed.`,
      );
  }

  // Kite says nothing about a token it does not know; neither does the sandbox.
  #watch(token: number): void {
    const listed = this.#market.byToken(token);
    if (!listed) return;
    const watched: Subscription = {
      connection: this,
      listed,
      mode: 'quote',
      due: false,
      newest: noPacket,
      sent: noPacket,
    };
    this.#watched.set(token, watched);
    this.#subscribers.add(watched);
    this.#again(watched, watched.mode);
  }

  #unsubscribe(tokens: readonly number[]): void {
    for (const token of tokens) {
      const subscription = this.#watched.get(token);
      if (!subscription) continue;
      this.#watched.delete(token);
      this.#subscribers.remove(subscription);
    }
  }

  #setMode(mode: TickMode, tokens: readonly number[]): void {
    for (const token of tokens) {
      const subscription = this.#watched.get(token);
      if (subscription) this.#again(subscription, mode);
    }
    this.#flush();
  }

  /** Forgets what was sent, so that the next packet goes out whether or not it is the same. */
  #again(subscription: Subscription, mode: TickMode): void {
    const { listing, instrument } = subscription.listed;
    subscription.mode = mode;
    subscription.newest = Buffer.alloc(packetBytes(listing.token, mode));
    subscription.sent = Buffer.alloc(packetBytes(listing.token, mode));
    const quote = this.#market.quote(instrument.key);
    if (quote) this.#take(subscription, quote);
  }

  /** Writes the packet down at once: a quote is one object, and the next print changes it. */
  #take(subscription: Subscription, quote: Quote): void {
    writePacket(subscription.newest, 0, quote, subscription.mode);
    if (subscription.due) return;
    subscription.due = true;
    this.#due[this.#dueCount++] = subscription;
  }

  readonly #turnEnds = (): void => {
    this.#scheduled = false;
    this.#flush();
  };

  #flush(): void {
    if (this.#dueCount === 0 || !this.#isOpen()) return;
    // What is due stays due, and its newest packet leaves when the reader has caught up.
    if (this.#socket.bufferedAmount > waitingBytesMax) return;
    const end = this.#writeDue();
    if (end > 2) this.#send(Buffer.from(frame.subarray(0, end)), true);
  }

  /** Fills the frame with the packets that are due and have changed; answers its end. */
  #writeDue(): number {
    let end = 2;
    let packets = 0;
    for (let index = 0; index < this.#dueCount; index++) {
      const subscription = this.#due[index];
      subscription.due = false;
      // A subscription that was given up may still be among those due.
      if (this.#watched.get(subscription.listed.listing.token) !== subscription) continue;
      const { newest, sent } = subscription;
      if (newest.equals(sent)) continue;
      newest.copy(sent);
      frame.writeUInt16BE(newest.length, end);
      newest.copy(frame, end + 2);
      end += 2 + newest.length;
      packets += 1;
    }
    this.#dueCount = 0;
    frame.writeUInt16BE(packets, 0);
    return end;
  }

  #send(bytes: Buffer, isTick: boolean): void {
    if (!this.#isOpen() || this.#mute || (this.#stalled && isTick)) return;
    const fault = this.#faults.socket(this.userId);
    if (fault === 'close') this.#socket.terminate();
    this.#mute ||= fault === 'mute';
    this.#stalled ||= fault === 'stall';
    if (fault === 'garbage' && isTick) spoil(bytes, this.#faults.chance);
    if (fault === 'close' || this.#mute || (this.#stalled && isTick)) return;
    this.#spoke = true;
    this.#socket.send(bytes, this.#sent);
  }

  // A reader that has caught up gets what was held back for it.
  readonly #sent = (): void => {
    if (!this.#scheduled) this.#flush();
  };

  #complain(text: string): void {
    this.sendText(JSON.stringify({ type: 'error', data: text }));
  }

  #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }
}

const noPacket = Buffer.alloc(0);

/** Where every frame is put together before it is copied to its socket; frames are written one at a time. */
const frame = Buffer.alloc(2 + kiteTokensPerSocket * (2 + packetBytesMax));

/** Overwrites a few bytes, the counts and lengths among them. */
function spoil(bytes: Buffer, chance: () => number): void {
  const strokes = 1 + Math.floor(chance() * 8);
  for (let stroke = 0; stroke < strokes; stroke++)
    bytes[Math.floor(chance() * bytes.length)] = Math.floor(chance() * 256);
}
