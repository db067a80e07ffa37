import { WebSocket } from 'ws';

/** A WebSocket client that keeps what it hears and lets a test wait for it. */
export class TickerClient {
  readonly socket: WebSocket;
  readonly frames: Array<Buffer | string> = [];
  #wake: () => void = () => {};
  closed = false;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer, isBinary) => {
      this.frames.push(isBinary ? data : data.toString());
      this.#wake();
    });
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
    socket.on('error', () => undefined);
  }

  /** The client, or the HTTP status with which it was refused. */
  static open(url: string): Promise<TickerClient | number> {
    return new Promise((resolve, reject) => {
      const client = new TickerClient(new WebSocket(url));
      client.socket.on('open', () => resolve(client));
      client.socket.on('unexpected-response', (_request, response) => {
        response.resume();
        client.socket.terminate();
        resolve(response.statusCode ?? 0);
      });
      client.socket.on('error', reject);
    });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Resolves to the first frame, heard before or later, that `wanted` accepts, and forgets it and those before it. */
  async hear(wanted: (frame: Buffer | string) => boolean): Promise<Buffer | string> {
    for (;;) {
      const index = this.frames.findIndex(wanted);
      const found = this.frames[index];
      if (found !== undefined) {
        this.frames.splice(0, index + 1);
        return found;
      }
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }

  /** The bodies of the packets of the next frame of ticks. */
  async ticks(): Promise<Buffer[]> {
    return packetsOf(await this.hear((frame) => frame.length > 2 && typeof frame !== 'string'));
  }

  /** The next text frame, parsed. */
  async text(): Promise<{ type: string; data: unknown }> {
    return JSON.parse(String(await this.hear((frame) => typeof frame === 'string')));
  }

  async waitForClose(): Promise<void> {
    while (!this.closed)
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
  }

  /** Resolves when the server has read everything sent so far: a ping is answered in its turn. */
  async settled(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.socket.once('pong', () => resolve());
      this.socket.ping();
    });
  }

  close(): void {
    this.socket.terminate();
  }
}

export function packetsOf(frame: Buffer | string): Buffer[] {
  const bytes = Buffer.from(frame);
  const packets: Buffer[] = [];
  let offset = 2;
  for (let packet = 0; packet < bytes.readUInt16BE(0); packet++) {
    const length = bytes.readUInt16BE(offset);
    packets.push(bytes.subarray(offset + 2, offset + 2 + length));
    offset += 2 + length;
  }
  if (offset !== bytes.length)
    throw new Error(`A frame of ${bytes.length} bytes holds packets up to ${offset}`);
  return packets;
}
