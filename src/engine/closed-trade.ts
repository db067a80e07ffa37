import { assert } from '../domain/errors.ts';
import type { ExitReason } from '../domain/order.ts';
import type { ClosedTrade } from '../domain/run-result.ts';
import type { OpenTrade } from './open-trade.ts';

/** A finished round trip as the record keeps it. */
export function closedTrade(trade: OpenTrade): ClosedTrade {
  const { run, direction } = trade;
  return {
    id: trade.id,
    strategy: run.name,
    key: run.slot.instrument.key,
    direction: direction > 0 ? 'LONG' : 'SHORT',
    product: trade.product,
    quantity: trade.entered,
    entryTime: trade.entryTime,
    entryPrice: trade.entryPrice,
    exitTime: trade.exitTime,
    exitPrice: trade.exitPrice,
    grossPaise: direction * (trade.exitValuePaise - trade.entryValuePaise),
    chargesPaise: trade.chargesPaise,
    exitReason: reasonOf(trade),
    bars: trade.exitIndex - trade.entryIndex,
    adverse: Math.max(0, direction > 0 ? trade.entryPrice - trade.lowest : trade.highest - trade.entryPrice),
    favourable: Math.max(
      0,
      direction > 0 ? trade.highest - trade.entryPrice : trade.entryPrice - trade.lowest,
    ),
    entryOrder: trade.entryOrder,
    exitOrder: trade.exitOrder,
    ...(trade.exitNote === undefined ? {} : { note: trade.exitNote }),
  };
}

function reasonOf({ exitRole, trailed }: OpenTrade): ExitReason {
  assert(exitRole !== 'entry', 'a trade is closed by an exit');
  return exitRole === 'stop' && trailed ? 'trail' : exitRole;
}
