import { describe, expect, test } from '@jest/globals';
import { proposalsOf } from '../../../src/research/learn/proposals.ts';
import { study } from '../../../src/research/learn/study.ts';
import { type Invented, inventedTrades } from '../../support/invented-trades.ts';

/** Seeds of the noise; ALGO_NOISE=200 for the long version. */
const seeds = Number(process.env.ALGO_NOISE ?? 5);

const studied = (invented: Invented) => study(inventedTrades(invented), { seed: 1, heldOutPercent: 30 });
const proposed = (invented: Invented) => proposalsOf(studied(invented).findings, {}).map(({ what }) => what);

describe('pure noise', () => {
  // What a study may do: propose something in one of twenty.
  const most = Math.max(1, Math.floor(seeds * 0.05));

  test.each([
    ['one symbol', { days: 500, symbols: 1 }],
    ['ten symbols that move together', { days: 250, symbols: 10 }],
    ['two strategies', { days: 300, symbols: 2, strategies: ['made_up', 'other'] }],
  ])('%s: nothing is proposed', (_, market) => {
    let fooled = 0;
    let discoveries = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const { findings, tested } = studied({ ...market, seed });
      expect(tested).toBeGreaterThan(10);
      if (findings.length > 0) discoveries += 1;
      if (proposalsOf(findings, {}).length > 0) fooled += 1;
    }
    if (seeds >= 100)
      console.info(`${seeds} seeds: ${fooled} with a proposal, ${discoveries} with a finding in training`);
    expect(fooled).toBeLessThanOrEqual(most);
  });
});

describe('a planted effect is found', () => {
  const year = { days: 500, symbols: 2 };

  test('an hour that bleeds, and nothing else', () => {
    const effect: Invented['effect'] = ({ hour }) => (hour === '12:00' ? -0.9 : 0);
    for (let seed = 1; seed <= Math.min(seeds, 20); seed++)
      expect(proposed({ ...year, seed, effect })).toEqual(['no entries of made_up from 12:00 to 13:00']);
  });

  test('a weekday that bleeds', () => {
    const effect: Invented['effect'] = ({ weekday }) => (weekday === 'thursday' ? -1 : 0);
    expect(proposed({ ...year, seed: 4, effect })).toEqual(['no entries of made_up on thursdays']);
  });

  test('a side that bleeds', () => {
    const effect: Invented['effect'] = ({ side }) => (side === 'short' ? -0.6 : 0);
    expect(proposed({ ...year, seed: 5, effect })).toEqual(['made_up enters long only']);
  });

  test('a strategy that does worse than its companion', () => {
    const effect: Invented['effect'] = (_, strategy) => (strategy === 'other' ? -0.6 : 0.2);
    const market = { ...year, seed: 6, strategies: ['made_up', 'other'], effect };
    expect(proposed(market)).toEqual(['other trades at 0.5 of its size']);
  });

  test('what no setting can say is a finding without a proposal', () => {
    const effect: Invented['effect'] = ({ gap }) => (gap === 'down 0.5 % or more' ? -0.9 : 0);
    const { findings } = studied({ ...year, seed: 7, effect });
    expect(findings.map(({ feature, label, verdict }) => `${feature} ${label} ${verdict}`)).toContain(
      'gap down 0.5 % or more holds',
    );
    expect(proposalsOf(findings, {})).toEqual([]);
  });

  test.each(['market trend', 'market volatility', 'breadth', 'expiry'] as const)(
    'so is what the market was like: %s',
    (feature) => {
      const [label] = [...new Set(inventedTrades({ ...year, seed: 1 }).map(({ labels }) => labels[feature]))];
      const effect: Invented['effect'] = (labels) => (labels[feature] === label ? -0.9 : 0);
      const { findings } = studied({ ...year, seed: 10, effect });
      const found = findings.filter((finding) => finding.feature === feature && finding.verdict === 'holds');
      expect(found.length).toBeGreaterThan(0);
      const proposals = proposalsOf(findings, {}).filter(({ finding }) => finding.feature === feature);
      expect(proposals).toEqual([]);
    },
  );

  test('an hour that earns is told and left alone', () => {
    const effect: Invented['effect'] = ({ hour }) => (hour === '10:00' ? 1 : 0);
    const { findings } = studied({ ...year, seed: 8, effect });
    const [best] = findings;
    expect({ label: best.label, effect: best.effect, verdict: best.verdict }).toEqual({
      label: '10:00',
      effect: 'earns',
      verdict: 'holds',
    });
    expect(proposalsOf(findings, {})).toEqual([]);
  });

  test('what was true in training only is shown, and not proposed', () => {
    const split = inventedTrades({ ...year, seed: 1 });
    const last = split[Math.floor(split.length * 0.7)].trade.entryTime;
    const effect = (hour: string | undefined, day: number) =>
      hour === '12:00' && day * 86_400_000 < last ? -0.9 : 0;
    const { findings } = studied({ ...year, seed: 1, effect: ({ hour }, _, day) => effect(hour, day) });
    expect(findings.map(({ label, verdict }) => `${label} ${verdict}`)).toContain('12:00 does not hold');
    expect(proposalsOf(findings, {})).toEqual([]);
  });
});

test('the same trades and seed make the same study', () => {
  const market = { days: 200, symbols: 2, seed: 3 };
  expect(studied(market)).toEqual(studied(market));
});

test('trades that were open at the split are in neither part', () => {
  const trades = inventedTrades({ days: 200, symbols: 1, seed: 9 });
  const lasting = trades.map(({ trade, labels }) => ({
    labels,
    trade: { ...trade, exitTime: trade.exitTime + 5 * 86_400_000 },
  }));
  const { trainingTrades, heldOutTrades, leftOut } = study(lasting, { seed: 1, heldOutPercent: 30 });
  expect(leftOut).toBeGreaterThan(0);
  expect(trainingTrades + heldOutTrades + leftOut).toBe(trades.length);
});
