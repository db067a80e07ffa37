import { bold, type Screen } from './screen.ts';
import { tableText } from './table.ts';

export interface DayStepRow {
  readonly name: string;
  /** ISO-8601, by the market's clock. */
  readonly at: string;
  readonly what: string;
  readonly state: 'done' | 'skipped' | 'fault' | 'due' | 'ahead';
  readonly outcome: string | null;
  readonly overAt: string | null;
}

/** What `algo day --json` prints. */
export interface DayDocument {
  readonly mode: 'paper' | 'live';
  readonly name: string;
  readonly feed: 'kite' | 'sandbox';
  readonly date: string;
  readonly exchange: string;
  readonly closed: boolean;
  readonly holiday?: string | undefined;
  /** Next trading day, of a closed one. */
  readonly next?: string | undefined;
  /** Name of a special session. */
  readonly special?: string | null;
  readonly opening?: string;
  readonly close?: string;
  readonly steps: readonly DayStepRow[];
  /** File of the report; null before there is one. */
  readonly report: string | null;
  readonly exitCode: number;
  /** The day had been reported before this start, which did nothing. */
  readonly repeated?: boolean;
  /** The session as it told its end. */
  readonly session?: string;
}

export function stepLine(name: string, { state, outcome }: Pick<DayStepRow, 'state' | 'outcome'>): string {
  return `${name}: ${state === 'done' ? '' : `${state}. `}${outcome}`;
}

const plain: Screen = { colour: false, width: 100 };

/** A day as it is planned, or as far as it has come; the session's own report below. */
export function dayText(day: DayDocument, screen: Screen = plain): string {
  const { mode, name, feed, date, exchange, special, opening, close } = day;
  const title = bold(
    `${mode === 'live' ? 'Live' : 'Paper'} day ${date} of ${name}, prices of ${feed}`,
    screen,
  );
  if (day.closed) {
    const why = day.holiday === undefined ? '' : ` (${day.holiday})`;
    const next =
      day.next === undefined
        ? 'The calendar does not know the next trading day.'
        : `Next trading day: ${day.next}.`;
    return `${title}\nMarket closed today${why}: ${exchange}. ${next}`;
  }
  const table = tableText(
    {
      columns: ['at', 'step', 'state', 'what'],
      rows: day.steps.map((step) => [
        clock(step.at),
        step.name,
        step.overAt === null ? step.state : `${step.state} ${clock(step.overAt)}`,
        step.outcome ?? step.what,
      ]),
    },
    screen,
  );
  return [
    `${title}\n${exchange} ${clock(opening)} to ${clock(close)}${special ? `, special session: ${special}` : ''}`,
    table,
    ...(day.session ? [day.session] : []),
  ].join('\n\n');
}

function clock(instant: string | undefined): string {
  return instant?.slice(11, 16) ?? '';
}
