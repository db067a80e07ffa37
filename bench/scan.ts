import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHistory } from '../src/adapters/duckdb/history.ts';
import { scanPlan } from '../src/app/chosen-scan.ts';
import { closedBars } from '../src/app/closed-bars.ts';
import { prepareBars } from '../src/app/history.ts';
import { loadRulebook } from '../src/config/rulebook.ts';
import { BarSeries } from '../src/domain/bar-series.ts';
import type { Instrument } from '../src/domain/instrument.ts';
import { sessionsOf } from '../src/domain/resample.ts';
import { dayNumberOf, minuteMs, startOfDay } from '../src/domain/time.ts';
import { scan } from '../src/research/scan/scan.ts';
import type { Measured } from './measure.ts';
import { median } from './rounds.ts';

const symbols = 500;
const intradayDays = 250;
const dayBars = 1_500;
const lastDay = '2026-10-30';
const rounds = 5;
const where = '15m.rsi14 < 40 and 1h.close > 1h.ema50 and day.close > day.sma200';

/**
 * A scan of 500 symbols on three timeframes from DuckDB, against a bare loop that reads the same last bars from arrays in this process
 * and draws the same indicators: what opening, reading, checking and the language cost on top. Whole seconds of a computer that has
 * nothing else to do are beside it.
 */
