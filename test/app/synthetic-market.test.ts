import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Context } from '../../src/app/context.ts';
import { dataGenerate, type GenerateRequest, syntheticTimeframe } from '../../src/app/data-generate.ts';
import { settlementsFrom } from '../../src/app/settlement.ts';
import { parseExtras, parseOptionTimeframe, parseScenario } from '../../src/app/synthetic-extras.ts';
import { ensureSyntheticMarket, syntheticKeys } from '../../src/app/synthetic-market.ts';
import { type Config, defaultConfig } from '../../src/config/schema.ts';
import { dayNumberOf, startOfDay } from '../../src/domain/time.ts';
import { temporaryHistory } from '../adapters/duckdb/history-support.ts';
import { cashTicks, weekdayCalendar } from '../adapters/synthetic/weekday-calendar.ts';
import { india } from '../support/india.ts';

const contracts = {
  ...cashTicks,
  lotSize: () => 1,
  freezeQuantity: () => undefined,
  marginRate: () => 1,
  expiries: () => [],
};
const rulebook = { calendar: weekdayCalendar, contracts };
const request: GenerateRequest = { seed: 3, from: '2025-10-01', days: 4, symbols: 2, timeframe: '1m' };

let home: ReturnType<typeof temporaryHistory>;
let notes: string[];
let warnings: string[];
beforeEach(() => {
  home = temporaryHistory();
  notes = [];
  warnings = [];
});
afterEach(() => home.remove());

const generate = (change: Partial<GenerateRequest> = {}) =>
  dataGenerate({ store: home.store, rulebook }, { ...request, ...change });

function context(change: Partial<Config['synthetic']> = {}): Pick<Context, 'config' | 'output'> {
  const progress = { step: () => undefined, done: () => undefined };
  return {
    config: { ...defaultConfig(), synthetic: { ...request, ...change } },
    output: {
      progress: () => progress,
      warn: (line) => warnings.push(line),
      note: (line) => notes.push(line),
    },
  };
}

describe('generating a market', () => {
  test('saves the index and the stocks, and says what it made', async () => {
    const generated = await generate();
    expect(generated).toMatchObject({ synthetic: true, seed: 3, timeframe: '1m', saved: 3 * 4 * 375 });
    expect(generated.series[0]).toEqual({
      symbol: 'SYN:INDEX',
      kind: 'INDEX',
      bars: 1_500,
      from: '2025-10-01T09:15:00+05:30',
      to: '2025-10-06T15:29:00+05:30',
    });
    expect((await home.store.instruments()).every(({ synthetic }) => synthetic)).toBe(true);
  });

  test('twice stores it once', async () => {
    await generate();
    expect((await generate()).saved).toBe(0);
  });

  test('for more days adds the new ones', async () => {
    await generate();
    expect((await generate({ days: 5 })).saved).toBe(3 * 375);
  });

  test('in 15-minute bars stores bars anchored to the session', async () => {
    const { series } = await generate({ timeframe: '15m' });
    expect(series.map(({ bars }) => bars)).toEqual([100, 100, 100]);
  });

  test('measures it against NSE when asked', async () => {
    const { check } = await dataGenerate({ store: home.store, rulebook }, { ...request, check: true });
    expect(check?.map(({ measure }) => measure)).toContain('index: excess kurtosis of minutes');
  });

  test('of another seed replaces the old one as a whole', async () => {
    await generate();
    const before = await home.store.list();
    expect((await generate({ seed: 4 })).saved).toBeGreaterThan(4_000);
    const after = await home.store.list();
    expect(after.map(({ bars }) => bars)).toEqual(before.map(({ bars }) => bars));
    expect(after[0].checksum).not.toBe(before[0].checksum);
  });

  test.each<[string, Partial<GenerateRequest>]>([
    ['fewer days', { days: 3 }],
    ['fewer symbols', { symbols: 1 }],
    ['another timeframe', { timeframe: '5m' }],
  ])('of another seed with %s is refused and leaves the history as it was', async (_, change) => {
    await generate();
    const before = await home.store.list();
    await expect(generate({ seed: 4, ...change })).rejects.toMatchObject({ code: 'DATA_SYNTHETIC' });
    expect(await home.store.list()).toEqual(before);
  });

  test('comes in four timeframes, called as elsewhere', () => {
    expect(syntheticTimeframe('5minute')).toBe('5m');
    expect(() => syntheticTimeframe('30m')).toThrow(expect.objectContaining({ code: 'USAGE_TIMEFRAME' }));
    expect(() => syntheticTimeframe('5x')).toThrow(expect.objectContaining({ code: 'USAGE_TIMEFRAME' }));
  });
});

