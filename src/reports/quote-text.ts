import { countText } from './format.ts';
import type { Screen } from './screen.ts';
import { type Cell, tableText } from './table.ts';

/** Prices are decimal strings of rupees, times ISO instants of India. */
export interface QuoteRow {
  readonly symbol: string;
  readonly token: number;
  readonly last: string;
  readonly change: string;
  /** Percent of the close before; null without one. */
  readonly changePercent: number | null;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: number | null;
  readonly averagePrice: string | null;
  readonly openInterest: number | null;
  readonly lowerCircuit: string | null;
  readonly upperCircuit: string | null;
  readonly buyQuantity: number | null;
  readonly sellQuantity: number | null;
  readonly bids: readonly LevelRow[];
  readonly asks: readonly LevelRow[];
  /** When the exchange said so. */
  readonly time: string | null;
  readonly lastTrade: string | null;
  /** Seconds since `time`; null in the sandbox, whose clock is its own. */
  readonly ageSeconds: number | null;
}

export interface LevelRow {
  readonly price: string;
  readonly quantity: number;
  readonly orders: number;
}

export interface QuotePage {
  readonly account: string;
  readonly sandbox: boolean;
  readonly quotes: readonly QuoteRow[];
  /** Asked for and unknown to the broker. */
  readonly missing: readonly { readonly symbol: string; readonly nearest: string | null }[];
  readonly exitCode: number;
}

/** Of a watch, besides. */
export interface Watched {
  /** Instruments that changed since the page before; all of them where they were asked for. */
  readonly fresh: ReadonlySet<string>;
  /** Why prices are asked for although they should come by themselves. */
  readonly trouble: string | undefined;
}

/** A price this old is not what a market order would meet. */
const oldSeconds = 60;

/** One line an instrument. */
export function quoteText(page: QuotePage & Partial<Watched>, screen: Screen): string {
  const aged = page.quotes.some(({ ageSeconds }) => ageSeconds !== null);
  return tableText(
    {
      columns: [
        'instrument',
        'last',
        'change',
        'change %',
        { title: 'open', optional: true },
        { title: 'high', optional: true },
        { title: 'low', optional: true },
        { title: 'close before', optional: true },
        { title: 'volume', optional: true },
        'bid',
        'ask',
        'at',
        ...(aged ? [{ title: 'age', align: 'right' as const }] : []),
      ],
      rows: page.quotes.map((quote) => [
        quote.symbol,
        quote.last,
        quote.change,
        quote.changePercent?.toFixed(2),
        quote.open,
        quote.high,
        quote.low,
        quote.close,
        quote.volume === null ? undefined : countText(quote.volume),
        quote.bids[0]?.price,
        quote.asks[0]?.price,
        clock(quote.time),
        age(quote.ageSeconds),
      ]),
      notes: notesOf(page),
    },
    screen,
  );
}

/** The book of one instrument: five levels, bids left, asks right. */
export function depthText(page: QuotePage & Partial<Watched>, screen: Screen): string {
  const [quote] = page.quotes;
  const levels = Math.max(quote.bids.length, quote.asks.length);
  const half = (side: readonly LevelRow[], at: number): [Cell, Cell, Cell] => {
    const level = side[at];
    return level && level.quantity > 0
      ? [level.orders, countText(level.quantity), level.price]
      : [undefined, undefined, undefined];
  };
  const rows = Array.from({ length: levels }, (_, at): Cell[] => [
    ...half(quote.bids, at),
    ...half(quote.asks, at).reverse(),
  ]);
  const change = quote.changePercent === null ? '' : ` (${quote.changePercent.toFixed(2)}%)`;
  const facts = [
    `Open ${quote.open}, high ${quote.high}, low ${quote.low}, close before ${quote.close}.`,
    ...(quote.averagePrice === null || quote.volume === null
      ? []
      : [`Volume ${countText(quote.volume)} at ${quote.averagePrice} on average.`]),
    ...(quote.lowerCircuit === null || quote.upperCircuit === null
      ? []
      : [`Circuits ${quote.lowerCircuit} and ${quote.upperCircuit}.`]),
  ];
  const right = (title: string) => ({ title, align: 'right' as const });
  return tableText(
    {
      title: `${quote.symbol}  ${quote.last}  ${quote.change}${change}  at ${clock(quote.time)}${quote.ageSeconds === null ? '' : `, ${age(quote.ageSeconds)} old`}`,
      columns: ['orders', 'quantity', 'bid', 'ask', 'quantity', 'orders'].map(right),
      rows,
      ...(quote.buyQuantity !== null &&
        quote.sellQuantity !== null &&
        levels > 0 && {
          totals: [
            undefined,
            countText(quote.buyQuantity),
            'in all',
            'in all',
            countText(quote.sellQuantity),
            undefined,
          ],
        }),
      notes: [...facts, ...notesOf(page)],
      empty: 'No book: an index is not traded itself.',
    },
    screen,
  );
}

/** Plain lines for where nothing can be painted over: one for each instrument that changed, with its time. */
export function quoteLines({ quotes, fresh }: QuotePage & Pick<Watched, 'fresh'>): string {
  return quotes
    .filter(({ symbol }) => fresh.has(symbol))
    .map((quote) => {
      const book =
        quote.bids[0] && quote.asks[0] ? ` bid ${quote.bids[0].price} ask ${quote.asks[0].price}` : '';
      return `${clock(quote.time)} ${quote.symbol} ${quote.last}${book}${quote.volume === null ? '' : ` volume ${quote.volume}`}`;
    })
    .join('\n');
}

function notesOf({ sandbox, quotes, missing, trouble }: QuotePage & Partial<Watched>): string[] {
  const old = quotes.filter(({ ageSeconds }) => ageSeconds !== null && ageSeconds > oldSeconds);
  return [
    ...(trouble === undefined ? [] : [trouble]),
    ...(sandbox ? ['Sandbox prices; nothing is real. Times are those of its own clock.'] : []),
    ...(old.length > 0
      ? [`Older than a minute: ${old.map(({ symbol }) => symbol).join(', ')}. Is the market open?`]
      : []),
    ...missing.map(
      ({ symbol, nearest }) =>
        `The broker does not know ${symbol}.${nearest === null ? '' : ` Did you mean ${nearest}?`}`,
    ),
  ];
}

/** `2026-11-25 09:15:03`, India time. */
function clock(instant: string | null): string {
  return instant === null ? 'n/a' : instant.slice(0, 19).replace('T', ' ');
}

function age(seconds: number | null): string {
  if (seconds === null) return '';
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}
