import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournalLog, type RecordFields } from '../../src/adapters/journal/journal-log.ts';
import type { Folders } from '../../src/app/context.ts';
import type { ClosedTrade } from '../../src/domain/run-result.ts';
import { ist, trade } from './outcomes.ts';

/** Folders of a home of its own. */
export function emptyFolders(): { readonly folders: Folders } {
  const home = mkdtempSync(join(tmpdir(), 'algo-home-'));
  return { folders: { root: home, home, data: join(home, 'data'), cache: join(home, 'data', 'cache') } };
}

export function streamIn({ folders }: { readonly folders: Folders }, stream: string, mode = 'paper'): string {
  return join(folders.data, 'journal', mode, stream);
}

/** Appends records to a stream's journal and closes it; small segments on request. */
export function writeJournal(
  folder: string,
  records: readonly RecordFields[],
  segmentBytesMax?: number,
): void {
  const log = JournalLog.open({ folder, ...(segmentBytesMax !== undefined && { segmentBytesMax }) });
  for (const fields of records) log.append(fields, 'soon');
  log.close();
}

export function sessionRecord(id = 'abc', fields: Readonly<Record<string, unknown>> = {}): RecordFields {
  return {
    t: 'session',
    id,
    mode: 'paper',
    feed: 'replay:2026-04-01',
    startedAt: ist('2026-04-01 09:00'),
    capitalPaise: 10_000_000,
    strategies: ['ema20_50'],
    timeframe: '15m',
    instruments: ['NSE:INFY'],
    synthetic: false,
    charges: 'zerodha',
    ...fields,
  };
}

/** Everything a session writes of one round trip: two orders, two fills and the trade itself as it closed and was settled. */
export function tradeRecords(differences: Partial<ClosedTrade>): readonly RecordFields[] {
  const closed = trade({
    ...differences,
    entryOrder: 2 * (differences.id ?? 1) - 1,
    exitOrder: 2 * (differences.id ?? 1),
  });
  const { strategy, key, product, quantity, entryOrder, exitOrder } = closed;
  const order = (id: number, side: string, role: string, time: number) => ({
    t: 'intent',
    order: {
      id,
      strategy,
      key,
      side,
      role,
      type: 'MARKET',
      product,
      validity: 'DAY',
      quantity,
      price: null,
      trigger: null,
      time,
    },
  });
  const fill = (id: number, price: number, time: number) => ({
    t: 'order',
    event: { type: 'filled', id, time, quantity, price, tradeId: `T${id}` },
  });
  const [first, last] = closed.direction === 'LONG' ? ['BUY', 'SELL'] : ['SELL', 'BUY'];
  const { exitTime, exitPrice, exitReason, grossPaise, chargesPaise, bars, adverse, favourable, ...held } =
    closed;
  return [
    order(entryOrder, first, 'entry', closed.entryTime),
    fill(entryOrder, closed.entryPrice, closed.entryTime),
    { t: 'trade', status: 'open', trade: held },
    order(exitOrder, last, exitReason, exitTime),
    fill(exitOrder, exitPrice, exitTime),
    { t: 'trade', status: 'closed', trade: { ...closed, chargesPaise: chargesPaise + 1 } },
    { t: 'trade', status: 'settled', trade: closed },
  ];
}
