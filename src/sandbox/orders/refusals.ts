import { isDerivative, isOption } from '../../domain/instrument.ts';
import { kiteMultiplier } from '../../domain/kite-multiplier.ts';
import type { Rulebook, TradingSession } from '../../domain/rulebook.ts';
import { type EpochMs, istDayNumber, istMinuteOfDay } from '../../domain/time.ts';
import { KiteRefusal } from '../http/route.ts';
import type { Quote } from '../market/market.ts';
import { input, isCash, type Wanted } from './wanted.ts';

/** Kite's largest quantity of one order of shares. */
const mostShares = 100_000;

export interface Moment {
  readonly now: EpochMs;
  readonly rulebook: Rulebook;
  readonly quote: Quote | undefined;
}

/** What is refused before it reaches the order management, so that it never stands in the order book. @throws KiteRefusal */
export function checkWanted(wanted: Wanted, moment: Moment): void {
  checkSession(wanted, moment);
  checkProduct(wanted, moment);
  checkQuantity(wanted, moment);
  checkPrices(wanted, moment);
}

/** Continuous trading that an instant falls into. */
export function openSession(wanted: Wanted, { now, rulebook }: Moment): TradingSession | undefined {
  const session = rulebook.calendar.session(wanted.listed.instrument, istDayNumber(now));
  return session?.windows.some(({ from, to }) => from <= now && now < to) ? session : undefined;
}

function checkSession(wanted: Wanted, moment: Moment): void {
  const open = openSession(wanted, moment) !== undefined;
  if (wanted.variety === 'amo') {
    if (open) throw refused('After market orders (AMO) are not accepted while the market is open.');
  } else if (!open)
    throw refused('Markets are closed right now. Use GTT for placing long standing orders instead.');
}

function checkProduct(wanted: Wanted, { now, rulebook }: Moment): void {
  const { product, listed, variety, validity } = wanted;
  const { instrument } = listed;
  const cash = isCash(instrument);
  const fits = product === 'MIS' || product === 'CO' || (cash ? product !== 'NRML' : product === 'NRML');
  if (!fits || (product === 'CO' && variety !== 'co'))
    throw input(`Invalid \`product\` ${product} for ${instrument.exchange}.`);
  if (instrument.rules === 'MCX' && validity === 'IOC')
    throw refused('IOC orders are not allowed on MCX through the API.');
  if ((product === 'MIS' || product === 'CO') && variety !== 'amo') {
    const cutOff = rulebook.calendar.squareOffMinute(instrument, istDayNumber(now));
    if (istMinuteOfDay(now) >= cutOff)
      throw refused('Intraday (MIS) orders are not allowed after the square-off time. Use CNC or NRML.');
  }
}

function checkQuantity(wanted: Wanted, { now, rulebook: { contracts } }: Moment): void {
  const { quantity, disclosed, listed, validity, validityTtl, variety } = wanted;
  const { instrument } = listed;
  if (quantity <= 0) throw input('Invalid `quantity`. It should be more than 0.');
  const lot = kiteMultiplier(instrument) > 1 ? 1 : contracts.lotSize(instrument);
  if (quantity % lot !== 0) throw input(`Quantity should be multiple of ${lot}`);
  if (isDerivative(instrument)) {
    const freeze = contracts.freezeQuantity(instrument, istDayNumber(now));
    if (freeze !== undefined && quantity > freeze && variety !== 'iceberg')
      throw refused(
        `Order quantity ${quantity} is above the freeze quantity of ${freeze}. Place it in parts, or with autoslice.`,
      );
  } else if (quantity > mostShares && variety !== 'iceberg')
    throw refused('Maximum allowed order quantity for stocks is 1,00,000.');
  if (disclosed > 0 && (isDerivative(instrument) || disclosed > quantity || disclosed < quantity * 0.1))
    throw input(
      'Invalid `disclosed_quantity`. It is for equity only, from 10 % of the quantity to all of it.',
    );
  if (validity === 'TTL' && (validityTtl < 1 || validityTtl > 360))
    throw input('Invalid `validity_ttl`. It should be from 1 to 360 minutes.');
  if (variety === 'iceberg') checkIceberg(wanted, lot);
  if (variety === 'auction' && !wanted.auctionNumber) throw input('Missing or empty field `auction_number`');
}

