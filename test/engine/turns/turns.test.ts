import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RunTurns } from '../../../src/engine/turns/run-turns.ts';
import { TurnWatch } from '../../../src/engine/turns/turn-watch.ts';
import type { Strategy } from '../../../src/strategy/index.ts';
import { projectRoot } from '../../support/project-root.ts';
import { propertyRuns, randomCase, runCase } from '../../support/random-run.ts';
import { runShipped, storedTape } from '../../support/shipped.ts';
import { busier, shipped } from '../../support/shipped-strategies.ts';
import { play, type Tape } from '../../support/tape.ts';

function countsOf(turns: RunTurns): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let row = 0; row < turns.length; row++) {
    const reason = turns.reasonAt(row);
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

const sum = (counts: Record<string, number>, wanted: (reason: string) => boolean = () => true) =>
  Object.entries(counts).reduce((total, [reason, count]) => total + (wanted(reason) ? count : 0), 0);

describe('every bar has exactly one reason', () => {
  test.each<Strategy>(shipped)('$name, and the counts add up', (strategy) => {
    const tape = storedTape(busier.get(strategy) ?? strategy.timeframe);
    const watch = new TurnWatch(() => false);
    const watched = runShipped(strategy, tape, watch);
    const unwatched = join(projectRoot, 'test/golden', `${strategy.name}.json`);
    expect(watched.hash).toBe(JSON.parse(readFileSync(unwatched, 'utf8')).hash);
    const [turns] = watch.runs;
    const counts = countsOf(turns);
    expect(sum(counts)).toBe(tape.series.length);
    // A signal either sends an entry or is refused, and shipped strategies give one signal a bar at most.
    const signals = sum(counts, (reason) => /^(ENTRY_|RISK_|SIZE_|SIGNAL_)/.test(reason));
    expect(signals).toBe(watched.engine.signals);
    expect(signals).toBeGreaterThan(0);
    const refused = watched.engine.refusals().filter(({ code }) => code !== 'ORDER_REJECTED');
    for (const { code, count } of refused) expect({ code, count }).toEqual({ code, count: counts[code] });
    const entries = watched.orders.filter(({ role }) => role === 'entry');
    expect(sum(counts, (reason) => reason.startsWith('ENTRY_'))).toBe(entries.length);
  });

  test('whatever strategies do, on any of several on one instrument', () => {
    fc.assert(
      fc.property(randomCase, (one) => {
        const watch = new TurnWatch(() => true);
        const { entries, series } = runCase(one, { watch });
        expect(entries).toEqual(runCase(one).entries);
        for (const turns of watch.runs) {
          expect(sum(countsOf(turns))).toBe(series.length);
          for (let row = 0; row < turns.length; row++) {
            expect(turns.turnAt(row)?.reason).toBe(turns.reasonAt(row));
            expect(turns.reasonAt(row)).not.toMatch(/undefined/);
          }
        }
      }),
      propertyRuns,
    );
  });
});

const quiet = (count: number) => Array.from({ length: count }, () => [100, 101, 99, 100] as const);

const intraday = { bars: quiet(4), timeframe: '15m', rules: 'NSE', product: 'CNC' } as const;

/** Reason of every bar of a tape. */
function reasons(tape: Tape): readonly string[] {
  const watch = new TurnWatch(() => true);
  play({ ...tape, watch });
  const [turns] = watch.runs;
  return Array.from({ length: turns.length }, (_, row) => turns.reasonAt(row));
}

describe('what a bar came to', () => {
  test('an entry that fills, the position it opens, and the exit', () => {
    expect(reasons({ bars: quiet(5), buyAtCloseOf: 1, exitAtCloseOf: 3 })).toEqual([
      'NO_SIGNAL',
      'ENTRY_FILLED',
      'IN_POSITION',
      'EXIT_SIGNAL',
      'NO_SIGNAL',
    ]);
  });

  test('a limit that is never reached runs out of its bars', () => {
    expect(reasons({ bars: quiet(5), buyAtCloseOf: 0, entry: { limit: 90, bars: 2 } })).toEqual([
      'ENTRY_EXPIRED',
      'ENTERING',
      'NO_SIGNAL',
      'NO_SIGNAL',
      'NO_SIGNAL',
    ]);
  });

  test('a limit that is never reached ends with its session', () => {
    const tape = { ...intraday, times: [...clocks('2026-06-01'), ...clocks('2026-06-02')] };
    expect(reasons({ ...tape, buyAtCloseOf: 0, entry: { limit: 90 } })).toEqual([
      'ENTRY_EXPIRED',
      'ENTERING',
      'NO_SIGNAL',
      'NO_SIGNAL',
    ]);
  });

  test('an entry that the strategy calls off', () => {
    const tape = { ...intraday, times: clocks('2026-06-01'), bars: quiet(2) };
    const deeds = { 1: (trade: { cancelEntries(): void }) => trade.cancelEntries() };
    expect(reasons({ ...tape, buyAtCloseOf: 0, entry: { limit: 90 }, deeds })).toEqual([
      'ENTRY_CANCELLED',
      'NO_SIGNAL',
    ]);
  });

  test('a refusal bears the code of its rule, and a second signal that of the strategy', () => {
    const deeds = { 2: (trade: { buy(): void }) => trade.buy() };
    expect(reasons({ bars: quiet(4), buyAtCloseOf: 0, deeds })).toEqual([
      'ENTRY_FILLED',
      'IN_POSITION',
      'SIGNAL_IN_POSITION',
      'IN_POSITION',
    ]);
    expect(reasons({ bars: quiet(2), buyAtCloseOf: 0, capital: 500, quantity: 10 })[0]).toBe('RISK_FUNDS');
  });

  test('a reversal is what became of its entry', () => {
    expect(reasons({ bars: quiet(5), buyAtCloseOf: 0, sellAtCloseOf: 2 })).toEqual([
      'ENTRY_FILLED',
      'IN_POSITION',
      'ENTRY_FILLED',
      'IN_POSITION',
      'IN_POSITION',
    ]);
  });

  test('bars after the cut-off of an intraday strategy are not its idleness', () => {
    const times = ['14:30', '14:45', '15:00', '15:15'].map((clock) => `2026-06-01 ${clock}`);
    const tape = { bars: quiet(4), times, timeframe: '15m', rules: 'NSE', product: 'MIS' } as const;
    expect(reasons({ ...tape, entryCutOff: '15:00' })).toEqual([
      'NO_SIGNAL',
      'AFTER_CUT_OFF',
      'AFTER_CUT_OFF',
      'AFTER_CUT_OFF',
    ]);
  });
});

test('a turn tells what happened in the bar, what was decided, and what came of it', () => {
  const watch = new TurnWatch(() => true);
  play({ bars: quiet(4), buyAtCloseOf: 0, entry: { stopLoss: 0.5 }, watch });
  const [turns] = watch.runs;
  const first = turns.turnAt(0);
  expect(first?.decision.map(({ type }) => type)).toEqual(['order']);
  expect(first?.later.map((step) => step.type === 'event' && step.event.type)).toEqual(['filled']);
  // The fill brings its stop, and the bar goes on to reach it.
  const second = turns.turnAt(1);
  expect(
    second?.during.map((step) => (step.type === 'event' ? step.event.type : `${step.type} sent`)),
  ).toEqual(['filled', 'order sent', 'filled']);
  expect(second?.reason).toBe('NO_SIGNAL');
  expect(second?.quantity).toBe(0);
});

function clocks(day: string): readonly string[] {
  return ['15:00', '15:15'].map((clock) => `${day} ${clock}`);
}
