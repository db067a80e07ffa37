import { describe, expect, test } from '@jest/globals';
import { derivativesMarket } from '../../../src/adapters/synthetic/derivatives-plan.ts';
import { generateMarket } from '../../../src/adapters/synthetic/generate-market.ts';
import { volatilityIndex } from '../../../src/adapters/synthetic/volatility-index.ts';
import { interestAt } from '../../../src/domain/bar-series.ts';
import { impliedVolatility } from '../../../src/domain/black-scholes.ts';
import { parseContractSymbol } from '../../../src/domain/contract-symbol.ts';
import { contractClassOf } from '../../../src/domain/market-segment.ts';
import { dayNumberOf, istDate, istDayNumber, istMinuteOfDay, istText } from '../../../src/domain/time.ts';
import { india } from '../../support/india.ts';
import {
  checksum,
  indianPlan,
  type MadeSeries,
  madeDerivatives,
  madeOf,
  settlementOf,
} from './made-derivatives.ts';

const made = madeDerivatives({ days: 24, symbols: 1 });
const index = made.market.index.series;
const chains = made.options.flatMap(madeOf);
const future = (symbol: string) => found(made.futures, symbol);
const option = (symbol: string) => found(chains, symbol);

function found(all: readonly MadeSeries[], symbol: string): MadeSeries {
  const one = all.find(({ instrument }) => instrument.tradingsymbol === symbol);
  if (!one) throw new Error(`${symbol} is not among ${all.length} contracts`);
  return one;
}

function indexAt(time: number, minutes: number): number {
  const row = index.rowAt(time + (minutes - 1) * 60_000);
  return index.close[Math.min(row, index.length - 1)];
}

describe('derivatives of a seed', () => {
  test('are these very bars on every machine and in every time zone', () => {
    const sums = [
      ['SYN:VIX', made.vix.series.length, checksum(made.vix.series)],
      ...[
        future('INDEX25NOVFUT'),
        future('ZAVORI25OCTFUT'),
        option('INDEX25O1424000CE'),
        option('INDEX25O1424000PE'),
      ].map(({ instrument, series }) => [instrument.key, series.length, checksum(series)]),
    ];
    expect(sums).toEqual([
      ['SYN:VIX', 8_685, '573c143962b0cdcf'],
      ['SYN:INDEX25NOVFUT', 8_685, '70f445527cde3efb'],
      ['SYN:ZAVORI25OCTFUT', 6_435, '9707d1dc61c6cfd8'],
      ['SYN:INDEX25O1424000CE', 675, 'a9c4900d0604662e'],
      ['SYN:INDEX25O1424000PE', 675, '78f9d01dae3a5d01'],
    ]);
  });

  test('begin alike whether the market is shorter or longer', () => {
    const shorter = madeDerivatives({ days: 14, symbols: 1 });
    const future = shorter.futures.find(({ instrument }) => instrument.tradingsymbol === 'INDEX25NOVFUT');
    const whole = found(made.futures, 'INDEX25NOVFUT').series;
    expect(future?.series.length).toBeGreaterThan(4_000);
    expect(future && checksum(future.series)).toBe(checksum(whole.slice(0, future?.series.length ?? 0)));
    const chain = shorter.options.flatMap(madeOf);
    const early = found(chain, 'INDEX25O1424000CE').series;
    expect(checksum(early)).toBe(checksum(option('INDEX25O1424000CE').series));
  });

  test('leave the index as it is, and differ with the seed', () => {
    const [plain] = generateMarket({ ...indianPlan, days: 24, symbols: 0 });
    expect(checksum(index)).toBe(checksum(plain.series));
    const other = derivativesMarket({ ...indianPlan, days: 24, symbols: 0, seed: 7 });
    expect(checksum(volatilityIndex(7, other.index).series)).not.toBe(checksum(made.vix.series));
  });
});

