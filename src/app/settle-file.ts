import type { BarIntake } from '../adapters/files/bar-intake.ts';
import type { RawSeries } from '../adapters/files/raw-series.ts';
import type { Recognised } from '../adapters/files/read-text.ts';
import { dropRepeats, inferTimeframe, keepSpan, sortByTime, stampBars } from '../adapters/files/settle.ts';
import { DataError } from '../domain/errors.ts';
import { type Timeframe, timeframeMs } from '../domain/timeframe.ts';
import type { ImportPlan } from './data-import-request.ts';
import { contradiction } from './import-pile.ts';

export interface SettledBars {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly series: RawSeries;
}

/**
 * Makes bars of the rows of one file: in order, of one timeframe, stamped with their opening instants, none twice.
 * @throws DataError DATA_TIMEFRAME, DATA_DUPLICATE
 */
export function settleFile(plan: ImportPlan, intake: BarIntake, recognised: Recognised): SettledBars[] {
  const active = [...intake.series].filter(([, series]) => series.length > 0);
  if (active.length === 0) return [];
  for (const [, series] of active) sortByTime(series);
  const timeframe = timeframeOf(
    plan,
    intake,
    recognised,
    active.map(([, series]) => series),
  );
  const settled: SettledBars[] = [];
  for (const [symbol, series] of active) {
    stampBars(series, timeframe, plan.stamps, intake.clocked);
    const repeats = dropRepeats(series, (first, second) => {
      const places = [
        `${intake.file} ${intake.unit} ${series.line[first]}`,
        `${intake.unit} ${series.line[second]}`,
      ];
      intake.bad(
        contradiction({ what: symbol === '' ? 'one bar' : symbol, series, rows: [first, second], places }),
      );
    });
    intake.skipMany('repeats of another row', repeats);
    intake.skipMany('outside --from and --to', keepSpan(series, plan.from, plan.to));
    if (series.length > 0) settled.push({ symbol, timeframe, series });
  }
  return settled;
}

function timeframeOf(
  plan: ImportPlan,
  intake: BarIntake,
  recognised: Recognised,
  all: readonly RawSeries[],
): Timeframe {
  if (recognised.timeframe) return recognised.timeframe;
  const inferred = inferTimeframe(all, intake.clocked);
  if (plan.timeframe === undefined) {
    if (inferred) return inferred;
    throw new DataError(
      'DATA_TIMEFRAME',
      `${intake.file}: the distance between its bars is no timeframe that algo knows.`,
      'Say it with --timeframe, for example --timeframe 15m.',
    );
  }
  if (inferred === undefined || timeframeMs(plan.timeframe) <= timeframeMs(inferred)) return plan.timeframe;
  throw new DataError(
    'DATA_TIMEFRAME',
    `${intake.file} holds ${inferred} bars by their distance, not ${plan.timeframe}.`,
    `Import them as they are; slower bars are made from them when a run asks for ${plan.timeframe}.`,
  );
}
