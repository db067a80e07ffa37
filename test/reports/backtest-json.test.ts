import { describe, expect, test } from '@jest/globals';
import { backtestDocument } from '../../src/reports/backtest-json.ts';
import { backtestSchema } from '../../src/reports/backtest-schema.ts';
import { breakdown } from '../../src/research/breakdown.ts';
import { busyYear, curve, header, ist, outcome, trade } from '../support/outcomes.ts';

const paiseOf = (money: string) => Math.round(Number(money) * 100);
const sum = (amounts: readonly string[]) => amounts.reduce((total, amount) => total + paiseOf(amount), 0);

function yearByMonth() {
  const year = busyYear();
  const rows = breakdown({
    equity: year.equity,
    trades: year.trades,
    capitalPaise: year.summary.capitalPaise,
    period: 'month',
  });
  return { ...year, breakdown: { period: 'month' as const, rows } };
}

describe('backtest document', () => {
  test('a trade has its words, its money as decimals and its times in India', () => {
    const { trades } = backtestDocument(
      outcome({
        trades: [trade({ entryPrice: 100.1 + 0.2, direction: 'SHORT', riskPaise: 1_505, stop: 101.8 })],
      }),
    );
    expect(trades).toEqual([
      {
        id: 1,
        strategy: 'ema20_50',
        instrument: 'NSE:INFY',
        side: 'SELL',
        product: 'MIS',
        quantity: 10,
        entryTime: '2026-04-01T09:30:00+05:30',
        entryPrice: '100.30',
        exitTime: '2026-04-01T10:30:00+05:30',
        exitPrice: '101.00',
        gross: '10.00',
        charges: '1.00',
        net: '9.00',
        returnPercent: 0.897308,
        exitReason: 'signal',
        note: null,
        bars: 4,
        adverse: '0.50',
        favourable: '1.50',
        risk: '15.05',
        stop: '101.80',
        target: null,
        entryType: null,
        entryDecision: null,
        exitType: null,
        exitDecision: null,
        slippage: null,
      },
    ]);
  });

  test('it is what its published schema says, with and without trades, bars and a breakdown', () => {
    for (const run of [
      yearByMonth(),
      busyYear(),
      outcome({}),
      outcome({ header: header({ from: undefined, to: undefined }) }),
    ]) {
      const document = JSON.parse(JSON.stringify(backtestDocument(run)));
      expect(backtestSchema.parse(document)).toEqual(document);
    }
  });

  test('the nets of the trades sum to the net of the summary, to the paisa', () => {
    const {
      trades,
      summary,
      charges,
      instruments,
      exits,
      strategies,
      breakdown: parts,
    } = backtestDocument(yearByMonth());
    expect(trades.length).toBeGreaterThan(300);
    const net = paiseOf(summary.net);
    expect(sum(trades.map((row) => row.net))).toBe(net);
    for (const rows of [instruments, exits, strategies, parts?.rows ?? []])
      expect(sum(rows.map((row) => row.net))).toBe(net);
    expect(paiseOf(summary.gross) - paiseOf(summary.charges)).toBe(net);
    expect(paiseOf(summary.capital) + net).toBe(paiseOf(summary.finalBalance));
    const { total, ...lines } = charges;
    expect(sum(Object.values(lines))).toBe(paiseOf(total));
    expect(total).toBe(summary.charges);
  });

  test('a figure that would be a fiction is null and has a note', () => {
    const { summary } = backtestDocument(
      outcome({ trades: [trade()], equity: curve([['2026-04-01 15:30', 100_009]]) }),
    );
    expect(summary.sharpe).toBeNull();
    expect(summary.profitFactor).toBeNull();
    expect(summary.cagrPercent).toBeNull();
    expect(summary.notes).toMatchObject({
      sharpe: 'needs 30 daily returns, has 1',
      profitFactor: 'no trade lost',
      cagrPercent: 'needs 90 calendar days, has 1',
      benchmarkPercent: 'there is no instrument to hold',
    });
    expect(Object.keys(summary.notes)).not.toContain('winRatePercent');
  });

  test('a weak figure keeps its value and has a note', () => {
    const trades = [trade(), trade({ id: 2, grossPaise: -500, exitTime: ist('2026-04-01 11:00') })];
    const { summary } = backtestDocument(outcome({ trades }));
    expect(summary.sqn).toBeCloseTo((Math.SQRT2 * 150) / (1_500 / Math.SQRT2), 6);
    expect(summary.notes.sqn).toBe('2 trades are few to judge by, 30 are the least');
  });

  test('two runs of the same inputs differ in their wall time only', () => {
    const { wallMs, ...run } = backtestDocument(busyYear()).run;
    const again = busyYear();
    const other = backtestDocument({ ...again, header: { ...again.header, wallMs: 999 } });
    expect(other.run).toEqual({ ...run, wallMs: 999 });
    expect(wallMs).toBe(8.4);
    expect(JSON.stringify({ ...other, run: {} })).toBe(
      JSON.stringify({ ...backtestDocument(busyYear()), run: {} }),
    );
  });

  test('every number that is printed has six decimals at most', () => {
    const text = JSON.stringify(backtestDocument(yearByMonth()));
    expect(text).not.toMatch(/:-?\d+\.\d{7,}/);
    expect(text).not.toMatch(/:-0[,}]/);
  });

  test('hashes are whole, and say nothing of the wall time', () => {
    const { run } = backtestDocument(outcome({}));
    expect(run.hashes).toEqual(header().hashes);
    expect(run.synthetic).toBe(false);
    expect(run.seed).toBeNull();
  });
});
