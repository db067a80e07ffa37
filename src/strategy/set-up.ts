import { isAlgoError, messageOf, StrategyError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';
import type { Strategy } from './define.ts';
import type { Market } from './market.ts';
import type { ParamShape, ParamValues } from './params.ts';
import type { Hooks } from './trade.ts';

const hookNames = ['onBar', 'onFill', 'at'];

/**
 * Runs a strategy's set-up on one instrument and looks at what it answers: a misspelt hook would never be called,
 * and nobody would know why there are no trades.
 *
 * @throws StrategyError STRATEGY_SETUP when the set-up throws, STRATEGY_HOOKS when its answer holds no known hook,
 *   STRATEGY_PARAM when it reads a parameter that it does not declare
 */
export function setUp(strategy: Strategy, market: Market, params: ParamValues<ParamShape>): Hooks {
  const hooks = answerOf(strategy, market, params);
  const problem = problemOf(hooks);
  if (!problem) return hooks;
  throw new StrategyError(
    'STRATEGY_HOOKS',
    `The setup of strategy ${strategy.name} ${problem}.`,
    `Return an object with ${hookNames.join(', ')}.`,
  );
}

function answerOf(strategy: Strategy, market: Market, params: ParamValues<ParamShape>): Hooks {
  try {
    return strategy.setup(market, declaredOnly(strategy, params));
  } catch (cause) {
    if (isAlgoError(cause)) throw cause;
    throw new StrategyError(
      'STRATEGY_SETUP',
      `The setup of strategy ${strategy.name} on ${market.instrument.key} failed: ${messageOf(cause)}`,
      `Correct the strategy file, then run: algo strategies check ${strategy.name}`,
      cause,
    );
  }
}

/** A parameter that was never declared is a typing mistake, and an indicator would quietly take its own default instead. */
function declaredOnly(strategy: Strategy, params: ParamValues<ParamShape>): ParamValues<ParamShape> {
  return new Proxy(params, {
    get(target, name) {
      if (typeof name === 'symbol' || name in target || name === 'toJSON') return Reflect.get(target, name);
      const known = Object.keys(target);
      throw new StrategyError(
        'STRATEGY_PARAM',
        `Strategy ${strategy.name} reads the parameter "${name}", which it does not declare.${didYouMean(name, known)}`,
        known.length > 0 ? `Its params declare ${known.join(', ')}.` : 'Declare it in params first.',
      );
    },
  });
}

function problemOf(hooks: unknown): string | undefined {
  if (typeof hooks !== 'object' || hooks === null) return `answered ${hooks}`;
  for (const [name, hook] of Object.entries(hooks)) {
    if (!hookNames.includes(name)) {
      const hint = didYouMean(name, hookNames);
      return `answered with an unknown hook "${name}".${hint}`.replace(/\.$/, '');
    }
    if (name === 'at') {
      const wrong = clockProblem(hook);
      if (wrong) return wrong;
    } else if (typeof hook !== 'function')
      return `answered with ${name} that was ${typeof hook}, expected a function`;
  }
  return Object.keys(hooks).length === 0 ? 'answered without a hook' : undefined;
}

function clockProblem(at: unknown): string | undefined {
  if (typeof at !== 'object' || at === null)
    return `answered with at that was ${typeof at}, expected times with functions`;
  for (const [clock, hook] of Object.entries(at)) {
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(clock))
      return `answered with at "${clock}", expected a time of day such as 09:20`;
    if (typeof hook !== 'function')
      return `answered with at "${clock}" that was ${typeof hook}, expected a function`;
  }
  return undefined;
}
