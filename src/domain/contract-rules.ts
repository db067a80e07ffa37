import { type Dated, datedTable, inForce } from './dated.ts';
import { DataError } from './errors.ts';
import { type ExpiryWeekdayRow, expiryRules } from './expiries.ts';
import type { Instrument, MarketRules } from './instrument.ts';
import { isDerivative } from './instrument.ts';
import { type ContractClass, contractClassOf, exchangeOf } from './market-segment.ts';
import type { ContractRules } from './rulebook.ts';
import { dayNumberOf, isoDateOfDay } from './time.ts';

export interface TickSizeRow extends Dated {
  readonly class: ContractClass;
  readonly exchange: 'NSE' | 'BSE' | '*';
  /** Highest price of the band, included; Infinity for the last one. */
  readonly upTo: number;
  /** Rupees; NaN where the contract's own step counts. */
  readonly tick: number;
}

/** `from` and `to` are expiry days: a lot belongs to the contract. */
export interface LotSizeRow extends Dated {
  readonly exchange: string;
  readonly underlying: string;
  readonly lot: number;
}

export interface FreezeQuantityRow extends Dated {
  readonly exchange: string;
  readonly underlying: string;
  readonly quantity: number;
}

export interface MarginRow extends Dated {
  readonly class: ContractClass;
  readonly product: 'CNC' | 'MIS' | 'NRML';
  readonly side: 'BUY' | 'SELL' | 'both';
  readonly percent: number;
  /** What the percentage is of: the traded value, or strike × quantity. */
  readonly base: 'value' | 'strike';
}

/** Tables behind functions, so that a table nobody asks about is never read. */
export interface ContractTables {
  readonly tickSizes: () => readonly TickSizeRow[];
  readonly lotSizes: () => readonly LotSizeRow[];
  readonly freezeQuantities: () => readonly FreezeQuantityRow[];
  readonly margins: () => readonly MarginRow[];
  readonly expiryWeekdays: () => readonly ExpiryWeekdayRow[];
}

const exchanges = ['NSE', 'BSE', 'MCX'];

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Ticks of one instrument from one day to another, both included: up to a price the step beside it counts. */
interface TickLadder extends Span {
  readonly instrument: Instrument;
  readonly upTo: readonly number[];
  readonly tick: readonly number[];
}

/** The margin row that the last question was answered with, which serves the next day's as well. */
interface KnownMargin {
  readonly instrument: Instrument;
  readonly product: string;
  readonly row: MarginRow;
}

type IsBusinessDay = (market: MarketRules, dayNumber: number) => boolean | undefined;

