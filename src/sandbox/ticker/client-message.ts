import { type TickMode, tickModes } from './packet.ts';

/** What a client asks of its connection. */
export type ClientMessage =
  | { readonly kind: 'subscribe'; readonly tokens: readonly number[] }
  | { readonly kind: 'unsubscribe'; readonly tokens: readonly number[] }
  | { readonly kind: 'mode'; readonly mode: TickMode; readonly tokens: readonly number[] };

/** Reads `{"a":"subscribe","v":[408065]}` and its like; answers in words what is wrong with anything else. */
export function clientMessage(text: string): ClientMessage | string {
  const { a: action, v: value } = fieldsOf(text);
  switch (action) {
    case 'subscribe':
    case 'unsubscribe':
      return isTokens(value) ? { kind: action, tokens: value } : `Invalid tokens in "${action}".`;
    case 'mode': {
      const [mode, tokens]: readonly unknown[] = Array.isArray(value) ? value : [];
      if (!isMode(mode)) return `Invalid mode "${String(mode)}". Use ltp, quote or full.`;
      return isTokens(tokens) ? { kind: 'mode', mode, tokens } : 'Invalid tokens in "mode".';
    }
    default:
      return 'Invalid message. Send {"a":"subscribe","v":[…]}, unsubscribe or mode.';
  }
}

function fieldsOf(text: string): { readonly a?: unknown; readonly v?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return { a: Reflect.get(Object(value), 'a'), v: Reflect.get(Object(value), 'v') };
  } catch {
    // What is no JSON has no fields, and is answered as an unknown message.
    return {};
  }
}

function isMode(value: unknown): value is TickMode {
  return tickModes.some((mode) => mode === value);
}

function isTokens(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((token) => Number.isInteger(token) && token > 0);
}
