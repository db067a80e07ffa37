import type { AccountRow } from './profile-text.ts';
import type { SandboxStanding } from './sandbox-text.ts';
import { bold, printable, red, type Screen, wrapped } from './screen.ts';
import type { SessionStanding } from './session-standing.ts';
import { tableText } from './table.ts';

/** Everything of a home that a trader looks at before the day, and during it. Instants are ISO-8601 in India. */
export interface HomeStatus {
  readonly home: string;
  readonly now: string;
  readonly kill: { readonly reason: string; readonly at: string | null } | null;
  readonly markets: readonly MarketStanding[];
  readonly accounts: readonly Pick<
    AccountRow,
    'name' | 'current' | 'userId' | 'sandbox' | 'session' | 'expiry'
  >[];
  /** Null where nothing is stored. */
  readonly history: HistoryStanding | null;
  /** Null where none runs. */
  readonly sandbox: Pick<SandboxStanding, 'url' | 'now' | 'speed' | 'paused'> | null;
  /** The newest session of every stream. */
  readonly sessions: readonly SessionStanding[];
  /** What could not be looked at, whole sentences. */
  readonly problems: readonly string[];
}

export interface MarketStanding {
  readonly exchange: string;
  readonly openNow: boolean;
  /** Trading hours of today, `09:15-15:30`; none on a day without trading. */
  readonly today: readonly string[];
  readonly holiday: string | null;
  /** The trading day that follows. */
  readonly next: string | null;
}

export interface HistoryStanding {
  readonly series: number;
  /** Opening of the newest bar of the market, and of the invented ones; null where there is none. */
  readonly newest: string | null;
  readonly newestInvented: string | null;
}

const sessionWords = {
  none: 'not logged in',
  open: 'logged in',
  over: 'run out: algo login',
  unknown: 'encrypted',
} as const;

export function homeStatusText(status: HomeStatus, screen: Screen): string {
  const { kill, markets, accounts, history, sandbox, sessions, problems } = status;
  const lines = [
    kill
      ? red(`KILLED since ${kill.at ?? 'an unknown time'}: ${printable(kill.reason)}`, screen)
      : 'not killed',
    ...markets.map(marketLine),
    ...accounts.map(
      ({ name, userId, session, expiry, current, sandbox: invented }) =>
        `account ${name} (${userId})${current ? ', in use' : ''}${invented ? ', sandbox' : ''}: ${sessionWords[session]}${session === 'open' && expiry !== null ? ` until ${expiry}` : ''}`,
    ),
    ...(accounts.length === 0 ? ['no Kite account: algo profile add'] : []),
    historyLine(history),
    sandbox
      ? `sandbox at ${sandbox.url}, its clock ${sandbox.now}, ${sandbox.paused ? 'paused' : `${sandbox.speed}x`}`
      : 'no sandbox runs',
    ...problems,
  ].flatMap((line) => wrapped(line, screen.width));
  return [
    bold(`${status.home} at ${status.now}`, screen),
    ...lines,
    '',
    sessionsTable(sessions, screen),
  ].join('\n');
}

function marketLine({ exchange, openNow, today, holiday, next }: MarketStanding): string {
  const hours = today.length > 0 ? today.join(', ') : (holiday ?? 'no trading today');
  return `${exchange} ${openNow ? 'open' : 'closed'} now; ${hours}${next === null ? '' : `; next ${next}`}`;
}

function historyLine(history: HistoryStanding | null): string {
  if (history === null) return 'no history: algo backfill';
  const { series, newest, newestInvented } = history;
  const newestText = newest ?? (newestInvented === null ? 'none' : `${newestInvented}, invented`);
  return `history of ${series} series, newest bar ${newestText}`;
}

function sessionsTable(sessions: readonly SessionStanding[], screen: Screen): string {
  return tableText(
    {
      columns: [
        'session',
        'state',
        'why',
        'held',
        'day ₹',
        'last bar',
        { title: 'strategies', optional: true },
      ],
      rows: sessions.map(({ mode, stream, state, halts, positions, process, lastBar, strategies }) => [
        ...[`${mode}/${stream}`, state, halts.map(({ code }) => code).join(' ')],
        ...[positions.length, process?.dayPnl ?? '', lastBar?.slice(0, 16).replace('T', ' ') ?? ''],
        strategies.join(', '),
      ]),
      empty: 'No session has run yet.',
    },
    screen,
  );
}
