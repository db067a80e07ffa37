import { expect, test } from '@jest/globals';
import type { FillRules } from '../../src/adapters/simulated/fill-rules.ts';
import { runBacktest } from '../../src/app/backtest-run.ts';
import { loadRulebook } from '../../src/config/rulebook.ts';
import { BarSeries } from '../../src/domain/bar-series.ts';
import type { Instrument, MarketRules } from '../../src/domain/instrument.ts';
import type { Product, Side } from '../../src/domain/order.ts';
import type { ClosedTrade } from '../../src/domain/run-result.ts';
import { dayNumberOf, instantOf, minuteOfClock, startOfDay } from '../../src/domain/time.ts';
import { type Timeframe, timeframeMs } from '../../src/domain/timeframe.ts';
import type { EntryRules } from '../../src/engine/entry-rules.ts';
import type { Isolation } from '../../src/engine/isolation.ts';
import type { SizingRule } from '../../src/engine/ports.ts';
import type { Halts } from '../../src/engine/risk/halts.ts';
import type { RiskLimits } from '../../src/engine/risk/limits.ts';
import { fixedQuantity } from '../../src/engine/sizing.ts';
import type { TurnWatch } from '../../src/engine/turns/turn-watch.ts';
import { defineStrategy } from '../../src/strategy/define.ts';
import type { EntryOptions, Hooks, Trade } from '../../src/strategy/trade.ts';
import { defaultFillRules, noRiskLimits } from './plain-rules.ts';
import { projectRoot } from './project-root.ts';

export type TapeBar = readonly [open: number, high: number, low: number, close: number, volume?: number];

/** What a strategy does on the close of a bar, by the bar's number. */
export type Deeds = Readonly<Record<number, (trade: Trade) => void>>;

export interface Tape {
  readonly bars: readonly TapeBar[];
  /** One-minute bars inside the bars, one after the other from each bar's opening. */
  readonly detail?: readonly (readonly [
    bar: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume?: number,
  ])[];
  readonly buyAtCloseOf?: number;
  readonly sellAtCloseOf?: number;
  readonly exitAtCloseOf?: number;
  readonly entry?: EntryOptions;
  readonly deeds?: Deeds;
  readonly onFill?: Hooks['onFill'];
  readonly at?: Hooks['at'];
  readonly quantity?: number;
  readonly capital?: number;
  readonly fill?: Partial<FillRules>;
  /** Market whose rules apply; `none` has no sessions, ticks or bands. */
  readonly rules?: MarketRules;
  readonly instrument?: Partial<Instrument>;
  readonly product?: Product | 'auto';
  readonly timeframe?: Timeframe;
  /** Opening instants of the bars as `2026-06-01 09:15`; one day after the other without them. */
  readonly times?: readonly string[];
  /** Opening instant of the first bar; the others follow without a gap. */
  readonly from?: string;
  readonly charges?: string;
  readonly squareOff?: string;
  readonly entryCutOff?: string;
  readonly settlement?: number;
  readonly limits?: Partial<RiskLimits>;
  readonly sizing?: SizingRule;
  readonly halts?: Halts;
  readonly isolation?: Isolation;
  readonly entriesPerBarMax?: number;
  /** Of the strategy, which is called `tape`. */
  readonly entryRules?: Partial<EntryRules>;
  /** Looks at how each bar ended. */
  readonly watch?: TurnWatch;
}

export interface TapeFill {
  readonly bar: number;
  readonly side: Side;
  readonly price: number;
  readonly quantity?: number;
}

export const rulebook = loadRulebook(projectRoot);

const anyEntry: EntryRules = { windows: [], skipWeekdays: [], side: 'both', weight: 1 };

