/** An indicator as help, documentation and `strategies check` describe it. */
export interface CatalogueEntry {
  readonly about: string;
  /** How a strategy calls it. */
  readonly call: string;
  /** Series it is drawn on, by name; none for an indicator of whole bars. */
  readonly sources: readonly string[];
  /** What each further input is when it is left out. */
  readonly defaults: Readonly<Record<string, number | string>>;
  /** Its lines, `value` where it is one line by itself, and how many bars each is NaN with the defaults. */
  readonly warmUp: Readonly<Record<string, number | 'a session'>>;
}

/** Every indicator a strategy can ask its market for, one entry each, averages first. */
export const catalogue: Readonly<Record<string, CatalogueEntry>> = {
  sma: onSeries('simple moving average', 'sma(source, period)', { period: 20 }, { value: 19 }),
  ema: onSeries(
    'exponential moving average',
    'ema(source, period, { seed })',
    { period: 20, seed: 'sma' },
    { value: 19 },
  ),
  wma: onSeries(
    'weighted moving average, the newest value weighs most',
    'wma(source, period)',
    { period: 20 },
    { value: 19 },
  ),
  hma: onSeries(
    "Hull's moving average, quick and smooth",
    'hma(source, period)',
    { period: 20 },
    { value: 22 },
  ),
  vwap: onBars("volume-weighted average price since the session's open", 'vwap()', {}, { value: 0 }),
  rsi: onSeries(
    "Wilder's relative strength index, 0 to 100",
    'rsi(source, period)',
    { period: 14 },
    { value: 14 },
  ),
  stochRsi: onSeries(
    'stochastic of the RSI, 0 to 100',
    'stochRsi(source, rsiPeriod, period, smooth, signal)',
    { rsiPeriod: 14, period: 14, smooth: 3, signal: 3 },
    { k: 31, d: 31 },
  ),
  macd: onSeries(
    'moving average convergence/divergence',
    'macd(source, fast, slow, signal)',
    { fast: 12, slow: 26, signal: 9 },
    { line: 33, signal: 33, histogram: 33 },
  ),
  bollinger: onSeries(
    'bands of standard deviations around the mean; place between them, width',
    'bollinger(source, period, deviations)',
    { period: 20, deviations: 2 },
    { upper: 19, middle: 19, lower: 19, percentB: 19, width: 19 },
  ),
  roc: onSeries('rate of change in percent', 'roc(source, period)', { period: 10 }, { value: 10 }),
  stdev: onSeries(
    'standard deviation of the population',
    'stdev(source, period)',
    { period: 20 },
    { value: 19 },
  ),
  zscore: onSeries(
    'standard deviations away from the mean',
    'zscore(source, period)',
    { period: 20 },
    { value: 19 },
  ),
  highest: onSeries(
    'highest of the last bars, the newest included',
    'highest(source, period)',
    { period: 20 },
    { value: 19 },
  ),
  lowest: onSeries(
    'lowest of the last bars, the newest included',
    'lowest(source, period)',
    { period: 20 },
    { value: 19 },
  ),
  correlation: {
    about: 'correlation of two series of the market, −1 to 1',
    call: 'correlation(one, other, period)',
    sources: ['one', 'other'],
    defaults: { period: 20 },
    warmUp: { value: 19 },
  },
  atr: onBars("Wilder's average true range, rupees", 'atr(period)', { period: 14 }, { value: 14 }),
  adx: onBars(
    "Wilder's average directional index and directional indicators, 0 to 100",
    'adx(period)',
    { period: 14 },
    { line: 27, plusDi: 14, minusDi: 14 },
  ),
  stochastic: onBars(
    'place of the close in its range, 0 to 100; fast with a smooth of 1',
    'stochastic(period, smooth, signal)',
    { period: 14, smooth: 3, signal: 3 },
    { k: 17, d: 17 },
  ),
  supertrend: onBars(
    'trend line of ATR bands; direction 1 up, −1 down',
    'supertrend(period, multiplier)',
    { period: 10, multiplier: 3 },
    { line: 10, direction: 10 },
  ),
  cci: onBars("Lambert's commodity channel index", 'cci(period)', { period: 20 }, { value: 19 }),
  mfi: onBars('money flow index, 0 to 100', 'mfi(period)', { period: 14 }, { value: 14 }),
  obv: onBars("Granville's on-balance volume", 'obv()', {}, { value: 0 }),
  adl: onBars("Chaikin's accumulation/distribution line", 'adl()', {}, { value: 0 }),
  psar: onBars(
    "Wilder's parabolic stop and reverse",
    'psar(acceleration, maximum)',
    { acceleration: 0.02, maximum: 0.2 },
    { value: 1 },
  ),
  donchian: onBars(
    'highest high, lowest low and their middle, the newest bar included',
    'donchian(period)',
    { period: 20 },
    { upper: 19, middle: 19, lower: 19 },
  ),
  keltner: onBars(
    'bands of average true ranges around the exponential mean of the close',
    'keltner(period, multiplier, atrPeriod)',
    { period: 20, multiplier: 2, atrPeriod: 10 },
    { upper: 19, middle: 19, lower: 19 },
  ),
  williamsR: onBars("Williams' %R, −100 to 0", 'williamsR(period)', { period: 14 }, { value: 13 }),
  aroon: onBars(
    'how lately the highest and the lowest bar came, 0 to 100',
    'aroon(period)',
    { period: 14 },
    { up: 14, down: 14, oscillator: 14 },
  ),
  ichimoku: onBars(
    "Ichimoku lines as known on the bar; today's cloud is spanA.ago(26) and spanB.ago(26)",
    'ichimoku(conversion, base, spanB)',
    { conversion: 9, base: 26, spanB: 52 },
    { conversion: 8, base: 25, spanA: 25, spanB: 51 },
  ),
  pivots: onBars(
    'classic pivot points of the session before',
    'pivots()',
    {},
    {
      pivot: 'a session',
      r1: 'a session',
      r2: 'a session',
      r3: 'a session',
      s1: 'a session',
      s2: 'a session',
      s3: 'a session',
    },
  ),
  heikinAshi: onBars(
    'averaged bars; nothing trades at these prices',
    'heikinAshi()',
    {},
    { open: 0, high: 0, low: 0, close: 0 },
  ),
};

function onSeries(
  about: string,
  call: string,
  defaults: CatalogueEntry['defaults'],
  warmUp: CatalogueEntry['warmUp'],
): CatalogueEntry {
  return { about, call, sources: ['source'], defaults, warmUp };
}

function onBars(
  about: string,
  call: string,
  defaults: CatalogueEntry['defaults'],
  warmUp: CatalogueEntry['warmUp'],
): CatalogueEntry {
  return { about, call, sources: [], defaults, warmUp };
}
