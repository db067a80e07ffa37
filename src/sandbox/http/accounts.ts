import { createHash, randomBytes } from 'node:crypto';
import { kiteTokenDeath } from '../../domain/kite-token.ts';
import { type EpochMs, minuteMs } from '../../domain/time.ts';
import type { Clock } from '../../engine/ports.ts';
import { KiteRefusal } from './route.ts';
import { sameText } from './same-text.ts';

/** "A few minutes", and good for one exchange. Real minutes: a person is at the other end. */
const requestTokenMs = 5 * minuteMs;

/** A person with an app of his own. The key and the secret open nothing but the sandbox. */
export interface Account {
  readonly userId: string;
  readonly userName: string;
  readonly email: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Where the login page sends the browser; on this computer. */
  readonly redirectUrl: string;
  /** Where updates of its orders are posted; on this computer. Undefined posts none. */
  readonly postbackUrl?: string | undefined;
}

export interface Session {
  readonly account: Account;
  readonly accessToken: string;
  readonly publicToken: string;
  readonly loginTime: EpochMs;
  /** 06:00 of the next morning, India time of the sandbox's clock. */
  readonly dies: EpochMs;
}

/** Who may log in and who has. Sessions of several accounts, and several of one, stand beside each other. */
export interface Accounts {
  readonly list: readonly Account[];
  byApiKey(apiKey: string): Account | undefined;
  byUser(userId: string): Account | undefined;
  /** A request token for an app whose user has said yes. */
  approve(apiKey: string): string;
  /** Exchanges a request token. @throws KiteRefusal TokenException for a used, old or foreign one, and for a wrong checksum */
  open(request: {
    readonly apiKey: string;
    readonly requestToken: string;
    readonly checksum: string;
  }): Session;
  /** The living session of a pair; undefined for a dead or strange one. */
  session(apiKey: string, accessToken: string): Session | undefined;
  close(apiKey: string, accessToken: string): boolean;
  /** Kills all sessions of a user, or of everybody; answers how many there were. */
  kill(userId?: string): number;
  living(): readonly Session[];
}

/** Keys and secret of a user are the same in every sandbox, so that a program's settings outlast a restart. */
export function accountOf(userId: string, redirectUrl: string): Account {
  return {
    userId,
    userName: `Sandbox ${userId}`,
    email: `${userId.toLowerCase()}@sandbox.invalid`,
    apiKey: sha256(`sandbox key ${userId}`).slice(0, 16),
    apiSecret: sha256(`sandbox secret ${userId}`).slice(0, 32),
    redirectUrl,
  };
}

export function createAccounts(options: {
  readonly accounts: readonly Account[];
  /** The sandbox's time: tokens die by it. */
  readonly clock: Clock;
  /** Real time: request tokens grow old by it. */
  readonly base: Clock;
}): Accounts {
  const { accounts, clock, base } = options;
  const approvals = new Map<string, { readonly apiKey: string; readonly until: EpochMs }>();
  const sessions = new Map<string, Session>();
  const byApiKey = (apiKey: string) => accounts.find((account) => account.apiKey === apiKey);

  function alive(session: Session | undefined): session is Session {
    if (!session) return false;
    if (clock.now() < session.dies) return true;
    sessions.delete(session.accessToken);
    return false;
  }

  return {
    list: accounts,
    byApiKey,
    byUser: (userId) => accounts.find((account) => account.userId === userId),

    approve(apiKey) {
      const requestToken = token();
      approvals.set(requestToken, { apiKey, until: base.now() + requestTokenMs });
      return requestToken;
    },

    open({ apiKey, requestToken, checksum }) {
      const account = byApiKey(apiKey);
      const approval = approvals.get(requestToken);
      if (!account || !approval || approval.apiKey !== apiKey || base.now() > approval.until)
        throw new KiteRefusal('TokenException', 'Token is invalid or has expired.');
      if (!sameText(checksum, sha256(apiKey + requestToken + account.apiSecret)))
        throw new KiteRefusal('TokenException', 'Invalid `checksum`.');
      approvals.delete(requestToken);
      const session: Session = {
        account,
        accessToken: token(),
        publicToken: token(),
        loginTime: clock.now(),
        dies: kiteTokenDeath(clock.now()),
      };
      sessions.set(session.accessToken, session);
      return session;
    },

    session(apiKey, accessToken) {
      const session = sessions.get(accessToken);
      return alive(session) && session.account.apiKey === apiKey ? session : undefined;
    },

    close(apiKey, accessToken) {
      const session = sessions.get(accessToken);
      return session?.account.apiKey === apiKey && sessions.delete(accessToken);
    },

    kill(userId) {
      const doomed = [...sessions.values()].filter(
        ({ account }) => userId === undefined || account.userId === userId,
      );
      for (const { accessToken } of doomed) sessions.delete(accessToken);
      return doomed.length;
    },

    living: () => [...sessions.values()].filter(alive),
  };
}

function token(): string {
  return randomBytes(24).toString('base64url').replace(/[-_]/g, '0');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
