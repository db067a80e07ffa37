import { describe, expect, test } from '@jest/globals';
import { BarBuilder, type BuiltBar } from '../../src/domain/bar-builder.ts';
import { dayNumberOf, instantOf, minuteMs, startOfDay } from '../../src/domain/time.ts';

const day = dayNumberOf('2026-10-06');
const nineFifteen = instantOf(day, 555);
const session = (dayNumber: number) => ({
  dayNumber,
  open: instantOf(dayNumber, 555),
  close: instantOf(dayNumber, 930),
  windows: [{ from: instantOf(dayNumber, 555), to: instantOf(dayNumber, 930) }],
});
const at = (seconds: number) => nineFifteen + seconds * 1_000;

function heardFrom(time: number, timeframe: '1m' | '15m' | 'day' = '1m'): BarBuilder {
  const builder = new BarBuilder(timeframe, session);
  builder.hearsFrom(time);
  return builder;
}

function closed(builder: BarBuilder, until: number): readonly BuiltBar[] {
  const bars: BuiltBar[] = [];
  for (let bar = builder.close(until); bar; bar = builder.close(until)) bars.push(bar);
  return bars;
}

describe('a bar built from trades', () => {
  test('has their first, highest, lowest and last price, and the difference of two volumes', () => {
    const builder = heardFrom(at(-60));
    builder.trade(at(0), 100, 500);
    builder.trade(at(20), 103, 700);
    builder.trade(at(40), 99, 900);
    builder.trade(at(59), 101, 1_000);
    builder.trade(at(61), 102, 1_250);
    expect(closed(builder, at(120))).toEqual([
      { time: at(0), open: 100, high: 103, low: 99, close: 101, volume: 1_000, whole: true },
      { time: at(60), open: 102, high: 102, low: 102, close: 102, volume: 250, whole: true },
    ]);
  });

  test('stays open for late trades until it is closed, and takes none after', () => {
    const builder = heardFrom(at(-60));
    builder.trade(at(10), 100, 10);
    builder.trade(at(61), 105, 30);
    expect(builder.trade(at(58), 98, 20)).toBe('taken');
    expect(closed(builder, at(62))).toMatchObject([{ low: 98, close: 98, volume: 20 }]);
    expect(builder.trade(at(59), 90, 20)).toBe('late');
    expect(closed(builder, at(120))).toMatchObject([{ open: 105, low: 105, volume: 10 }]);
  });

  test('does not hold what was traded before the opening or after the close', () => {
    const builder = heardFrom(at(-3_600));
    expect(builder.trade(at(-420), 100, 5_000)).toBe('outside');
    builder.trade(at(1), 101, 5_300);
    expect(closed(builder, at(60))).toMatchObject([{ open: 101, volume: 300 }]);
    expect(builder.trade(instantOf(day, 930), 200, 9_000)).toBe('outside');
    expect(closed(builder, instantOf(day, 1_000))).toEqual([]);
  });

  test('is not begun by the last tick of an earlier time that comes with the connection', () => {
    const builder = heardFrom(at(-900));
    expect(builder.trade(startOfDay(day) - 9 * 3_600_000, 90, 80_000)).toBe('outside');
    builder.trade(at(0), 100, 40);
    expect(closed(builder, at(60))).toEqual([
      { time: at(0), open: 100, high: 100, low: 100, close: 100, volume: 40, whole: true },
    ]);
  });

  test('is not whole when the feed was not heard from its opening, and the next one is', () => {
    const builder = heardFrom(at(30));
    builder.trade(at(20), 100, 900);
    builder.trade(at(40), 101, 950);
    builder.trade(at(70), 102, 1_000);
    expect(closed(builder, at(120))).toMatchObject([
      { time: at(0), open: 101, volume: 50, whole: false },
      { time: at(60), volume: 50, whole: true },
    ]);
  });

  test('is not whole when the connection broke within it', () => {
    const builder = heardFrom(at(-60));
    builder.trade(at(5), 100, 10);
    builder.goesDeaf();
    expect(builder.trade(at(10), 100, 12)).toBe('outside');
    builder.hearsFrom(at(30));
    builder.trade(at(40), 101, 20);
    expect(closed(builder, at(60))).toMatchObject([{ volume: 20, whole: false }]);
  });

  test('takes a volume that fell as a count that began again', () => {
    const builder = heardFrom(at(-60));
    builder.trade(at(0), 100, 1_000);
    builder.trade(at(60), 100, 70);
    expect(closed(builder, at(120)).map(({ volume }) => volume)).toEqual([1_000, 70]);
  });

  test('has no volume where the feed gives none', () => {
    const builder = heardFrom(at(-60));
    builder.trade(at(0), 25_000, Number.NaN);
    expect(closed(builder, at(60))).toMatchObject([{ volume: 0, whole: true }]);
  });

  test('of a longer timeframe is anchored to the opening; a day ends with its trading', () => {
    const quarter = heardFrom(at(-60), '15m');
    quarter.trade(at(14 * 60), 100, 10);
    expect(quarter.endsAt).toBe(nineFifteen + 15 * minuteMs);
    const whole = heardFrom(at(-60), 'day');
    whole.trade(at(14 * 60), 100, 10);
    expect(closed(whole, instantOf(day, 930))).toMatchObject([{ time: startOfDay(day), whole: true }]);
  });
});
