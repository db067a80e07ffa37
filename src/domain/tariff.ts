import { type Dated, datedTable, inForce, isUnverified } from './dated.ts';
import { DataError } from './errors.ts';
import type { Instrument } from './instrument.ts';
import { type ChargeSegment, exchangeOf } from './market-segment.ts';
import { isoDateOfDay } from './time.ts';

export const tariffLines = [
  'brokerage',
  'stt',
  'exchange',
  'ipft',
  'sebi',
  'stamp',
  'gst',
  'gst_on_sebi',
  'dp',
] as const;
export type TariffLine = (typeof tariffLines)[number];

/** One rate of the price list. `*` stands for every other segment, exchange or underlying. */
export interface TariffRow extends Dated {
  readonly segment: ChargeSegment | '*';
  readonly exchange: 'NSE' | 'BSE' | 'MCX' | '*';
  readonly underlyings: readonly string[];
  readonly line: TariffLine;
  readonly side: 'buy' | 'sell' | 'both';
  /** Percent of traded value, rupees, or 0 and 1 for a flag. */
  readonly rate: number;
  readonly unit: 'percent' | 'rupees' | 'flag';
  /** Rupees an order, NaN where there is none. */
  readonly cap: number;
}

/** Everything a day's note of one instrument needs, as plain factors. Shares of traded value, 0 to 1; money in paise. */
export interface Rates {
  readonly brokerageShare: number;
  readonly brokerageFlat: number;
  readonly brokerageCap: number;
  readonly sttBuy: number;
  readonly sttSell: number;
  readonly exchange: number;
  readonly ipft: number;
  readonly sebi: number;
  readonly stampBuy: number;
  readonly stampSell: number;
  readonly gst: number;
  /** The SEBI fee's part in the base of GST, 0 or 1. */
  readonly gstOnSebi: number;
  /** Paise per instrument and day on which shares leave the account. */
  readonly dp: number;
}

export interface Tariff {
  /** @throws DataError RULE_TARIFF for a day the price list does not cover */
  rates(segment: ChargeSegment, instrument: Instrument, dayNumber: number): Rates;
  /** Rows used between two days that nobody has checked, one sentence each. */
  unverified(
    segment: ChargeSegment,
    instrument: Instrument,
    dayFrom: number,
    dayTo: number,
  ): readonly string[];
}

