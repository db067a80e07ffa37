import { runBacktest } from '../src/app/backtest-run.ts';
import { loadRulebook } from '../src/config/rulebook.ts';
import type { BarSeries } from '../src/domain/bar-series.ts';
import type { Instrument } from '../src/domain/instrument.ts';
import type { EquityRecord } from '../src/engine/run-record.ts';
import { fixedQuantity } from '../src/engine/sizing.ts';
import type { Strategy } from '../src/strategy/define.ts';
import { crossesAbove, crossesBelow, defineStrategy, int } from '../src/strategy/index.ts';
import {
  capitalPaise,
  fastPeriod,
  type Outcome,
  portfolioCapitalPaise,
  quantity,
  slowPeriod,
  stopLossPercent,
} from './bare-loops.ts';
import type { EngineContenders } from './crossover.ts';

/** The crossover as a trader writes it, with and without the protective stop. */
function crossoverStrategy(stopLoss: number | undefined) {
  const entry = stopLoss === undefined ? undefined : { stopLoss };
  return defineStrategy({
    name: 'crossover',
    about: 'Long when the fast EMA crosses above the slow one; out when it crosses back below.',
    timeframe: '1m',
    setup({ close, ema }) {
      const fast = ema(close, fastPeriod);
      const slow = ema(close, slowPeriod);
      return {
        onBar({ position, buy, exit }) {
          if (position.flat && crossesAbove(fast, slow)) buy(entry);
          if (position.long && crossesBelow(fast, slow)) exit();
        },
      };
    },
  });
}

const sweptStrategy = defineStrategy({
  name: 'crossover',
  about: 'Long when the fast EMA crosses above the slow one; out when it crosses back below.',
  timeframe: '1m',
  params: { fast: int(fastPeriod), slow: int(slowPeriod) },
  setup({ close, ema }, { fast, slow }) {
    const quick = ema(close, fast);
    const steady = ema(close, slow);
    return {
      onBar({ position, buy, exit }) {
        if (position.flat && crossesAbove(quick, steady)) buy();
        if (position.long && crossesBelow(quick, steady)) exit();
      },
    };
  },
});

/** The whole engine: gate, reservations, simulated exchange, ledger, notes, journal in memory. */
export function engineContenders(root: string): EngineContenders {
  const rulebook = loadRulebook(root);
  let equity: EquityRecord | undefined;

  function contend(
    all: readonly BarSeries[],
    charges: string,
    capital: number,
    strategy: Strategy,
    params: Readonly<Record<string, number>> = {},
  ): Outcome {
    const { engine } = runBacktest({
      plan: {
        capitalPaise: capital,
        limits: {
          maxOpenPositions: 1_000,
          maxPositionValuePercent: 100,
          maxDailyLossPercent: 100,
          priceBandPercent: 20,
        },
        sizing: fixedQuantity(quantity),
        charges: rulebook.charges(charges),
        rulebook,
        product: 'CNC',
        squareOff: 'auto',
        entryCutOff: 'auto',
        marks: all[0].length,
        ...(equity && { equity }),
      },
      fill: {
        price: 'next-open',
        limitTouch: false,
        volumeSharePercent: 100,
        slippage: { kind: 'none', amount: 0, seed: 1 },
      },
      series: all.map((series) => ({
        instrument: shareOf(series),
        series,
        strategies: [{ strategy, params }],
      })),
    });
    equity = engine.equity;
    return { trades: engine.tradeCount, equityPaise: engine.account.equityPaise };
  }

  return {
    crossover: (bars) => contend([bars], 'none', capitalPaise, crossoverStrategy(undefined)),
    crossoverWithCosts: (bars) => contend([bars], 'flat:0.1%', capitalPaise, crossoverStrategy(undefined)),
    crossoverWithStop: (bars) => contend([bars], 'none', capitalPaise, crossoverStrategy(stopLossPercent)),
    portfolio: (symbols) => contend(symbols, 'none', portfolioCapitalPaise, crossoverStrategy(undefined)),
    pair: (bars, { fast, slow }) => contend([bars], 'none', capitalPaise, sweptStrategy, { fast, slow }),
  };
}

function shareOf(series: BarSeries): Instrument {
  const [exchange = '', tradingsymbol = ''] = series.key.split(':');
  return { key: series.key, exchange, tradingsymbol, rules: 'NSE', kind: 'EQ', tickSize: 0.05, lotSize: 1 };
}
