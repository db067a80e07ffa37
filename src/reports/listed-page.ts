import { bold, type Screen, wrapped } from './screen.ts';
import { type TableText, tableText } from './table.ts';

export type ListedTable = Omit<TableText, 'title'>;

/** A part of a page: sentences, a table, or both. */
export interface ListedSection {
  readonly title?: string;
  readonly lines?: readonly string[];
  readonly table?: ListedTable;
}

/** A report that is sentences and tables, on a terminal, in a mail, or as one HTML file. */
export interface ListedPage {
  readonly title: string;
  /** Sentences under the title. */
  readonly lead: readonly string[];
  /** Said loudly, since the prices are no market's. */
  readonly synthetic: boolean;
  readonly sections: readonly ListedSection[];
}

/** The page as text: paragraphs with an empty line between. */
export function listedText({ title, lead, synthetic, sections }: ListedPage, screen: Screen): string {
  const head = [
    bold(title, screen),
    ...[...lead, ...(synthetic ? ['Synthetic prices, not real.'] : [])].flatMap((line) =>
      wrapped(line, screen.width),
    ),
  ];
  return [head.join('\n'), ...sections.map((section) => sectionText(section, screen))].join('\n\n');
}

function sectionText({ title, lines = [], table }: ListedSection, screen: Screen): string {
  const heading = title === undefined ? [] : wrapped(title, screen.width).map((line) => bold(line, screen));
  const sentences = lines.flatMap((line) => wrapped(line, screen.width));
  return [...heading, ...sentences, ...(table ? [tableText(table, screen)] : [])].join('\n');
}
