/*
 * Keys of Kite's replies, from its documentation and published samples of 2026-03. A reply may have more, never fewer.
 */

export const orderKeys =
  words(`placed_by order_id exchange_order_id parent_order_id status status_message status_message_raw
  order_timestamp exchange_update_timestamp exchange_timestamp variety modified exchange tradingsymbol instrument_token
  order_type transaction_type validity product quantity disclosed_quantity price trigger_price average_price
  filled_quantity pending_quantity cancelled_quantity market_protection meta tag guid`);

export const tradeKeys =
  words(`trade_id order_id exchange tradingsymbol instrument_token product average_price quantity
  exchange_order_id transaction_type fill_timestamp order_timestamp exchange_timestamp`);

export const positionKeys =
  words(`tradingsymbol exchange instrument_token product quantity overnight_quantity multiplier
  average_price close_price last_price value pnl m2m unrealised realised buy_quantity buy_price buy_value buy_m2m
  sell_quantity sell_price sell_value sell_m2m day_buy_quantity day_buy_price day_buy_value day_sell_quantity
  day_sell_price day_sell_value`);

export const holdingKeys =
  words(`tradingsymbol exchange instrument_token isin product price quantity used_quantity
  t1_quantity realised_quantity authorised_quantity authorised_date opening_quantity collateral_quantity collateral_type
  discrepancy average_price last_price close_price pnl day_change day_change_percentage`);

export const marginKeys = words('enabled net available utilised');
export const availableKeys = words(
  'adhoc_margin cash opening_balance live_balance collateral intraday_payin',
);
export const utilisedKeys =
  words(`debits exposure m2m_realised m2m_unrealised option_premium payout span holding_sales
  turnover liquid_collateral stock_collateral delivery`);

export const quoteKeys =
  words(`instrument_token timestamp last_trade_time last_price last_quantity buy_quantity
  sell_quantity volume average_price oi oi_day_high oi_day_low net_change lower_circuit_limit upper_circuit_limit ohlc
  depth`);

export const triggerKeys = words(
  'id user_id type created_at updated_at expires_at status condition orders meta',
);

export const orderMarginKeys =
  words(`type tradingsymbol exchange span exposure option_premium additional bo cash var pnl
  leverage charges total`);

export const chargeKeys =
  words(`transaction_tax transaction_tax_type exchange_turnover_charge sebi_turnover_charge
  brokerage stamp_duty gst total`);

export const contractNoteKeys =
  words(`transaction_type tradingsymbol exchange variety product order_type quantity price
  charges`);

export const instrumentKeys =
  words(`instrument_token exchange_token tradingsymbol name last_price expiry strike tick_size
  lot_size instrument_type segment exchange`);

export const profileKeys =
  words(`user_id user_type email user_name user_shortname broker exchanges products order_types
  avatar_url meta`);

export const sessionKeys =
  words(`user_type email user_name user_shortname broker exchanges products order_types user_id
  api_key access_token public_token refresh_token login_time meta`);

/** The wanted keys that an object lacks; empty when it has them all. */
export function missingKeys(value: unknown, keys: readonly string[]): string[] {
  return keys.filter((key) => !Reflect.has(Object(value), key));
}

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}
