import { chargeLines } from '../domain/charges.ts';
import { assert } from '../domain/errors.ts';
import { decimalOf } from '../domain/money.ts';
import { istDate } from '../domain/time.ts';
import type { BacktestOutcome, SeriesRun } from '../research/backtest-outcome.ts';
import { type Contribution, type TradeChange, tradeDifference } from '../research/run-difference.ts';
import type { SummaryDocument, TradeDocument } from './backtest-schema.ts';
import { countText, rounded, shortHash } from './format.ts';
import type { SavedRun } from './saved-run.ts';
import { tradeRow } from './trade-row.ts';

/** One of the two runs that are compared. */
export interface ComparedRun {
  readonly id: string;
  readonly saved: SavedRun;
  readonly outcome: BacktestOutcome;
}

/** Something that went into one run and not, or otherwise, into the other. Null where a run has no such thing. */
export interface InputDifference {
  readonly kind: 'program' | 'rules' | 'strategy' | 'parameter' | 'request' | 'setting' | 'data';
  readonly name: string;
  readonly first: string | null;
  readonly second: string | null;
}

/** A figure of both runs. Money is decimal strings, like the difference, which is second minus first. */
export interface FigureDifference {
  readonly figure: string;
  readonly first: string | number | null;
  readonly second: string | number | null;
  readonly difference: string | number | null;
}

export interface ChangedTradeDocument {
  readonly change: TradeChange;
  readonly first: TradeDocument;
  readonly second: TradeDocument;
  /** Net of the second minus net of the first. */
  readonly netDifference: string;
}

/** The difference of two runs as `algo backtest compare --json` prints it; everywhere second minus first. */
export interface RunComparison {
  readonly first: { readonly id: string; readonly savedAt: string; readonly title: string };
  readonly second: { readonly id: string; readonly savedAt: string; readonly title: string };
  /** Every order, fill and trade is the same. */
  readonly sameResult: boolean;
  readonly inputs: readonly InputDifference[];
  readonly summary: readonly FigureDifference[];
  /** What the trades contribute to the difference of the nets, which is the sum of the parts. */
  readonly why: readonly {
    readonly part: Contribution['part'];
    readonly trades: number;
    readonly gross: string;
    readonly charges: string;
    readonly net: string;
  }[];
  readonly netDifference: string;
  readonly charges: readonly FigureDifference[];
  readonly trades: {
    readonly equal: number;
    readonly onlyFirst: readonly TradeDocument[];
    readonly onlySecond: readonly TradeDocument[];
    readonly changed: readonly ChangedTradeDocument[];
  };
}

/** Explains the difference of two runs. The parts sum to the difference of the nets to the paisa. */
export function runComparison(first: ComparedRun, second: ComparedRun): RunComparison {
  const difference = tradeDifference(first.outcome.trades, second.outcome.trades);
  const explained = difference.contributions.reduce((sum, { netPaise }) => sum + netPaise, 0);
  const found = second.outcome.summary.netPaise - first.outcome.summary.netPaise;
  assert(explained === found, `the parts of a comparison sum to ${found} paise, not ${explained}`);
  return {
    first: titleOf(first),
    second: titleOf(second),
    sameResult: first.outcome.header.hashes.result === second.outcome.header.hashes.result,
    inputs: inputDifferences(first, second),
    summary: summaryDifferences(first.saved.document.summary, second.saved.document.summary),
    why: difference.contributions.map(({ part, trades, grossPaise, chargesPaise, netPaise }) => ({
      part,
      trades,
      gross: decimalOf(grossPaise),
      charges: decimalOf(chargesPaise),
      net: decimalOf(netPaise),
    })),
    netDifference: decimalOf(found),
    charges: chargeDifferences(first, second),
    trades: {
      equal: difference.equal,
      onlyFirst: difference.onlyFirst.map(tradeRow),
      onlySecond: difference.onlySecond.map(tradeRow),
      changed: difference.changed.map(({ change, first: one, second: other }) => ({
        change,
        first: tradeRow(one),
        second: tradeRow(other),
        netDifference: decimalOf(other.grossPaise - other.chargesPaise - (one.grossPaise - one.chargesPaise)),
      })),
    },
  };
}

