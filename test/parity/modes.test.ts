import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dataGenerate } from '../../src/app/data-generate.ts';
import { openContext } from '../../src/app/open-context.ts';
import { historyOf } from '../../src/app/open-history.ts';
import { parityOn } from '../../src/app/parity.ts';
import { type RehearsalData, rehearsalData } from '../../src/app/rehearsal-data.ts';
import { secondMs } from '../../src/domain/time.ts';
import type { ParityReport } from '../../src/reports/parity-json.ts';
import { india } from '../support/india.ts';
import { busier, shipped } from '../support/shipped-strategies.ts';

/** Days of the matrix; every change looks at one. */
const days = Number(process.env.ALGO_PARITY_DAYS ?? 1);
const warmUpDays = 10;
let home: string;
let reports: readonly ParityReport[] = [];
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'algo-parity-'));
  const market = { seed: 7, from: '2026-09-01', days: 4 + days, symbols: 2, timeframe: '1m' } as const;
  const context = await openContext({
    home,
    set: ['log.level=silent', 'capital=200000', 'synthetic.seed=7', 'synthetic.from=2026-09-01'],
    silent: true,
  });
  const store = historyOf(context);
  await dataGenerate({ store, rulebook: india }, market);
  const dates = ['2026-09-04', '2026-09-07', '2026-09-08', '2026-09-09', '2026-09-10'].slice(0, days);
  const all: ParityReport[] = [];
  for (const date of dates) {
    const data: RehearsalData = await rehearsalData(context, {
      universe: ['SYN:ZAVORI', 'SYN:KENDRUM'],
      ...{ date, warmUpDays },
    });
    const asked = shipped.map((strategy) => ({
      strategy: strategy.name,
      timeframe: busier.get(strategy) ?? '5m',
      ...{ params: [], warmUpDays },
    }));
    try {
      all.push(...(await parityOn(data, asked, { busyStepMs: 20 * secondMs })));
    } finally {
      await data.remove();
    }
  }
  reports = all;
}, 300_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe.each(shipped.map(({ name }) => name))('%s on one day', (name) => {
  const own = () => reports.filter(({ strategy }) => strategy === name);

  test('decides the same in a backtest, on paper and live', () => {
    expect(own().length).toBe(days);
    for (const { against } of own())
      for (const { mode, bars, decisions } of against) {
        expect({ mode, ...bars, same: 0 }).toEqual({ mode, same: 0, other: 0, absent: 0, strange: 0 });
        expect({ mode, differences: decisions.differences }).toEqual({ mode, differences: [] });
      }
  });

  test('has a cause for every paisa between a backtest and a session', () => {
    for (const { against, modes } of own())
      for (const { mode, fills } of against) {
        const told = fills.causes.reduce((sum, { paise }) => sum + paise, 0);
        expect(told).toBe(Math.round(modes[mode].equityPaise) - Math.round(modes.backtest.equityPaise));
        // Only what has another cause may be called rounding.
        const rounding = fills.causes.find(({ cause }) => cause === 'rounding');
        expect(Math.abs(rounding?.paise ?? 0)).toBeLessThanOrEqual(2 * (rounding?.trades ?? 0));
        if (mode === 'paper') expect(fills.changed).toEqual([]);
      }
  });
});

test('the day gives the strategies something to decide', () => {
  const decided = reports.map(({ against }) => against[0].decisions.same);
  expect(decided.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20);
});
