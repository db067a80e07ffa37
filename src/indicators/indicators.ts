import { adl } from './adl.ts';
import { adx } from './adx.ts';
import { aroon } from './aroon.ts';
import { atr } from './atr.ts';
import { bollinger } from './bollinger.ts';
import { cci } from './cci.ts';
import { correlation } from './correlation.ts';
import { donchian } from './donchian.ts';
import { ema } from './ema.ts';
import { heikinAshi } from './heikin-ashi.ts';
import { highest } from './highest.ts';
import { hma } from './hma.ts';
import { ichimoku } from './ichimoku.ts';
import { keltner } from './keltner.ts';
import type { BarKernel, BarLinesKernel, Kernel, PairKernel, ValueLinesKernel } from './kernel.ts';
import { lowest } from './lowest.ts';
import { macd } from './macd.ts';
import type { Indicators, Lines } from './market-view.ts';
import { mfi } from './mfi.ts';
import { obv } from './obv.ts';
import { pivots } from './pivots.ts';
import { psar } from './psar.ts';
import { roc } from './roc.ts';
import { rsi } from './rsi.ts';
import type { Series } from './series.ts';
import { sma } from './sma.ts';
import { stdev } from './stdev.ts';
import { stochRsi } from './stoch-rsi.ts';
import { stochastic } from './stochastic.ts';
import { supertrend } from './supertrend.ts';
import { vwap } from './vwap.ts';
import { williamsR } from './williams-r.ts';
import { wma } from './wma.ts';
import { zscore } from './zscore.ts';

type Inputs = readonly (number | string)[];

/** How a request becomes lines. Kernels are made only for requests that are new; a request is known by its name and inputs. */
export interface Pencil {
  onSeries(name: string, source: Series, inputs: Inputs, kernelOf: () => Kernel): Series;
  onPair(
    name: string,
    sources: readonly [Series, Series],
    inputs: Inputs,
    kernelOf: () => PairKernel,
  ): Series;
  onBars(name: string, inputs: Inputs, kernelOf: () => BarKernel): Series;
  linesOnSeries<Name extends string>(
    name: string,
    source: Series,
    inputs: Inputs,
    kernelOf: () => ValueLinesKernel<Name>,
  ): Lines<Name>;
  linesOnBars<Name extends string>(
    name: string,
    inputs: Inputs,
    kernelOf: () => BarLinesKernel<Name>,
  ): Lines<Name>;
}

/** Every indicator by the name a strategy calls it, each a request to the pencil. Defaults stand here and in the catalogue. */
export function indicatorsOf(draw: Pencil): Indicators {
  return {
    sma: (source, period = 20) => draw.onSeries('sma', source, [period], () => sma(period)),
    ema: (source, period = 20, { seed = 'sma' } = {}) =>
      draw.onSeries('ema', source, [period, seed], () => ema(period, seed)),
    wma: (source, period = 20) => draw.onSeries('wma', source, [period], () => wma(period)),
    hma: (source, period = 20) => draw.onSeries('hma', source, [period], () => hma(period)),
    rsi: (source, period = 14) => draw.onSeries('rsi', source, [period], () => rsi(period)),
    stochRsi: (source, rsiPeriod = 14, period = 14, smooth = 3, signal = 3) =>
      draw.linesOnSeries('stochRsi', source, [rsiPeriod, period, smooth, signal], () =>
        stochRsi(rsiPeriod, period, smooth, signal),
      ),
    macd: (source, fast = 12, slow = 26, signal = 9) =>
      draw.linesOnSeries('macd', source, [fast, slow, signal], () => macd(fast, slow, signal)),
    bollinger: (source, period = 20, deviations = 2) =>
      draw.linesOnSeries('bollinger', source, [period, deviations], () => bollinger(period, deviations)),
    roc: (source, period = 10) => draw.onSeries('roc', source, [period], () => roc(period)),
    stdev: (source, period = 20) => draw.onSeries('stdev', source, [period], () => stdev(period)),
    zscore: (source, period = 20) => draw.onSeries('zscore', source, [period], () => zscore(period)),
    correlation: (one, other, period = 20) =>
      draw.onPair('correlation', [one, other], [period], () => correlation(period)),
    highest: (source, period = 20) => draw.onSeries('highest', source, [period], () => highest(period)),
    lowest: (source, period = 20) => draw.onSeries('lowest', source, [period], () => lowest(period)),
    atr: (period = 14) => draw.onBars('atr', [period], () => atr(period)),
    vwap: () => draw.onBars('vwap', [], vwap),
    adx: (period = 14) => draw.linesOnBars('adx', [period], () => adx(period)),
    stochastic: (period = 14, smooth = 3, signal = 3) =>
      draw.linesOnBars('stochastic', [period, smooth, signal], () => stochastic(period, smooth, signal)),
    supertrend: (period = 10, multiplier = 3) =>
      draw.linesOnBars('supertrend', [period, multiplier], () => supertrend(period, multiplier)),
    cci: (period = 20) => draw.onBars('cci', [period], () => cci(period)),
    mfi: (period = 14) => draw.onBars('mfi', [period], () => mfi(period)),
    obv: () => draw.onBars('obv', [], obv),
    adl: () => draw.onBars('adl', [], adl),
    psar: (acceleration = 0.02, maximum = 0.2) =>
      draw.onBars('psar', [acceleration, maximum], () => psar(acceleration, maximum)),
    donchian: (period = 20) => draw.linesOnBars('donchian', [period], () => donchian(period)),
    keltner: (period = 20, multiplier = 2, atrPeriod = 10) =>
      draw.linesOnBars('keltner', [period, multiplier, atrPeriod], () =>
        keltner(period, multiplier, atrPeriod),
      ),
    williamsR: (period = 14) => draw.onBars('williamsR', [period], () => williamsR(period)),
    aroon: (period = 14) => draw.linesOnBars('aroon', [period], () => aroon(period)),
    ichimoku: (conversion = 9, base = 26, spanB = 52) =>
      draw.linesOnBars('ichimoku', [conversion, base, spanB], () => ichimoku(conversion, base, spanB)),
    pivots: () => draw.linesOnBars('pivots', [], pivots),
    heikinAshi: () => draw.linesOnBars('heikinAshi', [], heikinAshi),
  };
}
