import type { TradingSession } from '../../domain/rulebook.ts';
import { minuteMs } from '../../domain/time.ts';

export const scenarios = ['crash', 'trend', 'chop', 'halt'] as const;
export type Scenario = (typeof scenarios)[number];

/** How a session differs from the calm market's. All of it is the index's; stocks follow it and share `volatility`. */
export interface Weather {
  /** Factor on the size of every move, of stocks as well. */
  readonly volatility: number;
  /** Expected rise as a share: from close to open, and from open to close. */
  readonly gap: number;
  readonly drift: number;
  /** Share of its distance to `anchor` that the index goes back in a minute. */
  readonly pull: number;
  /** Level in units of the index's first price that it is drawn to. */
  readonly anchor: number;
  /** Share of the last close that the index reaches when the first sitting ends; undefined on all days but one. */
  readonly aim?: number;
  /** Replaces the widest move of a day. */
  readonly band?: number;
}

export interface Forecast {
  weather(position: number): Weather;
  /** The hours as the scenario leaves them, for any instrument. */
  hours(session: TradingSession): TradingSession;
}

export const calm: Weather = { volatility: 1, gap: 0, drift: 0, pull: 0, anchor: 1 };

/** Sessions before a crash or a halt, so that averages have something to begin with. */
const quietSessions = 5;
const crashSessions = 15;
const recoverySessions = 60;

/** Half of a stray from the middle is gone after one session of 375 minutes. */
const chopPull = 0.00185;

/**
 * What a scenario does to the market, session by session of the index; the random numbers stay those of the seed.
 *
 * - crash: five sessions at 0.9 of the usual volatility; then fifteen that lose 2 % each on average, 0.7 of it overnight, at 2.5 times
 *   the volatility; then sixty over which the volatility eases from 2 to 1 while 0.15 % a session is won back.
 * - trend: every session rises 0.3 % on average, 0.05 of it overnight, at 0.8 of the usual volatility.
 * - chop: the index is drawn back to its first price, half-way within a session, at 1.1 times the volatility.
 * - halt: on the sixth session, or the next one of ordinary hours, the index falls 10.05 % by 10:45. Trading stops everywhere for
 *   the 45 minutes of the exchange's rule and its 15 minutes of auction, goes on at 11:45, and stays twice as nervous for ten sessions.
 */
export function forecastOf(
  scenario: Scenario | undefined,
  indexSessions: readonly TradingSession[],
): Forecast {
  const open = (session: TradingSession) => session;
  switch (scenario) {
    case undefined:
      return { weather: () => calm, hours: open };
    case 'crash':
      return { weather: crashed, hours: open };
    case 'trend':
      return { weather: () => ({ ...calm, volatility: 0.8, gap: 0.0005, drift: 0.0025 }), hours: open };
    case 'chop':
      return { weather: () => ({ ...calm, volatility: 1.1, pull: chopPull }), hours: open };
    case 'halt':
      return halted(indexSessions);
    default:
      return scenario satisfies never;
  }
}

function crashed(position: number): Weather {
  const fallen = position - quietSessions;
  if (fallen < 0) return { ...calm, volatility: 0.9 };
  if (fallen < crashSessions) return { ...calm, volatility: 2.5, gap: -0.014, drift: -0.006 };
  const eased = fallen - crashSessions;
  if (eased < recoverySessions) return { ...calm, volatility: 2 - eased / recoverySessions, drift: 0.0015 };
  return calm;
}

/** Clock minutes after the opening at which trading stops, and how long it rests. */
const haltAfter = 90;
const haltLength = 60;
const haltFall = 0.8995;
/** The next halt would come at 15 %, so the day stays above it. */
const haltBand = 0.14;
const nervousSessions = 10;

function halted(indexSessions: readonly TradingSession[]): Forecast {
  const position = indexSessions.findIndex(
    ({ windows, open, close }, at) =>
      at >= quietSessions && windows.length === 1 && (close - open) / minuteMs >= 360,
  );
  const haltDay = indexSessions[position]?.dayNumber;
  return {
    weather(at) {
      if (position < 0 || at < position) return { ...calm, volatility: 0.95 };
      if (at === position) return { ...calm, volatility: 2, aim: haltFall, band: haltBand };
      return at <= position + nervousSessions ? { ...calm, volatility: 2 } : calm;
    },
    hours(session) {
      if (session.dayNumber !== haltDay) return session;
      const from = session.open + haltAfter * minuteMs;
      const to = from + haltLength * minuteMs;
      return {
        ...session,
        windows: session.windows.flatMap((window) => [
          { from: window.from, to: from },
          { from: to, to: window.to },
        ]),
      };
    },
  };
}
