import type { BarSeries } from '../../src/domain/bar-series.ts';
import { adl } from '../../src/indicators/adl.ts';
import { adx } from '../../src/indicators/adx.ts';
import { aroon } from '../../src/indicators/aroon.ts';
import { bollinger } from '../../src/indicators/bollinger.ts';
import { cci } from '../../src/indicators/cci.ts';
import { correlation } from '../../src/indicators/correlation.ts';
import { donchian } from '../../src/indicators/donchian.ts';
import { heikinAshi } from '../../src/indicators/heikin-ashi.ts';
import { ichimoku } from '../../src/indicators/ichimoku.ts';
import { keltner } from '../../src/indicators/keltner.ts';
import { macd } from '../../src/indicators/macd.ts';
import { mfi } from '../../src/indicators/mfi.ts';
import { obv } from '../../src/indicators/obv.ts';
import { psar } from '../../src/indicators/psar.ts';
import { stochRsi } from '../../src/indicators/stoch-rsi.ts';
import { stochastic } from '../../src/indicators/stochastic.ts';
import { supertrend } from '../../src/indicators/supertrend.ts';
import { williamsR } from '../../src/indicators/williams-r.ts';
import { linesContract, ofBars, onCloses, oneLine } from '../contracts/indicator-contract.ts';
import {
  both,
  column,
  deviationOf,
  emaOf,
  highestOf,
  lowestOf,
  mean,
  rsiOf,
  smaOf,
  trendOf,
  trueRanges,
  typicalOf,
  wilderOf,
  windowed,
} from './plain-formulas.ts';

const late = (values: readonly number[], warmUp: number) =>
  values.map((value, row) => (row < warmUp ? Number.NaN : value));

/** TA-Lib: both averages are seeded at the slow one's first bar, and no line shows before the signal does. */
function macdOf(bars: BarSeries) {
  const close = column(bars, 'close');
  const quick = emaOf(late(close, 26 - 12), 12);
  const line = both(quick, emaOf(close, 26), (a, b) => a - b);
  const signal = emaOf(line, 9);
  return { line: late(line, 33), signal, histogram: both(line, signal, (a, b) => a - b) };
}

linesContract('macd', {
  fresh: () => onCloses(macd(12, 26, 9)),
  lines: {
    line: { warmUp: 33, plain: (bars) => macdOf(bars).line },
    signal: { warmUp: 33, plain: (bars) => macdOf(bars).signal },
    histogram: { warmUp: 33, plain: (bars) => macdOf(bars).histogram },
  },
});

const band = (bars: BarSeries, side: number) =>
  both(smaOf(column(bars, 'close'), 20), deviationOf(column(bars, 'close'), 20), (a, b) => a + side * 2 * b);

linesContract('bollinger', {
  fresh: () => onCloses(bollinger(20, 2)),
  lines: {
    upper: { warmUp: 19, plain: (bars) => band(bars, 1) },
    middle: { warmUp: 19, plain: (bars) => band(bars, 0) },
    lower: { warmUp: 19, plain: (bars) => band(bars, -1) },
    percentB: {
      warmUp: 19,
      plain: (bars) =>
        column(bars, 'close').map(
          (close, row) => (close - band(bars, -1)[row]) / (band(bars, 1)[row] - band(bars, -1)[row]),
        ),
    },
    width: {
      warmUp: 19,
      plain: (bars) =>
        band(bars, 0).map((middle, row) => (band(bars, 1)[row] - band(bars, -1)[row]) / middle),
    },
  },
});

function directional({ high, low, length, ...rest }: BarSeries, period: number) {
  const ranges = trueRanges({ high, low, length, ...rest } as BarSeries);
  const moves = Array.from({ length }, (_, row) => {
    const up = row === 0 ? Number.NaN : high[row] - high[row - 1];
    const down = row === 0 ? Number.NaN : low[row - 1] - low[row];
    return { up: up > down && up > 0 ? up : 0, down: down > up && down > 0 ? down : 0 };
  });
  // Wilder's sums, TA-Lib's seed: the first holds period − 1 movements.
  const summed = (values: readonly number[]) => {
    let sum = Number.NaN;
    return values.map((value, row) => {
      if (row === period - 1) sum = values.slice(1, period).reduce((total, each) => total + each, 0);
      else if (row >= period) sum = sum - sum / period + value;
      return row < period ? Number.NaN : sum;
    });
  };
  const range = summed(ranges);
  const plus = both(summed(moves.map(({ up }) => up)), range, (a, b) => (100 * a) / b);
  const minus = both(summed(moves.map(({ down }) => down)), range, (a, b) => (100 * a) / b);
  const index = both(plus, minus, (a, b) => (100 * Math.abs(a - b)) / (a + b));
  return { plus, minus, line: wilderOf(index, period) };
}

linesContract('adx', {
  fresh: () => ofBars(adx(14)),
  lines: {
    line: { warmUp: 27, plain: (bars) => directional(bars, 14).line },
    plusDi: { warmUp: 14, plain: (bars) => directional(bars, 14).plus },
    minusDi: { warmUp: 14, plain: (bars) => directional(bars, 14).minus },
  },
});

