import { describe, expect, test } from '@jest/globals';
import { parseCondition, parseExpression, parseMeasure } from '../../../src/research/scan/parse.ts';
import { type Candidate, type ScanPlan, scan } from '../../../src/research/scan/scan.ts';
import { candidate, dayBars, noPatterns } from './scanned.ts';

const plan = (where: string, change: Partial<ScanPlan> = {}): ScanPlan => ({
  stages: [{ name: 'where', where: parseCondition(where).node }],
  score: [],
  readings: [],
  regimeAt: undefined,
  sort: undefined,
  ascending: false,
  horizons: [],
  patterns: noPatterns,
  ...change,
});

const rising = candidate('TEST:RISING', dayBars([10, 11, 12, 13, 14]));
const falling = candidate('TEST:FALLING', dayBars([14, 13, 12, 11, 10]));
const flat = candidate('TEST:FLAT', dayBars([12, 12, 12, 12, 12]));
const young = candidate('TEST:YOUNG', dayBars([12], [], 20_004));
const old = candidate('TEST:OLD', dayBars([10, 11, 12, 13], [], 20_000));
const all: readonly Candidate[] = [rising, falling, flat, young, old];

describe('a scan', () => {
  test('tells hits with the values that made them', () => {
    const { hits } = scan(plan('close > sma3 and close > 13'), all);
    expect(hits).toEqual([
      {
        ...{ key: 'TEST:RISING', time: expect.any(Number), close: 14, values: { close: 14, sma3: 13 } },
        ...{ score: undefined, points: {}, readings: {} },
      },
    ]);
  });

  test('counts what could not be told, and leaves out what has no bar on the newest day', () => {
    const outcome = scan(plan('close > sma3'), all);
    expect(outcome.scanned).toBe(4);
    expect(outcome.insufficient).toEqual(['TEST:YOUNG']);
    expect(outcome.stale.map(({ key }) => key)).toEqual(['TEST:OLD']);
    expect(outcome.hits.map(({ key }) => key)).toEqual(['TEST:RISING']);
  });

  test('says what each part lets through, so that no hit explains itself', () => {
    const { hits, steps } = scan(plan('close > 11 and close < 13 and close > 12'), all);
    expect(hits).toEqual([]);
    expect(steps).toEqual([
      { stage: 'where', text: 'close > 11', passed: 3, left: 3, unknown: 0 },
      { stage: 'where', text: 'close < 13', passed: 3, left: 2, unknown: 0 },
      { stage: 'where', text: 'close > 12', passed: 1, left: 0, unknown: 0 },
    ]);
  });

  test('sorts by a number, those without one last', () => {
    const sort = parseMeasure('sma3').node;
    expect(scan(plan('close > 0', { sort }), [young, falling, rising]).hits.map(({ key }) => key)).toEqual([
      'TEST:RISING',
      'TEST:FALLING',
      'TEST:YOUNG',
    ]);
    expect(
      scan(plan('close > 0', { sort, ascending: true }), [young, rising, falling]).hits.map(({ key }) => key),
    ).toEqual(['TEST:FALLING', 'TEST:RISING', 'TEST:YOUNG']);
  });

  test('ranks among all that traded on the same day, 1 the highest', () => {
    const { hits } = scan(
      plan('rank(close) <= 2', { sort: parseMeasure('rank(close)').node, ascending: true }),
      all,
    );
    expect(hits.map(({ key, values }) => [key, values['rank(close)']])).toEqual([
      ['TEST:RISING', 1],
      ['TEST:FLAT', 2],
      ['TEST:YOUNG', 2],
    ]);
  });

  test('values past hits against holding from any bar', () => {
    // Opens are the close before, so buying at the open after a bar is buying at its close.
    const { past } = scan(plan('close == 11', { horizons: [1, 2] }), [rising, falling]);
    const percent = (from: number, to: number) => (to / from - 1) * 100;
    expect(past[0]?.hits).toBe(2);
    expect(past[0]?.mean).toBeCloseTo((percent(11, 12) + percent(11, 10)) / 2, 9);
    expect(past[0]?.rose).toBe(50);
    expect(past[0]?.always.holdings).toBe(8);
    // The fall from 11 has no second bar after it.
    expect(past[1]).toMatchObject({ bars: 2, hits: 1, mean: expect.closeTo(percent(11, 13), 9) });
  });
});

describe('a scan of several stages', () => {
  const stages = (...texts: string[]) =>
    texts.map((text, at) => ({ name: `stage ${at + 1}`, where: parseCondition(text).node }));

  test('counts who enters and who is left, and asks nobody twice who has gone', () => {
    const outcome = scan(
      plan('close > 0', { stages: stages('close > 11', 'close > sma3', 'close > 13') }),
      all,
    );
    expect(outcome.stages).toEqual([
      { name: 'stage 1', left: 3, unknown: 0 },
      { name: 'stage 2', left: 1, unknown: 1 },
      { name: 'stage 3', left: 1, unknown: 0 },
    ]);
    expect(outcome.hits.map(({ key }) => key)).toEqual(['TEST:RISING']);
    expect(outcome.steps.map(({ stage }) => stage)).toEqual(['stage 1', 'stage 2', 'stage 3']);
  });

  test('scores hits from 0 to 100 and puts the best first', () => {
    const score = [
      { name: 'high', of: parseExpression('close'), from: 10, to: 14, weight: 3 },
      { name: 'low', of: parseExpression('close'), from: 14, to: 10, weight: 1 },
      { name: 'rising', of: parseExpression('close > close[1]'), from: 0, to: 1, weight: 4 },
    ];
    const { hits } = scan(plan('close > 0', { score }), [falling, flat, rising, young]);
    expect(hits.map(({ key, score: points }) => [key, points])).toEqual([
      ['TEST:RISING', (3 * 100 + 1 * 0 + 4 * 100) / 8],
      ['TEST:FLAT', (3 * 50 + 1 * 50 + 4 * 0) / 8],
      ['TEST:FALLING', (3 * 0 + 1 * 100 + 4 * 0) / 8],
      ['TEST:YOUNG', Number.NaN],
    ]);
    expect(hits[1].points).toEqual({ high: 50, low: 50, rising: 0 });
  });

  test('holds hits back outside the regime, and values past hits within it only', () => {
    const never = scan(plan('close > 13', { regimeAt: (instants) => instants.map(() => 0) }), all);
    expect(never).toMatchObject({ hits: [], heldBack: ['TEST:RISING'] });
    const untold = scan(plan('close > 13', { regimeAt: (instants) => instants.map(() => Number.NaN) }), all);
    expect(untold).toMatchObject({ hits: [], heldBack: ['TEST:RISING'] });
    const early = scan(
      plan('close > 0', {
        horizons: [1],
        regimeAt: (instants) => instants.map((_, row) => (row < 2 ? 1 : 0)),
      }),
      [rising],
    );
    expect(early.past[0]).toMatchObject({ hits: 2, always: { holdings: 2 } });
  });
});
