import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AuthError, codeOf, messageOf } from '../domain/errors.ts';
import type { Context } from './context.ts';
import { type RunningSandbox, requestTokenIn } from './login.ts';

/** Milliseconds that a sandbox on this computer may take to answer. */
const answerWithinMs = 5_000;

const loopback = (scheme: 'http' | 'ws') =>
  z.string().regex(new RegExp(`^${scheme}://(127\\.0\\.0\\.1|localhost|\\[::1\\]):\\d+/?$`));

/** What a running sandbox says of itself in `<home>/data/sandbox/sandbox.json`. Further fields are its own business. */
const notice = z.object({
  url: loopback('http'),
  wsUrl: loopback('ws'),
  accounts: z.array(z.object({ userId: z.string(), apiKey: z.string(), apiSecret: z.string() })).min(1),
});

/**
 * The sandbox that runs in this home, seen by its first account.
 *
 * @throws AuthError AUTH_SANDBOX when none runs, or it says something of itself that this program does not know
 */
export async function runningSandbox({ folders }: Pick<Context, 'folders'>): Promise<RunningSandbox> {
  const file = join(folders.data, 'sandbox', 'sandbox.json');
  const { url, wsUrl, accounts } = noticeIn(file);
  const [{ userId, apiKey, apiSecret }] = accounts;
  const root = url.replace(/\/$/, '');
  return {
    root,
    wsRoot: wsUrl.replace(/\/$/, ''),
    userId,
    apiKey,
    apiSecret,
    async requestToken() {
      const page = new URL(`${root}/connect/login`);
      page.search = new URLSearchParams({ v: '3', api_key: apiKey, auto: '1' }).toString();
      return requestTokenIn(await redirectOf(page, file));
    },
  };
}

function noticeIn(file: string): z.output<typeof notice> {
  try {
    return notice.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') {
      throw new AuthError('AUTH_SANDBOX', 'No sandbox runs in this home.', 'Run: algo sandbox up');
    }
    throw new AuthError(
      'AUTH_SANDBOX',
      `${file} is not what a sandbox writes.`,
      `Run: rm ${file}   Then: algo sandbox up`,
    );
  }
}

/** Where the login page sends a user of the sandbox who says yes. */
async function redirectOf(page: URL, file: string): Promise<string> {
  let answer: Response;
  try {
    answer = await fetch(page, { redirect: 'manual', signal: AbortSignal.timeout(answerWithinMs) });
  } catch (cause) {
    throw new AuthError(
      'AUTH_SANDBOX',
      `The sandbox at ${page.origin}, of which ${file} tells, does not answer: ${messageOf(cause)}.`,
      'Run: algo sandbox up',
      cause,
    );
  }
  await answer.body?.cancel();
  const target = answer.headers.get('location');
  if (answer.status === 302 && target) return target;
  throw new AuthError(
    'AUTH_SANDBOX',
    `The sandbox at ${page.origin} answered its login with status ${answer.status}.`,
    'Run: algo sandbox up',
  );
}