const rawK = (bars: BarSeries, period: number) => {
  const tops = highestOf(column(bars, 'high'), period);
  const bottoms = lowestOf(column(bars, 'low'), period);
  return column(bars, 'close').map(
    (close, row) => (100 * (close - bottoms[row])) / (tops[row] - bottoms[row]),
  );
};

linesContract('stochastic', {
  fresh: () => ofBars(stochastic(14, 3, 3)),
  lines: {
    k: { warmUp: 17, plain: (bars) => late(smaOf(rawK(bars, 14), 3), 17) },
    d: { warmUp: 17, plain: (bars) => smaOf(smaOf(rawK(bars, 14), 3), 3) },
  },
});

linesContract('the fast stochastic', {
  fresh: () => ofBars(stochastic(5, 1, 3)),
  lines: {
    k: { warmUp: 6, plain: (bars) => late(rawK(bars, 5), 6) },
    d: { warmUp: 6, plain: (bars) => smaOf(rawK(bars, 5), 3) },
  },
});

const strengthK = (bars: BarSeries) => {
  const strength = rsiOf(column(bars, 'close'), 14);
  return both(
    both(strength, lowestOf(strength, 10), (a, b) => 100 * (a - b)),
    both(highestOf(strength, 10), lowestOf(strength, 10), (a, b) => a - b),
    (a, b) => a / b,
  );
};

linesContract('stochRsi', {
  fresh: () => onCloses(stochRsi(14, 10, 3, 4)),
  lines: {
    k: { warmUp: 28, plain: (bars) => late(smaOf(strengthK(bars), 3), 28) },
    d: { warmUp: 28, plain: (bars) => smaOf(smaOf(strengthK(bars), 3), 4) },
  },
});

linesContract('supertrend', {
  fresh: () => ofBars(supertrend(10, 3)),
  lines: {
    line: { warmUp: 10, plain: (bars) => trendOf(bars).line },
    direction: { warmUp: 10, plain: (bars) => trendOf(bars).direction },
  },
});

linesContract('cci', {
  fresh: () => oneLine(cci(20)),
  lines: {
    value: {
      warmUp: 19,
      plain: (bars) =>
        windowed(typicalOf(bars), 20, (window) => {
          const middle = mean(window);
          return (window[19] - middle) / (0.015 * mean(window.map((each) => Math.abs(each - middle))));
        }),
    },
  },
});

linesContract('mfi', {
  fresh: () => oneLine(mfi(14)),
  lines: {
    value: {
      warmUp: 14,
      plain(bars) {
        const typical = typicalOf(bars);
        const flow = (row: number, sign: number) =>
          Math.sign(typical[row] - typical[row - 1]) === sign ? typical[row] * bars.volume[row] : 0;
        return typical.map((_, row) => {
          if (row < 14) return Number.NaN;
          const rows = Array.from({ length: 14 }, (_each, at) => row - at);
          const rising = rows.reduce((sum, at) => sum + flow(at, 1), 0);
          const falling = rows.reduce((sum, at) => sum + flow(at, -1), 0);
          return 100 - 100 / (1 + rising / falling);
        });
      },
    },
  },
});

linesContract('obv', {
  fresh: () => oneLine(obv()),
  lines: {
    value: {
      warmUp: 0,
      plain: ({ close, volume, length }) => {
        let sum = volume[0];
        return Array.from({ length }, (_, row) => {
          if (row > 0) sum += Math.sign(close[row] - close[row - 1]) * volume[row];
          return sum;
        });
      },
    },
  },
});

linesContract('adl', {
  fresh: () => oneLine(adl()),
  lines: {
    value: {
      warmUp: 0,
      plain: ({ high, low, close, volume, length }) => {
        let sum = 0;
        return Array.from({ length }, (_, row) => {
          if (high[row] > low[row])
            sum += (volume[row] * (2 * close[row] - high[row] - low[row])) / (high[row] - low[row]);
          return sum;
        });
      },
    },
  },
});

/** Wilder's own description: tomorrow's stop from today's, kept out of the last two bars. */
function parabolic({ high, low, length }: BarSeries): number[] {
  const answers = [Number.NaN];
  const fell = low[0] - low[1];
  let side = fell > 0 && fell > high[1] - high[0] ? -1 : 1;
  let stop = side > 0 ? low[0] : high[0];
  let extreme = side > 0 ? high[1] : low[1];
  let factor = 0.02;
  for (let row = 1; row < length; row++) {
    const near = Math.max(row - 1, 1);
    const lowest = Math.min(low[near], low[row]);
    const highest = Math.max(high[near], high[row]);
    const reached = side > 0 ? low[row] <= stop : high[row] >= stop;
    if (reached) {
      stop = side > 0 ? Math.max(extreme, highest) : Math.min(extreme, lowest);
      side = -side;
      extreme = side > 0 ? high[row] : low[row];
      factor = 0.02;
      answers.push(stop);
    } else {
      answers.push(stop);
      const farther = side > 0 ? high[row] > extreme : low[row] < extreme;
      if (farther) {
        extreme = side > 0 ? high[row] : low[row];
        factor = Math.min(0.2, factor + 0.02);
      }
    }
    const next = stop + factor * (extreme - stop);
    stop = side > 0 ? Math.min(next, lowest) : Math.max(next, highest);
  }
  return answers;
}

