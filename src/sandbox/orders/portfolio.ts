import type { InstrumentKey } from '../../domain/instrument.ts';
import { isDerivative } from '../../domain/instrument.ts';
import { kiteMultiplier } from '../../domain/kite-multiplier.ts';
import type { Side } from '../../domain/order.ts';
import type { ContractRules } from '../../domain/rulebook.ts';
import type { Listed } from '../market/market.ts';
import type { HeldOrder } from './held-order.ts';
import { type Block, blockOf, type Pending, totalOf } from './margin.ts';
import { Position, tidy } from './position.ts';
import { isCash, type KiteProduct } from './wanted.ts';

export type FundSegment = 'equity' | 'commodity';

/** Shares in the depository. `t1` were bought on the day before and are on their way. */
export interface Holding {
  readonly listed: Listed;
  quantity: number;
  t1: number;
  /** Rupees a share. */
  averagePrice: number;
  authorised: number;
}

/** Cash, positions and shares of one account. Rupees. */
export class Portfolio {
  readonly cash: Record<FundSegment, number>;
  readonly positions = new Map<string, Position>();
  readonly holdings = new Map<InstrumentKey, Holding>();
  readonly #contracts: ContractRules;
  readonly #priceOf: (key: InstrumentKey) => number;

  constructor(
    cash: Readonly<Record<FundSegment, number>>,
    contracts: ContractRules,
    priceOf: (key: InstrumentKey) => number,
  ) {
    this.cash = { ...cash };
    this.#contracts = contracts;
    this.#priceOf = priceOf;
  }

  position(listed: Listed, product: KiteProduct): Position {
    const name = nameOf(listed, product);
    const known = this.positions.get(name) ?? new Position(listed, product);
    this.positions.set(name, known);
    return known;
  }

  quantity(listed: Listed, product: KiteProduct): number {
    return this.positions.get(nameOf(listed, product))?.quantity ?? 0;
  }

  fill(listed: Listed, product: KiteProduct, side: Side, quantity: number, price: number): void {
    this.position(listed, product).fill(side, quantity, price);
  }

  lastPrice(position: Position): number {
    const { key } = position.listed.instrument;
    return this.#priceOf(key) || position.closePrice || position.averagePrice;
  }

  /** Shares that may still be sold for delivery: in the depository, on their way and bought today, less open sells. */
  sellable(listed: Listed, product: KiteProduct, working: Iterable<HeldOrder>): number {
    const holding = product === 'CNC' ? this.holdings.get(listed.instrument.key) : undefined;
    let free = (holding?.quantity ?? 0) + (holding?.t1 ?? 0) + this.quantity(listed, product);
    for (const { wanted, left } of working)
      if (wanted.listed === listed && wanted.product === product && wanted.side === 'SELL') free -= left;
    return free;
  }

  /** Shares in the depository that a sale of so many would take beyond what is authorised; those of today and yesterday need nothing. */
  unauthorised(listed: Listed, product: KiteProduct, sold: number, working: Iterable<HeldOrder>): number {
    const holding = product === 'CNC' ? this.holdings.get(listed.instrument.key) : undefined;
    if (!holding) return 0;
    const others =
      holding.quantity +
      holding.t1 +
      this.quantity(listed, product) -
      this.sellable(listed, product, working);
    const drawn = sold + others - holding.t1 - this.quantity(listed, product);
    return Math.max(0, Math.min(drawn, holding.quantity) - holding.authorised);
  }

