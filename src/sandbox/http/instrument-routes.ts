import type { Listed } from '../market/market.ts';
import type { PlayedMarket } from '../market/sandbox-market.ts';
import type { KiteReply, Route } from './route.ts';

/** Kite's twelve columns, in its order. Source: Kite Connect v3, instruments. */
const header =
  'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange';

/** The day's instrument list, whole or of one exchange; an exchange without instruments has the header alone. */
export function instrumentRoutes(market: PlayedMarket): readonly Route[] {
  return [
    { method: 'GET', path: '/instruments', limit: 'other', handle: () => listOf(market.listed) },
    {
      method: 'GET',
      path: '/instruments/:exchange',
      limit: 'other',
      handle: ({ path }) =>
        listOf(market.listed.filter(({ listing }) => listing.exchange === path.exchange.toUpperCase())),
    },
  ];
}

function listOf(listed: readonly Listed[]): KiteReply {
  return { text: `${[header, ...listed.map(rowOf)].join('\n')}\n`, contentType: 'text/csv' };
}

// The last price of the list is stale on Kite as well; here it is always 0.
function rowOf({ listing }: Listed): string {
  return [
    listing.token,
    listing.exchangeToken,
    listing.tradingsymbol,
    quoted(listing.name),
    0,
    listing.expiry,
    listing.strike,
    listing.tickSize,
    listing.lotSize,
    listing.type,
    listing.segment,
    listing.exchange,
  ].join(',');
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
