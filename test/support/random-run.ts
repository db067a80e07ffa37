import fc from 'fast-check';
import { MemoryJournal } from '../../src/adapters/journal/memory-journal.ts';
import type { FillRules } from '../../src/adapters/simulated/fill-rules.ts';
import { inOrder } from '../../src/adapters/simulated/in-order.ts';
import { replay } from '../../src/adapters/simulated/replay-feed.ts';
import { SimulatedBroker } from '../../src/adapters/simulated/simulated-broker.ts';
import { BarSeries } from '../../src/domain/bar-series.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import { dayNumberOf, instantOf, minuteMs } from '../../src/domain/time.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { MarketListener } from '../../src/engine/ports.ts';
import { fixedQuantity } from '../../src/engine/sizing.ts';
import type { TurnWatch } from '../../src/engine/turns/turn-watch.ts';
import { defineStrategy, type Strategy } from '../../src/strategy/define.ts';
import type { Distance, EntryOptions } from '../../src/strategy/trade.ts';
import { rulebook } from './tape.ts';

/** Seeds come from the environment, so that a failure can be run again and a search can go elsewhere: `FC_SEED=7 FC_RUNS=1000`. */
export const propertyRuns = {
  seed: Number(process.env.FC_SEED ?? 2_026),
  numRuns: Number(process.env.FC_RUNS ?? 60),
};

/** One bar relative to the close before, in percent; volume in units. */
interface Step {
  readonly gap: number;
  readonly up: number;
  readonly down: number;
  readonly close: number;
  readonly volume: number;
}

type Deed =
  | { readonly do: 'buy' | 'sell'; readonly options: EntryOptions }
  | { readonly do: 'exit' | 'cancelEntries' }
  | { readonly do: 'moveStop'; readonly to: Distance };

/** What a strategy does on a bar, and on fills when it is `eager`. Prices are percent away from the close. */
interface Plan {
  readonly deeds: readonly (Deed | undefined)[];
  readonly eager: boolean;
}

export interface RandomCase {
  readonly steps: readonly Step[];
  readonly plans: readonly Plan[];
  readonly market: 'share' | 'foreign' | 'future';
  readonly product: 'auto' | 'MIS';
  readonly fill: FillRules;
}

const percent = (least: number, most: number) =>
  fc.integer({ min: least * 20, max: most * 20 }).map((step) => step / 20);

const step: fc.Arbitrary<Step> = fc.record({
  gap: fc.oneof({ weight: 3, arbitrary: percent(-1, 1) }, percent(-6, 6)),
  up: percent(0, 3),
  down: percent(0, 3),
  close: percent(0, 1),
  volume: fc.constantFrom(0, 650, 10_000, 1_000_000),
});

const distance: fc.Arbitrary<Distance> = fc.oneof(
  percent(1, 5),
  percent(1, 5).map((points) => ({ points })),
);

const entry: fc.Arbitrary<EntryOptions> = fc
  .record(
    {
      stopLoss: distance,
      target: distance,
      trailingStop: distance,
      limit: percent(-3, 3),
      trigger: percent(-3, 3),
      bars: fc.integer({ min: 1, max: 4 }),
      lots: fc.integer({ min: 1, max: 60 }),
      add: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map((options) => ({ ...options }));

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('buy', 'sell'), options: entry }) },
  { weight: 2, arbitrary: fc.constant<Deed>({ do: 'exit' }) },
  fc.constant<Deed>({ do: 'cancelEntries' }),
  fc.record({ do: fc.constant('moveStop'), to: distance }),
);

