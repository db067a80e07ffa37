import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

/** An account as it may be shown. */
export interface AccountRow {
  readonly name: string;
  readonly current: boolean;
  readonly userId: string;
  readonly apiKey: string;
  readonly encrypted: boolean;
  readonly sandbox: boolean;
  readonly redirectPort: number;
  /** Addresses of its own, by name; empty when the settings hold. */
  readonly addresses: Readonly<Record<string, string>>;
  /** `unknown` where telling would need the passphrase. */
  readonly session: 'none' | 'open' | 'over' | 'unknown';
  readonly expiry: string | null;
}

export interface ProfileList {
  readonly accounts: readonly AccountRow[];
}

export interface ProfileChange {
  readonly name: string;
  readonly did: 'added' | 'replaced' | 'chosen' | 'removed';
  readonly encrypted: boolean;
  /** What has to be entered at developers.kite.trade. */
  readonly redirectUrl: string | null;
  readonly current: string | null;
}

const sessionWords = {
  none: 'not logged in',
  open: 'logged in',
  over: 'run out',
  unknown: 'encrypted',
} as const;

export function profileListText({ accounts }: ProfileList, screen: Screen): string {
  return tableText(
    {
      columns: [
        'account',
        'client',
        { title: 'API key', optional: true },
        'secret',
        'session',
        'until',
        { title: 'addresses', optional: true },
      ],
      rows: accounts.map((account) => [
        `${account.current ? '* ' : '  '}${account.name}`,
        account.userId,
        account.apiKey,
        account.sandbox ? 'sandbox' : account.encrypted ? 'encrypted' : 'plain, 0600',
        sessionWords[account.session],
        account.expiry?.slice(0, 16).replace('T', ' ') ?? '',
        Object.entries(account.addresses)
          .map(([name, value]) => `${name} ${value || '""'}`)
          .join(', '),
      ]),
      ...(accounts.some(({ current }) => current) && { notes: ['* is meant when no --account is given.'] }),
      empty:
        'No Kite account is set up. Run: algo profile add main --api-key <key> --user <client id>; or algo login --sandbox to rehearse without one.',
    },
    screen,
  );
}

export function profileChangeText({ name, did, encrypted, redirectUrl, current }: ProfileChange): string {
  switch (did) {
    case 'chosen':
      return `Account ${name} is meant from now on where no --account is given.`;
    case 'removed':
      return `Account ${name}, its secret and its session are gone from this computer. A session stays valid at the broker until it runs out.`;
    case 'added':
    case 'replaced': {
      const lines = [
        `Account ${name} is ${did === 'added' ? 'set up' : 'replaced'}; its secret is ${encrypted ? 'encrypted' : 'stored plainly, for you alone (mode 0600)'}.`,
        `Redirect URL for the app at developers.kite.trade: ${redirectUrl}`,
        current === name ? 'Next: algo login' : `Next: algo login --account ${name}`,
      ];
      return lines.join('\n');
    }
    default:
      return did satisfies never;
  }
}
