import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

/** A row of an instrument list; what `algo instruments show --json` prints. */
export interface ListedRow {
  readonly exchange: string;
  readonly tradingsymbol: string;
  readonly token: number;
  readonly name: string;
  readonly expiry: string;
  readonly strike: number;
  readonly tickSize: number;
  readonly lotSize: number;
  readonly type: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

export function instrumentsText(
  { listings }: { readonly listings: readonly ListedRow[] },
  screen: Screen,
): string {
  return tableText(
    {
      columns: ['instrument', 'name', 'type', 'expiry', 'strike', 'lot', 'tick', 'token', 'seen from', 'to'],
      rows: listings.map((each) => [
        `${each.exchange}:${each.tradingsymbol}`,
        each.name,
        each.type,
        each.expiry,
        each.strike === 0 ? '' : each.strike,
        each.lotSize,
        each.tickSize,
        each.token,
        each.firstSeen,
        each.lastSeen,
      ]),
      notes: ['A token is good on the days it was seen; contracts get those of expired ones.'],
      empty: 'No instrument of the imported lists fits.',
    },
    screen,
  );
}
