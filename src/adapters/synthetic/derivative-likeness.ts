import type { BarSeries } from '../../domain/bar-series.ts';
import { impliedVolatility } from '../../domain/black-scholes.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { dayNumberOf, istDayNumber, istMinuteOfDay } from '../../domain/time.ts';
import type { Likeness } from './likeness.ts';

const rate = 0.065;
/** Closes are taken here, while index and derivatives both trade. */
const closingMinute = 15 * 60 + 10;

/** Daily closes by day number. */
type Closes = ReadonlyMap<number, number>;

/** Measures a volatility index against its index; targets are India VIX and NIFTY 2012–2026. */
export function measureVolatilityIndex(index: BarSeries, vix: BarSeries): readonly Likeness[] {
  const levels = closesOf(index);
  const fears = closesOf(vix);
  const days = [...levels.keys()].filter((day) => fears.has(day));
  const moves: number[] = [];
  const changes: number[] = [];
  for (let at = 1; at < days.length; at++) {
    moves.push(Math.log(valueOn(levels, days[at]) / valueOn(levels, days[at - 1])));
    changes.push(Math.log(valueOn(fears, days[at]) / valueOn(fears, days[at - 1])));
  }
  const ratios: number[] = [];
  for (let at = 0; at + 21 <= moves.length; at++) {
    const square = moves.slice(at, at + 21).reduce((sum, move) => sum + move * move, 0);
    ratios.push(valueOn(fears, days[at]) / (100 * Math.sqrt((square / 21) * 250)));
  }
  return [
    { measure: 'VIX: median level', target: '15.8', measured: quantile([...fears.values()], 0.5) },
    { measure: 'VIX: daily change, %', target: '5.1', measured: 100 * deviationOf(changes) },
    {
      measure: 'VIX: correlation of daily changes with the index',
      target: '-0.54',
      measured: correlation(moves, changes),
    },
    {
      measure: 'VIX: over the volatility of the next 21 days',
      target: '1.29',
      measured: quantile(ratios, 0.5),
    },
  ];
}

/** Collects closes of contracts as they are made, so that no chain has to be kept. */
export class DerivativeSample {
  readonly #spot: Closes;
  readonly #vix: Closes;
  readonly #underlying: string;
  readonly #basis: number[] = [];
  /** Call and put by strike, for each expiry and day. */
  readonly #chains = new Map<
    string,
    { left: number; day: number; pairs: Map<number, Map<'CE' | 'PE', number>> }
  >();

  /** `index` is what the contracts named `underlying` are written on; without `vix` options are not measured against it. */
  constructor(index: BarSeries, underlying: string, vix?: BarSeries) {
    this.#spot = closesOf(index);
    this.#vix = vix ? closesOf(vix) : new Map();
    this.#underlying = underlying;
  }

