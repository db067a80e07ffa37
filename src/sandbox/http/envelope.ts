import { gzipSync } from 'node:zlib';
import type { WholeReply } from '../faults/apply-fault.ts';
import { type KiteErrorType, KiteRefusal, type KiteReply } from './route.ts';

/** Status that Kite sends with an error type. Source: Kite Connect v3, exceptions; forum for 429. */
const usualStatus: Readonly<Record<KiteErrorType, number>> = {
  TokenException: 403,
  UserException: 403,
  PermissionException: 403,
  InputException: 400,
  OrderException: 400,
  MarginException: 400,
  HoldingException: 400,
  NetworkException: 503,
  DataException: 502,
  GeneralException: 500,
};

/** Smaller answers are not worth the packing. */
const gzipBytesMin = 860;

export function successReply(reply: KiteReply): WholeReply {
  if ('text' in reply) return replyOf(200, reply.text, reply.contentType);
  return replyOf(200, JSON.stringify({ status: 'success', data: reply.data }), 'application/json');
}

export function errorReply(error: unknown): WholeReply {
  const refusal =
    error instanceof KiteRefusal
      ? error
      : new KiteRefusal('GeneralException', 'Something went wrong inside the sandbox.');
  const { errorType, message, status } = refusal;
  const body = JSON.stringify({ status: 'error', message, data: null, error_type: errorType });
  return replyOf(status ?? usualStatus[errorType], body, 'application/json');
}

export function htmlReply(status: number, page: string): WholeReply {
  return replyOf(status, page, 'text/html; charset=utf-8');
}

export function replyOf(status: number, body: string, contentType: string): WholeReply {
  return { status, headers: { 'content-type': contentType }, body: Buffer.from(body) };
}

/** The reply as the client wants it: packed when it takes gzip and there is something to pack. */
export function packed(reply: WholeReply, acceptEncoding: string | undefined): WholeReply {
  if (reply.body.length < gzipBytesMin || !/\bgzip\b/.test(acceptEncoding ?? '')) return reply;
  return {
    ...reply,
    headers: { ...reply.headers, 'content-encoding': 'gzip', vary: 'accept-encoding' },
    body: gzipSync(reply.body, { level: 1 }),
  };
}
