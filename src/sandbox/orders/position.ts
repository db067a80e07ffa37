import { isDerivative, isOption } from '../../domain/instrument.ts';
import { kiteMultiplier } from '../../domain/kite-multiplier.ts';
import type { Side } from '../../domain/order.ts';
import type { Listed } from '../market/market.ts';
import type { KiteProduct } from './wanted.ts';

/** What an account holds of one instrument under one product. Rupees; quantities as on the wire, signed where they can be short. */
export class Position {
  readonly listed: Listed;
  readonly product: KiteProduct;
  readonly multiplier: number;
  overnight = 0;
  /** What the carried quantity cost, and where it was valued last night. */
  overnightPrice = 0;
  closePrice = 0;
  dayBuy = 0;
  dayBuyValue = 0;
  daySell = 0;
  daySellValue = 0;

  constructor(listed: Listed, product: KiteProduct) {
    this.listed = listed;
    this.product = product;
    this.multiplier = kiteMultiplier(listed.instrument);
  }

  get quantity(): number {
    return this.overnight + this.dayBuy - this.daySell;
  }

  get isOption(): boolean {
    return isOption(this.listed.instrument);
  }

  /** Valued anew every evening: futures, and shares under MIS. */
  get isMarked(): boolean {
    return (
      !this.isOption &&
      (isDerivative(this.listed.instrument) || this.product === 'MIS' || this.product === 'CO')
    );
  }

  fill(side: Side, quantity: number, price: number): void {
    const value = quantity * price * this.multiplier;
    if (side === 'BUY') {
      this.dayBuy += quantity;
      this.dayBuyValue += value;
    } else {
      this.daySell += quantity;
      this.daySellValue += value;
    }
  }

  /** Mean price of the side that is open; 0 when flat. */
  get averagePrice(): number {
    const { quantity } = this;
    if (quantity === 0) return 0;
    const { bought, sold } = this.#sides(this.overnightPrice);
    const side = quantity > 0 ? bought : sold;
    return side.value / side.quantity / this.multiplier;
  }

  /** Gain since last night, of which `unrealised` is still open. Rupees. */
  marked(lastPrice: number): { readonly realised: number; readonly unrealised: number } {
    const { bought, sold } = this.#sides(this.closePrice);
    const { quantity, multiplier } = this;
    const total = sold.value - bought.value + quantity * lastPrice * multiplier;
    if (quantity === 0) return { realised: total, unrealised: 0 };
    const side = quantity > 0 ? bought : sold;
    const unrealised = quantity * (lastPrice * multiplier - side.value / side.quantity);
    return { realised: total - unrealised, unrealised };
  }

  /** Kite's 29 keys. It counts gains of closed rows as unrealised too (its own published rows do). */
  row(lastPrice: number, part: 'net' | 'day'): Record<string, string | number> {
    const carried = part === 'net';
    const overnight = carried ? this.overnight : 0;
    const { bought, sold } = this.#sides(carried ? this.overnightPrice : 0, carried);
    const marks = this.#sides(carried ? this.closePrice : 0, carried);
    const { multiplier, listed, product } = this;
    const quantity = overnight + this.dayBuy - this.daySell;
    const open = quantity > 0 ? bought : sold;
    const value = sold.value - bought.value;
    const worth = quantity * lastPrice * multiplier;
    const pnl = value + worth;
    return {
      tradingsymbol: listed.listing.tradingsymbol,
      exchange: listed.listing.exchange,
      instrument_token: listed.listing.token,
      product,
      quantity,
      overnight_quantity: overnight,
      multiplier,
      average_price: quantity === 0 ? 0 : tidy(open.value / open.quantity / multiplier),
      close_price: carried ? this.closePrice : 0,
      last_price: lastPrice,
      value: tidy(value),
      pnl: tidy(pnl),
      m2m: tidy(marks.sold.value - marks.bought.value + worth),
      unrealised: tidy(pnl),
      realised: 0,
      buy_quantity: bought.quantity,
      buy_price: meanOf(bought, multiplier),
      buy_value: tidy(bought.value),
      buy_m2m: tidy(marks.bought.value),
      sell_quantity: sold.quantity,
      sell_price: meanOf(sold, multiplier),
      sell_value: tidy(sold.value),
      sell_m2m: tidy(marks.sold.value),
      day_buy_quantity: this.dayBuy,
      day_buy_price: meanOf({ quantity: this.dayBuy, value: this.dayBuyValue }, multiplier),
      day_buy_value: tidy(this.dayBuyValue),
      day_sell_quantity: this.daySell,
      day_sell_price: meanOf({ quantity: this.daySell, value: this.daySellValue }, multiplier),
      day_sell_value: tidy(this.daySellValue),
    };
  }

  #sides(overnightPrice: number, carried = true) {
    const overnight = carried ? this.overnight : 0;
    const long = Math.max(0, overnight);
    const short = Math.max(0, -overnight);
    return {
      bought: {
        quantity: long + this.dayBuy,
        value: long * overnightPrice * this.multiplier + this.dayBuyValue,
      },
      sold: {
        quantity: short + this.daySell,
        value: short * overnightPrice * this.multiplier + this.daySellValue,
      },
    };
  }
}

/** Without the noise of binary fractions. */
export function tidy(value: number): number {
  return Math.round(value * 1e6) / 1e6 + 0;
}

function meanOf({ quantity, value }: { quantity: number; value: number }, multiplier: number): number {
  return quantity === 0 ? 0 : tidy(value / quantity / multiplier);
}