function titleOf({ id, saved: { document, savedAt } }: ComparedRun): RunComparison['first'] {
  const { strategies, timeframe, from, to } = document.run;
  const instruments = document.instruments.map(({ instrument }) => instrument);
  const more = instruments.length > 3 ? ` and ${instruments.length - 3} more` : '';
  const days = from && to ? `, ${from.slice(0, 10)} to ${to.slice(0, 10)}` : '';
  const names = strategies.map(({ name }) => name).join(', ');
  return {
    id,
    savedAt,
    title: `${names} on ${timeframe} bars of ${instruments.slice(0, 3).join(', ')}${more}${days}`,
  };
}

function inputDifferences(first: ComparedRun, second: ComparedRun): InputDifference[] {
  const kinds = ['program', 'rules', 'strategy', 'parameter', 'request', 'setting', 'data'] as const;
  const [one, other] = [inputsOf(first), inputsOf(second)];
  return kinds.flatMap((kind) => {
    const names = new Set([...one[kind].keys(), ...other[kind].keys()]);
    return [...names].flatMap((name) => {
      const [before, after] = [one[kind].get(name) ?? null, other[kind].get(name) ?? null];
      return before === after ? [] : [{ kind, name, first: before, second: after }];
    });
  });
}

/** Everything a run depends on, by kind and name, as text that is equal when the thing is. */
function inputsOf({
  saved,
  outcome: { header },
}: ComparedRun): Record<InputDifference['kind'], ReadonlyMap<string, string>> {
  const { request } = saved;
  const asked = ['universe', 'timeframe', 'from', 'to', 'days'].flatMap((name) =>
    request[name] === undefined ? [] : [[name, valueText(request[name])] as [string, string]],
  );
  // Where the history lies, what is logged and what is kept change no result.
  const { data: _history, log: _log, runs: _kept, doctor: _asked, ...settings } = saved.settings;
  return {
    program: new Map([
      ['version', header.version],
      ['build', header.build === undefined ? 'from the sources' : shortHash(header.build)],
    ]),
    rules: new Map([['calendar, contracts and tariffs', shortHash(header.hashes.rulebook)]]),
    strategy: new Map(
      header.strategies.map(({ name, sourceHash }) => [name, `source ${shortHash(sourceHash)}`]),
    ),
    parameter: new Map(
      header.strategies.flatMap(({ name, params }) =>
        Object.entries(params).map(([key, value]): [string, string] => [`${name}.${key}`, String(value)]),
      ),
    ),
    request: new Map(asked),
    setting: new Map(flat(settings, '')),
    data: new Map(header.series.map((series) => [`${series.key} ${series.timeframe}`, seriesText(series)])),
  };
}

function seriesText({ bars, from, to, checksum, detailChecksum }: SeriesRun): string {
  const detail = detailChecksum === undefined ? '' : `, detail ${shortHash(detailChecksum)}`;
  return `${countText(bars)} bars, ${istDate(from)} to ${istDate(to)}, checksum ${shortHash(checksum)}${detail}`;
}

function flat(value: unknown, path: string): [string, string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, valueText(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, path ? `${path}.${key}` : key));
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const figures: readonly (keyof SummaryDocument)[] = [
  'capital',
  'finalBalance',
  'gross',
  'charges',
  'net',
  'open',
  'returnPercent',
  'benchmarkPercent',
  'turnover',
  'cagrPercent',
  'volatilityPercent',
  'sharpe',
  'sortino',
  'maxDrawdownPercent',
  'exposurePercent',
  'trades',
  'winRatePercent',
  'profitFactor',
  'expectancy',
  'averageBars',
];

function summaryDifferences(first: SummaryDocument, second: SummaryDocument): FigureDifference[] {
  return figures.map((figure) => figureDifference(figure, plain(first[figure]), plain(second[figure])));
}

function plain(value: SummaryDocument[keyof SummaryDocument]): string | number | null {
  return typeof value === 'object' ? null : value;
}

function figureDifference(
  figure: string,
  first: string | number | null,
  second: string | number | null,
): FigureDifference {
  if (typeof first === 'number' && typeof second === 'number') {
    return { figure, first, second, difference: rounded(second - first) };
  }
  const money = typeof first === 'string' && typeof second === 'string';
  return { figure, first, second, difference: money ? decimalOf(paiseOf(second) - paiseOf(first)) : null };
}

function chargeDifferences(first: ComparedRun, second: ComparedRun): FigureDifference[] {
  const [one, other] = [first.saved.document.charges, second.saved.document.charges];
  return [...chargeLines, 'total' as const].map((line) => figureDifference(line, one[line], other[line]));
}

/** Whole paise of a decimal string, without binary noise. */
function paiseOf(decimal: string): number {
  return Number(decimal.replace('.', ''));
}
