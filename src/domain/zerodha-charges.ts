import type { ChargeModel, ExecutedOrder } from './charges.ts';
import { chargeLines } from './charges.ts';
import { allotLine } from './contract-note.ts';
import { DataError } from './errors.ts';
import type { Instrument } from './instrument.ts';
import { type ChargeSegment, derivativeSegmentOf } from './market-segment.ts';
import { roundHalfUp } from './money.ts';
import type { Rates, Tariff } from './tariff.ts';

const lineCount = chargeLines.length;
const [brokerageLine, sttLine, exchangeLine, ipftLine, sebiLine, stampLine, gstLine, dpLine] = [
  0, 1, 2, 3, 4, 5, 6, 7,
];

/** The rates of one instrument on one day. In cash `held` is for shares that change hands, `traded` for the day's round trips. */
interface DayRates {
  readonly instrument: Instrument;
  readonly dayNumber: number;
  readonly cash: boolean;
  readonly held: Rates;
  readonly traded: Rates;
}

export interface ZerodhaCharges extends ChargeModel {
  /**
   * One order by itself, in paise by line, before any rounding: what Kite's charges API shows, with IPFT on a line of its
   * own. STT of an intraday order is on its own value here, as in Zerodha's brokerage calculator.
   */
  unroundedCharges(instrument: Instrument, dayNumber: number, order: ExecutedOrder): Float64Array;
}

/**
 * Charges as Zerodha's contract note prints them: brokerage by executed order, STT (CTT) to the rupee by instrument and
 * day, every other line to the paisa.
 *
 * In cash the tax office looks at the day as a whole: shares bought and sold on one day are intraday whatever the
 * product says, the rest is delivery, and both are valued at the mean price of all the day's buys and sells
 * (NSE CMTR5588). MIS pays intraday brokerage in any case.
 */
export function zerodhaCharges(tariff: Tariff): ZerodhaCharges {
  let last: DayRates | undefined;
  const recent = new Map<Instrument, DayRates>();
  let shares = new Float64Array(lineCount * 16);

  const ratesOf = (instrument: Instrument, dayNumber: number): DayRates => {
    if (last !== undefined && last.instrument === instrument && last.dayNumber === dayNumber) return last;
    let rates = recent.get(instrument);
    if (rates === undefined || rates.dayNumber !== dayNumber) {
      rates = lookUp(tariff, instrument, dayNumber);
      recent.set(instrument, rates);
    }
    last = rates;
    return rates;
  };

  return {
    name: 'zerodha',
    estimate(instrument, dayNumber, order) {
      const { cash, held, traded } = ratesOf(instrument, dayNumber);
      const buy = order.side === 'BUY';
      const value = order.valuePaise;
      const delivery = cash && order.product !== 'MIS';
      const rates = delivery ? held : traded;
      const brokerage = brokerageOf(rates, value);
      const exchange = value * rates.exchange;
      const sebi = value * rates.sebi;
      const taxes =
        value * (buy ? rates.sttBuy + rates.stampBuy : rates.sttSell + rates.stampSell) + value * rates.ipft;
      const gst = (brokerage + exchange + sebi * rates.gstOnSebi) * rates.gst;
      return roundHalfUp(brokerage + exchange + sebi + taxes + gst + (delivery && !buy ? rates.dp : 0));
    },
    settle(instrument, dayNumber, orders, out) {
      const count = orders.length;
      if (count === 0) return;
      if (shares.length < count * lineCount) shares = new Float64Array(count * lineCount * 2);
      shares.fill(0, 0, count * lineCount);
      const rates = ratesOf(instrument, dayNumber);
      const stt = rates.cash
        ? shareCash(rates, orders, shares)
        : shareDerivative(rates.traded, orders, shares);
      for (let line = 0; line < lineCount; line++) {
        if (line === sttLine) allotLine(shares, line, count, out, stt);
        else allotLine(shares, line, count, out);
      }
    },
    unverified(instrument, dayFrom, dayTo) {
      return segmentsOf(instrument).flatMap((segment) =>
        tariff.unverified(segment, instrument, dayFrom, dayTo),
      );
    },
    unroundedCharges(instrument, dayNumber, order) {
      const { cash, held, traded } = ratesOf(instrument, dayNumber);
      const delivery = cash && order.product !== 'MIS';
      const sums = new Float64Array(lineCount);
      addShares(delivery ? held : traded, order.side === 'BUY', order.valuePaise, sums, 0);
      sums[brokerageLine] = brokerageOf(delivery ? held : traded, order.valuePaise);
      addGst(delivery ? held : traded, sums, 0);
      if (delivery && order.side === 'SELL') sums[dpLine] = held.dp;
      return sums;
    },
  };
}

/** Writes each order's shares of a future's or option's note; answers the day's STT in paise, whole rupees. */
function shareDerivative(rates: Rates, orders: readonly ExecutedOrder[], shares: Float64Array): number {
  let stt = 0;
  for (let i = 0; i < orders.length; i++) {
    const order = orders[i];
    const row = i * lineCount;
    addShares(rates, order.side === 'BUY', order.valuePaise, shares, row);
    shares[row + brokerageLine] = brokerageOf(rates, order.valuePaise);
    addGst(rates, shares, row);
    stt += shares[row + sttLine];
  }
  return toRupee(stt);
}

