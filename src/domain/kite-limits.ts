/*
 * What Kite Connect allows, in one place for the client that keeps to it and the sandbox that enforces it.
 * Source: Kite Connect v3 documentation as of 2026-07-14 (kite.trade/docs/connect/v3) and the forum threads named beside a number.
 */

/** Requests a second, by class of endpoint. Seconds are the server's calendar seconds. */
export const kiteRequestsPerSecond = { quote: 1, historical: 3, order: 10, other: 10 } as const;

export type KiteEndpointClass = keyof typeof kiteRequestsPerSecond;

/** Order requests of one client account over all its programs. Refused requests count too. Forum 51959: 5,000 a day since 2026. */
export const kiteOrdersPerMinute = 400;
export const kiteOrdersPerDay = 5_000;

/** Modifications of one order; after these it has to be cancelled and placed anew. Forum 34659. */
export const kiteModificationsPerOrder = 25;

/** Instruments in one request. */
export const kiteQuoteInstruments = { quote: 500, ohlc: 1_000, ltp: 1_000 } as const;

/** Market data connections of one API key, and instruments on one connection. Forum 15708. */
export const kiteSockets = 3;
export const kiteTokensPerSocket = 3_000;

/** Characters of an order's tag; a longer one is refused, not cut. Forum 52970. */
export const kiteTagLength = 20;

/** Slices of one order that the exchange's freeze quantity divides. */
export const kiteSlices = 10;

/** Triggers and alerts of one account that may be active. */
export const kiteActiveTriggers = 500;

/** Days that one request for candles may span, by Kite's word for the interval. */
export const kiteSpanDays = {
  minute: 60,
  '3minute': 100,
  '5minute': 100,
  '10minute': 100,
  '15minute': 200,
  '30minute': 200,
  '60minute': 400,
  day: 2_000,
} as const;

export type KiteInterval = keyof typeof kiteSpanDays;

/** Minute of the day, India time, at which every access token dies: 06:00 of the next morning. */
export const kiteTokenDeathMinute = 360;
