import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { showPage } from '../adapters/system/show-page.ts';
import { InvariantError } from '../domain/errors.ts';
import type { PageParts } from '../reports/html/document.ts';
import { htmlReport } from '../reports/html/report-page.ts';
import type { BacktestOutcome } from '../research/backtest-outcome.ts';
import type { Context } from './context.ts';
import { checkExportFile, writeExportFile } from './export-file.ts';

/** Says before a long run what would go wrong at its end. @throws UsageError USAGE_EXPORT */
export function checkReport(file: string): void {
  checkExportFile({ flag: '--html', file, endings: ['.html', '.htm'], example: 'report.html' });
}

/** Writes the page, all of it or nothing, and shows it where that is asked for. @throws DataError DATA_WRITE */
export async function exportReport(
  { folders, output }: Context,
  outcome: BacktestOutcome,
  { file, open }: { readonly file: string; readonly open: boolean },
): Promise<void> {
  const page = htmlReport(outcome, await pageParts(folders.root));
  await writeExportFile(file, page);
  const path = resolve(file);
  output.note(`Wrote ${path}, ${(Buffer.byteLength(page) / 1e6).toFixed(1)} MB.`);
  if (open && !(await showPage(path))) output.warn(`No program opened ${path}. Open it in a browser.`);
}

const scripts = ['format', 'theme', 'chart', 'equity-chart', 'trade-marks', 'price-chart', 'trade-table'];

/** The page's scripts, style and chart library, read from the installed package. */
export async function pageParts(root: string): Promise<PageParts> {
  const folder = join(root, 'src', 'reports', 'html', 'page');
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
