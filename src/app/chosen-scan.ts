import { loadScans, type NamedScan, onlyStage } from '../config/scans.ts';
import { isAlgoError, UsageError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';
import { parseTimeframe, type Timeframe, timeframes } from '../domain/timeframe.ts';
import type { ScanDescription } from '../reports/scan-json.ts';
import { regimeWords } from '../research/market/allowed-regimes.ts';
import type { PatternColumn } from '../research/scan/evaluate.ts';
import { framesOf, parseCondition, parseExpression, parseMeasure } from '../research/scan/parse.ts';
import { type Reach, reachOf } from '../research/scan/reach.ts';
import { type Reading, usualIndicators } from '../research/scan/readings.ts';
import type { ScanPlan } from '../research/scan/scan.ts';
import type { Context } from './context.ts';
import type { ScanRequest } from './scan-request.ts';

/** Named scans, as `algo scan --list` shows them. */
export function listScans({ folders }: Pick<Context, 'folders'>): readonly NamedScan[] {
  return [...loadScans(folders.root, folders.home).values()];
}

/** A named scan with what the request puts in its place; `scans` reads them. @throws UsageError USAGE_SCAN, USAGE_REGIME */
export function chosenScan(
  scans: () => ReadonlyMap<string, NamedScan>,
  request: ScanRequest,
): ScanDescription {
  const named = request.name === undefined ? undefined : scanCalled(request.name, scans());
  const given = (request.where ?? []).map((where, at, all) => ({
    name: all.length > 1 ? `${onlyStage} ${at + 1}` : onlyStage,
    where,
  }));
  const stages = given.length > 0 ? given : (named?.stages ?? []);
  if (stages.length === 0 && request.by === undefined)
    throw new UsageError(
      'USAGE_SCAN',
      'Nothing says what to look for.',
      'Name a scan (algo scan --list) or give an expression: algo scan --where "rsi14 < 30 and close > ema200". --by pattern and --by indicator look at every instrument.',
    );
  if (stages.length === 0 && request.backtest !== undefined)
    throw new UsageError(
      'USAGE_SCAN',
      '--backtest tells how hits fared, and without a condition every bar is one.',
      'Name a scan or give --where.',
    );
  const regime = request.regime?.flatMap((words) => words.split(',')) ?? named?.regime ?? [];
  return {
    name: named?.name ?? onlyStage,
    about: given.length > 0 || !named ? (stages.length > 0 ? 'As given.' : 'Every instrument.') : named.about,
    timeframe: request.timeframe ?? named?.timeframe ?? 'day',
    stages,
    score: given.length > 0 ? [] : (named?.score ?? []),
    regime: regime.map(regimeOf),
    by: request.by ?? null,
    sort: request.sort ?? named?.sort ?? (request.by === 'indicator' ? 'rsi14' : undefined),
    ascending: request.ascending ?? (request.sort === undefined ? (named?.ascending ?? false) : false),
  };
}

function scanCalled(name: string, scans: ReadonlyMap<string, NamedScan>): NamedScan {
  const named = scans.get(name);
  if (named) return named;
  throw new UsageError(
    'USAGE_SCAN',
    `There is no scan "${name}".${didYouMean(name, scans.keys())}`,
    'List them with: algo scan --list. An expression goes into --where "rsi14 < 30".',
  );
}

function regimeOf(text: string): string {
  const word = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (regimeWords.includes(word)) return word;
  throw new UsageError(
    'USAGE_REGIME',
    `There is no regime "${text}".${didYouMean(word, regimeWords)}`,
    `Use ${regimeWords.slice(0, 6).join(', ')}, or a trend and a volatility such as "up calm". docs/market.md has the rules.`,
  );
}

/** A scan understood, and the bars it needs. @throws UsageError USAGE_EXPRESSION with line and column, naming the part of the scan */
export async function scanPlan(chosen: ScanDescription): Promise<{
  readonly plan: Omit<ScanPlan, 'horizons' | 'regimeAt'>;
  /** Timeframes that are asked for, the shortest first. */
  readonly asked: readonly Timeframe[];
  /** The first of them. */
  readonly base: Timeframe;
  /** Timeframes beside the base. */
  readonly frames: readonly Timeframe[];
  readonly reach: ReadonlyMap<Timeframe, Reach>;
}> {
  const asked = framesAsked(chosen.timeframe);
  const [base] = asked;
  const texts = [...chosen.stages.map(({ where }) => where), ...chosen.score.map(({ of }) => of)];
  const patterns = await candlesticksFor(texts, chosen.by === 'pattern');
  const several = chosen.stages.length > 1 || chosen.score.length > 0;
  const stages = asked.flatMap((frame) =>
    chosen.stages.map(({ name, where }) => ({
      name: asked.length === 1 ? name : chosen.stages.length === 1 ? frame : `${name} ${frame}`,
      where: within(
        several ? `Stage "${name}"` : '',
        () => parseCondition(where, patterns.names, frame === base ? undefined : frame).node,
      ),
    })),
  );
  const score = chosen.score.map((part) => ({
    ...part,
    of: within(`Score "${part.name}"`, () => parseExpression(part.of, patterns.names)),
  }));
  const { sort: text } = chosen;
  const sort = text === undefined ? undefined : within('The sort', () => parseMeasure(text).node);
  const readings = readingsOf(chosen.by, { asked, patterns: patterns.names });
  const nodes = [
    ...stages.map(({ where }) => where),
    ...score.map(({ of }) => of),
    ...(sort ? [sort] : []),
    ...readings.map(({ of }) => of),
  ];
  return {
    plan: { stages, score, readings, sort, ascending: chosen.ascending, patterns: patterns.column },
    asked,
    base,
    frames: framesOf(nodes).filter((frame) => frame !== base),
    reach: reachOf(nodes, base),
  };
}

/** The shortest first, since what is newest is seen on it. */
function framesAsked(text: string): readonly [Timeframe, ...Timeframe[]] {
  const [first, ...more] = [...new Set(text.split(',').map(parseTimeframe))].sort(
    (a, b) => timeframes.indexOf(a) - timeframes.indexOf(b),
  );
  return [first ?? parseTimeframe(text), ...more];
}

function readingsOf(
  by: ScanDescription['by'],
  { asked, patterns }: { readonly asked: readonly Timeframe[]; readonly patterns: readonly string[] },
): readonly Reading[] {
  const texts =
    by === 'indicator'
      ? Object.entries(usualIndicators)
      : by === 'pattern'
        ? patterns.map((name) => [name, `pattern(${name})`] as const)
        : [];
  return asked.flatMap((frame, at) =>
    texts.map(([name, text]) => ({
      name: asked.length === 1 ? name : `${frame} ${name}`,
      of: parseExpression(text, patterns, at === 0 ? undefined : frame),
    })),
  );
}

/** Says of a fault which part of the scan it is in. */
function within<T>(part: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (part === '' || !isAlgoError(error)) throw error;
    throw new UsageError(error.code, `${part}: ${error.message}`, error.fix, error);
  }
}

/** The library of patterns is loaded only for an expression that names one. */
async function candlesticksFor(
  texts: readonly string[],
  all: boolean,
): Promise<{ names: readonly string[]; column: PatternColumn }> {
  if (!all && !texts.some((text) => /\bpattern\s*\(/i.test(text)))
    return { names: [], column: () => new Float64Array(0) };
  const { patternColumn, patternNames } = await import('../adapters/candlesticks/candlesticks.ts');
  return { names: patternNames, column: patternColumn };
}

const horizonMax = 1_000;

/** Reads `1,5,20` or `1,5,20d`. @throws UsageError USAGE_HORIZON */
export function horizonsOf(text: string | undefined): readonly number[] {
  if (text === undefined) return [];
  return text.split(',').map((part) => {
    const match = /^\s*(\d+)d?\s*$/.exec(part);
    const bars = Number(match?.[1]);
    if (match && bars >= 1 && bars <= horizonMax) return bars;
    throw new UsageError(
      'USAGE_HORIZON',
      `--backtest received "${text}", expected numbers of bars from 1 to ${horizonMax}.`,
      'For example --backtest 1,5,20',
    );
  });
}
