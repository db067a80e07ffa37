import { readActionList } from '../adapters/files/action-list.ts';
import { contentsOf } from '../adapters/files/contents.ts';
import { parseDateOrder } from '../adapters/files/date-order.ts';
import { findFiles } from '../adapters/files/find-files.ts';
import type { CorporateAction } from '../domain/corporate-action.ts';
import { DataError } from '../domain/errors.ts';
import { parseKey } from '../domain/instrument.ts';
import type { HistoryStore } from '../engine/ports.ts';

export interface ActionsRequest {
  readonly paths: readonly string[];
  /** Exchange of symbols that name none. */
  readonly exchange?: string | undefined;
  readonly dateFormat?: string | undefined;
}

export interface ActionsResult {
  readonly read: number;
  /** New, or different from what was recorded for that share and day. */
  readonly changed: number;
  /** Shares of the file without stored bars: their actions wait for them. */
  readonly withoutBars: number;
}

/** Records splits, bonuses and the like. Two different ones of one share on one day are refused; a file is taken whole or not at all. */
export async function importActions(store: HistoryStore, request: ActionsRequest): Promise<ActionsResult> {
  const order = request.dateFormat === undefined ? undefined : parseDateOrder(request.dateFormat);
  const exchange = (request.exchange ?? 'NSE').toUpperCase();
  const actions = new Map<string, CorporateAction>();
  for (const { path, name } of findFiles(request.paths).files) {
    for (const content of contentsOf(path, name)) {
      if (content.kind !== 'bytes')
        throw new DataError(
          'DATA_LAYOUT',
          `${name} is Parquet, not a list of corporate actions.`,
          'Give CSV.',
        );
      for (const { symbol, ...action } of readActionList(content.name, content.read(), order)) {
        const { key } = parseKey(symbol.includes(':') ? symbol : `${exchange}:${symbol}`);
        const place = `${key} ${action.exDay}`;
        const other = actions.get(place);
        if (other && other.factor !== action.factor) {
          throw new DataError(
            'DATA_DUPLICATE',
            `${content.name} has two actions of ${key} on one day, with factors ${other.factor} and ${action.factor}.`,
            'Write one row with the product of both.',
          );
        }
        actions.set(place, { key, ...action });
      }
    }
  }
  const stored = new Set((await store.instruments()).map(({ key }) => key));
  const all = [...actions.values()];
  const strangers = new Set(all.map(({ key }) => key).filter((key) => !stored.has(key)));
  return { read: all.length, changed: await store.saveActions(all), withoutBars: strangers.size };
}