/** Runs a tape and answers everything that happened. */
export function play(tape: Tape) {
  const timeframe = tape.timeframe ?? 'day';
  const rules = tape.rules ?? 'none';
  const instrument: Instrument = {
    key: 'TEST:TAPE',
    exchange: 'TEST',
    tradingsymbol: 'TAPE',
    rules,
    kind: 'EQ',
    tickSize: 0,
    lotSize: 1,
    ...tape.instrument,
  };
  const series = new BarSeries(instrument.key, timeframe);
  tape.bars.forEach(([open, high, low, close, volume], row) => {
    series.append(timeOf(tape, row), open, high, low, close, volume ?? 1_000_000);
  });
  const strategy = defineStrategy({
    name: 'tape',
    about: 'Does what the tape says.',
    timeframe,
    setup: () => ({
      onBar(trade) {
        const bar = trade.bar.index;
        if (bar === tape.buyAtCloseOf) trade.buy(tape.entry);
        if (bar === tape.sellAtCloseOf) trade.sell(tape.entry);
        if (bar === tape.exitAtCloseOf) trade.exit();
        tape.deeds?.[bar]?.(trade);
      },
      ...(tape.onFill && { onFill: tape.onFill }),
      ...(tape.at && { at: tape.at }),
    }),
  });
  const { engine, entries } = runBacktest({
    plan: {
      capitalPaise: (tape.capital ?? 1_000_000) * 100,
      limits: { ...noRiskLimits, ...tape.limits },
      sizing: tape.sizing ?? fixedQuantity(tape.quantity ?? 10),
      charges: rulebook.charges(tape.charges ?? 'none'),
      rulebook,
      product: tape.product ?? 'auto',
      squareOff: tape.squareOff ? minuteOfClock(tape.squareOff) : 'auto',
      entryCutOff: tape.entryCutOff ? minuteOfClock(tape.entryCutOff) : 'auto',
      ...(tape.halts && { halts: tape.halts }),
      ...(tape.isolation && { isolation: tape.isolation }),
      ...(tape.entriesPerBarMax !== undefined && { entriesPerBarMax: tape.entriesPerBarMax }),
      ...(tape.entryRules && { entryRules: new Map([['tape', { ...anyEntry, ...tape.entryRules }]]) }),
    },
    fill: { ...defaultFillRules, ...tape.fill },
    series: [{ instrument, series, detail: detailOf(tape, series), strategies: [{ strategy, params: {} }] }],
    ...(tape.settlement !== undefined && { settlement: () => tape.settlement }),
    ...(tape.watch && { watch: tape.watch }),
  });
  const orders = entries.flatMap((entry) => (entry.type === 'intent' ? [entry.order] : []));
  const fills = entries.flatMap((entry) => {
    if (entry.type !== 'order' || entry.event.type !== 'filled') return [];
    const { id, time, price, quantity } = entry.event;
    const order = orders[id - 1];
    return order
      ? [{ bar: rowOf(series, time), side: order.side, price, quantity, role: order.role, id, time }]
      : [];
  });
  return { engine, entries, orders, fills, trades: engine.trades(), refusals: engine.refusals() };
}

/** A test whose picture is the bars and whose statement is the fills. */
export function tape(
  name: string,
  picture: Tape & {
    readonly fills: readonly TapeFill[];
    readonly exit?: ClosedTrade['exitReason'];
    readonly refused?: readonly string[];
  },
): void {
  test(name, () => {
    const { fills, trades, refusals } = play(picture);
    const quantities = picture.fills.some((fill) => fill.quantity !== undefined);
    expect(
      fills
        .filter(({ role }) => role !== 'end-of-data')
        .map(({ bar, side, price, quantity }) =>
          quantities ? { bar, side, price, quantity } : { bar, side, price },
        ),
    ).toEqual(picture.fills);
    if (picture.exit) expect(trades.map((trade) => trade.exitReason)).toContain(picture.exit);
    if (picture.refused) expect(refusals.map((refusal) => refusal.code)).toEqual(picture.refused);
  });
}

export function timeOf(
  { times, from, timeframe }: Pick<Tape, 'times' | 'from' | 'timeframe'>,
  row: number,
): number {
  if (from !== undefined) return instantFrom(from) + row * timeframeMs(timeframe ?? 'day');
  const text = times?.[row];
  if (text === undefined) return startOfDay(dayNumberOf('2024-01-01') + row);
  return instantFrom(text);
}

function instantFrom(text: string): number {
  const [date = '', clock = '00:00'] = text.split(' ');
  return instantOf(dayNumberOf(date), minuteOfClock(clock));
}

function detailOf({ detail }: Tape, series: BarSeries): BarSeries | undefined {
  if (!detail) return undefined;
  const fine = new BarSeries(series.key, '1m');
  const seen = new Map<number, number>();
  for (const [bar, open, high, low, close, volume] of detail) {
    const place = seen.get(bar) ?? 0;
    seen.set(bar, place + 1);
    fine.append(
      (series.time[bar] ?? 0) + place * timeframeMs('1m'),
      open,
      high,
      low,
      close,
      volume ?? 1_000_000,
    );
  }
  return fine;
}

/** The bar during which an instant lies, or that ended at it. */
function rowOf(series: BarSeries, time: number): number {
  const row = series.rowAt(time);
  return row < series.length && series.time[row] === time ? row : row - 1;
}
