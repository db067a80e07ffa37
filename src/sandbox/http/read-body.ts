import type { IncomingMessage } from 'node:http';
import { KiteRefusal } from './route.ts';

/** A basket of orders takes a few kilobytes. */
const bodyBytesMax = 1_048_576;

export interface Body {
  readonly form: URLSearchParams;
  /** Undefined unless the request says it is JSON. */
  readonly json: unknown;
}

/** Reads a form or a JSON body. @throws KiteRefusal for one that is too long, or no JSON although it says so */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new KiteRefusal('InputException', 'The body is too long.', 413);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/json')) return { form: new URLSearchParams(text), json: undefined };
  try {
    return { form: new URLSearchParams(), json: JSON.parse(text) };
  } catch {
    throw new KiteRefusal('InputException', "Couldn't parse the JSON body.");
  }
}
