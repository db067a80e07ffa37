import { expect, test } from '@jest/globals';
import type { BrokerRecord } from '#src/adapters/kite/broker-parts.ts';
import { KiteBroker } from '#src/adapters/kite/kite-broker.ts';
import { readTag } from '#src/adapters/kite/order-tag.ts';
import { seededDraw } from '#src/adapters/simulated/fill-rules.ts';
import { BarSeries } from '#src/domain/bar-series.ts';
import type { OrderEvent } from '#src/domain/order.ts';
import { minuteMs } from '#src/domain/time.ts';
import { Engine } from '#src/engine/engine.ts';
import type { OrderListener } from '#src/engine/ports.ts';
import { fixedQuantity } from '#src/engine/sizing.ts';
import { stormOf } from '#src/sandbox/faults/storm.ts';
import { defineStrategy } from '#src/strategy/define.ts';
import { india } from '../../support/india.ts';
import { noRiskLimits } from '../../support/plain-rules.ts';
import { type ScriptedKite, scriptedKite } from '../../support/scripted-kite.ts';

/** `ALGO_STORMS=500` is the long run. */
const storms = Number(process.env.ALGO_STORMS ?? 2);
const bars = 40;
const lastEntry = 30;

/** Faults that strike requests and orders; those that answer never or late would need real time to pass. */
const faultsOf = (seed: number) =>
  stormOf(seed)
    .filter(({ name }) => !/^(timeout|slow|socket|frame)/.test(name))
    // Stronger than a usual storm: a session has a hundred requests, not a hundred thousand.
    .map((rule) => ({ ...rule, probability: Math.min(1, (rule.probability ?? 0) * 6) }));

type Input = { readonly bar: number } | { readonly event: OrderEvent };

/** One process: an engine with a strategy that does by the bar's number what the seed says, and the broker. */
function processOf(
  kite: ScriptedKite,
  seed: number,
  series: BarSeries,
  past: readonly BrokerRecord[],
  life: number,
) {
  const records: BrokerRecord[] = [...past];
  const inputs: Input[] = [];
  const told: OrderEvent[] = [];
  const troubles: string[] = [];
  let alive = true;
  const broker = new KiteBroker({
    kite: kite.login(),
    clock: kite.clock,
    rules: {
      instrument: () => kite.infy,
      tick: () => 0.05,
      lastPrice: (key) => kite.market.quote(key)?.lastPrice,
      marketProtection: -1,
      optionStopPercent: 5,
    },
    stream: 'storm',
    nonce: String(life).padStart(6, '0'),
    past,
    record: (fields) => {
      if (alive) records.push(JSON.parse(JSON.stringify(fields)));
    },
    withheld: () => (alive ? undefined : 'dead'),
    trouble: (code, why) => {
      troubles.push(`${code} ${why}`);
      if (code === 'TOKEN_DEAD' && alive)
        kite.clock.at(kite.clock.now() + 5_000, () => void broker.renewed(kite.login()));
    },
    failed: (error) => {
      throw error;
    },
  });
  let desk: OrderListener | undefined;
  const strategy = defineStrategy({
    name: 'storm',
    about: 'Does what the seed says.',
    timeframe: '1m',
    setup: () => ({
      onBar({ bar: { index }, position, buy, sell, exit, moveStop }) {
        const draw = seededDraw(seed * 1_000 + index);
        const deed = draw();
        if (index >= lastEntry) exit();
        else if (position.flat && deed < 0.7)
          (draw() < 0.5 ? buy : sell)({
            ...(draw() < 0.7 ? { stopLoss: 0.3 + draw() } : {}),
            ...(draw() < 0.7 ? { target: 0.3 + draw() } : {}),
          });
        else if (deed < 0.2) exit();
        else if (deed < 0.35) moveStop(0.1);
      },
    }),
  });
  const engine = new Engine(
    {
      capitalPaise: 100_000_000,
      limits: noRiskLimits,
      sizing: fixedQuantity(10),
      charges: india.charges('none'),
      rulebook: india,
      product: 'MIS',
      squareOff: 'auto',
      entryCutOff: 'auto',
    },
    {
      broker: {
        connect(listener) {
          desk = listener;
          broker.connect({
            orderEvent(event) {
              if (!alive) return;
              inputs.push({ event: { ...event } });
              listener.orderEvent(event);
            },
          });
        },
        submit: (order) => broker.submit(order),
        modify: (id, change) => broker.modify(id, change),
        cancel: (id) => broker.cancel(id),
      },
      journal: {
        append(entry) {
          const fields =
            entry.type === 'intent'
              ? { t: 'intent', order: entry.order }
              : { t: 'order', event: entry.event };
          if (replaying) return;
          if (entry.type === 'order') told.push({ ...entry.event });
          if (alive) records.push(JSON.parse(JSON.stringify(fields)));
        },
      },
    },
  );
  let replaying = true;
  engine.run(strategy, {}, engine.watch(kite.infy, series));
  const bar = (row: number) => {
    engine.barClosed(series, row);
    engine.mark(series.time[row] + minuteMs);
  };
  return {
    engine,
    broker,
    records,
    inputs,
    told,
    troubles,
    begin(before: readonly Input[]) {
      for (const input of before) {
        inputs.push(input);
        if ('bar' in input) bar(input.bar);
        else {
          broker.retold(input.event);
          desk?.orderEvent(input.event);
        }
      }
      replaying = false;
      // A read that fails in passing waits for the clock.
      void broker.start();
    },
    bar(row: number) {
      inputs.push({ bar: row });
      bar(row);
    },
    kill() {
      alive = false;
      void broker.stop();
    },
  };
}

