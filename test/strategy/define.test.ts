import { describe, expect, test } from '@jest/globals';
import type { Instrument } from '../../src/domain/instrument.ts';
import { IndicatorSet } from '../../src/indicators/indicator-set.ts';
import { defineStrategy, isStrategy, type StrategyDefinition } from '../../src/strategy/define.ts';
import { marketOf } from '../../src/strategy/market.ts';
import { int } from '../../src/strategy/params.ts';
import { parseParams } from '../../src/strategy/parse-params.ts';
import { setUp } from '../../src/strategy/set-up.ts';
import { madeBars } from '../support/made-bars.ts';

const definition = {
  name: 'my_idea',
  about: 'Long for ever.',
  timeframe: '15m',
  params: { period: int(20) },
  setup: () => ({ onBar: () => undefined }),
} satisfies StrategyDefinition<{ period: ReturnType<typeof int> }>;

/** A definition as a file without type checks may hold it. */
const loose = (changes: Record<string, unknown>) => () =>
  defineStrategy(Object.assign({}, definition, changes) as typeof definition);

const instrument: Instrument = {
  key: 'TEST:X',
  exchange: 'TEST',
  tradingsymbol: 'X',
  rules: 'none',
  kind: 'EQ',
  tickSize: 0,
  lotSize: 1,
};
const market = () => marketOf(new IndicatorSet({ series: madeBars(10), row: -1 }).view, instrument);

describe('defineStrategy', () => {
  test('answers with a frozen value that is recognised as a strategy', () => {
    const strategy = defineStrategy(definition);
    expect(Object.isFrozen(strategy) && Object.isFrozen(strategy.params)).toBe(true);
    expect(isStrategy(strategy)).toBe(true);
    expect(isStrategy({ ...definition })).toBe(false);
    expect(strategy).toMatchObject({ name: 'my_idea', timeframe: '15m', intraday: false, tags: [] });
  });

  test('MIS is intraday', () => {
    expect(defineStrategy({ ...definition, product: 'MIS' }).intraday).toBe(true);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ name: 'MyIdea' }, 'name was "MyIdea", expected snake_case such as ema20_50'],
    [{ about: 'no full stop' }, 'about was "no full stop", expected one sentence that ends in a full stop'],
    [{ timeframe: '7m' }, 'timeframe was "7m", expected one of 1m, '],
    [{ product: 'mis' }, 'product was "mis", expected CNC, MIS or NRML'],
    [{ product: 'MIS', intraday: false }, 'product MIS is intraday, so intraday cannot be false'],
    [{ product: 'CNC', intraday: true }, 'product CNC holds overnight, so intraday cannot be true'],
    [{ product: 'MIS', timeframe: 'day' }, 'timeframe day has no bar inside the day'],
    [{ setup: undefined }, 'setup is missing'],
    [{ params: { period: 20 } }, 'param period was 20, expected one made by int'],
    [{ timeframes: '5m' }, '"timeframes" is unknown, did you mean "timeframe"?'],
  ])('refuses %j', (changes, problem) => {
    expect(loose(changes)).toThrow(
      expect.objectContaining({ code: 'STRATEGY_DEFINITION', message: expect.stringContaining(problem) }),
    );
  });

  test('tells all problems at once', () => {
    expect(loose({ name: 'A', about: '' })).toThrow(/name was "A".*; about was ""/);
  });
});

describe('setting a strategy up', () => {
  const run = (setup: () => unknown) => {
    const strategy = loose({ setup })();
    return () => setUp(strategy, market(), parseParams(strategy));
  };

  test('answers with its hooks', () => {
    expect(Object.keys(run(() => ({ onBar() {}, at: { '09:20': () => undefined } }))())).toEqual([
      'onBar',
      'at',
    ]);
  });

  test.each<[unknown, string]>([
    [undefined, 'answered undefined'],
    [{}, 'answered without a hook'],
    [{ onbar() {} }, 'answered with an unknown hook "onbar". Did you mean "onBar"?'],
    [{ onBar: 5 }, 'answered with onBar that was number, expected a function'],
    [{ at: { '9:20': () => undefined } }, 'answered with at "9:20", expected a time of day such as 09:20'],
  ])('refuses %j', (hooks, problem) => {
    expect(run(() => hooks)).toThrow(
      expect.objectContaining({ code: 'STRATEGY_HOOKS', message: expect.stringContaining(problem) }),
    );
  });

  test('an error inside names the strategy and the instrument', () => {
    const fail = () => {
      throw new TypeError('x is not a function');
    };
    expect(run(fail)).toThrow('The setup of strategy my_idea on TEST:X failed: x is not a function');
  });

  test('a market without the indicator asked for names the nearest', () => {
    expect(() => Reflect.get(market(), 'higest')).toThrow(
      expect.objectContaining({
        code: 'STRATEGY_INDICATOR',
        message: 'The market has no "higest". Did you mean "highest"?',
      }),
    );
  });

  test('a parameter that was never declared names the nearest that was', () => {
    const misread = defineStrategy({
      ...definition,
      setup: (_market, params) => {
        Reflect.get(params, 'peroid');
        return { onBar: () => undefined };
      },
    });
    expect(() => setUp(misread, market(), parseParams(misread))).toThrow(
      expect.objectContaining({
        code: 'STRATEGY_PARAM',
        message:
          'Strategy my_idea reads the parameter "peroid", which it does not declare. Did you mean "period"?',
      }),
    );
  });
});
