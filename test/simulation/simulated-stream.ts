import { secondMs } from '#src/domain/time.ts';
import type { BookedOrder, SimulatedKite } from './simulated-kite.ts';
import type { Listed } from './simulated-market.ts';
import { type StreamServer, serve, type WebSocket } from './stand-ins/ws.ts';
import type { World } from './world.ts';

export interface StreamFaults {
  /** A second in which the connection drops. */
  drop: number;
  /** A second from which nothing comes for a while, not even a heartbeat; and one from which only heartbeats come. */
  silence: number;
  stall: number;
  /** A frame that is cut or has a byte flipped in its head. */
  damaged: number;
  late: number;
  frameLost: number;
  frameTwice: number;
  frameLate: number;
  frameGarbage: number;
}

const calm: StreamFaults = {
  ...{ drop: 0, silence: 0, stall: 0, damaged: 0, late: 0 },
  ...{ frameLost: 0, frameTwice: 0, frameLate: 0, frameGarbage: 0 },
};

/** The far end of the price stream: binary ticks, heartbeats and order frames, some of them not as they should be. */
export class SimulatedStream implements StreamServer {
  faults: StreamFaults = calm;
  /** Tokens of access that are taken. */
  taken: (accessToken: string) => boolean = () => true;
  /** When the program last heard anything, by the world's clock. */
  heardAt = Number.NEGATIVE_INFINITY;
  readonly #world: World;
  readonly #kite: SimulatedKite;
  readonly #draw: () => number;
  readonly #sockets = new Map<WebSocket, Set<number>>();
  #silentUntil = 0;
  #stalledUntil = 0;

  constructor(world: World, kite: SimulatedKite) {
    this.#world = world;
    this.#kite = kite;
    this.#draw = world.chance('stream');
    serve(this);
    kite.onOrder = (order) => this.#order(order);
  }

  begin(): void {
    const beat = () => {
      this.#second();
      this.#world.after(secondMs, beat);
    };
    this.#world.after(500, beat);
  }

  calm(): void {
    this.faults = calm;
    this.#silentUntil = this.#stalledUntil = 0;
  }

  opened(socket: WebSocket): void {
    const token = socket.url.searchParams.get('access_token') ?? '';
    this.#world.forProgram(20 + this.#draw() * 80, () => {
      if (socket.over) return;
      if (!this.taken(token)) {
        socket.emit('unexpected-response', {}, { statusCode: 403 });
        return;
      }
      this.#sockets.set(socket, new Set());
      this.heardAt = this.#world.mono;
      socket.emit('open');
    });
  }

  said(socket: WebSocket, text: string): void {
    const { a, v } = JSON.parse(text);
    const tokens = this.#sockets.get(socket);
    if (a !== 'subscribe' || tokens === undefined) return;
    for (const token of v) tokens.add(Number(token));
    // What is known last comes at once, also outside of market hours.
    const known = this.#kite.market.listed.filter((each) => tokens.has(each.token) && each.lastTime > 0);
    if (known.length > 0) this.#send(socket, frameOf(known, this.#world.time));
  }

  left(socket: WebSocket): void {
    this.#sockets.delete(socket);
  }

  /** The process at the near end is gone. */
  reset(): void {
    this.#sockets.clear();
  }

  /** Prints of the second that has passed. */
  ticks(listed: readonly Listed[]): void {
    const { time, mono } = this.#world;
    if (mono < this.#silentUntil || mono < this.#stalledUntil) return;
    for (const [socket, tokens] of this.#sockets) {
      const wanted = listed.filter((each) => tokens.has(each.token) && each.lastTime === time);
      if (wanted.length === 0) continue;
      let frame = frameOf(wanted, time);
      if (this.#hits('damaged', 'feed:damaged-frame')) {
        if (this.#draw() < 0.5) frame = frame.subarray(0, Math.floor(this.#draw() * frame.length));
        else frame[Math.floor(this.#draw() * 4)] ^= 1 << Math.floor(this.#draw() * 8);
      }
      this.#send(socket, frame, this.#hits('late', 'feed:late-tick') ? this.#draw() * 5_000 : 0);
    }
  }

  #second(): void {
    const { mono } = this.#world;
    if (this.#sockets.size === 0) return;
    if (this.#hits('silence', 'feed:silent')) this.#silentUntil = mono + 2_000 + this.#draw() * 40_000;
    if (this.#hits('stall', 'feed:stalled-with-heartbeat')) this.#stalledUntil = mono + this.#draw() * 90_000;
    if (this.#hits('drop', 'feed:disconnect')) {
      this.#world.trace('stream: dropped');
      for (const socket of [...this.#sockets.keys()]) socket.drop();
      return;
    }
    if (mono < this.#silentUntil) return;
    for (const socket of this.#sockets.keys()) this.#send(socket, Buffer.alloc(1));
  }

  #order(order: BookedOrder): void {
    const { mono } = this.#world;
    const row = order.shown.at(-1)?.row;
    if (mono < this.#silentUntil || this.#hits('frameLost', 'update:dropped')) return;
    for (const socket of this.#sockets.keys()) {
      const times = this.#hits('frameTwice', 'update:duplicated') ? 2 + Math.floor(this.#draw() * 4) : 1;
      for (let copy = 0; copy < times; copy++) {
        const late = this.#hits('frameLate', 'update:late') ? this.#draw() * 20_000 : this.#draw() * 30;
        const text = this.#hits('frameGarbage', 'update:garbage')
          ? garbage[Math.floor(this.#draw() * garbage.length)]
          : JSON.stringify({ type: 'order', id: '', data: row });
        this.#world.forProgram(late, () => {
          if (socket.over) return;
          this.heardAt = this.#world.mono;
          socket.emit('message', Buffer.from(text), false);
        });
      }
    }
  }

  #send(socket: WebSocket, frame: Buffer, lateMs = 0): void {
    this.#world.forProgram(2 + this.#draw() * 40 + lateMs, () => {
      if (socket.over) return;
      this.heardAt = this.#world.mono;
      socket.emit('message', frame, true);
    });
  }

  #hits(name: keyof StreamFaults, label: string): boolean {
    const chance = this.faults[name];
    if (chance <= 0 || this.#draw() >= chance) return false;
    this.#world.count(label);
    return true;
  }
}

const garbage = [
  '',
  '{',
  '{"type":"order"}',
  '{"type":"order","data":{"order_id":7}}',
  '[[[[',
  '{"type":"?"}',
];

/** Kite's binary frame of packets in mode full; prices in paise, instants in Unix seconds, no depth. */
function frameOf(listed: readonly Listed[], time: number): Buffer {
  const frame = Buffer.alloc(2 + listed.length * 186);
  frame.writeUInt16BE(listed.length, 0);
  for (const [at, each] of listed.entries()) {
    const from = 2 + at * 186;
    frame.writeUInt16BE(184, from);
    const put = (offset: number, value: number) => frame.writeUInt32BE(value, from + 2 + offset);
    put(0, each.token);
    put(4, each.last);
    put(8, 1);
    put(12, each.last);
    put(16, each.volume);
    for (const [place, price] of [each.open, each.high, each.low, each.previousClose].entries())
      put(28 + place * 4, price);
    put(44, Math.floor(each.lastTime / 1_000));
    put(60, Math.floor(time / 1_000));
  }
  return frame;
}