/** As `shareDerivative` for shares, with the day's netting into intraday and delivery. */
function shareCash(
  { held, traded }: DayRates,
  orders: readonly ExecutedOrder[],
  shares: Float64Array,
): number {
  let bought = 0;
  let sold = 0;
  let value = 0;
  let boughtToHold = 0;
  let soldFromHolding = 0;
  for (let i = 0; i < orders.length; i++) {
    const order = orders[i];
    const toHold = order.product !== 'MIS';
    value += order.valuePaise;
    if (order.side === 'BUY') {
      bought += order.quantity;
      if (toHold) boughtToHold += order.quantity;
    } else {
      sold += order.quantity;
      if (toHold) soldFromHolding += order.quantity;
    }
  }
  const net = bought - sold;
  const intraday = Math.min(bought, sold);
  const delivered = Math.abs(net);
  const mean = value / (bought + sold);
  // What changes hands belongs to the orders that asked for it, in equal parts; only the excess falls on MIS.
  const holders = net > 0 ? boughtToHold : soldFromHolding;
  const others = net > 0 ? bought - boughtToHold : sold - soldFromHolding;
  const heldPart = holders > 0 ? Math.min(1, delivered / holders) : 0;
  const misPart = others > 0 ? Math.max(0, delivered - holders) / others : 0;

  for (let i = 0; i < orders.length; i++) {
    const order = orders[i];
    const row = i * lineCount;
    const buy = order.side === 'BUY';
    const mis = order.product === 'MIS';
    const part = buy === net > 0 && net !== 0 ? (mis ? misPart : heldPart) : 0;
    const heldValue = order.valuePaise * part;
    const tradedValue = order.valuePaise - heldValue;
    addShares(held, buy, heldValue, shares, row);
    addShares(traded, buy, tradedValue, shares, row);
    const intradayBrokerage = mis ? order.valuePaise : tradedValue;
    shares[row + brokerageLine] =
      brokerageOf(traded, intradayBrokerage) + brokerageOf(held, order.valuePaise - intradayBrokerage);
    addGst(traded, shares, row);
    if (!buy) shares[row + dpLine] = part * order.quantity;
  }
  if (net < 0) for (let i = 0; i < orders.length; i++) shares[i * lineCount + dpLine] *= held.dp / delivered;
  return (
    toRupee(intraday * mean * (traded.sttBuy + traded.sttSell)) +
    toRupee(delivered * mean * (net > 0 ? held.sttBuy : held.sttSell))
  );
}

/** Adds the lines that are a plain share of value. */
function addShares(rates: Rates, buy: boolean, value: number, shares: Float64Array, row: number): void {
  shares[row + sttLine] += value * (buy ? rates.sttBuy : rates.sttSell);
  shares[row + exchangeLine] += value * rates.exchange;
  shares[row + ipftLine] += value * rates.ipft;
  shares[row + sebiLine] += value * rates.sebi;
  shares[row + stampLine] += value * (buy ? rates.stampBuy : rates.stampSell);
}

function addGst(rates: Rates, shares: Float64Array, row: number): void {
  const base =
    shares[row + brokerageLine] + shares[row + exchangeLine] + shares[row + sebiLine] * rates.gstOnSebi;
  shares[row + gstLine] = base * rates.gst;
}

function brokerageOf(rates: Rates, valuePaise: number): number {
  if (valuePaise === 0) return 0;
  return Math.min(rates.brokerageFlat + valuePaise * rates.brokerageShare, rates.brokerageCap);
}

/** The nearest whole rupee, in paise; 50 paise go up. */
function toRupee(paise: number): number {
  return roundHalfUp(paise / 100) * 100;
}

function lookUp(tariff: Tariff, instrument: Instrument, dayNumber: number): DayRates {
  const [heldSegment, tradedSegment = heldSegment] = segmentsOf(instrument);
  return {
    instrument,
    dayNumber,
    cash: heldSegment !== tradedSegment,
    held: tariff.rates(heldSegment, instrument, dayNumber),
    traded: tariff.rates(tradedSegment, instrument, dayNumber),
  };
}

function segmentsOf(
  instrument: Instrument,
): readonly [ChargeSegment] | readonly [ChargeSegment, ChargeSegment] {
  const derivative = derivativeSegmentOf(instrument);
  if (derivative) return [derivative];
  if (instrument.kind === 'EQ' && (instrument.rules === 'NSE' || instrument.rules === 'BSE')) {
    return ['EQ_DELIVERY', 'EQ_INTRADAY'];
  }
  const why =
    instrument.kind === 'INDEX'
      ? `${instrument.key} is an index, which nobody can trade`
      : `${instrument.key} is not on an Indian exchange`;
  throw new DataError(
    'RULE_TARIFF',
    `Zerodha's price list cannot be applied: ${why}.`,
    'Use --charges none or --charges flat:0.1%.',
  );
}