describe('more than an index and stocks', () => {
  const indian = { calendar: india.calendar, contracts: india.contracts };
  const withExtras = (words: string, change: Partial<GenerateRequest> = {}) =>
    dataGenerate(
      { store: home.store, rulebook: indian },
      { ...request, days: 5, with: parseExtras(words), ...change },
    );

  test('are stored beside them, options in bars of five minutes', async () => {
    const { series } = await withExtras('futures,options,vix');
    const kinds = (kind: string) => series.filter((one) => one.kind === kind);
    expect(kinds('INDEX').map(({ symbol }) => symbol)).toEqual(['SYN:INDEX', 'SYN:VIX']);
    // Three months on the index and on both stocks.
    expect(kinds('FUT')).toHaveLength(9);
    expect(kinds('CE').length).toBeGreaterThan(60);
    expect(kinds('PE')).toHaveLength(kinds('CE').length);
    const stored = await home.store.list();
    expect(stored).toHaveLength(series.length);
    expect(new Set(stored.filter(({ key }) => key.endsWith('CE')).map(({ timeframe }) => timeframe))).toEqual(
      new Set(['5m']),
    );
    expect((await withExtras('futures,options,vix')).saved).toBe(0);
  });

  test('are added to the same market later, and never to another', async () => {
    await withExtras('');
    await withExtras('futures');
    await expect(withExtras('futures', { seed: 4 })).resolves.toBeDefined();
    await expect(withExtras('', { seed: 3 })).rejects.toMatchObject({ code: 'DATA_SYNTHETIC' });
  });

  test('settle at the mean of the last half hour of their index', async () => {
    await withExtras('futures,options', { days: 6, symbols: 0 });
    const instruments = (await home.store.instruments()).filter(({ expiry }) => expiry === '2025-10-07');
    const { priceOf, warnings: missing } = await settlementsFrom(home.store, instruments);
    const day = dayNumberOf('2025-10-07');
    const { close, length } = await home.store.load('SYN:INDEX', '1m', {
      from: startOfDay(day),
      to: startOfDay(day + 1),
    });
    const settled =
      Math.round((close.slice(length - 30, length).reduce((sum, one) => sum + one, 0) / 30) * 100) / 100;
    expect([missing, instruments.length > 40]).toEqual([[], true]);
    for (const instrument of instruments) {
      const worth =
        instrument.kind === 'CE' ? settled - (instrument.strike ?? 0) : (instrument.strike ?? 0) - settled;
      expect(priceOf(instrument, day)).toBe(Math.max(0, worth));
    }
  });

  test('name the nearest known word', () => {
    expect(parseExtras('Futures, vix,vix')).toEqual(['futures', 'vix']);
    expect(() => parseExtras('futres')).toThrow('--with received "futres". Did you mean "futures"?');
    expect(() => parseScenario('crahs')).toThrow('--scenario received "crahs". Did you mean "crash"?');
    expect(() => parseOptionTimeframe('15m')).toThrow(expect.objectContaining({ code: 'USAGE_SYNTHETIC' }));
  });
});

describe('the market of a first run', () => {
  test('is made once', async () => {
    expect(await ensureSyntheticMarket(context(), home.store, rulebook)).toBe('created');
    expect(notes).toEqual(['Making a synthetic market, seed 3: invented prices, not real ones.']);
    const made = await home.store.list();
    expect(await ensureSyntheticMarket(context(), home.store, rulebook)).toBe('present');
    expect(await home.store.list()).toEqual(made);
    expect(notes).toHaveLength(1);
  });

  test('has the symbols that the profile asks for', async () => {
    await ensureSyntheticMarket(context(), home.store, rulebook);
    expect(syntheticKeys(context())).toEqual(['SYN:INDEX', 'SYN:ZAVORI', 'SYN:KENDRUM']);
    expect((await home.store.list()).map(({ key }) => key).sort()).toEqual(
      [...syntheticKeys(context())].sort(),
    );
  });

  test('never passes for one of another seed or first day', async () => {
    await generate();
    for (const change of [{ seed: 4 }, { from: '2025-10-03' }]) {
      await expect(ensureSyntheticMarket(context(change), home.store, rulebook)).rejects.toMatchObject({
        code: 'DATA_SYNTHETIC',
      });
    }
  });

  test('may be a scenario, which is told', async () => {
    await generate({ scenario: 'crash', days: 6 });
    expect(await ensureSyntheticMarket(context(), home.store, rulebook)).toBe('present');
    expect(warnings).toEqual(['The synthetic market of the history is the crash scenario.']);
  });

  test('may hold more days and symbols than the profile asks for', async () => {
    await generate({ days: 6, symbols: 4 });
    expect(await ensureSyntheticMarket(context(), home.store, rulebook)).toBe('present');
  });
});