  add({ kind, underlying, expiry, strike }: Instrument, series: BarSeries): void {
    if (underlying !== this.#underlying || expiry === undefined) return;
    const last = dayNumberOf(expiry);
    for (const [day, price] of closesOf(series)) {
      const left = last - day;
      const spot = this.#spot.get(day);
      if (spot === undefined || left <= 0) continue;
      if (kind === 'FUT' && left >= 7 && left <= 35) this.#basis.push((Math.log(price / spot) * 365) / left);
      if ((kind === 'CE' || kind === 'PE') && strike !== undefined) {
        const name = `${expiry} ${day}`;
        const chain = this.#chains.get(name) ?? { left, day, pairs: new Map() };
        this.#chains.set(name, chain);
        const pair = chain.pairs.get(strike) ?? new Map<'CE' | 'PE', number>();
        chain.pairs.set(strike, pair.set(kind, price));
      }
    }
  }

  /** Empty when no contract was added. Targets are NSE's F&O bhavcopies of the first quarter of 2026. */
  measure(): readonly Likeness[] {
    return [
      ...(this.#basis.length > 0 ? this.#futures() : []),
      ...(this.#chains.size > 0 ? this.#options() : []),
    ];
  }

  #futures(): Likeness[] {
    const target = { 0.1: '4.5', 0.5: '6.7', 0.9: '8.6' };
    return ([0.1, 0.5, 0.9] as const).map((share) => ({
      measure: `futures: cost of carry, % a year, ${share * 100} % quantile`,
      target: target[share],
      measured: 100 * quantile(this.#basis, share),
    }));
  }

  #options(): Likeness[] {
    const byTime = { day: [] as number[], week: [] as number[], month: [] as number[] };
    const overVix: number[] = [];
    const below: number[] = [];
    const above: number[] = [];
    for (const { left, day, pairs } of this.#chains.values()) {
      const smile = smileOf(pairs, left);
      if (!smile) continue;
      if (left === 1) byTime.day.push(smile.money);
      if (left >= 4 && left <= 7) byTime.week.push(smile.money);
      if (left >= 21) byTime.month.push(smile.money);
      const vix = this.#vix.get(day);
      if (left >= 25 && left <= 35 && vix !== undefined) overVix.push((smile.money * 100) / vix);
      if (left >= 4) {
        below.push(smile.at(-1));
        above.push(smile.at(1));
      }
    }
    const month = quantile(byTime.month, 0.5);
    const median = (values: readonly number[]) => quantile(values.filter(Number.isFinite), 0.5);
    return [
      {
        measure: 'options: 30-day volatility at the money over VIX',
        target: '0.93',
        measured: median(overVix),
      },
      {
        measure: 'options: volatility with 1 day left over a month',
        target: '1.28',
        measured: median(byTime.day) / month,
      },
      {
        measure: 'options: volatility with 4 to 7 days left over a month',
        target: '1.03',
        measured: median(byTime.week) / month,
      },
      {
        measure: 'options: volatility 1 deviation below the money over at it',
        target: '1.14',
        measured: median(below),
      },
      {
        measure: 'options: volatility 1 deviation above the money over at it',
        target: '0.97',
        measured: median(above),
      },
    ];
  }
}

/** Implied volatilities of a chain on its own parity forward, out-of-the-money side, calendar days. */
function smileOf(pairs: ReadonlyMap<number, ReadonlyMap<'CE' | 'PE', number>>, daysLeft: number) {
  const years = daysLeft / 365;
  const whole = [...pairs].flatMap(([strike, pair]) => {
    const call = pair.get('CE');
    const put = pair.get('PE');
    return call === undefined || put === undefined ? [] : [{ strike, call, put }];
  });
  if (whole.length < 5) return undefined;
  const nearest = whole.reduce((best, one) =>
    Math.abs(one.call - one.put) < Math.abs(best.call - best.put) ? one : best,
  );
  const forward = nearest.strike + (nearest.call - nearest.put) * Math.exp(rate * years);
  const volatilityOf = ({ strike, call, put }: (typeof whole)[number]) => {
    const kind = strike < forward ? 'PE' : 'CE';
    const terms = { kind, spot: forward, strike, years, rate, yield: rate } as const;
    return impliedVolatility(kind === 'PE' ? put : call, terms);
  };
  const money = volatilityOf(nearest);
  if (!(money > 0)) return undefined;
  const unit = money * Math.sqrt(years);
  const at = (deviations: number) => {
    const wanted = forward * Math.exp(deviations * unit);
    const near = whole.reduce((best, one) =>
      Math.abs(one.strike - wanted) < Math.abs(best.strike - wanted) ? one : best,
    );
    const found = Math.log(near.strike / forward) / unit;
    return Math.abs(found - deviations) < 0.2 ? volatilityOf(near) / money : Number.NaN;
  };
  return { money, at };
}

function closesOf({ time, close, length }: BarSeries): Closes {
  const closes = new Map<number, number>();
  for (let row = 0; row < length; row++) {
    if (istMinuteOfDay(time[row]) <= closingMinute) closes.set(istDayNumber(time[row]), close[row]);
  }
  return closes;
}

function valueOn(closes: Closes, day: number): number {
  return closes.get(day) ?? Number.NaN;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function deviationOf(values: readonly number[]): number {
  return Math.sqrt(covariance(values, values));
}

function correlation(left: readonly number[], right: readonly number[]): number {
  return covariance(left, right) / (deviationOf(left) * deviationOf(right));
}

function covariance(left: readonly number[], right: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const leftMean = mean(left);
  const rightMean = mean(right);
  return mean(left.map((value, at) => (value - leftMean) * (right[at] - rightMean)));
}
