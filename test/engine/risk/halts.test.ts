import { describe, expect, test } from '@jest/globals';
import { MemoryJournal } from '#src/adapters/journal/memory-journal.ts';
import { inOrder } from '#src/adapters/simulated/in-order.ts';
import { SimulatedBroker } from '#src/adapters/simulated/simulated-broker.ts';
import { BarSeries } from '#src/domain/bar-series.ts';
import { Engine } from '#src/engine/engine.ts';
import { Halts } from '#src/engine/risk/halts.ts';
import { fixedQuantity } from '#src/engine/sizing.ts';
import { defineStrategy } from '#src/strategy/define.ts';
import type { Trade } from '#src/strategy/trade.ts';
import { share } from '../../support/india.ts';
import { defaultFillRules, noRiskLimits } from '../../support/plain-rules.ts';
import { play, rulebook } from '../../support/tape.ts';

const bars = [
  [100, 101, 99, 100],
  [100, 101, 99, 100],
  [102, 103, 101, 102],
  [103, 104, 102, 103],
] as const;

describe('a set of halts', () => {
  test('holds each code once, with the reason it was first set for, the oldest first', () => {
    const halts = new Halts();
    expect(halts.any).toBe(false);
    expect(halts.set('HALT_FEED', 'no tick for 3 s')).toBe(true);
    expect(halts.set('HALT_TOKEN', 'the session ended')).toBe(true);
    expect(halts.set('HALT_FEED', 'no tick for 9 s')).toBe(false);
    expect(halts.reasons()).toEqual([
      { code: 'HALT_FEED', why: 'no tick for 3 s' },
      { code: 'HALT_TOKEN', why: 'the session ended' },
    ]);
  });

  test('stands until the last code is cleared', () => {
    const halts = new Halts();
    halts.set('HALT_FEED', 'no tick for 3 s');
    halts.set('HALT_KILL', 'the trader said so');
    expect(halts.clear('HALT_FEED')).toBe(true);
    expect(halts.clear('HALT_FEED')).toBe(false);
    expect([halts.any, halts.has('HALT_KILL'), halts.has('HALT_FEED')]).toEqual([true, true, false]);
    halts.clear('HALT_KILL');
    expect([halts.any, halts.reasons()]).toEqual([false, []]);
  });
});

describe('a halted run', () => {
  test('opens nothing and says every reason', () => {
    const halts = new Halts();
    halts.set('HALT_FEED', 'no tick for 3 s');
    halts.set('HALT_CLOCK', 'the clock jumped by 40 s');
    const { orders, refusals } = play({ bars, halts, buyAtCloseOf: 0 });
    expect(orders).toEqual([]);
    expect(refusals).toMatchObject([
      {
        code: 'RISK_HALTED',
        first:
          'No entry in TEST:TAPE while trading is halted: HALT_FEED, no tick for 3 s; HALT_CLOCK, the clock jumped by 40 s.',
      },
    ]);
  });

  test('lets exits pass', () => {
    const halts = new Halts();
    const { fills, refusals } = play({
      bars,
      halts,
      deeds: {
        0: ({ buy }) => buy(),
        1({ exit }) {
          halts.set('HALT_KILL', 'the trader said so');
          exit();
        },
      },
    });
    expect(fills.map(({ bar, side, role }) => [bar, side, role])).toEqual([
      [1, 'BUY', 'entry'],
      [2, 'SELL', 'signal'],
    ]);
    expect(refusals).toEqual([]);
  });

  test('opens again once the halt is cleared', () => {
    const halts = new Halts();
    halts.set('HALT_PAUSE', 'a pause for lunch');
    const { fills } = play({
      bars,
      halts,
      deeds: {
        0: ({ buy }) => buy(),
        1({ buy }) {
          halts.clear('HALT_PAUSE');
          buy();
        },
      },
    });
    expect(fills.map(({ bar, role }) => [bar, role])).toContainEqual([2, 'entry']);
    expect(fills.filter(({ role }) => role === 'entry')).toHaveLength(1);
  });
});

describe('an emergency', () => {
  function begun(onFirst: (trade: { buy: Trade['buy'] }) => void) {
    const series = new BarSeries(share.key, 'day');
    const { contracts } = rulebook;
    const journal = new MemoryJournal();
    const broker = new SimulatedBroker(defaultFillRules, contracts);
    const engine = new Engine(
      {
        capitalPaise: 1_000_000_00,
        limits: noRiskLimits,
        sizing: fixedQuantity(10),
        charges: rulebook.charges('none'),
        rulebook,
        product: 'CNC',
        squareOff: 'auto',
        entryCutOff: 'auto',
      },
      { broker, journal },
    );
    const slot = engine.watch(share, series);
    broker.open(share, slot);
    const strategy = defineStrategy({
      name: 'first',
      about: 'Buys on the first bar.',
      timeframe: 'day',
      setup: () => ({
        onBar(trade) {
          if (trade.bar.index === 0) onFirst(trade);
        },
      }),
    });
    engine.run(strategy, {}, slot);
    const listener = inOrder(broker, engine);
    const dayMs = 86_400_000;
    const first = Date.UTC(2026, 5, 1) - 19_800_000;
    function tell(row: number): number {
      series.append(first + row * dayMs, 100 + row, 101 + row, 99 + row, 100 + row, 1_000);
      const time = first + (row + 1) * dayMs;
      listener.barClosed(series, row);
      listener.mark(time);
      return time;
    }
    return { engine, tell, journal };
  }

  test('flattened, every position leaves at the next price under the reason kill', () => {
    const { engine, tell } = begun(({ buy }) => buy({ stopLoss: 50 }));
    tell(0);
    const time = tell(1);
    engine.flatten(time);
    tell(2);
    engine.finish();
    expect(engine.trades()).toMatchObject([{ entryPrice: 101, exitPrice: 102, exitReason: 'kill' }]);
  });

  test('with entries called off nothing more fills, and what is open stays', () => {
    const { engine, tell, journal } = begun(({ buy }) => {
      buy();
      buy({ add: true, limit: 50 });
    });
    tell(0);
    tell(1);
    engine.cancelEntries();
    tell(2);
    expect(engine.account.held).toHaveLength(1);
    const cancelled = journal.entries.flatMap((entry) =>
      entry.type === 'order' && entry.event.type === 'cancelled' ? [entry.event.id] : [],
    );
    expect(cancelled).toEqual([2]);
  });
});
