import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

/** A day of a market, as `algo calendar` shows it. */
export interface CalendarDay {
  readonly date: string;
  readonly weekday: string;
  readonly exchange: string;
  readonly open: boolean;
  readonly session?: string | undefined;
  readonly holiday?: string | undefined;
  readonly previous: string;
  readonly next?: string | undefined;
  readonly hours: readonly {
    readonly segment: string;
    readonly windows: readonly string[];
    readonly preopen?: string | undefined;
    readonly closingAuction?: string | undefined;
    readonly postClose?: string | undefined;
    readonly squareOff: string;
  }[];
}

/** Expiry days of an underlying, as `algo calendar --expiries` shows them. */
export interface ExpiryList {
  readonly underlying: string;
  readonly from: string;
  readonly to: string;
  readonly expiries: readonly {
    readonly date: string;
    readonly weekday: string;
    readonly kind: string;
    readonly shiftedFrom?: string | undefined;
  }[];
}

const segmentNames: Readonly<Record<string, string>> = {
  CASH: 'shares',
  CASH_WITH_DERIVATIVES: 'shares with derivatives',
  EQUITY_DERIVATIVES: 'futures and options',
  CURRENCY: 'currency',
  COMMODITY: 'commodity',
};

export function calendarText(page: CalendarDay, screen: Screen): string {
  const why = page.session ?? page.holiday;
  const title = `${page.exchange} ${page.date}, ${page.weekday}: ${page.open ? 'open' : 'closed'}${why ? ` (${why})` : ''}`;
  const around = `Session before ${page.previous}${page.next === undefined ? '' : `, next ${page.next}`}.`;
  if (!page.open) return `${title}\n${around}`;
  return tableText(
    {
      title,
      columns: ['', 'trading', 'pre-open', 'closing auction', 'post-close', 'MIS square-off'],
      rows: page.hours.map((row) => [
        segmentNames[row.segment] ?? row.segment,
        row.windows.join(' '),
        row.preopen ?? '-',
        row.closingAuction ?? '-',
        row.postClose ?? '-',
        row.squareOff,
      ]),
      notes: [around],
    },
    screen,
  );
}

export function expiryText(page: ExpiryList, screen: Screen): string {
  return tableText(
    {
      title: `${page.underlying} expiries ${page.from} to ${page.to}`,
      columns: ['date', 'weekday', 'contract', 'moved from'],
      rows: page.expiries.map((row) => [row.date, row.weekday, row.kind, row.shiftedFrom ?? '']),
      empty: `${page.underlying} has no expiry from ${page.from} to ${page.to}.`,
    },
    screen,
  );
}