test.each(Array.from({ length: storms }, (_, at) => at + 1))(
  'storm %i: nothing is sent twice, every fill is told once, and both books agree in the end',
  async (seed) => {
    const kite = await scriptedKite();
    const series = new BarSeries('NSE:INFY', '1m');
    const draw = seededDraw(seed);
    const told: OrderEvent[] = [];
    const troubles: string[] = [];
    let life = 1;
    let running = processOf(kite, seed, series, [], life);
    try {
      running.begin([]);
      for (const rule of faultsOf(seed)) kite.faults.set(rule);
      let price = 100;
      for (let row = 0; row < bars; row++) {
        const from = price;
        for (let print = 0; print < 6; print++) {
          price = Math.max(85, Math.min(115, Math.round((price + (draw() - 0.5) * 0.6) * 20) / 20));
          kite.print(price, 1 + Math.floor(draw() * 12));
          running.broker.touch(kite.infy.key, price);
          if (draw() < 0.3) running.broker.hint();
          await kite.forward(10_000, 500);
        }
        series.append(
          kite.clock.now() - minuteMs,
          from,
          Math.max(from, price),
          Math.min(from, price),
          price,
          100,
        );
        running.bar(row);
        if (row === lastEntry - 1) kite.faults.clear();
        if (draw() < 0.08 && row < lastEntry) {
          // Somewhere between a decision and its consequences.
          if (draw() < 0.5) await new Promise((turn) => setImmediate(turn));
          running.kill();
          told.push(...running.told);
          troubles.push(...running.troubles);
          life += 1;
          const next = processOf(kite, seed, series, running.records, life);
          await kite.quiet();
          next.begin(running.inputs);
          running = next;
        }
      }
      kite.print(price, 1_000);
      await kite.forward(130_000, 500);
      told.push(...running.told);
      troubles.push(...running.troubles);

      const client = kite.login();
      const rows = (await client.orders()).filter(({ tag }) => tag !== null && readTag(tag));
      const trades = await client.trades();
      expect(rows.length).toBeGreaterThan(0);
      expect(new Set(rows.map(({ tag }) => tag)).size).toBe(rows.length);
      const fills = told.filter((event) => event.type === 'filled');
      expect(fills.map(({ tradeId }) => tradeId).sort()).toEqual(trades.map(({ trade_id: id }) => id).sort());
      expect(troubles.filter((words) => words.startsWith('MISMATCH'))).toEqual([]);
      const net = (await client.positions()).net.reduce((sum, { quantity }) => sum + quantity, 0);
      const held = running.engine.account.held.reduce((sum, { netQuantity }) => sum + netQuantity, 0);
      expect(net).toBe(held);
      expect(net).toBe(0);
      expect(running.broker.standing).toMatchObject({ open: 0, unknown: 0 });
      expect(rows.filter(({ status }) => !/COMPLETE|CANCELLED|REJECTED/.test(status))).toEqual([]);
    } finally {
      running.kill();
      await kite.close();
    }
  },
  120_000,
);
