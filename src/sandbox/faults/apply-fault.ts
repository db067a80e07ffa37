import type { ServerResponse } from 'node:http';
import type { TimerClock } from '../../engine/ports.ts';
import type { HttpFault } from './fault-plan.ts';

/** An answer, ready to be sent. */
export interface WholeReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * Does to a response what the fault says, and answers whether the request may still go on.
 * `reply` is what would have been sent; absent before the request is carried out.
 * `silence` keeps the connection open until the client gives up or the server closes.
 * A dead token is the server's to carry out: nothing is done for it here.
 */
export async function applyFault(
  fault: HttpFault,
  response: ServerResponse,
  clock: TimerClock,
  reply?: WholeReply,
): Promise<'go-on' | 'done'> {
  switch (fault.kind) {
    case 'silence':
      return 'done';
    case 'reset':
      response.socket?.resetAndDestroy();
      return 'done';
    case 'wait':
      await new Promise<void>((wake) => clock.at(clock.now() + fault.ms, wake));
      return 'go-on';
    case 'answer':
      response.writeHead(fault.status, { 'content-type': fault.contentType });
      response.end(fault.body);
      return 'done';
    case 'truncate':
      breakOff(response, reply, fault.afterBytes);
      return 'done';
    case 'kill-token':
      return 'go-on';
    default:
      return fault satisfies never;
  }
}

// The length is announced whole, so that a client can tell; many do not look.
function breakOff(response: ServerResponse, reply: WholeReply | undefined, afterBytes: number): void {
  const body = reply?.body ?? Buffer.alloc(0);
  response.writeHead(reply?.status ?? 200, { ...reply?.headers, 'content-length': String(body.length) });
  response.write(body.subarray(0, afterBytes), () => response.socket?.end());
}