/** Ticks, lots, freeze quantities, margins and expiries from dated tables. */
export function contractRules(tables: ContractTables, isBusinessDay: IsBusinessDay): ContractRules {
  const ticks = once(() =>
    datedTable(tables.tickSizes(), (row) =>
      (row.exchange === '*' ? exchanges : [row.exchange]).map((exchange) => `${row.class} ${exchange}`),
    ),
  );
  const lots = once(() => datedTable(tables.lotSizes(), (row) => [`${row.exchange} ${row.underlying}`]));
  const freezes = once(() =>
    datedTable(tables.freezeQuantities(), (row) => [`${row.exchange} ${row.underlying}`]),
  );
  const margins = once(() =>
    datedTable(tables.margins(), (row) =>
      (row.side === 'both' ? ['BUY', 'SELL'] : [row.side]).map(
        (side) => `${row.class} ${row.product} ${side}`,
      ),
    ),
  );
  const expiries = once(() =>
    expiryRules({
      rows: tables.expiryWeekdays(),
      stocks: tables
        .lotSizes()
        .filter((row) => row.exchange === 'NFO')
        .map((row) => row.underlying),
      isBusinessDay,
    }),
  );

  // Every fill asks for its tick, so the steps are looked up once for as long as they are in force.
  const ladders = new Map<Instrument, TickLadder>();
  let last: TickLadder | undefined;
  let lastBuy: KnownMargin | undefined;
  let lastSell: KnownMargin | undefined;

  function ladderOf(instrument: Instrument, dayNumber: number): TickLadder {
    if (last !== undefined && last.instrument === instrument && covers(last, dayNumber)) return last;
    const known = ladders.get(instrument);
    if (known !== undefined && covers(known, dayNumber)) last = known;
    else {
      last = tickLadder(instrument, dayNumber);
      ladders.set(instrument, last);
    }
    return last;
  }

  function tickLadder(instrument: Instrument, dayNumber: number): TickLadder {
    const kind = contractClassOf(instrument);
    if (kind === undefined)
      return { instrument, ...always, upTo: [Number.POSITIVE_INFINITY], tick: [instrument.tickSize] };
    const all = ticks().get(`${kind} ${exchangeOf(instrument.rules)}`) ?? [];
    const rows = all
      .filter(({ from, to }) => from <= dayNumber && dayNumber <= to)
      .sort((a, b) => a.upTo - b.upTo);
    return {
      instrument,
      ...unchanged(all, dayNumber),
      upTo: rows.map((row) => row.upTo),
      tick: rows.map((row) => (Number.isNaN(row.tick) ? instrument.tickSize : row.tick)),
    };
  }

  return {
    tickSize(instrument, dayNumber, price) {
      const { upTo, tick } = ladderOf(instrument, dayNumber);
      for (let step = 0; step < upTo.length; step++) if (price <= upTo[step]) return tick[step];
      throw missing(
        `tick size of ${contractClassOf(instrument)}`,
        instrument,
        isoDateOfDay(dayNumber),
        'tick-sizes.csv',
      );
    },
    lotSize(instrument) {
      const { rules, underlying, expiry } = instrument;
      if (!isDerivative(instrument) || underlying === undefined || expiry === undefined)
        return instrument.lotSize;
      return inForce(lots().get(`${rules} ${underlying}`), dayNumberOf(expiry))?.lot ?? instrument.lotSize;
    },
    freezeQuantity(instrument, dayNumber) {
      const { underlying } = instrument;
      if (!isDerivative(instrument) || underlying === undefined) return undefined;
      return inForce(freezes().get(`${instrument.rules} ${underlying}`), dayNumber)?.quantity;
    },
    marginRate(instrument, dayNumber, product, side) {
      const known = side === 'BUY' ? lastBuy : lastSell;
      if (known?.instrument === instrument && known.product === product && covers(known.row, dayNumber))
        return known.row.percent / 100;
      const kind = contractClassOf(instrument);
      if (kind === undefined || kind === 'INDEX') return 1;
      const row = inForce(margins().get(`${kind === 'ETF' ? 'CASH' : kind} ${product} ${side}`), dayNumber);
      if (row) {
        if (side === 'BUY') lastBuy = { instrument, product, row };
        else lastSell = { instrument, product, row };
        return row.percent / 100;
      }
      const products = kind === 'CASH' || kind === 'ETF' ? 'CNC or MIS' : 'NRML or MIS';
      throw new DataError(
        'RULE_CONTRACT',
        `No margin of product ${product} is known for ${instrument.key} on ${isoDateOfDay(dayNumber)}.`,
        `Use product ${products}.`,
      );
    },
    expiries: (underlying, from, to) => expiries().between(underlying, dayNumberOf(from), dayNumberOf(to)),
  };
}

const always: Span = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

function covers({ from, to }: Span, dayNumber: number): boolean {
  return from <= dayNumber && dayNumber <= to;
}

/** The days around one on which none of the rows begins or ends. */
function unchanged(rows: readonly Span[], dayNumber: number): Span {
  let { from, to } = always;
  for (const row of rows) {
    if (row.from <= dayNumber) from = Math.max(from, row.from);
    else to = Math.min(to, row.from - 1);
    if (row.to >= dayNumber) to = Math.min(to, row.to);
    else from = Math.max(from, row.to + 1);
  }
  return { from, to };
}

function missing(what: string, instrument: Instrument, day: string, file: string): DataError {
  return new DataError(
    'RULE_CONTRACT',
    `No ${what} is known for ${instrument.key} on ${day}.`,
    `Choose other days, or add a row to ${file} under data/contracts of your home.`,
  );
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
