import { describe, expect, test } from '@jest/globals';
import { BarSeries } from '../../../src/domain/bar-series.ts';
import { drawnCurve } from '../../../src/reports/html/curve.ts';
import { listedTrades, pageData, tradesListed } from '../../../src/reports/html/page-data.ts';
import { curve, ist, outcome, trade } from '../../support/outcomes.ts';
import { pictureOf } from '../../support/pictured.ts';

function summed(steps: readonly number[]): number[] {
  let sum = 0;
  return steps.map((step) => {
    sum += step;
    return sum;
  });
}

function fourBars(scale: 'paise' | 'fine'): BarSeries {
  const series = new BarSeries('NSE:INFY', '15m');
  const open = scale === 'fine' ? 100.1025 : 100.1;
  series.append(ist('2026-04-01 09:15'), open, 101, 99.95, 100.4, 10);
  series.append(ist('2026-04-01 09:30'), 100.35, 100.35, 98.5, 98.75, 10);
  series.append(ist('2026-04-01 09:45'), 98.75, 99.5, 98.75, 99.5, 10);
  series.append(ist('2026-04-01 10:00'), 99.5, 99.5, 99.5, 99.5, 10);
  return series;
}

/** Candles as the page's script reads them back. */
function unpacked({ scale, close, open, high, low }: ReturnType<typeof pageData>['charts'][number]) {
  const closes = summed(close);
  return closes.map((last, at) => {
    const first = last + open[at];
    return [first, Math.max(first, last) + high[at], Math.min(first, last) - low[at], last].map(
      (value) => value / scale,
    );
  });
}

describe("a page's data", () => {
  test.each(['paise', 'fine'] as const)('holds every candle exactly, prices in %s', (scale) => {
    const bars = fourBars(scale);
    const { charts } = pageData(outcome({ pictures: { drawn: [pictureOf(bars)], left: 0 } }));
    expect(charts[0].scale).toBe(scale === 'paise' ? 100 : 10_000);
    expect(unpacked(charts[0])).toEqual(
      [0, 1, 2, 3].map((row) => [bars.open[row], bars.high[row], bars.low[row], bars.close[row]]),
    );
    expect(summed(charts[0].time).map((second) => second * 1_000)).toEqual([...bars.time.slice(0, 4)]);
  });

  test('tells an indicator that warms up from one that is there, and where each belongs', () => {
    const drawn = pictureOf(fourBars('paise'), {
      lines: [
        { name: 'ema(close, 2, sma)', values: Float64Array.of(Number.NaN, 100.25, 99.5, 99.5) },
        { name: 'rsi(close, 2)', values: Float64Array.of(Number.NaN, Number.NaN, 97.5, 99) },
        { name: 'something(2)', values: Float64Array.of(0.5, 0.5, 0.25, 0.5) },
      ],
    });
    const [{ lines }] = pageData(outcome({ pictures: { drawn: [drawn], left: 0 } })).charts;
    expect(lines).toEqual([
      { name: 'ema(close, 2, sma)', onPrice: true, scale: 100, values: [null, 10_025, -75, 0] },
      { name: 'rsi(close, 2)', onPrice: false, scale: 1_000, values: [null, null, 97_500, 1_500] },
      { name: 'something(2)', onPrice: false, scale: 1_000, values: [500, 0, -250, 250] },
    ]);
  });

  test('holds every trade to the paisa', () => {
    const run = outcome({
      trades: [
        trade({ id: 1, grossPaise: 12_345, chargesPaise: 678 }),
        trade({
          id: 4,
          direction: 'SHORT',
          grossPaise: -99,
          exitReason: 'stop',
          note: 'late',
          entryPrice: 0.1235,
        }),
      ],
    });
    const { trades } = pageData(run);
    expect(summed(trades.id)).toEqual([1, 4]);
    expect(trades.gross).toEqual([12_345, -99]);
    expect(trades.charges).toEqual([678, 100]);
    expect(trades.short).toEqual([0, 1]);
    expect(trades.entryPrice).toEqual([100, 0.1235]);
    expect(trades.seconds).toEqual([3_600, 3_600]);
    expect(trades.reason.map((at) => trades.words[at])).toEqual(['signal', 'stop']);
    expect(trades.note.map((at) => trades.words[at])).toEqual([undefined, 'late']);
    // Net of 116.67 on an entry of 1,000 is 11.667 %.
    expect(trades.percent[0]).toBe(116_670);
  });

  test('lists the largest gains and losses where there are too many trades', () => {
    const many = Array.from({ length: tradesListed + 2 }, (_, at) =>
      trade({ id: at + 1, grossPaise: at === 5 || at === 9 ? 100 : at % 2 ? 5_000 : -5_000 }),
    );
    const listed = listedTrades(many);
    expect(listed).toHaveLength(tradesListed);
    expect(many.filter((each) => !listed.includes(each)).map(({ id }) => id)).toEqual([6, 10]);
    expect(listed.every(({ id }, at) => at === 0 || id > listed[at - 1].id)).toBe(true);
  });
});

describe('a drawn curve', () => {
  test('is every mark of a short run, with the fall from the highest before', () => {
    const drawn = drawnCurve(
      curve([
        ['2026-04-01 09:30', 99_000],
        ['2026-04-01 09:45', 110_000],
        ['2026-04-01 10:00', 88_000],
      ]),
      10_000_000,
    );
    expect(drawn.equityPaise).toEqual([9_900_000, 11_000_000, 8_800_000]);
    expect(drawn.drawdownPercent.map((fall) => Math.round(fall * 100) / 100)).toEqual([-1, 0, -20]);
  });

  test('of a long run keeps its peak, its trough, its deepest fall and its last mark', () => {
    const length = 100_003;
    const equityPaise = new Float64Array(length).map(
      (_, at) => 1_000_000 + Math.round(Math.sin(at / 900) * 5_000),
    );
    equityPaise[40_001] = 1_500_000;
    equityPaise[40_002] = 900_001;
    equityPaise[70_000] = 900_000;
    const drawn = drawnCurve(
      { time: equityPaise.map((_, at) => at * 60_000), equityPaise, exposed: new Uint8Array(length), length },
      1_000_000,
    );
    expect(drawn.time.length).toBeLessThan(10_100);
    expect(Math.max(...drawn.equityPaise)).toBe(1_500_000);
    expect(Math.min(...drawn.equityPaise)).toBe(900_000);
    expect(drawn.time).toContain(40_002 * 60_000);
    expect(Math.min(...drawn.drawdownPercent)).toBeCloseTo(-40, 10);
    expect(drawn.time[drawn.time.length - 1]).toBe((length - 1) * 60_000);
    expect(drawn.time.every((time, at) => at === 0 || time > drawn.time[at - 1])).toBe(true);
  });
});