describe('contracts', () => {
  const all = [...made.futures, ...chains];

  test('are listed on SYN under the rules of NFO, with names as Kite writes them', () => {
    expect(all.length).toBeGreaterThan(500);
    for (const { instrument } of all) {
      const { tradingsymbol, kind, underlying, strike, expiry } = instrument;
      expect(instrument).toMatchObject({
        exchange: 'SYN',
        rules: 'NFO',
        synthetic: true,
        key: `SYN:${tradingsymbol}`,
      });
      expect(parseContractSymbol(tradingsymbol)).toMatchObject({
        kind,
        underlying,
        ...(strike === undefined ? {} : { strike }),
      });
      expect(india.calendar.session(instrument, dayNumberOf(expiry ?? ''))).toBeDefined();
    }
    expect(new Set(all.map(({ instrument }) => instrument.key)).size).toBe(all.length);
  });

  test('count as contracts of an index or of a stock', () => {
    expect(contractClassOf(future('INDEX25OCTFUT').instrument)).toBe('INDEX_FUTURE');
    expect(contractClassOf(future('ZAVORI25OCTFUT').instrument)).toBe('STOCK_FUTURE');
    expect(contractClassOf(option('INDEX25O1424000CE').instrument)).toBe('INDEX_OPTION');
  });

  test('have the lots of NSE by expiry, and stocks one worth about 7.5 lakh', () => {
    expect(future('INDEX25DECFUT').instrument.lotSize).toBe(75);
    expect(future('INDEX26JANFUT').instrument.lotSize).toBe(65);
    expect(future('ZAVORI25OCTFUT').instrument.lotSize).toBe(525);
    for (const { instrument, series } of all)
      for (let row = 0; row < series.length; row++)
        if (!(series.volume[row] > 0 && series.volume[row] % instrument.lotSize === 0))
          throw new Error(`${instrument.key} traded ${series.volume[row]}, lot ${instrument.lotSize}`);
  });

  test('expire on the days of the rules: Tuesdays, before a holiday on the day before', () => {
    const days = [...new Set(all.map(({ instrument }) => instrument.expiry))].sort();
    expect(days.slice(0, 5)).toEqual(['2025-10-07', '2025-10-14', '2025-10-20', '2025-10-28', '2025-11-04']);
  });

  test('are true bars on the tick grid, inside the hours of their own session', () => {
    const looked = [...made.futures, ...chains.filter((_, at) => at % 5 === 0)];
    expect(looked.length).toBeGreaterThan(30);
    for (const { instrument, series } of looked) {
      expect(series.length).toBeGreaterThan(0);
      let day = Number.NaN;
      let windows: readonly { from: number; to: number }[] = [];
      for (let row = 0; row < series.length; row += 3) {
        const { time, open, high, low, close } = series;
        if (istDayNumber(time[row]) !== day) {
          day = istDayNumber(time[row]);
          windows = india.calendar.session(instrument, day)?.windows ?? [];
        }
        const inside = windows.some(({ from, to }) => time[row] >= from && time[row] < to);
        const ordered =
          high[row] >= Math.max(open[row], close[row]) &&
          low[row] <= Math.min(open[row], close[row]) &&
          low[row] > 0;
        const tick = Math.round(india.contracts.tickSize(instrument, day, high[row]) * 100);
        const onGrid = [open[row], high[row], low[row], close[row]].every(
          (price) => price === Math.round(price * 100) / 100 && Math.round(price * 100) % tick === 0,
        );
        if (!(inside && ordered && onGrid))
          throw new Error(`${instrument.key} at ${istText(time[row])} is not a bar`);
      }
    }
  });

  test('trade until 15:40 since 2026-08-03, when the index rests from 15:30', () => {
    const late = madeDerivatives({ from: '2026-07-31', days: 2, symbols: 0 });
    const { series } = found(late.futures, 'INDEX26AUGFUT');
    expect(series.length).toBe(375 + 385);
    expect(istText(series.time[series.length - 1])).toBe('2026-08-03 15:39');
  });

  test('outlive the calendar by the weekday rule: the last Tuesday of the month', () => {
    const late = madeDerivatives({ from: '2026-11-02', days: 5, symbols: 0 });
    expect(late.futures.map(({ instrument }) => instrument.expiry)).toEqual([
      '2026-11-23',
      '2026-12-29',
      '2027-01-26',
    ]);
  });
});

describe('futures', () => {
  test('are the current, the next and the far month on every day', () => {
    for (const day of made.market.days) {
      const live = made.futures.filter(
        ({ instrument, series }) =>
          instrument.underlying === 'INDEX' &&
          istDayNumber(series.time[0]) <= day &&
          istDayNumber(series.time[series.length - 1]) >= day,
      );
      expect([istDate(day * 86_400_000), live.length]).toEqual([istDate(day * 86_400_000), 3]);
    }
  });

  test('cost more the farther they reach, by the cost of carry', () => {
    const { time } = future('INDEX25OCTFUT').series;
    const at = (symbol: string) => future(symbol).series.close[100];
    expect(time[100]).toBe(future('INDEX25DECFUT').series.time[100]);
    const yearly = Math.log(at('INDEX25DECFUT') / indexAt(time[100], 1)) / (90 / 365);
    expect(yearly).toBeGreaterThan(0.02);
    expect(yearly).toBeLessThan(0.11);
    expect(at('INDEX25NOVFUT')).toBeGreaterThan(at('INDEX25OCTFUT'));
  });

  test('converge to the mean of the last half hour of their underlying', () => {
    const [zavori] = made.stocks;
    for (const [symbol, minutes, expiry, within] of [
      ['INDEX25OCTFUT', index, '2025-10-28', 1],
      ['ZAVORI25OCTFUT', zavori, '2025-10-28', 0.15],
    ] as const) {
      const { series } = future(symbol);
      const settled = settlementOf(minutes, dayNumberOf(expiry));
      expect(Math.abs(series.close[series.length - 1] - settled)).toBeLessThanOrEqual(within);
      expect(istDate(series.time[series.length - 1])).toBe(expiry);
    }
  });

  test('hand their volume to the next month in the last week', () => {
    const volumeOn = (symbol: string, date: string) => {
      const { time, volume, length } = future(symbol).series;
      let sum = 0;
      for (let row = 0; row < length; row++) if (istDate(time[row]) === date) sum += volume[row];
      return sum;
    };
    expect(volumeOn('INDEX25OCTFUT', '2025-10-10')).toBeGreaterThan(
      4 * volumeOn('INDEX25NOVFUT', '2025-10-10'),
    );
    expect(volumeOn('INDEX25NOVFUT', '2025-10-28')).toBeGreaterThan(volumeOn('INDEX25OCTFUT', '2025-10-28'));
  });
});

