/** An indicator as help and `strategies check` describe it. */
export interface CatalogueEntry {
  readonly about: string;
  /** How a strategy calls it. */
  readonly call: string;
  /** Usual inputs, shown as an example. */
  readonly defaults: Readonly<Record<string, number | string>>;
}

/** Every indicator a strategy can ask its market for, one line each. */
export const catalogue: Readonly<Record<string, CatalogueEntry>> = {
  sma: {
    about: 'simple moving average',
    call: 'sma(source, period)',
    defaults: { source: 'close', period: 20 },
  },
  ema: {
    about: 'exponential moving average',
    call: 'ema(source, period, { seed })',
    defaults: { source: 'close', period: 20, seed: 'sma' },
  },
  rsi: {
    about: "Wilder's relative strength index, 0 to 100",
    call: 'rsi(source, period)',
    defaults: { source: 'close', period: 14 },
  },
  atr: { about: "Wilder's average true range, rupees", call: 'atr(period)', defaults: { period: 14 } },
  vwap: { about: "volume-weighted average price since the session's open", call: 'vwap()', defaults: {} },
  highest: {
    about: 'highest of the last bars, the newest included',
    call: 'highest(source, period)',
    defaults: { source: 'high', period: 20 },
  },
  lowest: {
    about: 'lowest of the last bars, the newest included',
    call: 'lowest(source, period)',
    defaults: { source: 'low', period: 20 },
  },
};
