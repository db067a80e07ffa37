import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../domain/errors.ts';
import { type ScanDocument, scanDocument } from '../reports/scan-json.ts';
import type { Context } from './context.ts';
import { scanMarket } from './scan.ts';
import type { ScanRequest } from './scan-request.ts';

export interface Repetition {
  /** `60s`, `5m`; undefined scans once. */
  readonly every: string | undefined;
  /** Ring, and name the instruments that the scan before did not have. */
  readonly alert: boolean;
  /** Writes down every scan. */
  readonly keep: (document: ScanDocument) => Promise<void>;
  /** Shows every scan but the last. */
  readonly show: (document: ScanDocument) => Promise<void>;
  /** The screen is cleared before each scan. */
  readonly repaints: boolean;
}

const secondsMax = 86_400;

/** One scan, or one after the other until Ctrl-C ends the program. @throws UsageError USAGE_EVERY, and what `scanMarket` throws */
export async function repeatedScan(
  context: Context,
  request: ScanRequest,
  { every, alert, keep, show, repaints }: Repetition,
): Promise<ScanDocument> {
  if (every === undefined && alert)
    throw new UsageError(
      'USAGE_ALERT',
      '--alert tells what is new since the scan before, and there is only one.',
      'Add --every 60s.',
    );
  if (every === undefined) {
    const document = scanDocument(await scanMarket(context, request));
    await keep(document);
    return document;
  }
  const pauseMs = pauseOf(every);
  let before: ReadonlySet<string> | undefined;
  for (;;) {
    const document = scanDocument(await scanMarket(context, request));
    if (repaints) process.stdout.write('\u001B[2J\u001B[H');
    await show(document);
    await keep(document);
    const now = new Set(document.hits.map(({ instrument }) => instrument));
    const news = [...now].filter((instrument) => before !== undefined && !before.has(instrument));
    if (alert && news.length > 0) context.output.warn(`\u0007New hits: ${news.join(', ')}`);
    before = now;
    await sleep(pauseMs);
  }
}

function pauseOf(text: string): number {
  const match = /^(\d+)(s|m)$/.exec(text.trim());
  const seconds = Number(match?.[1]) * (match?.[2] === 'm' ? 60 : 1);
  if (match && seconds >= 1 && seconds <= secondsMax) return seconds * 1_000;
  throw new UsageError(
    'USAGE_EVERY',
    `--every received "${text}".`,
    'Give seconds or minutes, such as 60s or 5m.',
  );
}