/** Price list by segment, exchange, underlying and day; the most particular row in force counts. */
export function tariffOf(name: string, rows: readonly TariffRow[]): Tariff {
  const table = datedTable(rows, (row) =>
    row.underlyings.map((underlying) => keyOf(row.line, row.segment, row.exchange, underlying)),
  );

  const keysOf = (line: TariffLine, segment: ChargeSegment, instrument: Instrument) => {
    const exchange = exchangeOf(instrument.rules);
    return [
      keyOf(line, segment, exchange, instrument.underlying ?? '*'),
      keyOf(line, segment, exchange, '*'),
      keyOf(line, segment, '*', '*'),
      keyOf(line, '*', '*', '*'),
    ];
  };

  const firstDayOf = (segment: ChargeSegment, instrument: Instrument, after: number): number | undefined => {
    const starts = tariffLines.flatMap((line) =>
      keysOf(line, segment, instrument).flatMap((key) => (table.get(key) ?? []).map(({ from }) => from)),
    );
    const complete = (day: number) =>
      tariffLines.every((line) =>
        keysOf(line, segment, instrument).some((key) => inForce(table.get(key), day) !== undefined),
      );
    // A day becomes possible only where some row begins.
    return starts
      .filter((day) => day > after)
      .sort((a, b) => a - b)
      .find(complete);
  };

  const rowOf = (
    line: TariffLine,
    segment: ChargeSegment,
    instrument: Instrument,
    day: number,
  ): TariffRow => {
    for (const key of keysOf(line, segment, instrument)) {
      const row = inForce(table.get(key), day);
      if (row) return row;
    }
    const first = firstDayOf(segment, instrument, day);
    throw new DataError(
      'RULE_TARIFF',
      `The ${name} price list has no ${line} rate for ${segment} on ${exchangeOf(instrument.rules)} on ${isoDateOfDay(day)}.`,
      first === undefined
        ? 'Use --charges none or --charges flat:0.1%, or choose earlier days.'
        : `Its rates are complete from ${isoDateOfDay(first)} on: add --from ${isoDateOfDay(first)}, or use --charges none or --charges flat:0.1%.`,
    );
  };

  return {
    rates(segment, instrument, day) {
      const find = (line: TariffLine) => rowOf(line, segment, instrument, day);
      const brokerage = find('brokerage');
      const stt = find('stt');
      const stamp = find('stamp');
      return {
        brokerageShare: brokerage.unit === 'percent' ? brokerage.rate / 100 : 0,
        brokerageFlat: brokerage.unit === 'rupees' ? brokerage.rate * 100 : 0,
        brokerageCap: Number.isNaN(brokerage.cap) ? Number.POSITIVE_INFINITY : brokerage.cap * 100,
        sttBuy: stt.side === 'sell' ? 0 : stt.rate / 100,
        sttSell: stt.side === 'buy' ? 0 : stt.rate / 100,
        exchange: find('exchange').rate / 100,
        ipft: find('ipft').rate / 100,
        sebi: find('sebi').rate / 100,
        stampBuy: stamp.side === 'sell' ? 0 : stamp.rate / 100,
        stampSell: stamp.side === 'buy' ? 0 : stamp.rate / 100,
        gst: find('gst').rate / 100,
        gstOnSebi: find('gst_on_sebi').rate,
        dp: find('dp').rate * 100,
      };
    },
    unverified(segment, instrument, dayFrom, dayTo) {
      const notes: string[] = [];
      for (const line of tariffLines) {
        for (const row of usedRows(line, segment, instrument, dayFrom, dayTo)) {
          if (isInDoubt(row, dayFrom, dayTo)) notes.push(sentence(row, segment));
        }
      }
      return notes;
    },
  };

  function usedRows(
    line: TariffLine,
    segment: ChargeSegment,
    instrument: Instrument,
    from: number,
    to: number,
  ) {
    const used = new Set<TariffRow>();
    const candidates = keysOf(line, segment, instrument).flatMap((key) => table.get(key) ?? []);
    // A rate can only change where some row begins or ends, so those days and the first one say it all.
    const days = candidates.flatMap((row) => [row.from, row.to + 1]).filter((day) => day > from && day <= to);
    for (const day of [from, ...days]) used.add(rowOf(line, segment, instrument, day));
    return used;
  }
}

function keyOf(line: string, segment: string, exchange: string, underlying: string): string {
  return `${line} ${segment} ${exchange} ${underlying}`;
}

/** A doubt about the day a rate began or ended matters near that day; every other doubt matters always. */
function isInDoubt(row: TariffRow, dayFrom: number, dayTo: number): boolean {
  if (!isUnverified(row)) return false;
  const near = (day: number) => dayFrom <= day + 366 && day - 366 <= dayTo;
  const [, kind] = /UNVERIFIED (start|end)? ?date/.exec(row.source) ?? [];
  if (kind === 'start') return near(row.from);
  if (kind === 'end') return near(row.to);
  return true;
}

function sentence(row: TariffRow, segment: ChargeSegment): string {
  const until = row.to === Number.POSITIVE_INFINITY ? 'on' : `to ${isoDateOfDay(row.to)}`;
  const rate =
    row.unit === 'percent' ? `${row.rate} %` : row.unit === 'rupees' ? `${row.rate} rupees` : `${row.rate}`;
  return `${segment} ${row.line} ${rate} from ${isoDateOfDay(row.from)} ${until}: ${row.source}`;
}
