import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { backtestReport } from '../../src/reports/backtest-report.ts';
import { breakdown } from '../../src/research/breakdown.ts';
import { busyYear, curve, header, ist, outcome, trade } from '../support/outcomes.ts';

const plain = (width: number) => ({ width, colour: false });

const oneDay = outcome({
  header: header({ warnings: ['NSE:INFY has no bars from 2026-03-30 to 2026-03-31.'] }),
  trades: [
    trade({ id: 1, grossPaise: 50_000, chargesPaise: 1_210, exitReason: 'target' }),
    trade({
      id: 2,
      grossPaise: -20_000,
      chargesPaise: 1_190,
      exitReason: 'stop',
      exitTime: ist('2026-04-01 15:00'),
    }),
  ],
  equity: curve([
    ['2026-04-01 09:30', 100_000],
    ['2026-04-01 10:30', 100_487.9, 1],
    ['2026-04-01 15:00', 100_276, 1],
    ['2026-04-01 15:30', 100_276],
  ]),
  refusals: [
    {
      strategy: 'ema20_50',
      key: 'NSE:INFY',
      code: 'RISK_CASH',
      count: 3,
      first: 'BUY 900 NSE:INFY needs ₹2,70,000.00, ₹1,00,000.00 is free',
    },
  ],
  summary: { benchmark: [{ key: 'NSE:INFY', close: Float64Array.of(1_500, 1_530), length: 2 }] },
});

