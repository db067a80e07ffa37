import { isTooDeep, jsonDepthMax } from './json-depth.ts';

/** What Kite's answer says, once its envelope is off. `garbled` is anything that is not Kite's envelope. */
export type KiteAnswer =
  | { readonly kind: 'data'; readonly data: unknown }
  | { readonly kind: 'error'; readonly status: number; readonly errorType: string; readonly message: string }
  | { readonly kind: 'garbled'; readonly status: number; readonly why: string };

const messageLengthMax = 1_000;
const errorTypeLengthMax = 100;

/** Takes the envelope off. Never throws: an answer that cannot be understood is itself an answer. */
export function openEnvelope(status: number, body: Uint8Array): KiteAnswer {
  const text = new TextDecoder('utf-8', { fatal: false }).decode(body);
  if (isTooDeep(text)) return { kind: 'garbled', status, why: `nested more than ${jsonDepthMax} deep` };
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return {
      kind: 'garbled',
      status,
      why: text.trim() === '' ? 'empty' : /^\s*</.test(text) ? 'a web page' : 'not JSON',
    };
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return { kind: 'garbled', status, why: 'not an envelope' };
  const {
    status: verdict,
    data,
    error_type: errorType,
    message,
  } = document as Readonly<Record<string, unknown>>;
  if (status === 200 && verdict === 'success' && data !== undefined) return { kind: 'data', data };
  if (typeof errorType === 'string' && verdict !== 'success')
    return {
      kind: 'error',
      status,
      errorType: errorType.slice(0, errorTypeLengthMax),
      message: words(message),
    };
  return { kind: 'garbled', status, why: 'not an envelope' };
}

/** Anything but text could throw when it is made into one. */
function words(message: unknown): string {
  return typeof message === 'string' ? message.slice(0, messageLengthMax) : '';
}
