import { SimulatedBroker } from '#src/adapters/simulated/simulated-broker.ts';
import { BarSeries } from '#src/domain/bar-series.ts';
import type { OrderEvent } from '#src/domain/order.ts';
import { minuteMs } from '#src/domain/time.ts';
import { india, share } from '../support/india.ts';
import { kiteStage } from '../support/kite-stage.ts';
import { defaultFillRules } from '../support/plain-rules.ts';
import { scriptedKite } from '../support/scripted-kite.ts';
import { scriptedStart } from '../support/scripted-market.ts';
import { brokerContract } from './broker-contract.ts';

brokerContract('simulated', async () => {
  const events: OrderEvent[] = [];
  const broker = new SimulatedBroker(defaultFillRules, india.contracts);
  broker.connect({ orderEvent: (event) => events.push({ ...event }) });
  const series = new BarSeries(share.key, '1m');
  series.slot = 0;
  series.append(scriptedStart, 100, 100, 100, 100, 1_000);
  const cursor = { series, row: 0 };
  broker.open(share, cursor);
  const trade = async (price: number, quantity = 1_000) => {
    series.append(scriptedStart + series.length * minuteMs, price, price, price, price, quantity);
    cursor.row = series.length - 1;
    broker.barClosed(series, cursor.row);
    broker.mark(series.time[cursor.row] + minuteMs);
  };
  return { broker, key: share.key, events, trade, close: async () => undefined };
});

brokerContract('Kite, over the sandbox', async () => {
  const kite = await scriptedKite();
  const { broker, events } = await kiteStage(kite);
  await broker.start();
  return {
    broker,
    key: kite.infy.key,
    events,
    async trade(price, quantity) {
      await kite.quiet();
      kite.print(price, quantity);
      await kite.forward(7_000);
    },
    async close() {
      broker.stop();
      await kite.close();
    },
  };
});