export async function scanMeasures(root: string): Promise<readonly Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'algo-bench-'));
  try {
    return await measureIn(folder, root);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureIn(folder: string, root: string): Promise<readonly Measured[]> {
  const { calendar } = loadRulebook(root);
  const file = join(folder, 'history.duckdb');
  const cacheFolder = join(folder, 'columns');
  const waiting = { sleep: async () => undefined, random: () => 0.5 };
  const open = () => openHistory({ file, cacheFolder, waiting });
  const all = Array.from({ length: symbols }, (_, at) => madeSymbol(at, calendar));
  await open().saveAll(
    all.flatMap(({ instrument, fine, days }) => [fine, days].map((series) => ({ instrument, series }))),
  );
  const instruments = all.map(({ instrument }) => instrument);

  async function scanned(): Promise<readonly string[]> {
    const { plan, base, frames, reach } = await scanPlan({
      ...{ name: 'bench', about: '', timeframe: '15m', stages: [{ name: 'where', where }] },
      ...{ score: [], regime: [], ascending: false, by: null },
    });
    const store = open();
    await prepareBars(store, instruments, [base, ...frames]);
    const bars = await closedBars(store, { calendar, until: Number.POSITIVE_INFINITY, reach });
    const candidates = [];
    for (const instrument of instruments)
      candidates.push({ key: instrument.key, ...(await bars.all(instrument, base, frames)) });
    return scan({ ...plan, horizons: [], regimeAt: undefined }, candidates).hits.map(({ key }) => key);
  }

  const bare = () => all.filter((each) => holdsBare(each)).map(({ instrument }) => instrument.key);
  const expected = bare().join();
  const cold = await timed(async () => {
    rmSync(cacheFolder, { recursive: true, force: true });
    return (await scanned()).join();
  });
  const rows = { cold: [cold], warm: [] as Timed[], bare: [] as Timed[] };
  for (let round = 0; round < rounds; round++) {
    rows.bare.push(await timed(async () => bare().join()));
    rows.warm.push(await timed(async () => (await scanned()).join()));
  }
  const input = `${symbols} symbols × 15m, 1h, day`;
  const reference = median(rows.bare.map(({ seconds }) => seconds));
  const line = (measure: string, goal: number | undefined, times: readonly Timed[]): Measured => {
    const seconds = median(times.map((each) => each.seconds));
    const ratio = seconds / reference;
    const wrong = times.some(({ result }) => result !== expected);
    return {
      ...{ measure, input, goal: goal === undefined ? 'reference' : `≤ ${goal} ×` },
      measured: wrong
        ? `other hits: ${times[0]?.result}`
        : `${goal === undefined ? '' : `${ratio.toFixed(1)} × `}(${(seconds * 1_000).toFixed(0)} ms)`,
      met: goal === undefined ? undefined : !wrong && ratio <= goal,
      ...(wrong ? { wrong: true as const } : goal === undefined ? {} : { ratio }),
    };
  };
  return [
    line('scan: bare loop over arrays', undefined, rows.bare),
    line('scan: from a warm column cache', 60, rows.warm),
    line('scan: from DuckDB, cold cache', 150, rows.cold),
  ];
}

interface Timed {
  readonly seconds: number;
  readonly result: string;
}

/** CPU seconds of this process, all its threads. */
async function timed(work: () => Promise<string>): Promise<Timed> {
  const start = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(start);
  return { seconds: (user + system) / 1e6, result };
}

interface MadeSymbol {
  readonly instrument: Instrument;
  readonly fine: BarSeries;
  readonly days: BarSeries;
}

/** A plain seeded walk on NSE's trading days: 15-minute bars of the last year and day bars of six. */
function madeSymbol(at: number, calendar: ReturnType<typeof loadRulebook>['calendar']): MadeSymbol {
  const tradingsymbol = `BENCH${at}`;
  const key = `NSE:${tradingsymbol}`;
  const instrument: Instrument = {
    ...{ key, exchange: 'NSE', tradingsymbol, rules: 'NSE', kind: 'EQ', tickSize: 0.05, lotSize: 1 },
  };
  const sessions = sessionsOf(calendar, instrument);
  const trading: number[] = [];
  for (let day = dayNumberOf(lastDay); trading.length < dayBars; day--)
    if (sessions?.(day)) trading.unshift(day);
  let state = Math.imul(at + 1, 0x9e3779b9) | 1;
  const draw = (count: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % count;
  };
  const fine = new BarSeries(key, '15m', intradayDays * 25);
  const days = new BarSeries(key, 'day', dayBars);
  let ticks = 4_000 + draw(40_000);
  trading.forEach((day, row) => {
    const open = ticks;
    let [high, low, volume] = [ticks, ticks, 0];
    for (let bar = 0; bar < 25; bar++) {
      const from = ticks;
      ticks = Math.max(400, ticks + Math.round(((draw(41) - 20) * ticks) / 15_000));
      const [top, bottom, units] = [
        Math.max(from, ticks) + draw(4),
        Math.min(from, ticks) - draw(4),
        100 + draw(9_000),
      ];
      const time = startOfDay(day) + (555 + bar * 15) * minuteMs;
      if (row >= dayBars - intradayDays)
        fine.append(time, from / 20, top / 20, bottom / 20, ticks / 20, units);
      [high, low, volume] = [Math.max(high, top), Math.min(low, bottom), volume + units];
    }
    days.append(startOfDay(day), open / 20, high / 20, low / 20, ticks / 20, volume);
  });
  return { instrument, fine, days };
}

/** The condition by hand, on as many bars as the scan looks at. */
function holdsBare({ fine, days }: MadeSymbol): boolean {
  const hours: number[] = [];
  for (let row = 0; row < fine.length; row++) {
    const bar = row % 25;
    if (bar % 4 === 3 || bar === 24) hours.push(fine.close[row]);
  }
  let gain = 0;
  let loss = 0;
  const first = fine.length - 400;
  for (let row = first + 1; row < fine.length; row++) {
    const change = fine.close[row] - fine.close[row - 1];
    const weight = Math.min(row - first, 14);
    gain += (Math.max(change, 0) - gain) / weight;
    loss += (Math.max(-change, 0) - loss) / weight;
  }
  let mean = hours[hours.length - 600];
  for (let row = hours.length - 600; row < hours.length; row++) mean += (2 / 51) * (hours[row] - mean);
  let sum = 0;
  for (let row = days.length - 200; row < days.length; row++) sum += days.close[row];
  const rsi = loss === 0 ? 100 : 100 - 100 / (1 + gain / loss);
  return rsi < 40 && hours[hours.length - 1] > mean && days.close[days.length - 1] > sum / 200;
}