  /** Ties up of every position with its pending orders, by segment. */
  blocks(dayNumber: number, working: Iterable<HeldOrder>, segment: FundSegment): Block {
    const sum = { delivery: 0, span: 0, exposure: 0, premium: 0 };
    for (const held of this.#exposures(working)) {
      if (segmentOf(held.listed) !== segment) continue;
      const block = blockOf(this.#contracts, dayNumber, held);
      sum.delivery += block.delivery;
      sum.span += block.span;
      sum.exposure += block.exposure;
      sum.premium += block.premium;
    }
    return sum;
  }

  /** What new orders may tie up. */
  available(dayNumber: number, working: Iterable<HeldOrder>, segment: FundSegment): number {
    const flows = this.#flows(segment);
    return this.cash[segment] - totalOf(this.blocks(dayNumber, working, segment)) - flows.spent;
  }

  /** One segment of `GET /user/margins`. */
  margins(dayNumber: number, working: Iterable<HeldOrder>, segment: FundSegment) {
    const block = this.blocks(dayNumber, working, segment);
    const flows = this.#flows(segment);
    const debits = totalOf(block) + flows.spent;
    const cash = this.cash[segment];
    return {
      enabled: true,
      net: tidy(cash - debits),
      available: {
        adhoc_margin: 0,
        cash: tidy(cash),
        opening_balance: tidy(cash),
        live_balance: tidy(cash - debits),
        collateral: 0,
        intraday_payin: 0,
      },
      utilised: {
        debits: tidy(debits),
        exposure: tidy(block.exposure),
        m2m_realised: tidy(flows.realised),
        m2m_unrealised: tidy(flows.unrealised),
        option_premium: tidy(block.premium + flows.premium),
        payout: 0,
        span: tidy(block.span),
        holding_sales: tidy(flows.holdingSales),
        turnover: 0,
        liquid_collateral: 0,
        stock_collateral: 0,
        delivery: tidy(block.delivery),
      },
    };
  }

  /** Evening: gains and premiums become cash, bought shares become holdings, contracts are carried or settled. */
  endDay(settlement: (listed: Listed) => number | undefined): void {
    for (const holding of this.holdings.values()) {
      holding.quantity += holding.t1;
      holding.t1 = 0;
      holding.authorised = 0;
    }
    for (const [name, position] of [...this.positions]) {
      const last = this.lastPrice(position);
      const settled = settlement(position.listed);
      const { quantity, listed } = position;
      const segment = segmentOf(listed);
      if (position.isMarked) {
        const { realised, unrealised } = position.marked(settled ?? last);
        this.cash[segment] += realised + unrealised;
      } else {
        this.cash[segment] += position.daySellValue - position.dayBuyValue;
        if (settled !== undefined) this.cash[segment] += quantity * settled * position.multiplier;
      }
      this.cash[segment] = tidy(this.cash[segment]);
      this.positions.delete(name);
      if (quantity === 0 || settled !== undefined) continue;
      if (isDerivative(listed.instrument)) this.positions.set(name, carried(position, last));
      else if (position.product === 'CNC' || position.product === 'MTF') this.#deliver(position);
    }
    for (const [key, { quantity, t1 }] of [...this.holdings])
      if (quantity + t1 <= 0) this.holdings.delete(key);
  }

  #deliver(position: Position): void {
    const { listed, quantity } = position;
    const { key } = listed.instrument;
    const known = this.holdings.get(key) ?? { listed, quantity: 0, t1: 0, averagePrice: 0, authorised: 0 };
    if (quantity > 0) {
      const before = known.quantity + known.t1;
      const cost = before * known.averagePrice + quantity * position.averagePrice;
      known.averagePrice = tidy(cost / (before + quantity));
      known.t1 += quantity;
    } else known.quantity += quantity;
    this.holdings.set(key, known);
  }

  /** Cash that the day's trades have moved. `spent` is all of it together, gains negative; open losses count, open gains do not. */
  #flows(segment: FundSegment) {
    const flows = { realised: 0, unrealised: 0, premium: 0, holdingSales: 0, spent: 0 };
    for (const position of this.positions.values()) {
      if (segmentOf(position.listed) !== segment) continue;
      if (position.isMarked) {
        const { realised, unrealised } = position.marked(this.lastPrice(position));
        flows.realised += realised;
        flows.unrealised += unrealised;
      } else if (position.isOption) flows.premium += position.dayBuyValue - position.daySellValue;
      else {
        const held = Math.max(0, position.quantity) * position.averagePrice;
        const sold = Math.max(0, -position.quantity) * position.averagePrice;
        flows.holdingSales -= sold;
        flows.realised += position.daySellValue - position.dayBuyValue + held - sold;
      }
    }
    flows.spent = flows.premium + flows.holdingSales - flows.realised - Math.min(0, flows.unrealised);
    return flows;
  }

  *#exposures(working: Iterable<HeldOrder>) {
    const pending = new Map<
      string,
      { listed: Listed; product: KiteProduct; buys: Pending; sells: Pending }
    >();
    const rowOf = (listed: Listed, product: KiteProduct) => {
      const name = nameOf(listed, product);
      const none = () => ({ quantity: 0, value: 0 });
      const known = pending.get(name) ?? { listed, product, buys: none(), sells: none() };
      pending.set(name, known);
      return known;
    };
    for (const { listed, product, quantity } of this.positions.values())
      if (quantity !== 0) rowOf(listed, product);
    for (const { wanted, left, shownPrice, closing } of working) {
      if (closing) continue;
      const row = rowOf(wanted.listed, wanted.product);
      const side = wanted.side === 'BUY' ? row.buys : row.sells;
      side.quantity += left;
      side.value += left * shownPrice * kiteMultiplier(wanted.listed.instrument);
    }
    for (const row of pending.values()) {
      const position = this.positions.get(nameOf(row.listed, row.product));
      yield { ...row, quantity: position?.quantity ?? 0, averagePrice: position?.averagePrice ?? 0 };
    }
  }
}

export function segmentOf({ instrument }: Listed): FundSegment {
  return instrument.rules === 'MCX' ? 'commodity' : 'equity';
}

/** Delivery of shares: paid in full, sold from what is held. */
export function isDelivery(listed: Listed, product: KiteProduct): boolean {
  return isCash(listed.instrument) && (product === 'CNC' || product === 'MTF');
}

function nameOf({ instrument }: Listed, product: KiteProduct): string {
  return `${instrument.key} ${product}`;
}

function carried(position: Position, last: number): Position {
  const next = new Position(position.listed, position.product);
  next.overnight = position.quantity;
  next.overnightPrice = position.averagePrice;
  next.closePrice = last;
  return next;
}
