import { BrokerError, messageOf } from '../../domain/errors.ts';
import type { EpochMs } from '../../domain/time.ts';

/** Time and chance, which live elsewhere. */
export interface Pace {
  now(): EpochMs;
  sleep(ms: number): Promise<void>;
  /** 0 up to, not including, 1. */
  random(): number;
}

export interface Page {
  readonly status: number;
  readonly text: string;
}

/** Yahoo publishes no limit; clients that stay at two requests a second are left alone. */
export const requestsPerSecond = 2;

const attemptsMax = 5;
const firstDelayMs = 500;
const longestDelayMs = 30_000;
const timeoutMs = 15_000;
/** A page of ten years of days is 300 KB. */
const bytesMax = 10_000_000;

/**
 * A getter that spaces its requests and tries again after a busy, broken or cut answer, waiting longer each time. Answers the server
 * gave on purpose (200, 400, 404, 422) come back as they are.
 */
export function politeGetter(pace: Pace): (url: string) => Promise<Page> {
  let nextAt = 0;

  return async (url) => {
    for (
      let attempt = 1, delayMs = firstDelayMs;
      ;
      attempt++, delayMs = Math.min(longestDelayMs, delayMs * 2)
    ) {
      await turn();
      const outcome = await once(url);
      if (typeof outcome === 'object') return outcome;
      if (attempt === attemptsMax) {
        throw new BrokerError(
          'BROKER_YAHOO',
          `${new URL(url).host} gave no usable answer in ${attemptsMax} attempts: ${outcome}.`,
          'Run the same command again later: what was fetched is kept.',
        );
      }
      await pace.sleep(delayMs * (0.5 + pace.random()));
    }
  };

  async function turn(): Promise<void> {
    const now = pace.now();
    const at = Math.max(now, nextAt);
    nextAt = at + 1_000 / requestsPerSecond;
    if (at > now) await pace.sleep(at - now);
  }
}

/** The page, or in words why it may be different next time. */
async function once(url: string): Promise<Page | string> {
  try {
    const answer = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      // Without a browser's name Yahoo answers 429 to everything.
      headers: { accept: 'application/json', 'user-agent': 'Mozilla/5.0 (compatible; algo)' },
    });
    const text = await textOf(answer);
    const { status } = answer;
    if (status === 429 || status >= 500) return `status ${status}`;
    if (status === 401 || status === 403) return `status ${status}, access refused`;
    return isJson(text) ? { status, text } : `status ${status} with something other than JSON`;
  } catch (error) {
    const { cause } = Object(error);
    return cause === undefined ? messageOf(error) : `${messageOf(error)}: ${messageOf(cause)}`;
  }
}

async function textOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error(`more than ${bytesMax} bytes`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // A page that says so in HTML, or one that was cut: the caller asks again.
    return false;
  }
}
