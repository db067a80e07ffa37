import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

/** A strategy's parameter as people and programs read it. */
export interface ParamPage {
  readonly name: string;
  readonly kind: string;
  /** As its owner would type it. */
  readonly default: string;
  /** `a whole number from 2 to 200`. */
  readonly expects: string;
  readonly about?: string;
}

export interface StrategyPage {
  readonly name: string;
  readonly about: string;
  readonly timeframe: string;
  readonly intraday: boolean;
  readonly product: string | null;
  readonly tags: readonly string[];
  readonly params: readonly ParamPage[];
  readonly path: string;
  /** SHA-256 of the source. */
  readonly hash: string;
}

/** A file that by its name is a strategy and could not be loaded. */
export interface BrokenStrategy {
  readonly name: string;
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export interface StrategiesPage {
  readonly strategies: readonly StrategyPage[];
  readonly broken: readonly BrokenStrategy[];
}

export interface NewStrategyPage {
  readonly name: string;
  readonly path: string;
}

export interface StrategyCheckPage {
  readonly strategy: StrategyPage;
  /** What was looked at, in words. */
  readonly checks: readonly string[];
}

export function strategiesText(page: StrategiesPage, screen: Screen): string {
  const rows = page.strategies.map(({ name, timeframe, about, params, path }) => [
    name,
    timeframe,
    about,
    params.map((param) => `${param.name}=${param.default}`).join(' '),
    path,
  ]);
  const columns = ['strategy', 'timeframe', 'about', 'parameters', { title: 'file', optional: true }];
  const table = tableText(
    { columns, rows, empty: 'No strategies yet. Write one with: algo strategies new my_idea' },
    screen,
  );
  const broken = page.broken.map(({ name, message }) => `${name} cannot be used: ${message}`);
  return [table, ...broken].join('\n\n');
}

export function newStrategyText({ name, path }: NewStrategyPage): string {
  return [
    `Wrote ${path}`,
    'It runs as it is. Write the sentence in "about" first, then the code.',
    `Next: algo strategies check ${name}`,
    `Then: algo backtest --strategy ${name}`,
  ].join('\n');
}

export function strategyCheckText({ strategy, checks }: StrategyCheckPage, screen: Screen): string {
  const { name, about, timeframe, intraday, path } = strategy;
  const head = [
    `${name}: ${about}`,
    `${timeframe} bars${intraday ? ', flat overnight' : ''}, from ${path}`,
    ...checks.map((check) => `ok  ${check}`),
  ].join('\n');
  const rows = strategy.params.map((param) => [param.name, param.default, param.expects, param.about]);
  const columns = ['parameter', 'default', 'takes', 'about'];
  return `${head}\n\n${tableText({ columns, rows, empty: 'No parameters.' }, screen)}`;
}
