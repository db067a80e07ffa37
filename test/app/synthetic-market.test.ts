import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Context } from '../../src/app/context.ts';
import { dataGenerate, type GenerateRequest, syntheticTimeframe } from '../../src/app/data-generate.ts';
import { ensureSyntheticMarket, syntheticKeys } from '../../src/app/synthetic-market.ts';
import { type Config, defaultConfig } from '../../src/config/schema.ts';
import { temporaryHistory } from '../adapters/duckdb/history-support.ts';
import { cashTicks, weekdayCalendar } from '../adapters/synthetic/weekday-calendar.ts';

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
beforeEach(() => {
  home = temporaryHistory();
  notes = [];
});
afterEach(() => home.remove());

const generate = (change: Partial<GenerateRequest> = {}) =>
  dataGenerate({ store: home.store, rulebook }, { ...request, ...change });

function context(change: Partial<Config['synthetic']> = {}): Pick<Context, 'config' | 'output'> {
  const progress = { step: () => undefined, done: () => undefined };
  return {
    config: { ...defaultConfig(), synthetic: { ...request, ...change } },
    output: { progress: () => progress, warn: () => undefined, note: (line) => notes.push(line) },
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

  test('may hold more days and symbols than the profile asks for', async () => {
    await generate({ days: 6, symbols: 4 });
    expect(await ensureSyntheticMarket(context(), home.store, rulebook)).toBe('present');
  });
});
