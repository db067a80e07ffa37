import { KiteConnect } from 'kiteconnect';

/** A row of a reply: what Kite sends under names of its own, dates made into `Date` by the official client. */
export type Row = Readonly<Record<string, unknown>>;

type Fields = Readonly<Record<string, unknown>>;

/** The calls of the official client, whose own declarations do not resolve under Node's rules for modules. */
export interface OfficialKite {
  generateSession(requestToken: string, secret: string): Promise<Row>;
  renewAccessToken(refreshToken: string, secret: string): Promise<Row>;
  invalidateAccessToken(token?: string): Promise<unknown>;
  setAccessToken(token: string): void;
  setSessionExpiryHook(hook: () => void): void;
  validatePostback(body: unknown, secret: string): boolean;
  getProfile(): Promise<Row>;
  getMargins(): Promise<Readonly<Record<string, Row>>>;
  getMargins(segment: string): Promise<Row>;
  placeOrder(variety: string, params: Fields): Promise<{ readonly order_id: string }>;
  modifyOrder(variety: string, id: string, params: Fields): Promise<Row>;
  cancelOrder(variety: string, id: string, params?: Fields): Promise<Row>;
  getOrders(): Promise<readonly Row[]>;
  getOrderHistory(id: string): Promise<readonly Row[]>;
  getTrades(): Promise<readonly Row[]>;
  getOrderTrades(id: string): Promise<ReadonlyArray<Row & { readonly quantity: number }>>;
  orderMargins(orders: readonly Fields[], mode?: string | null): Promise<readonly Row[]>;
  orderBasketMargins(
    orders: readonly Fields[],
    positions?: boolean,
    mode?: string | null,
  ): Promise<Row & { readonly initial: { readonly total: number } }>;
  getvirtualContractNote(
    orders: readonly Fields[],
  ): Promise<ReadonlyArray<Row & { readonly charges: OfficialCharges }>>;
  getHoldings(): Promise<readonly Row[]>;
  getAuctionInstruments(): Promise<unknown>;
  getPositions(): Promise<Readonly<Record<'net' | 'day', readonly OfficialPosition[]>>>;
  convertPosition(params: Fields): Promise<unknown>;
  getInstruments(exchange?: string): Promise<unknown>;
  getQuote(keys: readonly string[]): Promise<Readonly<Record<string, OfficialQuote>>>;
  getOHLC(keys: readonly string[]): Promise<Readonly<Record<string, OfficialQuote>>>;
  getLTP(keys: readonly string[]): Promise<Readonly<Record<string, OfficialQuote>>>;
  getHistoricalData(
    token: number,
    interval: string,
    from: string,
    to: string,
    continuous?: boolean,
    oi?: boolean,
  ): Promise<readonly OfficialCandle[]>;
  getMFOrders(id?: string): Promise<readonly Row[]>;
  getMFSIPS(): Promise<readonly Row[]>;
  getMFHoldings(): Promise<readonly Row[]>;
  getMFInstruments(): Promise<readonly Row[]>;
  getGTTs(): Promise<readonly Row[]>;
  getGTT(id: unknown): Promise<Row & { readonly orders: readonly Row[] }>;
  placeGTT(params: Fields): Promise<{ readonly trigger_id: number }>;
  modifyGTT(id: unknown, params: Fields): Promise<Row>;
  deleteGTT(id: unknown): Promise<Row>;
}

export interface OfficialCharges {
  readonly transaction_tax: number;
  readonly transaction_tax_type: string;
  readonly exchange_turnover_charge: number;
  readonly sebi_turnover_charge: number;
  readonly brokerage: number;
  readonly stamp_duty: number;
  readonly gst: { readonly total: number };
  readonly total: number;
}

export type OfficialPosition = Row &
  Readonly<Record<'quantity' | 'average_price' | 'last_price' | 'buy_value' | 'value' | 'pnl', number>>;

export interface OfficialQuote {
  readonly instrument_token: number;
  readonly last_price: number;
  readonly timestamp?: Date;
  readonly ohlc: Readonly<Record<'open' | 'high' | 'low' | 'close', number>>;
  readonly upper_circuit_limit: number;
  readonly lower_circuit_limit: number;
  readonly depth: Readonly<Record<'buy' | 'sell', readonly { readonly price: number }[]>>;
}

export interface OfficialCandle {
  readonly date: Date;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly oi?: number;
}

/** The official client, unmodified. Its parameter objects are changed by its calls, so each call gets one of its own. */
export function officialKite(options: {
  readonly root: string;
  readonly apiKey: string;
  readonly accessToken?: string;
}): OfficialKite {
  const { root, apiKey, accessToken } = options;
  return new KiteConnect({
    api_key: apiKey,
    root,
    ...(accessToken !== undefined && { access_token: accessToken }),
  }) as unknown as OfficialKite;
}
