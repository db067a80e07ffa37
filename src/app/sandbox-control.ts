import { BrokerError, messageOf, UsageError } from '../domain/errors.ts';
import type { SandboxAddress } from './sandbox-notice.ts';

/** Milliseconds that a sandbox on this machine may take to answer. */
const answerWithinMs = 5_000;

/**
 * Asks a running sandbox something on one of its control paths, `/sandbox/faults` for one, and resolves to its answer.
 *
 * @throws UsageError USAGE_SANDBOX for a URL that is not on this machine, or for what the sandbox refuses, in its words
 * @throws BrokerError BROKER_SANDBOX_AWAY when nothing answers
 */
export async function askSandbox(
  { url: root, secret }: SandboxAddress,
  path: string,
  body: unknown,
): Promise<unknown> {
  const url = loopbackUrl(root, path);
  const { status, text } = await posted(url, secret, body);
  if (status === 200) return JSON.parse(text);
  throw new UsageError('USAGE_SANDBOX', refusalOf(status, text), 'Run: algo sandbox status');
}

function loopbackUrl(root: string, path: string): URL {
  const url = URL.canParse(root) ? new URL(path, root) : undefined;
  if (url?.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)) return url;
  throw new UsageError(
    'USAGE_SANDBOX',
    `"${root}" is not the URL of a sandbox on this machine.`,
    'Give the URL that "algo sandbox up" printed, for example --url http://127.0.0.1:8080',
  );
}

async function posted(url: URL, secret: string, body: unknown): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-sandbox-secret': secret },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(answerWithinMs),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw new BrokerError(
      'BROKER_SANDBOX_AWAY',
      `No sandbox answers at ${url.origin}: ${messageOf(error)}.`,
      'Run: algo sandbox up',
      error,
    );
  }
}

/** The sandbox's own words, or its status where it has none. */
function refusalOf(status: number, text: string): string {
  try {
    const message: unknown = Reflect.get(Object(JSON.parse(text)), 'message');
    if (typeof message === 'string') return message;
  } catch {
    // A page that is no JSON has no words for us; its status has to do.
  }
  return `The sandbox answered with status ${status}.`;
}