describe('options', () => {
  const pairs = chains
    .filter(({ instrument }) => instrument.kind === 'CE')
    .map((call) => ({
      call,
      put: found(chains, call.instrument.tradingsymbol.replace(/CE$/, 'PE')),
      strike: call.instrument.strike ?? Number.NaN,
      expiry: dayNumberOf(call.instrument.expiry ?? ''),
    }));
  const years = (time: number, expiry: number) =>
    Math.max(0, ((expiry + 1) * 86_400_000 - 19_800_000 - 8.5 * 3_600_000 - time) / 31_536_000_000);
  // Four times half the spread of a deep option, and a tick of rounding on each side.
  const slack = (price: number) => 0.2 + 0.03 * price;

  test('keep put-call parity within the spread', () => {
    let compared = 0;
    for (const { call, put, strike, expiry } of pairs) {
      for (let row = 0; row < call.series.length; row += 7) {
        const time = call.series.time[row] + 300_000;
        if (istDayNumber(time) === expiry) continue;
        const left = years(time, expiry);
        const spot = indexAt(call.series.time[row], 5);
        const parity = Math.exp(-0.065 * left) * (spot * Math.exp(0.067 * left) - strike);
        const apart = call.series.close[row] - put.series.close[row] - parity;
        if (Math.abs(apart) > slack(call.series.close[row] + put.series.close[row]) / 2)
          throw new Error(`${call.instrument.key} at ${istText(time)} is ${apart} off parity`);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(10_000);
  });

  test('are worth at least what they would pay at once, less than the index, and less at a higher strike', () => {
    expect(pairs.length).toBeGreaterThan(20);
    for (const { call, strike, expiry } of pairs) {
      const next = pairs.find((one) => one.expiry === expiry && one.strike === strike + 50);
      for (let row = 0; row < call.series.length; row += 11) {
        const { close, time } = call.series;
        const spot = indexAt(time[row], 5);
        if (close[row] > spot) throw new Error(`${call.instrument.key} costs more than the index`);
        if (istDayNumber(time[row]) < expiry && close[row] < spot - strike - slack(close[row]) / 2)
          throw new Error(
            `${call.instrument.key} at ${istText(time[row])} costs ${close[row]} with the index at ${spot}`,
          );
        const twin = next ? next.call.series.rowAt(time[row]) : -1;
        if (next && next.call.series.time[twin] === time[row]) {
          const higher = next.call.series.close[twin];
          if (higher > close[row] + slack(close[row]) || close[row] - higher > 50 + slack(close[row]))
            throw new Error(
              `${call.instrument.key} and the next strike at ${istText(time[row])} invite arbitrage`,
            );
        }
      }
    }
  });

  test('end at their intrinsic value of the settlement, worthless ones at a tick', () => {
    const expired = pairs.filter(({ expiry }) => made.market.days.includes(expiry));
    expect(expired.length).toBeGreaterThan(150);
    for (const { call, put, strike, expiry } of expired) {
      const settled = settlementOf(index, expiry);
      for (const [{ instrument, series }, worth] of [
        [call, Math.max(0, settled - strike)],
        [put, Math.max(0, strike - settled)],
      ] as const) {
        const last = series.close[series.length - 1];
        expect(istDayNumber(series.time[series.length - 1])).toBe(expiry);
        if (Math.abs(last - worth) > 0.1 + 0.007 * worth)
          throw new Error(`${instrument.key} ended at ${last}, worth ${worth}`);
        if (worth === 0) expect(last).toBe(0.05);
      }
    }
  });

  test('are listed when they come near the money, weeklies ten sessions and monthlies twenty-five before their end', () => {
    const { days } = made.market;
    for (const { call, strike, expiry } of pairs) {
      const first = days.indexOf(istDayNumber(call.series.time[0]));
      const eve = first === 0 ? 24_000 : index.close[index.rowAt(call.series.time[0]) - 1];
      expect(Math.abs(strike / eve - 1)).toBeLessThan(first === 0 ? 0.03 : 0.025001);
      const end = days.indexOf(expiry);
      const lifetime = /[A-Z]{3}\d+CE$/.test(call.instrument.tradingsymbol) ? 25 : 10;
      if (end >= 0) expect(end - first).toBeLessThan(lifetime);
    }
  });

  test('imply a smile: puts below the money dearer than calls above it', () => {
    const day = dayNumberOf('2025-10-20');
    const volatilityOf = (kind: 'CE' | 'PE', share: number) => {
      const rows = pairs.filter(({ expiry }) => expiry === dayNumberOf('2025-10-28'));
      const spotRow = rows[0].call.series.rowAt((day * 24 - 5.5 + 12) * 3_600_000);
      const time = rows[0].call.series.time[spotRow];
      const spot = indexAt(time, 5);
      const strike = Math.round((spot * share) / 50) * 50;
      const pair = rows.find((one) => one.strike === strike);
      const series = kind === 'CE' ? pair?.call.series : pair?.put.series;
      if (!series) throw new Error(`no strike ${strike}`);
      const price = series.close[series.rowAt(time)];
      return impliedVolatility(price, {
        kind,
        spot,
        strike,
        years: years(time, dayNumberOf('2025-10-28')),
        rate: 0.065,
        yield: -0.002,
      });
    };
    const money = volatilityOf('CE', 1);
    expect(money).toBeGreaterThan(0.08);
    expect(money).toBeLessThan(0.3);
    expect(volatilityOf('PE', 0.985)).toBeGreaterThan(volatilityOf('CE', 1.015));
  });
});

describe('the volatility index', () => {
  test('has a bar for every bar of the index, in the hours of the index', () => {
    const { series } = made.vix;
    expect(series.length).toBe(index.length);
    expect(istMinuteOfDay(series.time[0])).toBe(9 * 60 + 15);
    for (let row = 0; row < series.length; row++) {
      const valid =
        series.time[row] === index.time[row] &&
        series.high[row] >= Math.max(series.open[row], series.close[row]) &&
        series.low[row] <= Math.min(series.open[row], series.close[row]) &&
        series.low[row] > 5 &&
        series.close[row] === Math.round(series.close[row] * 400) / 400;
      if (!valid) throw new Error(`the volatility index at ${istText(series.time[row])} is not a bar`);
    }
  });
});

describe('open interest', () => {
  const endsOf = ({ series }: MadeSeries) => {
    const ends = new Map<number, number>();
    for (let row = 0; row < series.length; row++)
      ends.set(istDayNumber(series.time[row]), interestAt(series, row));
    return [...ends.values()];
  };

  test('is known of every bar of every contract, in whole lots', () => {
    expect(made.futures.length + chains.length).toBeGreaterThan(100);
    for (const { instrument, series } of [...made.futures, ...chains]) {
      const strays = Array.from({ length: series.length }, (_, row) => interestAt(series, row)).filter(
        (units) => !(units >= 0 && units % instrument.lotSize === 0),
      );
      expect([instrument.key, strays]).toEqual([instrument.key, []]);
    }
  });

  test('rolls from the month that expires into the next', () => {
    const current = endsOf(future('INDEX25OCTFUT'));
    const next = endsOf(future('INDEX25NOVFUT'));
    const last = current.length - 1;
    expect(current[last] / current[last - 6]).toBeLessThan(0.4);
    expect(next[last] / next[last - 6]).toBeGreaterThan(1.8);
    expect(next[0]).toBeLessThan(current[0]);
  });

  test('of options builds up towards the expiry and is largest out of the money at round strikes', () => {
    const expiry = chains.filter(({ instrument }) => instrument.expiry === '2025-10-28');
    const sums = expiry.reduce<number[]>((all, one) => {
      const ends = endsOf(one).reverse();
      return ends.map((units, at) => units + (all[at] ?? 0)).concat(all.slice(ends.length));
    }, []);
    expect(sums[1]).toBeGreaterThan(2 * sums[5]);
    const onEve = (symbol: string) => endsOf(option(symbol)).at(-2) ?? 0;
    expect(onEve('INDEX25OCT24000CE') + onEve('INDEX25OCT24000PE')).toBeGreaterThan(
      1.5 * (onEve('INDEX25OCT24050CE') + onEve('INDEX25OCT24050PE')),
    );
  });
});
