import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is answered to one request, whoever asks. */
export interface Reply {
  readonly status?: number;
  readonly contentType?: string;
  readonly body: string;
}

export interface ReplyServer {
  readonly root: string;
  /** The reply to every request from now on. */
  answer(reply: Reply): void;
  /** Method and target of the last request. */
  readonly last: string;
  close(): Promise<void>;
}

/** A server on this machine that gives one reply to whatever is asked, so that two clients can read the same bytes. */
export async function openReplyServer(): Promise<ReplyServer> {
  let reply: Reply = { status: 404, body: '' };
  let last = '';
  const server = createServer((request: IncomingMessage, response) => {
    last = `${request.method} ${request.url}`;
    request.resume();
    request.on('end', () => {
      response.writeHead(reply.status ?? 200, { 'content-type': reply.contentType ?? 'application/json' });
      response.end(reply.body);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer(next) {
      reply = next;
    },
    get last() {
      return last;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
