import { describe, expect, test } from '@jest/globals';
import { tradeStatistics } from '../../src/research/trade-statistics.ts';
import { ist, trade } from '../support/outcomes.ts';

/** Trades of 100 rupees' value each that net these rupees, an hour apart. */
function netting(...rupees: number[]) {
  return rupees.map((net, at) =>
    trade({
      id: at + 1,
      quantity: 1,
      entryPrice: 100,
      exitPrice: 100 + net,
      grossPaise: Math.round(net * 100),
      chargesPaise: 0,
      exitTime: ist('2026-04-01 09:15') + at * 3_600_000,
    }),
  );
}

describe('trade statistics', () => {
  test('wins and losses are judged after charges', () => {
    const { wins, losses, breakeven, winRatePercent } = tradeStatistics([
      trade({ grossPaise: 101, chargesPaise: 100 }),
      trade({ grossPaise: 100, chargesPaise: 100 }),
      trade({ grossPaise: 99, chargesPaise: 100 }),
      trade({ grossPaise: 500, chargesPaise: 100 }),
    ]);
    expect({ wins, losses, breakeven }).toEqual({ wins: 2, losses: 1, breakeven: 1 });
    expect(winRatePercent).toEqual({ value: 50 });
  });

  test('gross minus charges is net, to the paisa', () => {
    const statistics = tradeStatistics([
      trade({ grossPaise: 12_345, chargesPaise: 678 }),
      trade({ grossPaise: -9_999, chargesPaise: 1 }),
    ]);
    expect(statistics.grossPaise).toBe(2_346);
    expect(statistics.chargesPaise).toBe(679);
    expect(statistics.netPaise).toBe(1_667);
  });

  test('turnover is what was bought and what was sold', () => {
    // 10 × 100 in, 10 × 101 out.
    expect(tradeStatistics([trade()]).turnoverPaise).toBe(201_000);
  });

  test('profit factor, payoff, Kelly and expectancy follow from wins and losses', () => {
    const statistics = tradeStatistics(netting(30, -10, 20, -10));
    expect(statistics.profitFactor).toEqual({ value: 2.5 });
    expect(statistics.averageWinPaise).toEqual({ value: 2_500 });
    expect(statistics.averageLossPaise).toEqual({ value: -1_000 });
    expect(statistics.payoffRatio).toEqual({ value: 2.5 });
    // 0.5 − 0.5 / 2.5
    expect(statistics.kellyPercent).toEqual({ value: 30 });
    expect(statistics.expectancyPaise).toEqual({ value: 750 });
    expect(statistics.expectancyPercent).toEqual({ value: 7.5 });
  });

  test('SQN is √n × mean ÷ deviation, with a caution below thirty trades', () => {
    // Mean 2, squares 1 + 1 over 1: deviation √2.
    expect(tradeStatistics(netting(1, 3)).sqn).toEqual({
      value: expect.closeTo((Math.SQRT2 * 2) / Math.SQRT2, 12),
      caution: '2 trades are few to judge by, 30 are the least',
    });
    const thirty = tradeStatistics(netting(...Array.from({ length: 30 }, (_, at) => (at % 2 === 0 ? 1 : 3))));
    expect(thirty.sqn).toEqual({ value: expect.closeTo((Math.sqrt(30) * 2) / Math.sqrt(30 / 29), 12) });
  });

  test('streaks follow the order of exits; a trade that earned nothing ends one', () => {
    const statistics = tradeStatistics(netting(1, 1, 0, 1, -1, -1, -1, 1));
    expect(statistics.winStreak).toBe(2);
    expect(statistics.lossStreak).toBe(3);
    const shuffled = tradeStatistics([...netting(1, 1, 0, 1, -1, -1, -1, 1)].reverse());
    expect(shuffled.winStreak).toBe(2);
    expect(shuffled.lossStreak).toBe(3);
  });

  test('best and worst are by net', () => {
    const { best, worst } = tradeStatistics(netting(5, -7, 6));
    expect([best?.id, worst?.id]).toEqual([3, 2]);
  });

  test('expectancy in R needs a stop on every trade', () => {
    const [one, two] = netting(20, -10);
    expect(
      tradeStatistics([
        { ...one, riskPaise: 1_000 },
        { ...two, riskPaise: 1_000 },
      ]).expectancyR,
    ).toEqual({ value: 0.5 });
    expect(tradeStatistics([{ ...one, riskPaise: 1_000 }, two]).expectancyR).toEqual({
      unavailable: 'only 1 of 2 trades had a protective stop',
    });
    expect(tradeStatistics([one, two]).expectancyR).toEqual({
      unavailable: 'no trade had a protective stop',
    });
  });

  test('what needs a loss or a win says so where there is none', () => {
    const winning = tradeStatistics(netting(1, 2));
    expect(winning.profitFactor).toEqual({ unavailable: 'no trade lost' });
    expect(winning.averageLossPaise).toEqual({ unavailable: 'no trade lost' });
    expect(winning.kellyPercent).toEqual({ unavailable: 'no trade lost' });
    const losing = tradeStatistics(netting(-1, -2));
    expect(losing.profitFactor).toEqual({ value: 0 });
    expect(losing.payoffRatio).toEqual({ unavailable: 'no trade won' });
  });

  test('without trades there is nothing to say', () => {
    const none = tradeStatistics([]);
    for (const figure of [
      none.winRatePercent,
      none.profitFactor,
      none.expectancyPaise,
      none.sqn,
      none.averageBars,
    ]) {
      expect(figure).toEqual({ unavailable: 'there are no trades' });
    }
    expect(none.netPaise).toBe(0);
    expect(none.best).toBeUndefined();
  });

  test('equal trades have no SQN', () => {
    expect(tradeStatistics(netting(1, 1, 1)).sqn).toEqual({ unavailable: 'all trades earned the same' });
  });
});
