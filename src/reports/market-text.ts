import { countText, percentText, priceText, ratioText } from './format.ts';
import type { ListedPage, ListedSection } from './listed-page.ts';
import {
  type BreadthPage,
  type Dated,
  type IndexPage,
  isUntold,
  type MarketPage,
  type SectorRow,
  type Untold,
  type VixPage,
} from './market-json.ts';

const namesShown = 12;

/** What a market is like, for people. */
export function marketPage(page: MarketPage): ListedPage {
  const { index, vix, breadth, sectors, expiries, bans } = page;
  return {
    title: `Market on ${page.day}`,
    lead: [`${page.session}.`],
    synthetic: page.synthetic,
    sections: [
      { title: 'Index', ...partOf(index, indexPart) },
      { title: 'Expected volatility', ...partOf(vix, vixPart) },
      { title: 'Breadth', ...partOf(breadth, breadthPart) },
      { title: "Sectors by the exchange's indices", ...partOf(sectors.indices, sectorsPart) },
      { title: 'Sectors by their shares, each counting the same', ...partOf(sectors.shares, sectorsPart) },
      {
        title: 'Expiries',
        ...partOf(expiries, (rows) => ({
          table: {
            columns: ['underlying', 'today', 'next', 'contract'],
            rows: rows.map(({ underlying, today, next }) => [
              underlying,
              today ?? '-',
              next?.date ?? 'beyond the calendar',
              next?.kind ?? '',
            ]),
          },
        })),
      },
      {
        title: 'F&O ban',
        ...partOf(bans, ({ day, instruments }) => ({
          lines: [
            instruments.length === 0
              ? `No share is banned on ${day}.`
              : `Banned on ${day}, so that only trades which reduce a position are allowed: ${instruments.join(', ')}.`,
          ],
        })),
      },
    ],
  };
}

type Part = Omit<ListedSection, 'title'>;

function partOf<Told extends object>(part: Told | Untold, show: (part: Told) => Part): Part {
  return isUntold(part) ? { lines: [part.why] } : show(part);
}

/** `day bar of 2026-11-20, 5 days before`. */
function ageText({ day, ageDays }: Dated): string {
  if (ageDays === 0) return `bar of ${day}`;
  return `bar of ${day}, ${ageDays} day${ageDays === 1 ? '' : 's'} before`;
}

function indexPart(index: IndexPage): Part {
  const regime =
    index.why === null
      ? `Regime: ${index.regime}, since ${index.since}. docs/market.md has the rules.`
      : `Regime: unknown. ${index.why}`;
  return {
    lines: [
      `${index.instrument} ${priceText(index.close)}, ${signed(index.changePercent)}, opened with a gap of ${signed(index.gapPercent)} (${ageText(index)}).`,
      regime,
    ],
    table: {
      columns: [
        'trend',
        'EMA 50',
        'EMA 200',
        'ADX 14',
        'volatility',
        'realised 20 days',
        'percentile of the year',
      ],
      rows: [
        [
          index.trend ?? 'n/a',
          plain(index.emaFast),
          plain(index.emaSlow),
          plain(index.adx),
          index.volatility ?? 'n/a',
          percent(index.realisedVolatilityPercent),
          plain(index.volatilityPercentile),
        ],
      ],
    },
  };
}

function vixPart(vix: VixPage): Part {
  const change =
    vix.change === null ? '' : `, ${vix.change >= 0 ? '+' : ''}${ratioText(vix.change)} on the day`;
  const place =
    vix.percentile === null
      ? 'its place among those of the year needs 126 days'
      : `above ${ratioText(vix.percentile)} % of the last 252 days`;
  return { lines: [`${vix.instrument} ${ratioText(vix.close)}${change}, ${place} (${ageText(vix)}).`] };
}

function breadthPart(breadth: BreadthPage): Part {
  const { shares, advances, declines, unchanged, above, newHighs, newLows, gapsUp, gapsDown } = breadth;
  const of = ({ count, known }: { readonly count: number; readonly known: number }) => [
    known === 0 ? 'n/a' : countText(count),
    known === 0 ? 'n/a' : percentText((100 * count) / known),
    `${countText(known)} of ${countText(shares)}`,
  ];
  const whole = (count: number) => of({ count, known: shares });
  return {
    lines: [`${countText(shares)} shares (${ageText(breadth)}).`],
    table: {
      columns: [
        { title: '' },
        { title: 'shares', align: 'right' },
        { title: 'percent', align: 'right' },
        { title: 'could be told of', align: 'right', optional: true },
      ],
      rows: [
        ['advanced', ...whole(advances)],
        ['declined', ...whole(declines)],
        ['unchanged', ...whole(unchanged)],
        ...above.map((each) => [`above their ${each.days}-day mean`, ...of(each)]),
        ['new 52-week high', ...of(newHighs)],
        ['new 52-week low', ...of(newLows)],
        ['opened 1 % or more up', ...whole(gapsUp)],
        ['opened 1 % or more down', ...whole(gapsDown)],
      ],
      notes: [
        ...named('Left out, without a bar on that day', breadth.stale),
        ...named('Without a day bar by then', breadth.missing),
      ],
    },
  };
}

function sectorsPart(rows: readonly SectorRow[]): Part {
  return {
    table: {
      columns: [
        'sector',
        { title: 'shares', optional: true },
        'day',
        'week',
        '20 days',
        { title: '60 days', optional: true },
        'against index, 20 days',
        { title: 'above 50-day mean', optional: true },
      ],
      rows: rows.map((row) => [
        row.sector,
        row.shares,
        percent(row.dayPercent),
        percent(row.weekPercent),
        percent(row.monthPercent),
        percent(row.quarterPercent),
        percent(row.relativePercent),
        percent(row.aboveMeanPercent),
      ]),
    },
  };
}

function named(what: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length - namesShown;
  return [`${what}: ${names.slice(0, namesShown).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`];
}

function percent(value: number | null): string {
  return value === null ? 'n/a' : percentText(value);
}

function signed(value: number | null): string {
  return value !== null && value > 0 ? `+${percent(value)}` : percent(value);
}

function plain(value: number | null): string {
  return value === null ? 'n/a' : ratioText(value);
}
