import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openCheck } from '../../adapters/duckdb/open-check.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { TradingCalendar } from '../../domain/rulebook.ts';
import { istDate, istDayNumber } from '../../domain/time.ts';
import type { HistoryStore, StoredSeries } from '../../engine/ports.ts';
import type { DoctorCheck } from '../../reports/doctor-text.ts';
import { countText } from '../../reports/format.ts';
import type { Context } from '../context.ts';
import { historyFileOf, historyOf } from '../open-history.ts';
import { bytesText, guarded, pass, warn } from './check.ts';

/** Trading days without bars from which they are stale: a weekly import leaves five open. */
const staleSessions = 6;

/** The history: that it opens, what it covers, how old its newest bars are; and the cache beside it. */
export async function storeChecks(
  context: Context,
  calendar: TradingCalendar,
  today: number,
): Promise<readonly DoctorCheck[]> {
  const { file, waiting } = historyFileOf(context);
  if (!existsSync(file)) {
    return [
      pass('history', `None yet at ${file}; it appears with the first import or backtest.`),
      cacheCheck(context.folders.cache),
    ];
  }
  const store = historyOf(context);
  const opened = await guarded('history', async () => {
    await openCheck({ file, waiting });
    return [coverageCheck(await store.list(), file)];
  });
  const ages = opened.some(({ state }) => state === 'fail')
    ? []
    : await guarded('data age', () => ageChecks(store, calendar, today));
  return [...opened, ...ages, cacheCheck(context.folders.cache)];
}

function coverageCheck(series: readonly StoredSeries[], file: string): DoctorCheck {
  const size = bytesText(statSync(file).size);
  if (series.length === 0) return pass('history', `${file} opens and is empty.`);
  const bars = series.reduce((sum, each) => sum + each.bars, 0);
  const first = Math.min(...series.map((each) => each.first));
  const last = Math.max(...series.map((each) => each.last));
  const symbols = new Set(series.map(({ key }) => key)).size;
  return pass(
    'history',
    `${file} opens: ${countText(bars)} bars of ${countText(symbols)} instruments, ${istDate(first)} to ${istDate(last)}, ${size}.`,
  );
}

async function ageChecks(
  store: HistoryStore,
  calendar: TradingCalendar,
  today: number,
): Promise<readonly DoctorCheck[]> {
  const instruments = new Map((await store.instruments()).map((each) => [each.key, each]));
  const newest = new Map<string, { instrument: Instrument; last: number }>();
  for (const { key, last } of await store.list()) {
    const instrument = instruments.get(key);
    // Invented prices and contracts that have expired do not age.
    if (!instrument || instrument.synthetic || instrument.rules === 'none') continue;
    const known = newest.get(instrument.exchange);
    if (!known || known.last < last) newest.set(instrument.exchange, { instrument, last });
  }
  const groups = await Promise.all(
    [...newest].map(([exchange, { instrument, last }]) =>
      guarded(`${exchange} bars`, () => {
        const missed = sessionsBetween(calendar, instrument, istDayNumber(last), today);
        return [ageCheck(exchange, last, missed)];
      }),
    ),
  );
  return groups.flat();
}

export function ageCheck(exchange: string, last: number, missed: number): DoctorCheck {
  const name = `${exchange} bars`;
  const found = `Newest ${istDate(last)}, ${missed} trading day${missed === 1 ? '' : 's'} since.`;
  return missed < staleSessions
    ? pass(name, found)
    : warn(name, found, 'Import newer bars: algo data import <file>');
}

/** Trading days after one day and before another. */
function sessionsBetween(
  calendar: TradingCalendar,
  instrument: Instrument,
  after: number,
  before: number,
): number {
  let count = 0;
  for (let day = after + 1; day < before; day++) if (calendar.session(instrument, day)) count++;
  return count;
}

function cacheCheck(folder: string): DoctorCheck {
  if (!existsSync(folder)) return pass('cache', 'Empty.');
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) =>
    entry.isFile(),
  );
  const bytes = files.reduce(
    (sum, entry) =>
      sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  const drafts = files.filter(({ name }) => /\.tmp$|\.\d+$/.test(name)).length;
  const found = `${countText(files.length)} file${files.length === 1 ? '' : 's'}, ${bytesText(bytes)}, at ${folder}.`;
  return drafts > 20
    ? warn(
        'cache',
        `${found} ${drafts} are left over from runs that were stopped.`,
        `It may be deleted: rm -r ${folder}`,
      )
    : pass('cache', found);
}
