import { systemClock } from '../adapters/system/system-clock.ts';
import { loadRulebook } from '../config/rulebook.ts';
import { chargeLines, type ExecutedOrder } from '../domain/charges.ts';
import { UsageError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { type ChargeSegment, chargeSegments } from '../domain/market-segment.ts';
import { decimalOf, type Paise, roundHalfUp, toPaise } from '../domain/money.ts';
import { didYouMean } from '../domain/nearest.ts';
import type { Side } from '../domain/order.ts';
import { dayNumberOf, type IsoDate, istDate } from '../domain/time.ts';
import type { ZerodhaCharges } from '../domain/zerodha-charges.ts';
import type { Clock } from '../engine/ports.ts';
import type { ChargesPage, DayCharges } from './charges-page.ts';
import type { Folders } from './context.ts';

export interface ChargesRequest {
  readonly segment: string;
  readonly side: string;
  /** Units. As typed, so that a mistake can be quoted. */
  readonly quantity: number | string;
  /** Rupees; premium for options. */
  readonly price: number | string;
  readonly exitPrice?: number | string | undefined;
  /** Today when absent. */
  readonly date?: IsoDate | undefined;
  readonly exchange?: string | undefined;
  readonly underlying?: string | undefined;
  /** Days to compare, comma-separated; beside `date` when that is given. */
  readonly compare?: string | undefined;
}

/** What one order, or a round trip of two, costs at Zerodha on a day. @throws UsageError, DataError RULE_TARIFF */
export function chargesPage(
  folders: Folders,
  request: ChargesRequest,
  clock: Clock = systemClock,
): ChargesPage {
  const segment = oneOf('segment', request.segment, chargeSegments);
  const side = oneOf('side', request.side, ['BUY', 'SELL', 'BOTH'] as const);
  const quantity = positive('quantity', request.quantity);
  if (!Number.isInteger(quantity)) throw notUsable('quantity', quantity, 'a whole number of units');
  const price = positive('price', request.price);
  const exitPrice = request.exitPrice === undefined ? price : positive('exit-price', request.exitPrice);
  if (side !== 'BOTH' && request.exitPrice !== undefined) {
    throw new UsageError(
      'USAGE_CHARGES',
      '--exit-price needs --side BOTH.',
      'Add --side BOTH for a round trip.',
    );
  }
  const compared = request.compare?.split(',').map((date) => date.trim()) ?? [];
  const asked = request.date ?? (compared.length > 0 ? undefined : istDate(clock.now()));
  const dates = [...new Set(asked === undefined ? compared : [asked, ...compared])];
  const instrument = instrumentOf(segment, request);
  const model = loadRulebook(folders.root, folders.home).zerodha();
  const entry: Side = side === 'SELL' ? 'SELL' : 'BUY';
  const ordersAt = (exit: number) => [
    orderOf(segment, entry, quantity, price),
    orderOf(segment, opposite(entry), quantity, exit),
  ];
  const orders = side === 'BOTH' ? ordersAt(exitPrice) : ordersAt(exitPrice).slice(0, 1);
  const turnover = orders.reduce((sum, order) => sum + order.valuePaise, 0);

  const chargesOn = (date: IsoDate): DayCharges => {
    const day = dayNumberOf(date);
    const lines = linesOf(model, instrument, day, orders);
    const total = lines.reduce((sum, paise) => sum + paise, 0);
    const move = breakevenOf(
      (exit) => sumOf(linesOf(model, instrument, day, ordersAt(exit))),
      price,
      quantity,
      entry,
    );
    const [brokerage, stt, exchange, ipft, sebi, stamp, gst, dp] = lines.map(decimalOf);
    return {
      date,
      lines: { brokerage, stt, exchange, ipft, sebi, stamp, gst, dp },
      total: decimalOf(total),
      percentOfTurnover: rounded((total / turnover) * 100, 4),
      breakevenMove: rounded(move, 4),
      breakevenPercent: rounded((move / price) * 100, 4),
      unverified: doubts(model, segment, instrument, day),
    };
  };

  return {
    segment,
    exchange: instrument.exchange,
    ...(instrument.underlying === undefined ? {} : { underlying: instrument.underlying }),
    side,
    quantity,
    price,
    ...(side === 'BOTH' ? { exitPrice } : {}),
    turnover: decimalOf(turnover),
    days: dates.map(chargesOn),
    notes: segment === 'EQ_INTRADAY' && side === 'BOTH' ? noteOfStt(model, instrument, dates, orders) : [],
  };
}

/** Lines of the orders together, whole paise: STT to the rupee, the rest to the paisa. */
function linesOf(
  model: ZerodhaCharges,
  instrument: Instrument,
  day: number,
  orders: readonly ExecutedOrder[],
): Paise[] {
  const sums = new Float64Array(chargeLines.length);
  for (const order of orders) {
    const charges = model.unroundedCharges(instrument, day, order);
    for (let line = 0; line < sums.length; line++) sums[line] += charges[line];
  }
  return [...sums].map((paise, line) =>
    chargeLines[line] === 'stt' ? roundHalfUp(paise / 100) * 100 : roundHalfUp(paise),
  );
}

/** The calculator takes intraday STT on what was sold, the exchange on the day's mean price: say so where it shows. */
function noteOfStt(
  model: ZerodhaCharges,
  instrument: Instrument,
  dates: readonly IsoDate[],
  orders: readonly ExecutedOrder[],
): string[] {
  const out = new Float64Array(orders.length * chargeLines.length);
  const line = chargeLines.indexOf('stt');
  return dates.flatMap((date) => {
    model.settle(instrument, dayNumberOf(date), orders, out);
    const note = orders.reduce((sum, _, i) => sum + out[i * chargeLines.length + line], 0);
    const calculated = linesOf(model, instrument, dayNumberOf(date), orders)[line];
    if (note === calculated) return [];
    return [
      `${date}: STT here is on the value sold, as in Zerodha's calculator; a contract note takes the day's mean price: ${decimalOf(note)}.`,
    ];
  });
}

/** Rupees a unit that the price must move for a round trip to pay its own charges, which grow a little with the move. */
function breakevenOf(totalAt: (exit: number) => Paise, price: number, quantity: number, entry: Side): number {
  let move = 0;
  for (let i = 0; i < 20; i++) {
    const next = totalAt(entry === 'BUY' ? price + move : Math.max(0, price - move)) / 100 / quantity;
    if (Math.abs(next - move) < 1e-9) break;
    move = next;
  }
  return move;
}

function sumOf(lines: readonly Paise[]): Paise {
  return lines.reduce((sum, paise) => sum + paise, 0);
}

function doubts(
  model: ZerodhaCharges,
  segment: ChargeSegment,
  instrument: Instrument,
  day: number,
): string[] {
  return (model.unverified?.(instrument, day, day) ?? []).filter((sentence) =>
    sentence.startsWith(`${segment} `),
  );
}

function orderOf(segment: ChargeSegment, side: Side, quantity: number, price: number): ExecutedOrder {
  const product = segment === 'EQ_DELIVERY' ? 'CNC' : segment === 'EQ_INTRADAY' ? 'MIS' : 'NRML';
  return { side, product, quantity, valuePaise: toPaise(price * quantity) };
}

function opposite(side: Side): Side {
  return side === 'BUY' ? 'SELL' : 'BUY';
}

/** Exchanges of a segment; the first is meant when none is named. A cash exchange's name will do for its derivatives. */
function exchangesOf(segment: ChargeSegment): Readonly<Record<string, Instrument['rules']>> {
  if (segment === 'EQ_DELIVERY' || segment === 'EQ_INTRADAY') return { NSE: 'NSE', BSE: 'BSE' };
  if (segment.startsWith('EQ')) return { NFO: 'NFO', BFO: 'BFO', NSE: 'NFO', BSE: 'BFO' };
  if (segment.startsWith('CUR')) return { CDS: 'CDS', BCD: 'BCD', NSE: 'CDS', BSE: 'BCD' };
  return { MCX: 'MCX' };
}

const usualUnderlying: Readonly<Record<string, string>> = {
  NFO: 'NIFTY',
  BFO: 'SENSEX',
  CDS: 'USDINR',
  BCD: 'USDINR',
  MCX: 'CRUDEOIL',
};

function instrumentOf(segment: ChargeSegment, { exchange, underlying }: ChargesRequest): Instrument {
  const known = exchangesOf(segment);
  const word = oneOf('exchange', exchange ?? Object.keys(known)[0], Object.keys(known));
  const rules = known[word];
  const name = underlying?.trim().toUpperCase() ?? usualUnderlying[rules];
  return {
    key: `${rules}:${name ?? 'ANY'}`,
    exchange: rules,
    tradingsymbol: name ?? 'ANY',
    rules,
    kind: segment.endsWith('_FUT') ? 'FUT' : segment.endsWith('_OPT') ? 'CE' : 'EQ',
    tickSize: 0.05,
    lotSize: 1,
    ...(name === undefined || rules === 'NSE' || rules === 'BSE' ? {} : { underlying: name }),
  };
}

function oneOf<Word extends string>(flag: string, text: string, words: readonly Word[]): Word {
  const typed = text.trim().toUpperCase();
  const known = words.find((word) => word === typed);
  if (known) return known;
  const hint = didYouMean(typed, words);
  throw new UsageError(
    'USAGE_CHARGES',
    `Unknown --${flag} "${text}".${hint}`,
    `Use one of ${words.join(', ')}.`,
  );
}

function positive(flag: string, typed: number | string): number {
  const value = typeof typed === 'string' && typed.trim() === '' ? Number.NaN : Number(typed);
  if (value > 0 && Number.isFinite(value)) return value;
  throw notUsable(flag, typed, 'a number above 0');
}

function notUsable(flag: string, value: number | string, expected: string): UsageError {
  return new UsageError('USAGE_CHARGES', `--${flag} was "${value}".`, `Give ${expected}.`);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