describe('backtest report', () => {
  test('one day on one instrument, 80 characters wide', () => {
    expect(backtestReport(oneDay, plain(80)).split('\n')).toEqual([
      'Backtest of ema20_50 on 15m bars, 2026-04-01 09:15 to 2026-04-01 15:15',
      '',
      'Run        bt-3f9c1a2b · algo 0.1.0',
      'Strategy   ema20_50 (fast 20, slow 50, stopLoss 1.5) · source 1a2b3c4d',
      'Universe   NSE:INFY',
      'Bars       25 in 8 ms',
      'Account    ₹1,00,000.00 · MIS · 20 % of equity',
      'Rules      fills next-open · charges zerodha',
      'Hashes     data d0d0d0d0 · config c0c0c0c0 · rulebook b0b0b0b0 ·',
      '           strategy a0a0a0a0 · result e0e0e0e0',
      'Warning    NSE:INFY has no bars from 2026-03-30 to 2026-03-31.',
      '',
      'Instruments',
      'Instrument  Bars  Trades    Wins  Gross ₹  Charges ₹   Net ₹',
      '──────────  ────  ──────  ──────  ───────  ─────────  ──────',
      'NSE:INFY      25       2  50.00%   300.00      24.00  276.00',
      '',
      'Exits by reason',
      'Exit    Trades     Wins  Gross ₹  Charges ₹    Net ₹',
      '──────  ──────  ───────  ───────  ─────────  ───────',
      'stop         1    0.00%  -200.00      11.90  -211.90',
      'target       1  100.00%   500.00      12.10   487.90',
      '',
      'Refused signals',
      'Rule       Signals  First case',
      '─────────  ───────  ─────────────────────────────────────────────────────────',
      'RISK_CASH        3  BUY 900 NSE:INFY needs ₹2,70,000.00, ₹1,00,000.00 is free',
      '',
      'Charges (zerodha)',
      'Line                  Amount    Share  Of turnover',
      '────────────────────  ──────  ───────  ───────────',
      'Brokerage             ₹24.00  100.00%      0.5970%',
      'STT / CTT              ₹0.00    0.00%      0.0000%',
      'Exchange transaction   ₹0.00    0.00%      0.0000%',
      'IPFT                   ₹0.00    0.00%      0.0000%',
      'SEBI turnover fee      ₹0.00    0.00%      0.0000%',
      'Stamp duty             ₹0.00    0.00%      0.0000%',
      'GST                    ₹0.00    0.00%      0.0000%',
      'DP charges             ₹0.00    0.00%      0.0000%',
      '────────────────────  ──────  ───────  ───────────',
      'Total                 ₹24.00  100.00%      0.5970%',
      '',
      'Result                                    Risk',
      '──────────────────────────────────────    ──────────────────────────────────────',
      'Final balance             ₹1,00,276.00    Annual volatility                  n/a',
      'Net profit                     ₹276.00    Sharpe                             n/a',
      'Gross profit                   ₹300.00    Sortino                            n/a',
      'Charges                         ₹24.00    Calmar                             n/a',
      'Return                           0.28%    Max drawdown                    -0.21%',
      'CAGR                               n/a    Max drawdown (₹)              -₹211.90',
      'Benchmark                        2.00%    Max drawdown (daily)             0.00%',
      'Excess                          -1.72%    Average drawdown                 0.00%',
      'Cost drag on gross               8.00%    Longest drawdown                0 days',
      'Cost of turnover               0.5970%    Exposure                        50.00%',
      'Turnover                     ₹4,020.00    Best day          ₹276.00 · 2026-04-01',
      'Turnover / capital               0.04×    Worst day         ₹276.00 · 2026-04-01',
      '',
      'Trades                                    Edge',
      '──────────────────────────────────────    ──────────────────────────────────────',
      'Trades                               2    Profit factor                     2.30',
      'Won / lost / even            1 / 1 / 0    Expectancy                     ₹138.00',
      'Win rate                        50.00%    Expectancy (%)                  13.80%',
      'Trades a day                      2.00    Expectancy (R)                     n/a',
      'Average length                4.0 bars    SQN                               0.39',
      'Winning streak                       1    Average win                    ₹487.90',
      'Losing streak                        1    Average loss                  -₹211.90',
      'Best trade            ₹487.90 · 48.79%    Payoff ratio                      2.30',
      'Worst trade         -₹211.90 · -21.19%    Kelly                           28.28%',
      '',
      'Max drawdown: from 2026-04-01 10:30, lowest 2026-04-01 15:00, not recovered by',
      'the end.',
      'Benchmark: the universe bought in equal parts at the first close and held to the',
      'last, without charges.',
      'CAGR, Calmar: needs 90 calendar days, has 1.',
      'Annual volatility, Sharpe, Sortino: needs 30 daily returns, has 1.',
      'Expectancy (R): no trade had a protective stop.',
      'SQN: 2 trades are few to judge by, 30 are the least.',
    ]);
  });

  test('invented prices are said in the second line, with their seed', () => {
    expect(backtestReport(busyYear(), plain(80)).split('\n')[1]).toBe('Synthetic prices, seed 7, not real.');
    expect(backtestReport(oneDay, plain(80))).not.toMatch(/synthetic/i);
  });

  test('where only some prices are invented it says how many', () => {
    const { from, to } = header();
    const mixed = outcome({
      header: header({
        seed: 11,
        instruments: [
          { key: 'NSE:INFY', bars: 25, from, to, synthetic: false },
          { key: 'NSE:ALPHA', bars: 25, from, to, synthetic: true },
        ],
      }),
    });
    expect(backtestReport(mixed, plain(80)).split('\n')[1]).toBe(
      '1 of 2 instruments: synthetic prices, seed 11, not real.',
    );
  });

  test('no line is wider than the screen at any usual width', () => {
    const year = busyYear(100_000_000_000);
    const rows = breakdown({
      equity: year.equity,
      trades: year.trades,
      capitalPaise: year.summary.capitalPaise,
      period: 'week',
    });
    const full = { ...year, breakdown: { period: 'week' as const, rows } };
    for (const width of [60, 72, 80, 100, 120, 200]) {
      for (const line of backtestReport(full, plain(width)).split('\n')) {
        expect(line.length).toBeLessThanOrEqual(width);
        expect(line).toBe(line.trimEnd());
      }
    }
  });

  test('colour changes nothing but the colour', () => {
    const coloured = backtestReport(oneDay, { width: 80, colour: true });
    expect(coloured).toContain('\u001b[1m');
    expect(stripVTControlCharacters(coloured)).toBe(backtestReport(oneDay, plain(80)));
  });

  test('a run without a trade says so and shows no empty tables of them', () => {
    const text = backtestReport(outcome({ equity: curve([['2026-04-01 15:30', 100_000]]) }), plain(80));
    expect(text).toContain('There are no trades.');
    expect(text).toContain('No charges.');
    expect(text).not.toContain('Exits by reason');
    expect(text).not.toContain('Profit factor');
    expect(text).not.toContain('NaN');
  });

  test('the breakdown ends in the totals of the run', () => {
    const year = busyYear();
    const rows = breakdown({
      equity: year.equity,
      trades: year.trades,
      capitalPaise: year.summary.capitalPaise,
      period: 'month',
    });
    const lines = backtestReport({ ...year, breakdown: { period: 'month', rows } }, plain(80)).split('\n');
    const start = lines.indexOf('By month');
    expect(lines[start + 1]).toMatch(/^Month {4}Trades +Gross ₹ +Charges ₹ +Net ₹ +Return +Balance ₹$/);
    expect(lines.slice(start + 3, start + 15).map((line) => line.slice(0, 7))).toEqual(
      rows.map(({ period }) => period),
    );
    expect(lines[start + 16]).toMatch(
      /^Total +347 +82,682\.65 +51,707\.33 +30,975\.32 +3\.10% +10,30,975\.32$/,
    );
  });

  test('several strategies have a table of their books', () => {
    const two = outcome({
      header: header({
        strategies: [
          { name: 'ema20_50', params: {}, sourceHash: 'aa' },
          { name: 'rsi_pullback', params: {}, sourceHash: 'bb' },
        ],
      }),
      trades: [trade(), trade({ id: 2, strategy: 'rsi_pullback' })],
    });
    const text = backtestReport(two, plain(80));
    expect(text).toContain('Backtest of ema20_50, rsi_pullback on 15m bars');
    expect(text).toMatch(/\nStrategies\n.*\n.*\nema20_50 +1 .*\nrsi_pullback +1 /);
  });

  test('the profit of positions still open has its own line', () => {
    const open = outcome({ equity: curve([['2026-04-01 15:30', 100_050, 1]]), trades: [trade()] });
    expect(backtestReport(open, plain(80))).toMatch(/Open positions +₹41\.00/);
    expect(backtestReport(oneDay, plain(80))).not.toContain('Open positions');
  });
});
