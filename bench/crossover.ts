import type { BarSeries } from '../src/domain/bar-series.ts';
import {
  bareCrossover,
  bareCrossoverWithCosts,
  bareCrossoverWithStop,
  barePortfolio,
  type Contender,
  type Outcome,
  type Pair,
  type PortfolioContender,
} from './bare-loops.ts';
import { type Measured, ratioLine, referenceLine } from './measure.ts';
import { barsPerSymbol, minuteBars } from './minute-bars.ts';
import { compare, outcomeText } from './rounds.ts';

/** The engine as a rival of the bare loops: the same strategy, orders, stops and costs through gate, broker and ledger. */
export interface EngineContenders {
  readonly crossover: Contender;
  readonly crossoverWithCosts: Contender;
  readonly crossoverWithStop: Contender;
  readonly portfolio: PortfolioContender;
  /** One run of the sweep. */
  readonly pair: (bars: BarSeries, pair: Pair) => Outcome;
}

const portfolioWidth = 50;

/** W1, W1 with costs, W1s and W2. Without an engine only the references are measured. */
export function crossoverMeasures(engine?: EngineContenders): readonly Measured[] {
  const bars = minuteBars();
  return [
    ...single('W1', bars, bareCrossover, engine?.crossover),
    ...single('W1 with 0.1 % costs', bars, bareCrossoverWithCosts, engine?.crossoverWithCosts),
    ...single('W1s stop-loss in the bar', bars, bareCrossoverWithStop, engine?.crossoverWithStop),
    ...portfolio(engine?.portfolio),
  ];
}

function single(
  measure: string,
  bars: BarSeries,
  bare: Contender,
  engine: Contender | undefined,
): readonly Measured[] {
  for (const contender of [bare, engine]) contender?.(bars);
  onShortRuns(1_500, (call) => {
    const from = (call * 977) % (bars.length - shortRun);
    for (const contender of [bare, engine]) contender?.(bars.slice(from, from + shortRun));
  });
  const rival = engine && { name: 'engine', run: () => engine(bars) };
  const [reference, ...rivals] = compare(
    [{ name: 'bare loop', run: () => bare(bars) }, ...(rival ? [rival] : [])],
    {
      show: outcomeText,
    },
  );
  return [
    referenceLine(measure, bars.length, reference),
    ...rivals.map((comparison) => ratioLine(measure, bars.length, 4, comparison)),
  ];
}

function portfolio(engine: PortfolioContender | undefined): readonly Measured[] {
  const symbols = Array.from({ length: portfolioWidth }, (_, index) => minuteBars(index + 1));
  const bars = portfolioWidth * barsPerSymbol;
  onShortRuns(100, (call) => {
    const from = call * 977;
    const parts = symbols.map((series) => series.slice(from, from + shortRun));
    for (const contender of [barePortfolio, engine]) contender?.(parts);
  });
  const rival = engine && { name: 'engine', run: () => engine(symbols) };
  const [reference, ...rivals] = compare(
    [{ name: 'bare loop', run: () => barePortfolio(symbols) }, ...(rival ? [rival] : [])],
    { rounds: 5, show: outcomeText },
  );
  const measure = 'W2 50 symbols, one account';
  return [
    referenceLine(measure, bars, reference),
    ...rivals.map((comparison) => ratioLine(measure, bars, 6, comparison)),
  ];
}

/** Bars of a short run. */
const shortRun = 600;

/** Short calls all over the data, after one long one that has been through every branch: they get a function compiled as a whole. */
function onShortRuns(calls: number, run: (call: number) => void): void {
  for (let call = 0; call < calls; call++) run(call);
}
