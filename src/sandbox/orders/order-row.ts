/** A row of Kite's order book, key for key as `GET /orders` has it. Rupees, units (lots for MCX and currencies), India time. */
export interface KiteOrderRow {
  readonly account_id: string;
  readonly placed_by: string;
  readonly order_id: string;
  readonly exchange_order_id: string | null;
  readonly parent_order_id: string | null;
  readonly status: string;
  readonly status_message: string | null;
  readonly status_message_raw: string | null;
  readonly order_timestamp: string;
  readonly exchange_update_timestamp: string | null;
  readonly exchange_timestamp: string | null;
  readonly variety: string;
  readonly modified: boolean;
  readonly exchange: string;
  readonly tradingsymbol: string;
  readonly instrument_token: number;
  readonly order_type: string;
  readonly transaction_type: string;
  readonly validity: string;
  readonly validity_ttl: number;
  readonly product: string;
  readonly quantity: number;
  readonly disclosed_quantity: number;
  readonly price: number;
  readonly trigger_price: number;
  readonly auction_number?: string;
  readonly average_price: number;
  readonly filled_quantity: number;
  readonly pending_quantity: number;
  readonly cancelled_quantity: number;
  readonly market_protection: number;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly tag: string | null;
  readonly tags?: readonly string[];
  readonly guid: string | null;
}

/** A row of `GET /trades`. `order_timestamp` is a time of day alone, as Kite writes it there. */
export interface KiteTradeRow {
  readonly trade_id: string;
  readonly order_id: string;
  readonly exchange: string;
  readonly tradingsymbol: string;
  readonly instrument_token: number;
  readonly product: string;
  readonly average_price: number;
  readonly quantity: number;
  readonly exchange_order_id: string;
  readonly transaction_type: string;
  readonly fill_timestamp: string;
  readonly order_timestamp: string;
  readonly exchange_timestamp: string;
}
