import { StrategyError } from '../domain/errors.ts';
import { nearest } from '../domain/nearest.ts';
import type { Product } from '../domain/order.ts';
import { isIntraday, type Timeframe, timeframes } from '../domain/timeframe.ts';
import type { Market } from './market.ts';
import type { ParamShape, ParamValues } from './params.ts';
import type { Hooks } from './trade.ts';

/** Registered by name for the whole process, so a strategy is recognised whichever bundle made it. */
const strategyBrand = Symbol.for('algo.strategy');

export interface StrategyDefinition<P extends ParamShape> {
  /** snake_case, the same as the file's name: it is what people type. */
  readonly name: string;
  /** One sentence that is the strategy's specification. */
  readonly about: string;
  /** The bars it decides on unless the trader asks for others. */
  readonly timeframe: Timeframe;
  /** Holds nothing overnight: the engine squares off at the configured time. Follows from `product: 'MIS'`. */
  readonly intraday?: boolean;
  /** CNC, MIS or NRML where the idea needs one; otherwise the profile decides. */
  readonly product?: Product;
  readonly tags?: readonly string[];
  readonly params?: P;
  /** Called once for each instrument. Creates the indicators and answers with what to do on each bar. */
  setup(market: Market, params: ParamValues<P>): Hooks;
}

/** A trading idea as a value. Made by `defineStrategy` only. */
export interface Strategy<P extends ParamShape = ParamShape> {
  readonly [strategyBrand]: true;
  readonly name: string;
  readonly about: string;
  readonly timeframe: Timeframe;
  readonly intraday: boolean;
  readonly product?: Product | undefined;
  readonly tags: readonly string[];
  readonly params: P;
  setup(market: Market, params: ParamValues<P>): Hooks;
}

/**
 * Makes a strategy out of its definition, checked and frozen.
 *
 * @throws StrategyError STRATEGY_DEFINITION naming every problem at once
 */
export function defineStrategy<const P extends ParamShape = Record<never, never>>(
  definition: StrategyDefinition<P>,
): Strategy<P> {
  const problems = problemsOf(definition);
  if (problems.length > 0) {
    throw new StrategyError(
      'STRATEGY_DEFINITION',
      `Strategy ${JSON.stringify(definition?.name ?? 'without a name')} is not complete: ${problems.join('; ')}.`,
      'Correct the strategy file; algo strategies new writes one that works.',
    );
  }
  const { name, about, timeframe, product, tags = [], params = {} as P, setup } = definition;
  const intraday = definition.intraday ?? product === 'MIS';
  return Object.freeze({
    [strategyBrand]: true as const,
    name,
    about,
    timeframe,
    intraday,
    product,
    tags: Object.freeze([...tags]),
    params: Object.freeze({ ...params }),
    setup,
  });
}

/** Whether a value came out of `defineStrategy`, in this bundle or another. */
export function isStrategy(value: unknown): value is Strategy {
  return typeof value === 'object' && value !== null && Reflect.get(value, strategyBrand) === true;
}

/** A name that can be a file, a command's argument and a column: `ema20_50`. */
export const strategyName = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

const keys = ['name', 'about', 'timeframe', 'intraday', 'product', 'tags', 'params', 'setup'];
const paramKinds = ['int', 'percent', 'number', 'choice', 'flag', 'clock'];

/** User files are not type-checked, so everything the types promise is looked at again. */
function problemsOf(definition: unknown): string[] {
  if (typeof definition !== 'object' || definition === null)
    return [`the definition was ${definition}, expected an object`];
  const given = new Map<string, unknown>(Object.entries(definition));
  const name = given.get('name');
  const about = given.get('about');
  const timeframe = given.get('timeframe');
  const product = given.get('product');
  const intraday = given.get('intraday');
  const tags = given.get('tags') ?? [];
  const problems: string[] = [];
  if (typeof name !== 'string' || !strategyName.test(name)) {
    problems.push(`name was ${JSON.stringify(name)}, expected snake_case such as ema20_50`);
  }
  if (typeof about !== 'string' || !/^\S.*\.$/.test(about)) {
    problems.push(`about was ${JSON.stringify(about)}, expected one sentence that ends in a full stop`);
  }
  const known = timeframes.find((each) => each === timeframe);
  if (!known)
    problems.push(`timeframe was ${JSON.stringify(timeframe)}, expected one of ${timeframes.join(', ')}`);
  if (product !== undefined && product !== 'CNC' && product !== 'MIS' && product !== 'NRML') {
    problems.push(`product was ${JSON.stringify(product)}, expected CNC, MIS or NRML`);
  }
  if (intraday !== undefined && typeof intraday !== 'boolean') {
    problems.push(`intraday was ${JSON.stringify(intraday)}, expected true or false`);
  }
  if (product === 'MIS' && intraday === false)
    problems.push('product MIS is intraday, so intraday cannot be false');
  if (product === 'CNC' && intraday === true)
    problems.push('product CNC holds overnight, so intraday cannot be true');
  if (known && !isIntraday(known) && (intraday === true || product === 'MIS')) {
    problems.push(`timeframe ${known} has no bar inside the day, so the strategy cannot be intraday`);
  }
  if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== 'string'))
    problems.push('tags are expected to be words in a list');
  if (typeof given.get('setup') !== 'function')
    problems.push('setup is missing: setup(market, params) answers with the hooks');
  problems.push(...paramProblems(given.get('params') ?? {}));
  for (const key of given.keys()) {
    if (keys.includes(key)) continue;
    const guess = nearest(key, keys);
    problems.push(`"${key}" is unknown${guess ? `, did you mean "${guess}"?` : ''}`);
  }
  return problems;
}

function paramProblems(params: unknown): string[] {
  if (typeof params !== 'object' || params === null) return [`params was ${params}, expected an object`];
  return Object.entries(params).flatMap(([name, param]) =>
    typeof param === 'object' && param !== null && paramKinds.includes(Reflect.get(param, 'kind'))
      ? []
      : [`param ${name} was ${JSON.stringify(param)}, expected one made by ${paramKinds.join(', ')}`],
  );
}