function checkIceberg({ icebergLegs, icebergQuantity, quantity, type }: Wanted, lot: number): void {
  if (icebergLegs < 2 || icebergLegs > 50) throw input('Invalid `iceberg_legs`. It should be from 2 to 50.');
  if (icebergQuantity <= 0 || icebergQuantity % lot !== 0) throw input('Invalid `iceberg_quantity`.');
  if (Math.ceil(quantity / icebergQuantity) !== icebergLegs)
    throw input('`iceberg_quantity` should be `quantity` divided by `iceberg_legs`.');
  if (type !== 'LIMIT' && type !== 'MARKET') throw input('Iceberg orders are LIMIT or MARKET.');
}

function checkPrices(wanted: Wanted, { now, rulebook, quote }: Moment): void {
  const { type, side, price, trigger, listed, marketProtection, variety } = wanted;
  const { instrument } = listed;
  const buys = side === 'BUY';
  const stop = type === 'SL' || type === 'SL-M';
  if ((type === 'MARKET' || type === 'SL-M') && marketProtection === 0)
    throw input(
      'Market orders without market protection are not allowed via API. Please set market protection or use a Limit order.',
    );
  if (marketProtection > 100 || (marketProtection < 0 && marketProtection !== -1))
    throw input('Invalid `market_protection`.');
  for (const [name, value, used] of [
    ['price', price, type === 'LIMIT' || type === 'SL'],
    ['trigger_price', trigger, stop || variety === 'co'],
  ] as const) {
    if (!used) continue;
    if (!(value > 0)) throw input(`Missing or empty field \`${name}\``);
    const tick = rulebook.contracts.tickSize(instrument, istDayNumber(now), value);
    if (tick > 0 && Math.abs(value / tick - Math.round(value / tick)) > 1e-6)
      throw input(
        `Tick size for this script is ${tick.toFixed(2)}. Kindly enter price in the multiple of tick size for this script.`,
      );
    if (quote && quote.upperCircuit > 0 && value > quote.upperCircuit)
      throw refused(
        `Your order price is higher than the current upper circuit limit of ${quote.upperCircuit}. Place an order within the daily range.`,
      );
    if (quote && value < quote.lowerCircuit)
      throw refused(
        `Your order price is lower than the current lower circuit limit of ${quote.lowerCircuit}. Place an order within the daily range.`,
      );
  }
  if (stop && quote && variety !== 'amo') checkTriggerSide(wanted, quote.lastPrice);
  if (type === 'SL' && (buys ? price < trigger : price > trigger))
    throw input(`Trigger price should be ${buys ? 'less' : 'more'} than or equal to the price.`);
  if (type === 'SL-M' && isOption(instrument)) throw refused('SL-M orders are blocked for options. Use SL.');
  if (variety === 'co' && (type === 'SL' || type === 'SL-M'))
    throw input('Cover orders are LIMIT or MARKET.');
  const entry = type === 'LIMIT' ? price : (quote?.lastPrice ?? 0);
  if (variety === 'co' && entry > 0 && (buys ? trigger >= entry : trigger <= entry))
    throw refused(
      `Trigger price for a cover ${side.toLowerCase()} order should be ${buys ? 'below' : 'above'} the price.`,
    );
  if (type === 'MARKET' && variety !== 'amo' && !quote)
    throw refused('Market orders are currently not allowed.');
}

function checkTriggerSide({ side, trigger }: Wanted, lastPrice: number): void {
  if (side === 'BUY' ? trigger > lastPrice : trigger < lastPrice) return;
  throw refused(
    `Trigger price for stoploss ${side.toLowerCase()} orders should be ${side === 'BUY' ? 'higher' : 'lower'} than the last traded price (${lastPrice}).`,
  );
}

export function refused(message: string): KiteRefusal {
  return new KiteRefusal('OrderException', message);
}
