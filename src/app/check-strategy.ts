import { readFile } from 'node:fs/promises';
import { loadRulebook } from '../config/rulebook.ts';
import { BarSeries } from '../domain/bar-series.ts';
import { CheckFailed } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { timeframeMs } from '../domain/timeframe.ts';
import { IndicatorSet } from '../indicators/indicator-set.ts';
import type { StrategyCheckPage } from '../reports/strategies-text.ts';
import type { Strategy } from '../strategy/define.ts';
import { marketOf } from '../strategy/market.ts';
import { parseParams } from '../strategy/parse-params.ts';
import { setUp } from '../strategy/set-up.ts';
import type { Context } from './context.ts';
import { lookAhead } from './look-ahead.ts';
import { strategyPage } from './strategies.ts';
import { namedStrategy } from './strategy-folders.ts';

/**
 * Whether a strategy can be run: it loads, its set-up works with its defaults, its hooks are known ones, its indicators
 * step over bars, its text holds nothing that would make two runs differ, and what it orders does not depend on later bars.
 *
 * @throws UsageError, StrategyError from loading and set-up; CheckFailed CHECK_STRATEGY naming every line at fault,
 *   CHECK_LOOK_AHEAD naming the first order that the future changed
 */
export async function checkStrategy(
  { folders }: Pick<Context, 'folders'>,
  name: string,
): Promise<StrategyCheckPage> {
  const loaded = await namedStrategy(folders, name);
  const hooks = dryRun(loaded.strategy);
  const faults = impurities(await readFile(loaded.file.path, 'utf8'));
  if (faults.length > 0) {
    throw new CheckFailed(
      'CHECK_STRATEGY',
      `Strategy ${name} reaches beyond its market, in ${loaded.file.path}:\n${faults.join('\n')}`,
      'Take time from session and bar.time; leave out randomness, files and the network, so that two runs agree.',
    );
  }
  const { orders, fault } = lookAhead(loaded.strategy, loadRulebook(folders.root, folders.home));
  if (fault !== undefined) {
    throw new CheckFailed(
      'CHECK_LOOK_AHEAD',
      `Strategy ${name} decides by more than the bars it has seen: ${fault}.`,
      'Keep everything a run remembers inside setup, and read prices through its series only.',
    );
  }
  return {
    strategy: strategyPage(loaded),
    checks: [
      "the file loads and its name is its strategy's name",
      `setup runs with the defaults and answers with ${hooks.join(', ')}`,
      'its indicators step over bars, from the first one on',
      'no clock, randomness, file or network',
      `the future changes nothing: ${orders} orders over invented bars are the same when later bars are left out`,
    ],
  };
}

const instrument: Instrument = {
  key: 'TEST:CHECK',
  exchange: 'TEST',
  tradingsymbol: 'CHECK',
  rules: 'none',
  kind: 'EQ',
  tickSize: 0.05,
  lotSize: 1,
};

const dryBars = 600;

/** Sets the strategy up on made-up bars and steps its indicators. Answers the names of its hooks. */
function dryRun(strategy: Strategy): readonly string[] {
  const series = new BarSeries(instrument.key, strategy.timeframe, dryBars);
  const barMs = timeframeMs(strategy.timeframe);
  for (let row = 0; row < dryBars; row++) {
    const close = 1_000 + 50 * Math.sin(row / 7) + 5 * Math.sin(row);
    series.append(row * barMs, close - 1, close + 2, close - 3, close, 1_000 + row);
  }
  const cursor = { series, row: -1 };
  const indicators = new IndicatorSet(cursor);
  const hooks = setUp(strategy, marketOf(indicators.view, instrument), parseParams(strategy));
  indicators.seal();
  indicators.newSession();
  for (cursor.row = 0; cursor.row < series.length; cursor.row++) indicators.advance();
  return Object.keys(hooks);
}

const impure =
  /\b(Date\.now|new Date|Math\.random|crypto\.|fetch\s*\(|setTimeout|setInterval|process\.|performance\.|globalThis)/;

/** Lines that reach for a clock, chance or the outside, as `line 12: const now = Date.now();`. Comments are not code. */
function impurities(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  return code.split('\n').flatMap((line, at) => {
    const text = line.replace(/(^|\s)\/\/.*$/, '');
    return impure.test(text) ? [`  line ${at + 1}: ${text.trim()}`] : [];
  });
}
