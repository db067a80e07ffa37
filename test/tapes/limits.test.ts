import { describe, expect, test } from '@jest/globals';
import { Halts } from '#src/engine/risk/halts.ts';
import { play, type Tape, tape } from '../support/tape.ts';
import { playTogether } from '../support/together.ts';

const quiet = Array.from({ length: 8 }, () => [100, 101, 99, 100] as const);
const morning = { timeframe: '1m', from: '2026-06-01 09:15' } as const;

function refusedBy(picture: Partial<Tape>) {
  const when = picture.times ? { timeframe: morning.timeframe } : morning;
  const { refusals, fills } = play({ bars: quiet, ...when, ...picture });
  return {
    refused: refusals.map(({ code, count }) => [code, count]),
    entries: fills.filter(({ role }) => role === 'entry').map(({ bar }) => bar),
  };
}

describe('limits over time', () => {
  test('the same order twice on one bar is a duplicate, another quantity is not', () => {
    const twice = (second: number) => ({
      limits: { duplicateSeconds: 30 },
      deeds: {
        0({ buy }: { buy: (options: object) => void }) {
          buy({ quantity: 5 });
          buy({ quantity: second, add: true });
        },
      },
    });
    expect(refusedBy(twice(5))).toEqual({ refused: [['RISK_DUPLICATE', 1]], entries: [1] });
    expect(refusedBy(twice(6))).toEqual({ refused: [], entries: [1, 1] });
  });

  test('entries of a day end at their number and begin again with the next day; what never filled is none', () => {
    const round = ({ position, buy, exit }: Parameters<NonNullable<Tape['deeds']>[number]>[0]) =>
      position.flat ? buy() : exit();
    expect(
      refusedBy({
        limits: { maxEntriesPerDay: 2 },
        times: [
          ...['2026-06-01 09:15', '2026-06-01 09:16', '2026-06-01 09:17', '2026-06-01 09:18'],
          ...['2026-06-01 09:19', '2026-06-01 09:20', '2026-06-02 09:15', '2026-06-02 09:16'],
        ],
        deeds: {
          0: ({ buy }) => buy({ limit: 50, bars: 1 }),
          1: round,
          2: round,
          3: round,
          4: round,
          5: round,
          6: round,
        },
      }),
    ).toEqual({ refused: [['RISK_ENTRIES_DAY', 1]], entries: [2, 4, 7] });
  });

  test('a minute holds so many entries, whoever makes them', () => {
    const bars = quiet.slice(0, 4);
    const buys = { 0: ({ buy }: { buy: () => void }) => buy(), 1: ({ buy }: { buy: () => void }) => buy() };
    const { fills, refusals } = playTogether(
      ['A', 'B', 'C'].map((name) => ({ key: `TEST:${name}`, bars, ...morning, strategies: { idea: buys } })),
      { limits: { maxEntriesPerMinute: 2 } },
    );
    // A and B fill the first minute; a minute later there is room again, and C is the only one without a position.
    expect(fills.filter(({ role }) => role === 'entry').map(({ key }) => key)).toEqual([
      'TEST:A',
      'TEST:B',
      'TEST:C',
    ]);
    expect(refusals.filter(({ code }) => code === 'RISK_THROTTLE')).toMatchObject([
      { key: 'TEST:C', count: 1 },
    ]);
  });

  const stopped = [
    [100, 101, 99, 100],
    [100, 101, 99, 100],
    [99, 99, 95, 96], // stopped at 98
    [96, 97, 95, 96],
    [96, 97, 95, 96],
    [96, 97, 95, 96],
    [96, 97, 95, 96],
  ] as const;
  const again = Object.fromEntries(
    [0, 2, 3, 4].map((bar) => [bar, ({ buy }: { buy: (o: object) => void }) => buy({ stopLoss: 2 })]),
  );

  test('after a stop the strategy waits, then enters again', () => {
    const { refused, entries } = refusedBy({
      bars: stopped,
      limits: { cooldownMinutes: 3 },
      deeds: again,
    });
    expect([refused, entries]).toEqual([[['RISK_COOLDOWN', 2]], [1, 5]]);
  });

  test('a stop that closes ahead starts no wait', () => {
    const { refused } = refusedBy({
      bars: [
        [100, 101, 99, 100],
        [100, 111, 100, 110],
        [110, 110, 104, 104],
        [104, 105, 103, 104],
        [104, 105, 103, 104],
      ],
      limits: { cooldownMinutes: 60 },
      deeds: {
        0: ({ buy }) => buy({ trailingStop: 3 }),
        3: ({ buy }) => buy(),
      },
    });
    expect(refused).toEqual([]);
  });

  test('so many stops in a while close the account to new entries', () => {
    const { refused } = refusedBy({
      bars: stopped,
      limits: { stopGuardStops: 1, stopGuardMinutes: 60 },
      deeds: again,
    });
    expect(refused).toEqual([['RISK_STOP_GUARD', 3]]);
  });

  test('what is held and what is being entered add up by strategy, by underlying, in entries and in rupees', () => {
    const bars = quiet.slice(0, 3);
    const buys = { 0: ({ buy }: { buy: () => void }) => buy() };
    const codes = (limits: NonNullable<Tape['limits']>) =>
      playTogether(
        [
          { key: 'TEST:A', bars, ...morning, strategies: { one: buys, two: buys } },
          { key: 'TEST:B', instrument: { underlying: 'A' }, bars, ...morning, strategies: { one: buys } },
        ],
        { limits, capital: 10_000, quantity: 10 },
      ).refusals.map(({ strategy, key, code }) => [strategy, key, code]);
    expect(codes({ maxStrategyPercent: 15 })).toEqual([['one', 'TEST:B', 'RISK_STRATEGY']]);
    expect(codes({ maxUnderlyingPercent: 20 })).toEqual([['one', 'TEST:B', 'RISK_UNDERLYING']]);
    expect(codes({ maxUnderlyingPercent: 30 })).toEqual([]);
    expect(codes({ maxOpenEntries: 2 })).toEqual([['one', 'TEST:B', 'RISK_OPEN_ENTRIES']]);
    expect(codes({ maxDeployedCapital: 2_000 })).toEqual([['one', 'TEST:B', 'RISK_DEPLOYED']]);
    expect(codes({ maxDeployedCapital: 3_000 })).toEqual([]);
  });

  test('an entry in slices is one entry, and its own slices are not in its way', () => {
    const { orders, refusals } = play({
      bars: quiet,
      from: '2026-06-01 09:15',
      timeframe: '1m',
      rules: 'NFO',
      instrument: {
        key: 'NFO:NIFTY26JUNFUT',
        exchange: 'NFO',
        tradingsymbol: 'NIFTY26JUNFUT',
        kind: 'FUT',
        underlying: 'NIFTY',
        expiry: '2026-06-30',
        lotSize: 65,
      },
      product: 'NRML',
      quantity: 65 * 60,
      capital: 10_000_000,
      limits: { maxOpenEntries: 1, maxEntriesPerDay: 1, maxEntriesPerMinute: 1, duplicateSeconds: 60 },
      buyAtCloseOf: 0,
    });
    expect(refusals).toEqual([]);
    expect(orders.filter(({ role }) => role === 'entry').length).toBeGreaterThan(1);
  });
});