export const randomCase: fc.Arbitrary<RandomCase> = fc.record({
  steps: fc.array(step, { minLength: 8, maxLength: 60, size: 'max' }),
  plans: fc.array(
    fc.record({
      deeds: fc.array(fc.option(deed, { nil: undefined, freq: 2 }), {
        minLength: 5,
        maxLength: 60,
        size: 'max',
      }),
      eager: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  market: fc.constantFrom('share', 'foreign', 'future'),
  product: fc.constantFrom('auto', 'MIS'),
  fill: fc.record({
    price: fc.constantFrom('next-open', 'same-close'),
    limitTouch: fc.boolean(),
    volumeSharePercent: fc.constantFrom(10, 100),
    slippage: fc.record({
      kind: fc.constantFrom('none', 'ticks', 'bps', 'volatility'),
      amount: fc.constantFrom(1, 5),
      seed: fc.integer({ min: 1, max: 5 }),
    }),
  }),
});

const instruments: Readonly<Record<RandomCase['market'], Instrument>> = {
  share: {
    ...{ key: 'NSE:MADE', exchange: 'NSE', tradingsymbol: 'MADE', rules: 'NSE', kind: 'EQ' },
    ...{ tickSize: 0.05, lotSize: 1 },
  },
  foreign: {
    ...{ key: 'TEST:MADE', exchange: 'TEST', tradingsymbol: 'MADE', rules: 'none', kind: 'EQ' },
    ...{ tickSize: 0, lotSize: 1 },
  },
  future: {
    ...{
      key: 'NFO:NIFTY26JUNFUT',
      exchange: 'NFO',
      tradingsymbol: 'NIFTY26JUNFUT',
      rules: 'NFO',
      kind: 'FUT',
    },
    ...{ tickSize: 0.05, lotSize: 65, underlying: 'NIFTY', expiry: '2026-06-30' },
  },
};

/** Sessions of ten bars of 15 minutes on the days up to and including the contract's expiry. */
const days = ['2026-06-22', '2026-06-23', '2026-06-24', '2026-06-25', '2026-06-29', '2026-06-30'];
const barsADay = 10;
const tick = 0.1;

function seriesOf({ steps, market }: RandomCase): BarSeries {
  const series = new BarSeries(instruments[market].key, '15m', steps.length);
  let close = 1_000;
  steps.forEach(({ gap, up, down, close: place, volume }, row) => {
    const day = dayNumberOf(days[Math.floor(row / barsADay)]);
    // The first bar of the day opens at 13:00, so that the tenth closes with the session.
    const time = instantOf(day, 780) + (row % barsADay) * 15 * minuteMs;
    const open = onGrid(close * (1 + gap / 100));
    const high = onGrid(open * (1 + up / 100));
    const low = onGrid(open * (1 - down / 100));
    close = onGrid(low + (high - low) * place);
    // A series that knows volumes shows it with its first bar.
    series.append(time, open, high, low, close, row === 0 ? 10_000 : volume);
  });
  return series;
}

function onGrid(price: number): number {
  return Math.round(Math.round(price / tick) * tick * 100) / 100;
}

function strategyOf({ deeds, eager }: Plan, at: number): Strategy {
  return defineStrategy({
    name: `plan_${'abc'.charAt(at)}`,
    about: 'Does what the case says.',
    timeframe: '15m',
    setup: () => ({
      onBar(trade) {
        const deed = deeds[trade.bar.index];
        const { close } = trade.bar;
        if (deed === undefined) return;
        if (deed.do === 'buy' || deed.do === 'sell') {
          const { limit, trigger, ...rest } = deed.options;
          trade[deed.do]({
            ...rest,
            ...(limit !== undefined && { limit: close * (1 + limit / 100) }),
            ...(trigger !== undefined && { trigger: close * (1 + trigger / 100) }),
          });
        } else if (deed.do === 'moveStop') trade.moveStop(deed.to);
        else trade[deed.do]();
      },
      onFill(trade, fill) {
        if (eager && !fill.entry && trade.position.flat) trade.buy({ stopLoss: 1, target: 1, bars: 2 });
      },
    }),
  });
}

/** Runs a case, telling `audit` after the engine of every mark, or of every stretch of them that passed in one go. */
export function runCase(
  one: RandomCase,
  {
    bars = one.steps.length,
    audit,
    trickle = false,
    watch,
  }: {
    bars?: number;
    audit?: (engine: Engine, journal: MemoryJournal) => void;
    /** Tells each bar and its mark by themselves, as a live feed does. */
    trickle?: boolean;
    watch?: TurnWatch;
  } = {},
) {
  const instrument = instruments[one.market];
  const series = seriesOf({ ...one, steps: one.steps.slice(0, bars) });
  const journal = new MemoryJournal();
  const broker = new SimulatedBroker(one.fill, rulebook.contracts);
  const engine = new Engine(
    {
      capitalPaise: 5_000_000_00,
      limits: {
        maxOpenPositions: 2,
        maxPositionValuePercent: 200,
        maxDailyLossPercent: 20,
        priceBandPercent: 20,
      },
      sizing: fixedQuantity(instrument.lotSize * 2),
      charges: rulebook.charges(one.market === 'foreign' ? 'flat:0.1%' : 'zerodha'),
      rulebook,
      product: one.product,
      squareOff: 'auto',
      entryCutOff: 'auto',
    },
    { broker, journal: watch?.journal(journal) ?? journal },
  );
  const slot = engine.watch(instrument, series);
  broker.open(instrument, slot);
  for (const [at, plan] of one.plans.entries()) {
    const run = engine.run(strategyOf(plan, at), {}, slot);
    watch?.add(run, engine.halts);
  }
  const audited: MarketListener = {
    barClosed: (each, row) => engine.barClosed(each, row),
    mark(time) {
      engine.mark(time);
      audit?.(engine, journal);
    },
    barsClosed(each, from, to) {
      const next = engine.barsClosed(each, from, to);
      audit?.(engine, journal);
      return next;
    },
  };
  const both = inOrder(broker, audited);
  const trickled: MarketListener = {
    barClosed: (each, row) => both.barClosed(each, row),
    mark: (time) => both.mark(time),
    barsClosed(each, from) {
      both.barClosed(each, from);
      both.mark(each.time[from] + slot.barMs);
      return from + 1;
    },
  };
  const market = trickle ? trickled : both;
  replay([{ instrument, series }], rulebook.calendar, watch?.market(market) ?? market);
  engine.finish();
  return { engine, series, instrument, entries: journal.entries, trades: engine.trades() };
}
