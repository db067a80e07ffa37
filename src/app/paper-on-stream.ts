import { join } from 'node:path';
import { holdLock } from '../adapters/duckdb/process-lock.ts';
import { JournalLog } from '../adapters/journal/journal-log.ts';
import type { SessionReport } from '../reports/session-text.ts';
import { brokerDoor } from './broker-door.ts';
import type { Context } from './context.ts';
import { simulatedExchange } from './session-exchange.ts';
import { logged } from './session-log.ts';
import { streamFolder } from './streams.ts';
import { type DayMode, type DayRequest, tradingDay } from './trading-day.ts';

/** Bars fill its orders; it has nothing through which an order could leave. */
export const paperMode: DayMode = {
  mode: 'paper',
  exchange: ({ cast }) => ({ exchange: simulatedExchange(cast) }),
};

/**
 * A trading day with pretended money on a broker's prices. Before the opening it waits; a session that was interrupted, or holds
 * positions overnight, goes on where its journal ends. Undefined when the markets of its instruments are closed today.
 *
 * @throws AlgoError RUNNING (75), AuthError, BrokerError, DataError, CheckFailed CHECK_SESSION and CHECK_REPLAY, StrategyError
 */
export async function paperOnStream(
  context: Context,
  request: DayRequest,
  signal: AbortSignal,
  openDoor: typeof brokerDoor = brokerDoor,
): Promise<SessionReport | undefined> {
  const told = logged(context, { command: 'paper', stream: request.stream });
  const folder = streamFolder(context, 'paper', request.stream);
  const release = await holdLock(join(folder, 'engine.lock.duckdb'), `The paper session "${request.stream}"`);
  try {
    const door = await openDoor(told, request);
    const log = JournalLog.open({ folder });
    try {
      return await tradingDay(told, request, { mode: paperMode, door, log, folder, signal });
    } finally {
      log.close();
      door.clock.stop();
    }
  } finally {
    release();
  }
}
