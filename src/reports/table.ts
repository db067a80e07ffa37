import { bold, dim, printable, red, type Screen, wrapped } from './screen.ts';

/** Undefined prints as an empty cell. Numbers print as they are: format money and percentages before. */
export type Cell = string | number | undefined;

export interface Column {
  readonly title: string;
  /** Without it, a column whose every cell reads as a figure stands right, any other left. */
  readonly align?: 'left' | 'right';
  /** Left out where the screen is too narrow for all columns, the first such column first. */
  readonly optional?: boolean;
}

export interface TableText {
  /** A line above the table. */
  readonly title?: string;
  /** A bare string is a column's title. */
  readonly columns: readonly (Column | string)[];
  readonly rows: readonly (readonly Cell[])[];
  /** A last row below a rule. */
  readonly totals?: readonly Cell[];
  /** Sentences under the table. */
  readonly notes?: readonly string[];
  /** Said instead of the table when there are no rows. */
  readonly empty?: string;
}

const gap = 2;
const leastTextWidth = 12;

/**
 * A table as text, without a line break at the end: title, header over a rule, rows, totals, notes.
 *
 * Where the screen is too narrow, optional columns are left out, then text columns wrap; where even that does not fit,
 * each row becomes a few `title  value` lines. Nothing is cut off.
 */
export function tableText(table: TableText, screen: Screen): string {
  const lines = (text: string | undefined) => (text === undefined ? [] : wrapped(text, screen.width));
  const parts = [
    ...lines(table.title).map((line) => bold(line, screen)),
    bodyOf(table, screen),
    ...(table.notes ?? []).flatMap((note) => lines(note).map((line) => dim(line, screen))),
  ];
  return parts.join('\n');
}

function bodyOf(table: TableText, screen: Screen): string {
  if (table.rows.length === 0 && table.empty !== undefined) {
    return wrapped(table.empty, screen.width).join('\n');
  }
  const columns = table.columns.map(
    (column): Column => (typeof column === 'string' ? { title: column } : column),
  );
  const drawn = drawnOf(columns, table);
  if (screen.width < widthOf(drawn)) {
    const spare = columns.findIndex((column) => column.optional === true);
    if (spare >= 0) return bodyOf(withoutColumn(table, spare), screen);
  }
  const widths = fitted(drawn, screen.width);
  return widths ? grid({ ...drawn, widths }, screen) : records(drawn, screen);
}

function withoutColumn(table: TableText, spare: number): TableText {
  const rest = <Item>(items: readonly Item[]) => items.filter((_, at) => at !== spare);
  const { totals } = table;
  return {
    ...table,
    columns: rest(table.columns),
    rows: table.rows.map(rest),
    ...(totals && { totals: rest(totals) }),
  };
}

/** A table as the words that will be printed. */
interface Drawn {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly totals: readonly string[] | undefined;
  readonly right: readonly boolean[];
  /** Of each column when nothing wraps. */
  readonly widths: readonly number[];
}

function drawnOf(columns: readonly Column[], table: TableText): Drawn {
  const titles = columns.map((column) => printable(column.title));
  const rows = table.rows.map((row) => titles.map((_, at) => textOf(row[at])));
  const totals = table.totals ? titles.map((_, at) => textOf(table.totals?.[at])) : undefined;
  const all = totals ? [...rows, totals] : rows;
  const widths = titles.map((title) => title.length);
  for (const row of all) {
    for (const [at, text] of row.entries()) widths[at] = Math.max(widths[at], text.length);
  }
  const right = columns.map((column, at) =>
    column.align ? column.align === 'right' : readsAsFigures(all.map((row) => row[at])),
  );
  return { titles, rows, totals, right, widths };
}

function widthOf({ widths }: Drawn): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1);
}

function textOf(cell: Cell): string {
  return cell === undefined ? '' : printable(String(cell));
}

const figure = /^[-+]?₹?[-+]?[\d,]*\.?\d+(?:e[-+]?\d+)?\s?(?:%|x|×|R|ms|s|d|days?)?$/;
const blanks = new Set(['', '-', '–', 'n/a']);

/** Whether every cell of a column is a figure or says that there is none, and one is. */
export function readsAsFigures(cells: readonly string[]): boolean {
  let figures = 0;
  for (const cell of cells) {
    if (blanks.has(cell)) continue;
    if (!figure.test(cell)) return false;
    figures++;
  }
  return figures > 0;
}

/** Column widths that fit the screen, or nothing when text columns would become too narrow to read. */
function fitted(drawn: Drawn, screenWidth: number): number[] | undefined {
  const widths = [...drawn.widths];
  for (let excess = widthOf(drawn) - screenWidth; excess > 0; excess--) {
    let widest = -1;
    for (let at = 0; at < widths.length; at++) {
      if (drawn.right[at] || widths[at] <= leastTextWidth) continue;
      if (widest < 0 || widths[at] > widths[widest]) widest = at;
    }
    if (widest < 0) return undefined;
    widths[widest]--;
  }
  return widths;
}

function grid({ titles, rows, totals, right, widths }: Drawn, screen: Screen): string {
  const loss = (text: string, at: number) => (right[at] && /^-₹?\d/.test(text) ? red(text, screen) : text);
  const row = (cells: readonly string[], paint: Paint) => rowText(cells, { right, widths, paint });
  const rule = row(
    widths.map((width) => '─'.repeat(width)),
    (text) => dim(text, screen),
  );
  const lines = [row(titles, (text) => bold(text, screen)), rule, ...rows.map((cells) => row(cells, loss))];
  if (totals) lines.push(rule, row(totals, loss));
  return lines.join('\n');
}

type Paint = (text: string, at: number) => string;

/** One row, over as many lines as its longest cell wraps to. Padding goes by the words, since colours have no width. */
function rowText(
  cells: readonly string[],
  {
    right,
    widths,
    paint,
  }: { readonly right: readonly boolean[]; readonly widths: readonly number[]; readonly paint: Paint },
): string {
  const wrappedCells = cells.map((text, at) => wrapped(text, widths[at]));
  const height = Math.max(1, ...wrappedCells.map((lines) => lines.length));
  const drawn: string[] = [];
  for (let line = 0; line < height; line++) {
    let text = '';
    for (const [at, lines] of wrappedCells.entries()) {
      const word = lines[line] ?? '';
      const padding = ' '.repeat(Math.max(0, widths[at] - word.length));
      const cell = word === '' ? '' : paint(word, at);
      text += (right[at] ? padding + cell : cell + padding) + ' '.repeat(gap);
    }
    drawn.push(text.trimEnd());
  }
  return drawn.join('\n');
}

function records({ titles, rows, totals }: Drawn, screen: Screen): string {
  const label = Math.max(...titles.map((title) => title.length));
  const block = (row: readonly string[]) =>
    titles
      .flatMap((title, at) => {
        if (row[at] === '') return [];
        const [first, ...more] = wrapped(row[at], screen.width - label - gap);
        const lines = [
          `${title.padEnd(label + gap)}${first}`,
          ...more.map((line) => ' '.repeat(label + gap) + line),
        ];
        return lines;
      })
      .join('\n');
  return [...rows, ...(totals ? [totals] : [])].map(block).join('\n\n');
}
