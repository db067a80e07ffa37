import { countText, shortHash } from './format.ts';
import { bold, printable, red, type Screen, wrapped } from './screen.ts';
import type { RunningProcess, SessionStanding, StandingPosition } from './session-standing.ts';
import { tableText } from './table.ts';

/** Each session as a few lines, with its positions and orders where it has some. */
export function standingsText(sessions: readonly SessionStanding[], screen: Screen): string {
  if (sessions.length === 0) return 'No session has run yet.';
  return sessions.map((session) => standingText(session, screen)).join('\n\n');
}

export function standingText(standing: SessionStanding, screen: Screen): string {
  const { mode, stream, session, state, halts, positions, process } = standing;
  const loud = state === 'HALTED' || state === 'STOPPING' || state === 'INTERRUPTED';
  const head = `${mode}/${stream}  ${state}`;
  const lines = [
    `session ${session}: ${standing.strategies.join(', ')} on ${countText(standing.instruments)} instruments, feed ${standing.feed}`,
    ...(standing.synthetic ? ['Synthetic prices, not real.'] : []),
    `last bar ${standing.lastBar ?? 'none'}; account ${standing.equity ?? 'unknown'} of ${standing.capital}`,
    ...(process ? processLines(process) : []),
    `version ${standing.version}, build ${standing.build === null ? 'from sources' : shortHash(standing.build)}, settings ${shortHash(standing.config)}`,
    ...(state === 'INTERRUPTED' || state === 'STOPPED'
      ? ['No process runs it; it goes on when it is started again.']
      : []),
  ].flatMap((line) => wrapped(line, screen.width));
  return [
    loud ? red(bold(head, screen), screen) : bold(head, screen),
    ...halts.flatMap(({ code, why, since }) =>
      wrapped(`${code}: ${printable(why)}, since ${since ?? 'an unknown time'}`, screen.width),
    ),
    ...lines,
    ...(positions.length > 0 ? ['', positionsTable(positions, screen)] : []),
    ...(process && process.orders.length > 0 ? ['', ordersTable(process, screen)] : []),
  ].join('\n');
}

function processLines({
  pid,
  startedAt,
  feedAgeMs,
  dayPnl,
  limits,
  loopLagMs,
  memoryMb,
}: RunningProcess): string[] {
  const used = limits.map(({ key, used: now, limit }) => `${key} ${figure(now)}/${figure(limit)}`);
  return [
    `day ${dayPnl}; newest tick ${feedAgeMs === null ? 'none yet' : `${(feedAgeMs / 1000).toFixed(1)} s ago`}`,
    ...(used.length > 0 ? [`limits used: ${used.join(', ')}`] : []),
    `process ${pid} since ${startedAt}; loop lag ${loopLagMs.p99} ms (at most ${loopLagMs.max}), memory ${memoryMb} MB`,
  ];
}

function figure(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Open positions with what they are worth at the newest price. */
export function positionsTable(positions: readonly StandingPosition[], screen: Screen): string {
  return tableText(
    {
      columns: [
        ...['instrument', 'side', 'quantity', 'entry', 'last', 'P&L ₹'],
        ...[
          { title: 'stop', optional: true },
          { title: 'target', optional: true },
        ],
        ...[
          { title: 'product', optional: true },
          { title: 'strategy', optional: true },
        ],
      ],
      rows: positions.map((each) => [
        ...[each.instrument, each.side, countText(each.quantity), each.entryPrice],
        ...[each.lastPrice ?? 'n/a', each.pnl ?? 'n/a', each.stop ?? '', each.target ?? ''],
        ...[each.product, each.strategy],
      ]),
      empty: 'Nothing is held.',
    },
    screen,
  );
}

function ordersTable({ orders }: RunningProcess, screen: Screen): string {
  return tableText(
    {
      title: 'Orders under way',
      columns: ['order', 'instrument', 'side', 'type', 'for', 'quantity', 'filled', 'price', 'trigger'],
      rows: orders.map((each) => [
        ...[each.id, each.instrument, each.side, each.type, each.purpose, countText(each.quantity)],
        ...[countText(each.filled), each.price ?? '', each.trigger ?? ''],
      ]),
    },
    screen,
  );
}

interface ListedTrade {
  readonly instrument: string;
  readonly side: string;
  readonly quantity: number;
  readonly entryTime: string;
  readonly entryPrice: string;
  readonly exitTime: string;
  readonly exitPrice: string;
  readonly exitReason: string;
  readonly net: string;
  readonly settled: boolean;
}

export function sessionTradesText(
  sessions: readonly {
    readonly mode: string;
    readonly stream: string;
    readonly trades: readonly ListedTrade[];
  }[],
  screen: Screen,
): string {
  const tables = sessions.map(({ mode, stream, trades }) =>
    tableText(
      {
        title: `${mode}/${stream}`,
        columns: ['instrument', 'side', 'quantity', 'entry', 'at', 'exit', 'at', 'why', 'net ₹'],
        rows: trades.map((each) => [
          ...[each.instrument, each.side, countText(each.quantity), each.entryPrice, clock(each.entryTime)],
          ...[each.exitPrice, clock(each.exitTime), each.exitReason, each.net],
        ]),
        empty: 'No trade was closed.',
        notes: trades.some(({ settled }) => !settled)
          ? ["Charges are estimates until the evening's contract note."]
          : [],
      },
      screen,
    ),
  );
  return tables.length > 0 ? tables.join('\n\n') : 'No session has run yet.';
}

/** Day and minute of an ISO instant. */
function clock(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}

export function sessionPositionsText(sessions: readonly SessionStanding[], screen: Screen): string {
  const parts = sessions.map(({ mode, stream, state, positions, synthetic }) =>
    [
      bold(`${mode}/${stream}  ${state}`, screen),
      ...(synthetic ? ['Synthetic prices, not real.'] : []),
      positionsTable(positions, screen),
    ].join('\n'),
  );
  return parts.length > 0 ? parts.join('\n\n') : 'No session has run yet.';
}

/** What a session answered to a person's word. */
export function answerText({
  mode,
  stream,
  message,
}: {
  readonly mode: string;
  readonly stream: string;
  readonly message: string;
}): string {
  return `${mode}/${stream}: ${message}`;
}
