import { countText, percentText, priceText } from './format.ts';
import type { ScanDescription, ScanDocument } from './scan-json.ts';
import { bold, type Screen } from './screen.ts';
import { type Cell, tableText } from './table.ts';

const namesShown = 5;

/** Hits with the values that made them, the age of the data, what each part of the condition let through, and what could not be told. */
export function scanText(document: ScanDocument, screen: Screen): string {
  const { scan, hits, parts, past } = document;
  const head = [
    bold(scan.name === 'where' ? 'Scan' : `Scan ${scan.name}: ${scan.about}`, screen),
    `${scan.timeframe} bars where ${scan.where.replaceAll(/\s+/g, ' ')}`,
    ...(document.synthetic ? ['Synthetic prices, not real.'] : []),
    `Data up to ${shortTime(document.newestBar)}, ${agoText(document.ageMinutes)}.`,
  ];
  const pages = [head.join('\n'), hitsText(document, screen)];
  if (hits.length === 0 || parts.length > 1) pages.push(partsText(document, screen));
  pages.push(countsText(document));
  if (past.length > 0) pages.push(pastText(document, screen));
  return pages.join('\n\n');
}

function shortTime(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}

function agoText(minutes: number): string {
  if (minutes < 0) return `${agoText(-minutes).replace(' ago', '')} ahead of this computer's clock`;
  if (minutes < 120) return `${minutes} minute${minutes === 1 ? '' : 's'} ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours ago` : `${Math.round(hours / 24)} days ago`;
}

function hitsText({ hits, found, newestBar }: ScanDocument, screen: Screen): string {
  const titles = Object.keys(hits[0]?.values ?? {}).filter((title) => title !== 'close');
  return tableText(
    {
      columns: ['instrument', 'close', ...titles, { title: 'bar closed', optional: true }],
      rows: hits.map(({ instrument, close, closedAt, values }): readonly Cell[] => [
        instrument,
        priceText(Number(close)),
        ...titles.map((title) => valueText(values[title])),
        closedAt === newestBar ? 'newest' : shortTime(closedAt),
      ]),
      empty: 'No instrument meets the condition on its newest bar.',
      notes: hits.length < found ? [`${hits.length} of ${found} hits shown; a larger --top shows more.`] : [],
    },
    screen,
  );
}

/** Whole numbers as they are, others with as many decimals as their size asks for. */
function valueText(value: number | null | undefined): string {
  if (value === null || value === undefined) return 'n/a';
  if (Number.isInteger(value)) return countText(value);
  return Math.abs(value) < 1 ? value.toFixed(4) : value.toFixed(2);
}

function partsText({ parts, scanned }: ScanDocument, screen: Screen): string {
  return tableText(
    {
      title: 'What each part lets through',
      columns: ['part', 'alone', 'with all before it', { title: 'cannot tell', optional: true }],
      rows: parts.map(({ text, passed, left, unknown }) => [
        text,
        `${passed} of ${scanned}`,
        String(left),
        String(unknown),
      ]),
    },
    screen,
  );
}

function countsText({ scanned, failed, insufficient, stale, found }: ScanDocument): string {
  const lines = [
    `${scanned + stale.length + failed.length} instruments: ${scanned} scanned, ${found} hit${found === 1 ? '' : 's'}, ` +
      `${failed.length} failed, ${insufficient.length} with too few bars to tell.`,
  ];
  if (stale.length > 0)
    lines.push(
      `Left out, without a bar on the newest day: ${named(stale.map((each) => `${each.instrument} (${shortTime(each.closedAt)})`))}.`,
    );
  if (insufficient.length > 0) lines.push(`Too few bars: ${named(insufficient)}.`);
  for (const { why } of failed.slice(0, namesShown)) lines.push(`Failed: ${why}`);
  if (failed.length > namesShown)
    lines.push(`… and ${failed.length - namesShown} more failed; --json names all.`);
  return lines.join('\n');
}

function named(names: readonly string[]): string {
  const more = names.length - namesShown;
  return `${names.slice(0, namesShown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function pastText({ past }: ScanDocument, screen: Screen): string {
  return tableText(
    {
      title:
        'How such hits fared: bought at the next open, sold at the close so many bars later, before costs',
      columns: ['bars', 'hits', 'mean', '± error', 'median', 'rose', 'any bar: mean', 'any bar: rose'],
      rows: past.map((each) => [
        each.bars,
        countText(each.hits),
        figure(each.meanPercent),
        figure(each.errorPercent),
        figure(each.medianPercent),
        figure(each.rosePercent),
        figure(each.anyBar.meanPercent),
        figure(each.anyBar.rosePercent),
      ]),
      notes: ['Hits of one day move together, so the error is larger than shown. Past hits are no promise.'],
    },
    screen,
  );
}

function figure(percent: number | null): string {
  return percent === null ? 'n/a' : percentText(percent);
}

/** Named scans, one a line. */
export function scanListText(scans: readonly ScanDescription[], screen: Screen): string {
  return tableText(
    {
      columns: ['scan', 'bars', 'about'],
      rows: scans.map(({ name, timeframe, about }) => [name, timeframe, about]),
      notes: [
        'Run one with: algo scan <name>. Their conditions are in configs/scans.yaml; your own go into <home>/configs/scans.yaml.',
      ],
    },
    screen,
  );
}
