import { exactLog } from '../../domain/exact-math.ts';

// Calibrated to NSE option closes of early 2026, out-of-the-money side, Black 1976 on the parity forward. Measured against calendar days
// the last days look dear; counted in trading time, as here, the term structure is nearly flat.
const thirtyDaysOverVix = 0.934;
const longRunVix = 0.165;
/** Volatility at the money over that of a month, by sessions left. */
const termSessions = [1, 2, 4, 12, 20, 34, 60] as const;
const termLevels = [1.03, 0.97, 1.0, 1.03, 1.0, 0.96, 0.93] as const;
/** Short options take more of a change of the volatility index than long ones. */
const shortBeta = 0.15;
const longBeta = -0.2;

/** Volatility at the money as a share a year of trading time, from the volatility index and the sessions that are left. */
export function atTheMoney(vix: number, sessionsLeft: number): number {
  const beta = Math.max(longBeta, shortBeta * (1 - sessionsLeft / 20));
  // One plus the logarithm's first term: the difference to the power stays below one part in thirty up to a level of 50.
  const lean = 1 + beta * exactLog(vix / longRunVix);
  return vix * thirtyDaysOverVix * termOf(sessionsLeft) * Math.max(0.5, lean);
}

function termOf(sessionsLeft: number): number {
  const last = termSessions.length - 1;
  if (sessionsLeft <= termSessions[0]) return termLevels[0];
  for (let at = 0; at < last; at++) {
    if (sessionsLeft < termSessions[at + 1]) {
      const share = (sessionsLeft - termSessions[at]) / (termSessions[at + 1] - termSessions[at]);
      return termLevels[at] + (termLevels[at + 1] - termLevels[at]) * share;
    }
  }
  return termLevels[last];
}

// A hyperbola through the measured ratios: 1.345 at -2, 1.14 at -1, 1.065 at -0.5, 0.965 at 0.5 and 1, 1.1 at 2.
const wing = 0.2;
const tilt = -0.05;
const bottom = 0.6;
const width = 0.9;
const atZero = wing * (-tilt * bottom + Math.sqrt(bottom * bottom + width * width));
const farthest = 6;

/** Volatility of a strike over the one at the money; `deviations` is ln(strike / forward) over volatility at the money times root of time. */
export function smileAt(deviations: number): number {
  const z = Math.max(-farthest, Math.min(farthest, deviations)) - bottom;
  return 1 + wing * (tilt * z + Math.sqrt(z * z + width * width)) - atZero;
}

// Calibrated to quotes of NIFTY options on 2025-08-29: 0.2 to 0.3 % at and out of the money, 0.35 % at 2 % and 1.3 % beyond 4 % in the
// money, never less than a tick.
const spreadShare = 0.0025;
const spreadInTheMoney = 0.0105;
const deep = 0.04;

/** Bid to ask in rupees. `inTheMoney` is how far the strike is in the money, as a share of the spot; negative out of it. */
export function spreadOf(price: number, inTheMoney: number, tick: number): number {
  const depth = Math.max(0, Math.min(1, inTheMoney / deep));
  return Math.max(tick, price * (spreadShare + spreadInTheMoney * depth * depth * depth));
}
