import { inOrder } from '../adapters/simulated/in-order.ts';
import { SimulatedBroker } from '../adapters/simulated/simulated-broker.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { OrderEvent } from '../domain/order.ts';
import type { Engine } from '../engine/engine.ts';
import type { Broker, MarketListener, OrderListener } from '../engine/ports.ts';
import type { Slot } from '../engine/slot.ts';
import type { BacktestCast } from './backtest-run.ts';

/** Where a session's orders go, and what is told of its bars. */
export interface SessionExchange {
  readonly broker: Broker;
  /** Who hears of bars, in the order that is right. */
  market(engine: Engine): MarketListener;
  open(instrument: Instrument, slot: Slot): void;
  /** Tells the engine once more what a journal says of an order; absent where the bars bring it again by themselves. */
  readonly retell?: (event: OrderEvent) => void;
}

/** The exchange of a backtest: bars fill its orders. Nothing of it leaves this computer. */
export function simulatedExchange({ plan, fill, settlement }: BacktestCast): SessionExchange {
  const broker = new SimulatedBroker(fill, plan.rulebook.contracts, settlement);
  return {
    broker,
    market: (engine) => inOrder(broker, engine),
    open: (instrument, slot) => broker.open(instrument, slot),
  };
}

/** The exchange of a session that is only played again: nothing is sent, and answers are those that the journal tells. */
export function recordedExchange(): SessionExchange {
  let listener: OrderListener | undefined;
  const silent = () => undefined;
  return {
    broker: {
      connect(given) {
        listener = given;
      },
      ...{ submit: silent, modify: silent, cancel: silent },
    },
    market: (engine) => engine,
    open: silent,
    retell: (event) => listener?.orderEvent(event),
  };
}
