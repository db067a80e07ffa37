import { printable } from './screen.ts';

export function loginText({
  account,
  userId,
  userName,
  expiry,
  sandbox,
  root,
}: {
  readonly account: string;
  readonly userId: string;
  readonly userName: string;
  readonly expiry: string | null;
  readonly sandbox: boolean;
  readonly root: string;
}): string {
  const where = sandbox ? `at the sandbox ${root}, where nothing is real` : `until ${stamp(expiry)}`;
  return `Logged in as ${userId} (${printable(userName)}), account ${account}, ${where}.`;
}

export function logoutText({
  account,
  broker,
  reason,
}: {
  readonly account: string;
  readonly broker: 'ended' | 'unreachable' | 'none';
  readonly reason: string | null;
}): string {
  switch (broker) {
    case 'none':
      return `Account ${account} was not logged in.`;
    case 'ended':
      return `Logged out: the session of account ${account} is ended at the broker and deleted here.`;
    case 'unreachable':
      return [
        `The session of account ${account} is deleted here, but the broker could not be told: ${printable(reason ?? '')}`,
        'The token stays valid until 06:00. To end it now, log out of all sessions at kite.zerodha.com (My profile, Password & security).',
      ].join('\n');
    default:
      return broker satisfies never;
  }
}

export interface Whoami {
  readonly account: string;
  readonly userId: string;
  /** Null when the broker could not be asked. */
  readonly userName: string | null;
  readonly exchanges: readonly string[];
  readonly sandbox: boolean;
  readonly root: string;
  readonly expiry: string | null;
  /** `confirmed` the session, or `unreachable`: then this is only what is stored. */
  readonly broker: 'confirmed' | 'unreachable';
  readonly reason: string | null;
  readonly exitCode: number;
}

export function whoamiText({
  account,
  userId,
  userName,
  exchanges,
  sandbox,
  root,
  expiry,
  broker,
  reason,
}: Whoami): string {
  const who = userName === null ? userId : `${userId} (${printable(userName)})`;
  const lines = [
    `${who}, account ${account}${sandbox ? ', sandbox: nothing is real' : ''}`,
    `Session ${expiry === null ? 'until the sandbox ends it' : `until ${stamp(expiry)}`}, at ${root}`,
  ];
  if (exchanges.length > 0) lines.push(`Exchanges ${exchanges.map(printable).join(', ')}`);
  if (broker === 'unreachable')
    lines.push(`This is only what is stored; the broker could not be asked: ${printable(reason ?? '')}`);
  return lines.join('\n');
}

/** `2026-11-26 06:00` of an ISO instant in India's time. */
function stamp(instant: string | null): string {
  return instant?.slice(0, 16).replace('T', ' ') ?? '';
}
