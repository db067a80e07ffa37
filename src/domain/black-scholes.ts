import { exactExp, exactLog } from './exact-math.ts';

/** A European option and its market. Volatility, rate and yield are shares a year: 0.12 is 12 %. */
export interface OptionTerms {
  readonly kind: 'CE' | 'PE';
  /** Price of the underlying; the futures price where `yield` equals `rate` (Black 1976). */
  readonly spot: number;
  readonly strike: number;
  /** Time to expiry in years; 0 or less leaves the intrinsic value. */
  readonly years: number;
  /** Continuously compounded. */
  readonly rate: number;
  /** Continuous yield of the underlying; 0 when left out. */
  readonly yield?: number;
  readonly volatility: number;
}

/** Change of the option's price for one rupee of the underlying, one year of time, 1.00 of volatility and 1.00 of rate. */
export interface Greeks {
  readonly delta: number;
  readonly gamma: number;
  /** For a full 100 points of volatility; a point is a hundredth of it. */
  readonly vega: number;
  /** A year's decay; a calendar day's is 1/365 of it. */
  readonly theta: number;
  readonly rho: number;
}

const inverseRootOfTwoPi = 0.3989422804014327;

/** Density of the standard normal distribution. */
function normalDensity(x: number): number {
  return inverseRootOfTwoPi * exactExp(-0.5 * x * x);
}

/**
 * Distribution function of the standard normal distribution, 0 to 1, absolute error below 1e-14, relative error of a tail below 1e-8.
 *
 * Made of the four basic operations, so that it is the same to the last bit everywhere.
 *
 * @see Hart, Computer Approximations, 1968, algorithm 5666, in the form of West, Better approximations to cumulative normal functions, 2005
 */
export function normalCdf(x: number): number {
  const size = x < 0 ? -x : x;
  const tail = size > 37 ? 0 : tailBeyond(size);
  return x > 0 ? 1 - tail : tail;
}

function tailBeyond(x: number): number {
  const bell = exactExp(-0.5 * x * x);
  if (x < 7.07106781186547) {
    let above = 3.52624965998911e-2 * x + 0.700383064443688;
    above = above * x + 6.37396220353165;
    above = above * x + 33.912866078383;
    above = above * x + 112.079291497871;
    above = above * x + 221.213596169931;
    above = above * x + 220.206867912376;
    let below = 8.83883476483184e-2 * x + 1.75566716318264;
    below = below * x + 16.064177579207;
    below = below * x + 86.7807322029461;
    below = below * x + 296.564248779674;
    below = below * x + 637.333633378831;
    below = below * x + 793.826512519948;
    below = below * x + 440.413735824752;
    return (bell * above) / below;
  }
  const fraction = x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))));
  return (bell / fraction) * inverseRootOfTwoPi;
}

/**
 * Undiscounted price of a call on a forward, in the forward's unit. `deviation` is volatility times the root of the time in
 * years; 0 or less leaves the intrinsic value. The put is this minus forward plus strike.
 */
export function callOnForward(forward: number, strike: number, deviation: number): number {
  if (!(deviation > 0)) return forward > strike ? forward - strike : 0;
  const d1 = exactLog(forward / strike) / deviation + 0.5 * deviation;
  return forward * normalCdf(d1) - strike * normalCdf(d1 - deviation);
}

/** Black and Scholes' price in rupees. @see Black and Scholes 1973; Merton 1973 for the yield */
export function optionPrice(terms: OptionTerms): number {
  const { kind, strike, forward, discount, deviation } = forwardTerms(terms);
  if (kind === 'CE') return discount * callOnForward(forward, strike, deviation);
  // By the call on the exchanged legs rather than by parity, which would lose the digits of a cheap put.
  return discount * callOnForward(strike, forward, deviation);
}

/** Sensitivities of the price. At or after expiry delta is that of the intrinsic value and the rest is 0. */
export function optionGreeks(terms: OptionTerms): Greeks {
  const { kind, strike, forward, discount, deviation, years, rate, yields } = forwardTerms(terms);
  const { spot, volatility } = terms;
  const sign = kind === 'CE' ? 1 : -1;
  if (!(deviation > 0)) {
    return { delta: sign * (forward - strike) > 0 ? sign : 0, gamma: 0, vega: 0, theta: 0, rho: 0 };
  }
  const d1 = exactLog(forward / strike) / deviation + 0.5 * deviation;
  const d2 = d1 - deviation;
  const kept = exactExp(-yields * years);
  const density = normalDensity(d1);
  const root = Math.sqrt(years);
  const underlying = spot * kept * normalCdf(sign * d1);
  const money = strike * discount * normalCdf(sign * d2);
  return {
    delta: sign * kept * normalCdf(sign * d1),
    gamma: (kept * density) / (spot * deviation),
    vega: spot * kept * density * root,
    theta: -(spot * kept * density * volatility) / (2 * root) + sign * (yields * underlying - rate * money),
    rho: sign * years * money,
  };
}

/** Widest volatility that is looked for: 1,000 % a year. */
const highestVolatility = 10;

/**
 * The volatility at which Black and Scholes give `price`, a share a year from 0 to 10. NaN where no volatility does: below the
 * intrinsic value of the forward, at or above the underlying, or at expiry. 0 for a price that is the intrinsic value itself.
 */
export function impliedVolatility(price: number, terms: Omit<OptionTerms, 'volatility'>): number {
  const at = (volatility: number) => optionPrice({ ...terms, volatility }) - price;
  if (!(terms.years > 0) || !(price >= 0)) return Number.NaN;
  const least = at(0);
  const slack = 1e-12 * terms.strike;
  if (least > slack) return Number.NaN;
  if (least >= -slack) return 0;
  if (at(highestVolatility) < 0) return Number.NaN;

  // Newton's step where it stays inside the bracket, else half of it: the price rises with volatility, so the root is one.
  let low = 0;
  let high = highestVolatility;
  let guess = 0.2;
  for (let step = 0; step < 100; step++) {
    const error = at(guess);
    if (error > 0) high = guess;
    else low = guess;
    const { vega } = optionGreeks({ ...terms, volatility: guess });
    const newton = vega > 0 ? guess - error / vega : Number.NaN;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - guess) < 1e-14 || high - low < 1e-14) return next;
    guess = next;
  }
  return guess;
}

function forwardTerms({ kind, spot, strike, years, rate, volatility, yield: yields = 0 }: OptionTerms) {
  const time = years > 0 ? years : 0;
  const discount = exactExp(-rate * time);
  const forward = spot * exactExp((rate - yields) * time);
  return {
    kind,
    strike,
    forward,
    discount,
    deviation: volatility * Math.sqrt(time),
    years: time,
    rate,
    yields,
  };
}
