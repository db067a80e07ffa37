/** What Kite's answer says, once its envelope is off. `garbled` is anything that is not Kite's envelope. */
export type KiteAnswer =
  | { readonly kind: 'data'; readonly data: unknown }
  | { readonly kind: 'error'; readonly status: number; readonly errorType: string; readonly message: string }
  | { readonly kind: 'garbled'; readonly status: number; readonly why: string };

const depthMax = 64;
const messageLengthMax = 1_000;

/** Takes the envelope off. Never throws: an answer that cannot be understood is itself an answer. */
export function openEnvelope(status: number, body: Uint8Array): KiteAnswer {
  const text = new TextDecoder('utf-8', { fatal: false }).decode(body);
  if (deeperThan(text, depthMax))
    return { kind: 'garbled', status, why: `nested more than ${depthMax} deep` };
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
    return { kind: 'error', status, errorType, message: String(message ?? '').slice(0, messageLengthMax) };
  return { kind: 'garbled', status, why: 'not an envelope' };
}

/** Brackets outside of strings; the parser itself would recurse without a bound. */
function deeperThan(text: string, most: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (quoted) {
      if (letter === 92) at += 1;
      else if (letter === 34) quoted = false;
    } else if (letter === 34) quoted = true;
    else if (letter === 91 || letter === 123) {
      depth += 1;
      if (depth > most) return true;
    } else if (letter === 93 || letter === 125) depth -= 1;
  }
  return false;
}