linesContract('psar', {
  fresh: () => oneLine(psar(0.02, 0.2)),
  lines: { value: { warmUp: 1, plain: parabolic } },
});

const highs = (bars: BarSeries, period: number) => highestOf(column(bars, 'high'), period);
const lows = (bars: BarSeries, period: number) => lowestOf(column(bars, 'low'), period);
const middles = (bars: BarSeries, period: number) =>
  both(highs(bars, period), lows(bars, period), (a, b) => (a + b) / 2);

linesContract('donchian', {
  fresh: () => ofBars(donchian(20)),
  lines: {
    upper: { warmUp: 19, plain: (bars) => highs(bars, 20) },
    middle: { warmUp: 19, plain: (bars) => middles(bars, 20) },
    lower: { warmUp: 19, plain: (bars) => lows(bars, 20) },
  },
});

const channel = (bars: BarSeries, side: number) =>
  both(emaOf(column(bars, 'close'), 8), wilderOf(trueRanges(bars), 10), (a, b) => a + side * 1.5 * b);

linesContract('keltner', {
  fresh: () => ofBars(keltner(8, 1.5, 10)),
  lines: {
    upper: { warmUp: 10, plain: (bars) => channel(bars, 1) },
    middle: { warmUp: 10, plain: (bars) => channel(bars, 0) },
    lower: { warmUp: 10, plain: (bars) => channel(bars, -1) },
  },
});

linesContract('williamsR', {
  fresh: () => oneLine(williamsR(14)),
  lines: { value: { warmUp: 13, plain: (bars) => rawK(bars, 14).map((k) => k - 100) } },
});

const since = (values: readonly number[], best: (...window: number[]) => number) =>
  windowed(values, 15, (window) => (100 * window.lastIndexOf(best(...window))) / 14);

linesContract('aroon', {
  fresh: () => ofBars(aroon(14)),
  lines: {
    up: { warmUp: 14, plain: (bars) => since(column(bars, 'high'), Math.max) },
    down: { warmUp: 14, plain: (bars) => since(column(bars, 'low'), Math.min) },
    oscillator: {
      warmUp: 14,
      plain: (bars) =>
        both(since(column(bars, 'high'), Math.max), since(column(bars, 'low'), Math.min), (a, b) => a - b),
    },
  },
});

linesContract('ichimoku', {
  fresh: () => ofBars(ichimoku(9, 26, 52)),
  lines: {
    conversion: { warmUp: 8, plain: (bars) => middles(bars, 9) },
    base: { warmUp: 25, plain: (bars) => middles(bars, 26) },
    spanA: { warmUp: 25, plain: (bars) => both(middles(bars, 9), middles(bars, 26), (a, b) => (a + b) / 2) },
    spanB: { warmUp: 51, plain: (bars) => middles(bars, 52) },
  },
});

function averaged({ open, high, low, close, length }: BarSeries) {
  const closes = Array.from({ length }, (_, row) => (open[row] + high[row] + low[row] + close[row]) / 4);
  const opens = [(open[0] + close[0]) / 2];
  for (let row = 1; row < length; row++) opens.push((opens[row - 1] + closes[row - 1]) / 2);
  return { opens, closes };
}

linesContract('heikinAshi', {
  fresh: () => ofBars(heikinAshi()),
  lines: {
    open: { warmUp: 0, plain: (bars) => averaged(bars).opens },
    high: {
      warmUp: 0,
      plain: (bars) =>
        column(bars, 'high').map((high, row) =>
          Math.max(high, averaged(bars).opens[row], averaged(bars).closes[row]),
        ),
    },
    low: {
      warmUp: 0,
      plain: (bars) =>
        column(bars, 'low').map((low, row) =>
          Math.min(low, averaged(bars).opens[row], averaged(bars).closes[row]),
        ),
    },
    close: { warmUp: 0, plain: (bars) => averaged(bars).closes },
  },
});

linesContract('correlation', {
  fresh: () => {
    const kernel = correlation(20);
    return (bars, from, [target], at, count) =>
      kernel.fill(bars.close, from, bars.high, from, target, at, count);
  },
  lines: {
    value: {
      warmUp: 19,
      plain: (bars) =>
        windowed(column(bars, 'close'), 20, (window, row) => {
          const others = column(bars, 'high').slice(row - 19, row + 1);
          const [x, y] = [mean(window), mean(others)];
          const products = window.reduce((sum, value, at) => sum + (value - x) * (others[at] - y), 0);
          const squares = window.reduce((sum, value) => sum + (value - x) ** 2, 0);
          return products / Math.sqrt(squares * others.reduce((sum, value) => sum + (value - y) ** 2, 0));
        }),
    },
  },
});