describe('what is looked at on every mark', () => {
  const falling = [
    [100, 101, 99, 100],
    [100, 101, 99, 100], // bought 100 at 100
    [100, 100, 97, 98], // 200 of 20,000 lost
    [97, 98, 96, 97],
    [97, 98, 96, 97],
  ] as const;
  const losing = { bars: falling, ...morning, capital: 20_000, quantity: 100 } as const;

  tape('a loss at the limit halts, keeps what is open and refuses entries', {
    ...losing,
    limits: { lossKillPercent: 1 },
    deeds: { 0: ({ buy }) => buy(), 2: ({ buy }) => buy({ add: true }) },
    fills: [{ bar: 1, side: 'BUY', price: 100 }],
    refused: ['RISK_HALTED'],
  });

  tape('a loss just below it does not', {
    ...losing,
    limits: { lossKillPercent: 1.01 },
    deeds: { 0: ({ buy }) => buy(), 2: ({ buy }) => buy({ add: true, quantity: 1 }) },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 3, side: 'BUY', price: 97 },
    ],
    refused: [],
  });

  tape('where the profile says so the halt closes everything at the next price', {
    ...losing,
    limits: { lossKillPercent: 1, lossKillFlatten: true },
    buyAtCloseOf: 0,
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 3, side: 'SELL', price: 97 },
    ],
    exit: 'kill',
  });

  test('released, the loss counts from there', () => {
    const halts = new Halts();
    const { refusals, fills } = play({
      ...losing,
      halts,
      limits: { lossKillPercent: 1 },
      deeds: {
        0: ({ buy }) => buy(),
        2({ buy }) {
          buy({ add: true, quantity: 1 });
          halts.clear('HALT_LOSS');
        },
        3: ({ buy }) => buy({ add: true, quantity: 1 }),
      },
    });
    expect(refusals.map(({ code }) => code)).toEqual(['RISK_HALTED']);
    expect(fills.filter(({ role }) => role === 'entry').map(({ bar }) => bar)).toEqual([1, 4]);
    expect(halts.any).toBe(false);
  });

  test('a run that halted says so in its warnings', () => {
    const { engine } = play({ ...losing, limits: { lossKillPercent: 1 }, buyAtCloseOf: 0 });
    expect([...engine.warnings]).toEqual([
      'Trading was halted to the end: HALT_LOSS, ₹200.00 were lost since the day or the last release, and risk.lossKillPercent allows 1 % of ₹20,000.00.',
    ]);
  });

  const rising = [
    [100, 101, 99, 100],
    [100, 101, 99, 100],
    [100, 104, 100, 103], // 300 of 20,000 gained
    [103, 103, 99, 100], // and given back
    [100, 101, 99, 100],
  ] as const;
  test('the target of the day stays reached when it is given back', () => {
    const { refusals } = play({
      ...losing,
      bars: rising,
      limits: { dailyTargetPercent: 1.5 },
      deeds: { 0: ({ buy }) => buy(), 3: ({ buy }) => buy({ add: true, quantity: 1 }) },
    });
    expect(refusals.map(({ code }) => code)).toEqual(['RISK_DAILY_TARGET']);
  });

  test('the drawdown counts from the highest mark', () => {
    const codes = (maxDrawdownPercent: number) =>
      play({
        ...losing,
        bars: rising,
        limits: { maxDrawdownPercent },
        deeds: { 0: ({ buy }) => buy(), 3: ({ buy }) => buy({ add: true, quantity: 1 }) },
      }).refusals.map(({ code }) => code);
    expect(codes(1.47)).toEqual(['RISK_DRAWDOWN']);
    expect(codes(1.48)).toEqual([]);
  });
});
