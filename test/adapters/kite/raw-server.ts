import { createServer, type Socket } from 'node:net';
import { createKiteClient, type KiteClient } from '../../../src/adapters/kite/kite-client.ts';
import { createWire } from '../../../src/adapters/kite/send-request.ts';

export interface RawServer {
  readonly root: string;
  /** Whole requests, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** A server of bytes: `serve` is given each whole request and its number from 1, and does what it likes with the connection. */
export async function rawServer(
  serve: (socket: Socket, request: string, number: number) => void,
): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let buffered = '';
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      buffered += bytes.toString('latin1');
      for (;;) {
        const head = buffered.indexOf('\r\n\r\n');
        if (head < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(buffered.slice(0, head))?.[1] ?? 0);
        if (buffered.length < head + 4 + length) return;
        const request = buffered.slice(0, head + 4 + length);
        buffered = buffered.slice(head + 4 + length);
        requests.push(request);
        serve(socket, request, requests.length);
      }
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    root: `http://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      new Promise((closed) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => closed());
      }),
  };
}

export function reply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = {
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} X\r\n${lines.join('')}\r\n${body}`;
}

export const data = (value: unknown): string => JSON.stringify({ status: 'success', data: value });
export const error = (errorType: string, message = 'No.'): string =>
  JSON.stringify({ status: 'error', message, error_type: errorType, data: null });

/** A client on a clock that goes forward by what is waited, and waits for nothing. */
export function heldClient(root: string, options: { timeoutMs?: number; accessToken?: string } = {}) {
  let now = 1_764_040_000_000;
  const slept: number[] = [];
  const wire = createWire();
  const client: KiteClient = createKiteClient({
    root,
    apiKey: 'key',
    accessToken: options.accessToken ?? 'token',
    wire,
    clock: { now: () => now },
    waiting: {
      async sleep(ms) {
        slept.push(ms);
        now += ms;
      },
      random: () => 0.5,
    },
    timeoutMs: options.timeoutMs ?? 2_000,
  });
  return { client, slept, close: () => wire.close() };
}
