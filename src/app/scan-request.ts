/** What `algo scan` is asked. */
export interface ScanRequest {
  /** A scan of `configs/scans.yaml`; its parts are replaced by what else is given. */
  readonly name?: string | undefined;
  /** Words of the universe; none takes the profile's. */
  readonly universe: readonly string[];
  /** One, or several separated by commas, on each of which the conditions have to hold. */
  readonly timeframe?: string | undefined;
  /** Conditions that instruments pass one after the other. */
  readonly where?: readonly string[] | undefined;
  /** Regimes of the market in which hits count. */
  readonly regime?: readonly string[] | undefined;
  /** The index whose regime it is. */
  readonly index?: string | undefined;
  /** Shows hits by the usual indicators or by candlestick pattern; then no condition takes every instrument. */
  readonly by?: 'indicator' | 'pattern' | undefined;
  readonly sort?: string | undefined;
  readonly ascending?: boolean | undefined;
  /** At most so many hits. */
  readonly top?: number | undefined;
  /** A day, or an instant as `2026-10-06 11:30`; what closed later is not seen. */
  readonly asOf?: string | undefined;
  /** First day of the bars that are looked at. */
  readonly from?: string | undefined;
  /** Horizons in bars, such as 1,5,20. */
  readonly backtest?: string | undefined;
}
