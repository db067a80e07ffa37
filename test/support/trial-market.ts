import { join } from 'node:path';
import { openHistory } from '../../src/adapters/duckdb/history.ts';
import { BarSeries } from '../../src/domain/bar-series.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import { sessionOrUnknown } from '../../src/domain/missing-days.ts';
import { minuteMs } from '../../src/domain/time.ts';
import type { HistoryStore } from '../../src/engine/ports.ts';
import { day, future, india, share } from './india.ts';

const waiting = { sleep: () => new Promise<void>((wake) => setImmediate(wake)), random: () => 0.5 };

/** A history of a home. */
export function historyIn(home: string, name = 'history'): HistoryStore {
  return openHistory({
    ...{ file: join(home, 'data', `${name}.duckdb`), cacheFolder: join(home, 'cache', name), waiting },
  });
}

/** What a history holds, in a form that two can be compared by. */
export async function checksumsIn(home: string, name?: string): Promise<readonly string[]> {
  const store = historyIn(home, name);
  const list = await store.list();
  await store.close();
  return list.map(({ key, timeframe, bars, checksum }) => `${key} ${timeframe} ${bars} ${checksum}`);
}

export const trialSymbols = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `TRIAL${String(at + 1).padStart(2, '0')}`);

/** The futures of TRIAL. The first two have expired by the last day. */
export const trialFutures = [
  { key: 'NFO:TRIAL26APRFUT', expiry: '2026-04-28', close: 100 },
  { key: 'NFO:TRIAL26MAYFUT', expiry: '2026-05-26', close: 200 },
  { key: 'NFO:TRIAL26JUNFUT', expiry: '2026-06-30', close: 300 },
] as const;

export const trialDays = { from: '2026-03-02', to: '2026-06-04' } as const;

/** So many shares that trade in some minutes of most days, and three futures with a minute a day, in the history of a home. */
export async function storeTrialMarket(home: string, shares: number, from: string): Promise<void> {
  const store = historyIn(home);
  const days: number[] = [];
  for (let each = day(from); each <= day(trialDays.to); each++)
    if (typeof sessionOrUnknown(india.calendar, share, each) === 'object') days.push(each);

  function* batches() {
    for (const [at, tradingsymbol] of trialSymbols(shares).entries()) {
      const instrument: Instrument = {
        ...share,
        ...{ key: `NSE:${tradingsymbol}`, tradingsymbol, synthetic: true },
      };
      yield { instrument, series: sharesBars(instrument, days, at) };
    }
    for (const { key, expiry, close } of trialFutures) {
      const instrument = future('TRIAL', expiry, { key, tradingsymbol: key.slice(4), synthetic: true });
      const living = days.filter((each) => each <= day(expiry));
      yield { instrument, series: futuresBars(instrument, living, close) };
    }
  }
  await store.saveAll(batches());
  await store.close();
}

/** Idle on one day in eleven, and in all but every third to seventh minute. */
function sharesBars(instrument: Instrument, days: readonly number[], at: number): BarSeries {
  const series = new BarSeries(instrument.key, '1m');
  for (const each of days) {
    if ((each + at) % 11 === 0) continue;
    const session = sessionOrUnknown(india.calendar, instrument, each);
    if (typeof session !== 'object') continue;
    const step = (3 + ((each * 7 + at) % 5)) * minuteMs;
    for (let time = session.open; time < session.close; time += step) {
      const price = 100 + at + ((each + time / minuteMs) % 40) / 2;
      series.append(time, price, price + 1, price - 1, price + 0.5, 1 + ((time / minuteMs + at) % 90));
    }
  }
  return series;
}

function futuresBars(instrument: Instrument, days: readonly number[], close: number): BarSeries {
  const series = new BarSeries(instrument.key, '1m');
  for (const each of days) {
    const session = sessionOrUnknown(india.calendar, instrument, each);
    if (typeof session !== 'object') continue;
    series.append(session.open, close, close + 1, close - 1, close + (each % 2), 75);
  }
  return series;
}
