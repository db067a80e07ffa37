import { countText, percentText, priceText } from './format.ts';
import type { ListedPage, ListedSection, ListedTable } from './listed-page.ts';
import { indicatorTable, patternsSection, patternTable, spreadSection } from './scan-by.ts';
import type { ScanDescription, ScanDocument, ScanListDocument } from './scan-json.ts';
import { figureText, namedText } from './scan-words.ts';
import type { Screen } from './screen.ts';
import { type Cell, tableText } from './table.ts';

const namesShown = 5;

/** Hits with the values that made them, the age of the data, what each part of the condition let through, and what could not be told. */
export function scanPage(document: ScanDocument): ListedPage {
  const { scan, hits, parts, past, stages } = document;
  return {
    title: scan.name === 'where' ? scanTitles[scan.by ?? 'hits'] : `Scan ${scan.name}: ${scan.about}`,
    lead: [
      stages.length > 0
        ? `${scan.timeframe} bars where ${conditionText(scan)}`
        : `${scan.timeframe} bars of every instrument`,
      `Data up to ${shortTime(document.newestBar)}, ${agoText(document.ageMinutes)}.`,
      ...regimeLines(document),
    ],
    synthetic: document.synthetic,
    sections: [
      ...hitsSections(document),
      ...(stages.length > 1 ? [stagesSection(document)] : []),
      ...(parts.length > 1 || (hits.length === 0 && parts.length > 0) ? [partsSection(document)] : []),
      { lines: countLines(document) },
      ...(past.length > 0 ? [pastSection(document)] : []),
    ],
  };
}

const scanTitles = { hits: 'Scan', indicator: 'Scan by indicator', pattern: 'Scan by pattern' };

function hitsSections(document: ScanDocument): readonly ListedSection[] {
  const { scan, hits } = document;
  const usual = hitsTable(document);
  if (hits.length === 0 || scan.by === null) return [{ table: usual }];
  const { notes = [] } = usual;
  if (scan.by === 'indicator')
    return [{ table: { ...indicatorTable(document), notes } }, spreadSection(document)];
  return [{ table: { ...patternTable(document), notes } }, patternsSection(document)];
}

function conditionText({ stages }: ScanDescription): string {
  const texts = stages.map(({ where }) => where.replaceAll(/\s+/g, ' '));
  return texts.length > 1 ? texts.map((text) => `(${text})`).join(' and ') : texts.join('');
}

function regimeLines({ regime, heldBack }: ScanDocument): readonly string[] {
  if (!regime) return [];
  const wanted = `this scan counts only in ${regime.wanted.join(', ')}`;
  if (regime.allowed === true)
    return [`Regime of ${regime.index} on ${regime.day}: ${regime.regime}; ${wanted}.`];
  const held =
    heldBack.length === 0
      ? 'No instrument meets the condition anyway.'
      : `${heldBack.length} that meet${heldBack.length === 1 ? 's' : ''} the condition ${heldBack.length === 1 ? 'is' : 'are'} held back: ${namedText(heldBack)}.`;
  const why = regime.why === null ? `${regime.regime} on ${regime.day}` : `not known. ${regime.why}`;
  return [`Regime of ${regime.index ?? 'the market'}: ${why}; ${wanted}. ${held}`];
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

function hitsTable({ hits, found, newestBar, scan, regime }: ScanDocument): ListedTable {
  const scored = scan.score.map(({ name }) => name);
  const titles = Object.keys(hits[0]?.values ?? {}).filter((title) => title !== 'close');
  // Where hits have a score, its parts say more than what the conditions compared.
  const value = (title: string) => (scored.length > 0 ? { title, optional: true } : title);
  return {
    columns: [
      ...['instrument', 'close'],
      ...(scored.length > 0 ? ['score', ...scored] : []),
      ...titles.map(value),
      { title: 'bar closed', optional: true },
    ],
    rows: hits.map(({ instrument, close, closedAt, values, score, points }): readonly Cell[] => [
      instrument,
      priceText(Number(close)),
      ...(scored.length > 0 ? [pointsText(score), ...scored.map((name) => pointsText(points?.[name]))] : []),
      ...titles.map((title) => figureText(values[title])),
      closedAt === newestBar ? 'newest' : shortTime(closedAt),
    ]),
    empty:
      regime !== null && regime.allowed !== true
        ? 'No hits: the regime of the market is not one in which this scan counts.'
        : scan.stages.length > 0
          ? 'No instrument meets the condition on its newest bar.'
          : 'No candlestick pattern ends on a newest bar.',
    notes: hits.length < found ? [`${hits.length} of ${found} hits shown; a larger --top shows more.`] : [],
  };
}

function pointsText(points: number | null | undefined): string {
  return points === null || points === undefined ? 'n/a' : points.toFixed(0);
}

function stagesSection({ stages, scanned }: ScanDocument): ListedSection {
  return {
    title: 'Survivors by stage',
    table: {
      columns: ['stage', 'entered', 'left', { title: 'cannot tell', optional: true }],
      rows: stages.map(({ name, left, unknown }, at) => [
        name,
        at === 0 ? scanned : stages[at - 1].left,
        left,
        unknown,
      ]),
    },
  };
}

function partsSection({ parts, scanned, stages }: ScanDocument): ListedSection {
  return {
    title: 'What each part lets through',
    table: {
      columns: [
        ...(stages.length > 1 ? ['stage'] : []),
        ...['part', 'alone', 'with all before it', { title: 'cannot tell', optional: true }],
      ],
      rows: parts.map(({ stage, text, passed, left, unknown }) => [
        ...(stages.length > 1 ? [stage] : []),
        text,
        `${passed} of ${scanned}`,
        String(left),
        String(unknown),
      ]),
    },
  };
}

function countLines(document: ScanDocument): readonly string[] {
  const { scanned, failed, insufficient, stale, found, bans } = document;
  const lines = [
    `${scanned + stale.length + failed.length} instruments: ${scanned} scanned, ${found} hit${found === 1 ? '' : 's'}, ` +
      `${failed.length} failed, ${insufficient.length} with too few bars to tell.`,
  ];
  if (bans && bans.hits.length > 0)
    lines.push(
      `In the F&O ban period on ${bans.day}: ${namedText(bans.hits)}. Futures and options on ${bans.hits.length === 1 ? 'it' : 'them'} may only be closed.`,
    );
  if (stale.length > 0)
    lines.push(
      `Left out, without a bar on the newest day: ${namedText(stale.map((each) => `${each.instrument} (${shortTime(each.closedAt)})`))}.`,
    );
  if (insufficient.length > 0) lines.push(`Too few bars: ${namedText(insufficient)}.`);
  for (const { why } of failed.slice(0, namesShown)) lines.push(`Failed: ${why}`);
  if (failed.length > namesShown)
    lines.push(`… and ${failed.length - namesShown} more failed; --json names all.`);
  return lines;
}

function pastSection({ past, regime }: ScanDocument): ListedSection {
  const within = regime === null ? '' : ', on days of the regimes asked for';
  return {
    title: `How such hits fared: bought at the next open, sold at the close so many bars later, before costs${within}`,
    table: {
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
  };
}

function figure(percent: number | null): string {
  return percent === null ? 'n/a' : percentText(percent);
}

/** Named scans, one a line. */
export function scanListText({ scans }: ScanListDocument, screen: Screen): string {
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
