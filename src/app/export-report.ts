import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { showPage } from '../adapters/system/show-page.ts';
import { InvariantError, UsageError } from '../domain/errors.ts';
import type { PageParts } from '../reports/html/document.ts';
import { htmlListedPage } from '../reports/html/listed-page.ts';
import { htmlReport, type TearSheet } from '../reports/html/report-page.ts';
import type { ListedPage } from '../reports/listed-page.ts';
import type { BacktestOutcome } from '../research/backtest-outcome.ts';
import type { Context } from './context.ts';
import { checkExportFile, writeExportFile } from './export-file.ts';

/** Says before a long run what would go wrong at its end. @throws UsageError USAGE_EXPORT */
export function checkReport(file: string): void {
  checkExportFile({ flag: '--html', file, endings: ['.html', '.htm'], example: 'report.html' });
}

export interface PageFile {
  readonly file: string;
  /** Shown in the browser. */
  readonly open: boolean;
}

/** A backtest as a page. @throws DataError DATA_WRITE */
export async function exportReport(
  context: Context,
  outcome: BacktestOutcome,
  to: PageFile,
  sheet?: TearSheet,
): Promise<void> {
  await exportPage(context, htmlReport(outcome, await pageParts(context.folders.root), sheet), to);
}

/** Sentences and tables as a page. @throws DataError DATA_WRITE */
async function exportListed(context: Context, page: ListedPage, to: PageFile): Promise<void> {
  const folder = pageFolder(context.folders.root);
  const [style, ...parts] = await Promise.all(
    ['report.css', 'format.js', 'theme.js', 'sort-tables.js'].map((name) => text(join(folder, name))),
  );
  await exportPage(context, htmlListedPage(page, { style, script: parts.join('\n') }), to);
}

/**
 * What writes a page of sentences and tables, once its name has been looked at; without a name it writes nothing.
 * @throws UsageError USAGE_EXPORT, USAGE_OPEN
 */
export function listedPageWriter(
  context: Context,
  { file, open }: { readonly file: string | undefined; readonly open: boolean },
): (page: () => ListedPage) => Promise<void> {
  if (file !== undefined) {
    checkReport(file);
    // What is written again and again is opened once.
    let opens = open;
    return async (page) => {
      await exportListed(context, page(), { file, open: opens });
      opens = false;
    };
  }
  if (open)
    throw new UsageError(
      'USAGE_OPEN',
      '--open shows the page of --html, and none is written.',
      'Add --html page.html.',
    );
  return async () => undefined;
}

/** Writes a page, all of it or nothing, and shows it where that is asked for. */
async function exportPage({ output }: Context, page: string, { file, open }: PageFile): Promise<void> {
  await writeExportFile(file, page);
  const path = resolve(file);
  output.note(`Wrote ${path}, ${(Buffer.byteLength(page) / 1e6).toFixed(1)} MB.`);
  if (open && !(await showPage(path))) output.warn(`No program opened ${path}. Open it in a browser.`);
}

function pageFolder(root: string): string {
  return join(root, 'src', 'reports', 'html', 'page');
}

const scripts = [
  'format',
  'theme',
  'chart',
  'equity-chart',
  'trade-marks',
  'price-chart',
  'trade-table',
  'sort-tables',
];

/** The page's scripts, style and chart library, read from the installed package. */
export async function pageParts(root: string): Promise<PageParts> {
  const folder = pageFolder(root);
  const library = join(
    packageFolder(root, 'lightweight-charts'),
    'dist',
    'lightweight-charts.standalone.production.js',
  );
  const [charts, style, ...parts] = await Promise.all(
    [library, join(folder, 'report.css'), ...scripts.map((name) => join(folder, `${name}.js`))].map(text),
  );
  return { charts, style, script: parts.join('\n') };
}

/** Where a dependency lies, which a package manager may have put beside this package or above it. */
function packageFolder(root: string, name: string): string {
  try {
    return dirname(createRequire(join(root, 'package.json')).resolve(`${name}/package.json`));
  } catch (cause) {
    throw missing(name, cause);
  }
}

async function text(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause) => {
    throw missing(file, cause);
  });
}

function missing(part: string, cause: unknown): InvariantError {
  return new InvariantError(
    'BUG_PAGE_PARTS',
    `${part}, a part of the report's page, is missing.`,
    'Install algo again.',
    cause,
  );
}
