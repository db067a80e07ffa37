import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { resultHash } from '../../src/app/run-identity.ts';
import { propertyRuns, randomCase, runCase } from '../support/random-run.ts';

describe('time runs one way', () => {
  test('the future never changes the past: cut anywhere, what was done before stands', () => {
    let compared = 0;
    fc.assert(
      fc.property(randomCase, fc.double({ min: 0.1, max: 1, noNaN: true }), (one, share) => {
        const bars = Math.max(1, Math.floor(one.steps.length * share));
        const whole = runCase(one);
        const cut = runCase(one, { bars });
        // The end of the data is itself an event, so only what came before it is compared.
        const past = cut.entries.slice(
          0,
          cut.entries.findIndex(
            (entry) =>
              (entry.type === 'intent' && entry.order.role === 'end-of-data') ||
              (entry.type === 'order' &&
                entry.event.type === 'cancelled' &&
                entry.event.time >= cut.engine.equity.time[cut.engine.equity.length - 1]),
          ) >>> 0,
        );
        expect(whole.entries.slice(0, past.length)).toEqual(past);
        compared += past.length;
        const ended = (trades: typeof whole.trades) =>
          trades.filter(
            ({ exitReason, exitTime }) =>
              exitReason !== 'end-of-data' && exitTime < cut.series.time[bars - 1],
          );
        const before = ended(cut.trades);
        const same = new Map(whole.trades.map((trade) => [trade.id, trade]));
        for (const { chargesPaise, ...trade } of before) {
          // The note of the last day may still grow by what is traded after the cut.
          expect(same.get(trade.id)).toMatchObject(trade);
          expect(chargesPaise).toBeGreaterThanOrEqual(0);
        }
      }),
      propertyRuns,
    );
    expect(compared).toBeGreaterThan(300);
  });

  test('bars that pass in stretches and bars told one by one give the same orders, fills, money and equity', () => {
    let trades = 0;
    fc.assert(
      fc.property(randomCase, (one) => {
        const stretched = runCase(one);
        const trickled = runCase(one, { trickle: true });
        expect(stretched.entries).toEqual(trickled.entries);
        expect(stretched.trades).toEqual(trickled.trades);
        const curve = ({ engine: { equity } }: typeof stretched) => ({
          time: [...equity.time.subarray(0, equity.length)],
          equityPaise: [...equity.equityPaise.subarray(0, equity.length)],
          exposed: [...equity.exposed.subarray(0, equity.length)],
        });
        expect(curve(stretched)).toEqual(curve(trickled));
        trades += stretched.trades.length;
      }),
      propertyRuns,
    );
    expect(trades).toBeGreaterThan(100);
  });

  test('the same run gives the same orders, fills and money again', () => {
    fc.assert(
      fc.property(randomCase, (one) => {
        const first = runCase(one);
        const again = runCase(one);
        expect(resultHash(again.entries, again.trades)).toBe(resultHash(first.entries, first.trades));
      }),
      { ...propertyRuns, numRuns: Math.ceil(propertyRuns.numRuns / 3) },
    );
  });
});
