import type { ListedPage, ListedSection } from '../listed-page.ts';
import { type Cell, readsAsFigures, type TableText } from '../table.ts';
import { documentOf, type PageParts } from './document.ts';
import { escaped, minus } from './markup.ts';

/** Sentences and tables as one HTML file that needs nothing but a browser; a click on a heading sorts its table. */
export function htmlListedPage(page: ListedPage, parts: PageParts): string {
  return documentOf({ title: page.title, body: bodyOf(page), data: {}, parts });
}

function bodyOf({ title, lead, synthetic, sections }: ListedPage): string {
  const sentences = lead.map((line) => `<p>${escaped(line)}</p>`).join('');
  return [
    '<a class="skip" href="#page">Skip to the page</a>',
    `<header><div><h1>${escaped(title)}</h1>${sentences}</div><button type="button" id="theme" hidden>Dark</button></header>`,
    '<main id="page" tabindex="-1">',
    synthetic
      ? '<p class="banner" role="note"><b>Synthetic prices, not real.</b> They were invented and say nothing about any market.</p>'
      : '',
    ...sections.map(sectionOf),
    '</main>',
    '<footer><p>Times are Indian Standard Time (UTC+05:30).</p></footer>',
  ].join('\n');
}

/** Sentences and a table that sorts, under a heading. */
export function sectionOf({ title, lines = [], table }: ListedSection): string {
  const heading = title === undefined ? '' : `<h2>${escaped(title)}</h2>`;
  const sentences = lines.map((line) => `<p>${escaped(line)}</p>`).join('');
  return `<section>${heading}${sentences}${table ? tableOf(table, title ?? 'Table') : ''}</section>`;
}

function tableOf({ columns, rows, totals, empty, notes = [] }: TableText, name: string): string {
  const said = notes.map((note) => `<p class="note">${escaped(note)}</p>`).join('');
  if (rows.length === 0 && empty !== undefined) return `<p class="none">${escaped(empty)}</p>${said}`;
  const heads = columns.map((column) => (typeof column === 'string' ? { title: column } : column));
  // The first column names its row.
  const numbers = heads.map(
    ({ align }, at) =>
      at > 0 &&
      (align === 'right' || (align === undefined && readsAsFigures(rows.map((row) => textOf(row[at]))))),
  );
  const styles = heads.map((head, at) =>
    [numbers[at] && 'number', 'optional' in head && head.optional && 'optional'].filter(Boolean).join(' '),
  );
  const head = heads
    .map(({ title }, at) => `<th scope="col" class="${styles[at]}">${escaped(title)}</th>`)
    .join('');
  const rowOf = (row: readonly Cell[]) =>
    `<tr>${heads.map((_, at) => cellOf(textOf(row[at]), { style: styles[at], first: at === 0 })).join('')}</tr>`;
  const body = rows.map(rowOf).join('');
  const foot = totals ? `<tfoot>${rowOf(totals)}</tfoot>` : '';
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(name)}"><table class="sortable"><thead><tr>${head}</tr></thead><tbody>${body}</tbody>${foot}</table></div>${said}`;
}

function cellOf(text: string, { style, first }: { readonly style: string; readonly first: boolean }): string {
  const lost = style.includes('number') && text.startsWith('-') && /\d/.test(text) ? ' loss' : '';
  const shown = escaped(style.includes('number') ? minus(text) : text);
  return first ? `<th scope="row">${shown}</th>` : `<td class="${style}${lost}">${shown}</td>`;
}

function textOf(cell: Cell): string {
  return cell === undefined ? '' : String(cell);
}
