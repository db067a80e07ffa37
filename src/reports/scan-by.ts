import { countText, priceText } from './format.ts';
import type { ListedSection, ListedTable } from './listed-page.ts';
import type { ScanDocument } from './scan-json.ts';
import { figureText, namedText } from './scan-words.ts';

/** Readings that a narrow screen still shows. */
const readingsKept = 4;

/** Hits with the usual indicators, so many of them as the screen holds. */
export function indicatorTable({ hits, scan }: ScanDocument): ListedTable {
  const titles = Object.keys(hits[0]?.readings ?? {});
  const sorted = scan.sort !== undefined && !titles.includes(scan.sort) ? [scan.sort] : [];
  return {
    columns: [
      ...['instrument', 'close', ...sorted],
      ...titles.map((title, at) => (at < readingsKept ? title : { title, optional: true })),
    ],
    rows: hits.map(({ instrument, close, values, readings }) => [
      instrument,
      priceText(Number(close)),
      ...sorted.map(() => figureText(Object.values(values).at(-1))),
      ...titles.map((title) => figureText(readings?.[title])),
    ]),
  };
}

/** How unusual a figure is among all hits, those that are not shown included. */
export function spreadSection({ spreads = [], found }: ScanDocument): ListedSection {
  return {
    title: `Among all ${countText(found)}`,
    table: {
      columns: [
        ...['reading', 'lowest', { title: 'of', optional: true }, 'median'],
        ...['highest', { title: 'of', optional: true }],
      ],
      rows: spreads.map(({ reading, lowest, median, highest }) => [
        reading,
        figureText(lowest?.value),
        lowest?.instrument ?? '',
        figureText(median),
        figureText(highest?.value),
        highest?.instrument ?? '',
      ]),
    },
  };
}

/** Hits with the candlestick patterns that end on their newest bars. */
export function patternTable({ hits }: ScanDocument): ListedTable {
  return {
    columns: ['instrument', 'close', 'patterns'],
    rows: hits.map(({ instrument, close, patterns = [] }) => [
      instrument,
      priceText(Number(close)),
      patterns.join(', ') || 'none',
    ]),
  };
}

/** Patterns with the hits that show them. */
export function patternsSection({ patterns = [] }: ScanDocument): ListedSection {
  return {
    title: 'By pattern',
    table: {
      columns: ['pattern', 'expected', 'hits', 'instruments'],
      rows: patterns.map(({ pattern, lean, instruments }) => [
        pattern,
        lean,
        instruments.length,
        namedText(instruments),
      ]),
      empty: 'No candlestick pattern ends on a newest bar.',
    },
  };
}
