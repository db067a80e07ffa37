import { printable } from './screen.ts';

interface Killed {
  readonly reason: string;
  readonly at: string | null;
}

interface Deed {
  readonly did: 'cancel' | 'close';
  readonly symbol: string;
  readonly side: string;
  readonly quantity: number;
  readonly orderId: string | null;
  readonly outcome: string;
}

interface KillPage extends Killed {
  readonly sessions: readonly string[];
  readonly halted: readonly string[];
  readonly acted: {
    readonly deeds: readonly Deed[];
    readonly kept: number;
    readonly complete: boolean;
  } | null;
}

export function killText({ reason, at, sessions, halted, acted }: KillPage): string {
  const lines = [`Trading is killed since ${at ?? 'an unknown time'}: ${printable(reason)}`];
  if (halted.length > 0) lines.push(`Halted: ${halted.join(', ')}.`);
  if (sessions.length > 0) lines.push(`The running session does the rest: ${sessions.join(', ')}.`);
  if (acted) lines.push(...actedLines(acted));
  lines.push('No entry is sent until: algo kill release --reason "…"');
  return lines.join('\n');
}

function actedLines({ deeds, kept, complete }: NonNullable<KillPage['acted']>): string[] {
  return [
    ...deeds.map(
      ({ did, side, quantity, symbol, orderId, outcome }) =>
        `${did === 'cancel' ? 'Cancelled' : 'Closed with'} ${side} ${quantity} ${printable(symbol)}${orderId === null ? '' : `, order ${orderId}`}: ${printable(outcome)}`,
    ),
    ...(deeds.length === 0 ? ['There was nothing to cancel or close.'] : []),
    ...(kept > 0 ? [`${kept} protective ${kept === 1 ? 'order was' : 'orders were'} kept.`] : []),
    ...(complete
      ? []
      : ['NOT EVERYTHING IS DONE. Look with algo orders and algo positions, and run it again.']),
  ];
}

export function releaseText({
  released,
  reason,
}: {
  readonly released: Killed;
  readonly reason: string;
}): string {
  return `Released: ${printable(reason)}. It was killed since ${released.at ?? 'an unknown time'}: ${printable(released.reason)}`;
}

export function killStatusText({
  kill,
}: {
  readonly kill: (Killed & { readonly cancel: boolean; readonly flatten: boolean }) | null;
}): string {
  if (!kill) return 'Nothing is killed: trading may go on.';
  const more = kill.flatten ? ' Everything is closed.' : kill.cancel ? ' Entries are called off.' : '';
  return `Trading is killed since ${kill.at ?? 'an unknown time'}: ${printable(kill.reason)}.${more}`;
}
