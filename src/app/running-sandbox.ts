import { AuthError, messageOf } from '../domain/errors.ts';
import type { Context } from './context.ts';
import { type RunningSandbox, requestTokenIn } from './login.ts';
import { readNotice } from './sandbox-notice.ts';

/** Milliseconds that a sandbox on this computer may take to answer. */
const answerWithinMs = 5_000;

/**
 * The sandbox that runs in this home, seen by its first account.
 *
 * @throws AuthError AUTH_SANDBOX when none runs; DataError DATA_SANDBOX when its notice is damaged
 */
export async function runningSandbox({ folders }: Pick<Context, 'folders'>): Promise<RunningSandbox> {
  const notice = readNotice(folders);
  const account = notice?.accounts[0];
  if (!notice || !account)
    throw new AuthError('AUTH_SANDBOX', 'No sandbox runs in this home.', 'Run: algo sandbox up');
  const { url, wsUrl, prefix } = notice;
  const { userId, apiKey, apiSecret } = account;
  return {
    ...{ root: url, wsRoot: wsUrl, prefix, userId, apiKey, apiSecret },
    async requestToken() {
      const page = new URL(`${url}/connect/login`);
      page.search = new URLSearchParams({ v: '3', api_key: apiKey, auto: '1' }).toString();
      return requestTokenIn(await redirectOf(page));
    },
  };
}

/** Where the login page sends a user of the sandbox who says yes. */
async function redirectOf(page: URL): Promise<string> {
  let answer: Response;
  try {
    answer = await fetch(page, { redirect: 'manual', signal: AbortSignal.timeout(answerWithinMs) });
  } catch (cause) {
    throw new AuthError(
      'AUTH_SANDBOX',
      `The sandbox of this home does not answer at ${page.origin} (${messageOf(cause)}).`,
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
